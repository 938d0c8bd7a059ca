from datetime import date, timedelta
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import SealedForm, StrictForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_ASKED, LONGEST_EXPERT_ANSWER, LONGEST_SOURCES, Assembly, Participant

FARTHEST = timedelta(days=366)


class QuestionToExpertsForm(SealedForm):
    text = TextField(
        label=_("Your question"),
        help_text=_("One question about the facts. Everybody reads it, and the answer."),
        longest=LONGEST_ASKED,
        shortest=10,
        error_messages={"required": _("Please write your question first.")},
    )
    language = forms.ChoiceField(label=_("Written in"))
    follows = forms.SlugField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: object = None, *, assembly: Assembly, **options: object) -> None:
        super().__init__(data, **options)
        self.fields["language"].choices = language_names(assembly)


class InterestForm(StrictForm):
    wants = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class AssignmentForm(StrictForm):
    """Who answers, and until when; without an owner the question waits for everybody who may answer."""

    owner = forms.ChoiceField(label=_("Who answers?"), required=False)
    due_on = forms.DateField(
        label=_("To be answered by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: object = None, *, experts: list[Participant], **options: object) -> None:
        super().__init__(data, **options)
        for field in self.fields.values():
            field.may_wait = True
        self.fields["owner"].choices = [("", _("Nobody yet")), *((each.public_id, each.pseudonym) for each in experts)]

    def clean_due_on(self) -> date | None:
        day = self.cleaned_data["due_on"]
        if "due_on" in self.changed_data and day and not timezone.localdate() <= day <= timezone.localdate() + FARTHEST:
            raise ValidationError(_("Choose a day within the next year."))
        return day


class ExpertAnswerForm(SealedForm):
    """The answer in one language. `revision` is the one that the page showed."""

    language = forms.ChoiceField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    text = TextField(
        label=_("Your answer"),
        help_text=_(
            "What is known, what is not, and where experts differ. Say what you answer, not what people should want."
        ),
        longest=LONGEST_EXPERT_ANSWER,
        shortest=10,
        lines=8,
        error_messages={"required": _("Please write your answer first.")},
    )
    sources = TextField(
        label=_("What it rests on"),
        help_text=_("One source a line: a title with its year, or an address. Your own experience counts too: say so."),
        longest=LONGEST_SOURCES,
        shortest=3,
        error_messages={"required": _("Please say what your answer rests on.")},
    )

    def __init__(self, data: object = None, *, assembly: Assembly, **options: object) -> None:
        super().__init__(data, **options)
        self.fields["language"].choices = language_names(assembly)
        self.order_fields(["text", "sources"])


def language_names(assembly: Assembly) -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    return [(code, names.get(code, code)) for code in assembly.languages]


def is_address(source: str) -> bool:
    """Whether a line of sources can be followed."""
    parts = urlsplit(source)
    return parts.scheme in ("https", "http") and bool(parts.hostname) and " " not in source
