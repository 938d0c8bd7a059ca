from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import SealedForm, StrictForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_NOTE, Assembly

MOST_TABLES = 250


class NoteForm(SealedForm):
    """What a scribe writes down."""

    item = forms.ChoiceField(label=_("During"))
    table = forms.IntegerField(
        label=_("Table"),
        help_text=_("Leave it empty where it is about the whole room."),
        min_value=1,
        max_value=MOST_TABLES,
        required=False,
    )
    text = TextField(
        label=_("Your note"),
        help_text=_("What was said, not who said it. One note for each thing that others may want to cite."),
        longest=LONGEST_NOTE,
        lines=6,
        error_messages={"required": _("Please write your note first.")},
    )
    language = forms.ChoiceField(label=_("Written in"))

    def __init__(
        self,
        data: object = None,
        *,
        assembly: Assembly,
        items: Iterable[tuple[str, str]],
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        names = dict(settings.LANGUAGES)
        self.fields["item"].choices = list(items)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in assembly.languages]


class CorrectionForm(SealedForm):
    """Other words for a note; `edits` is how often it had been corrected when the page was made."""

    text = TextField(label=_("The note"), longest=LONGEST_NOTE, lines=6)
    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)


class CitationForm(StrictForm):
    """Which of one's own arguments rests on the note."""

    argument = forms.ChoiceField(label=_("My argument"))

    def __init__(self, data: object = None, *, arguments: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["argument"].choices = list(arguments)
