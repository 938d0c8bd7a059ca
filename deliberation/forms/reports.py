from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.exports.content.document import PICKABLE, SECTIONS
from deliberation.forms.strict import StrictForm
from deliberation.models import Redaction, ReportFormat

WITHOUT_SECTIONS = (ReportFormat.CSV, ReportFormat.DATASET)
HELD = {
    Redaction.PUBLIC: _("for everybody: sources by number, nobody’s name"),
    Redaction.COMMISSIONER: _("for the commissioner: with the names people chose, and every single argument"),
    Redaction.ARCHIVE: _("for the archive: everything, with the moderation log and who voted how, under numbers"),
}


class ReportFileForm(StrictForm):
    """What to make of a report; a box a section, so that each field is sent once at most."""

    format = forms.ChoiceField(label=_("Format"), choices=ReportFormat.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    level = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect)

    def __init__(self, data: object = None, *, languages: list[str], levels: list[Redaction], **options) -> None:
        super().__init__(data, **options)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, name) for code, name in names.items() if code in languages]
        self.fields["level"].choices = [(level, HELD[level]) for level in levels]
        for key in PICKABLE:
            self.fields[key] = forms.BooleanField(label=SECTIONS[key][0], required=False)

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[key] for key in PICKABLE]

    @property
    def sections(self) -> list[str]:
        """Which were picked; tables and datasets have no sections, so that there is one of each."""
        if self.cleaned_data["format"] in WITHOUT_SECTIONS:
            return []
        return [key for key in PICKABLE if self.cleaned_data[key]]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if "format" in cleaned and cleaned["format"] not in WITHOUT_SECTIONS and not self.sections:
            raise ValidationError(_("Please choose at least one section."))
        if cleaned.get("format") == ReportFormat.DATASET and cleaned.get("level") != Redaction.PUBLIC:
            raise ValidationError({"level": _("A dataset for research is for everybody.")})
        return cleaned
