from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.actions.drafting import Step
from deliberation.forms.strict import SealedForm, StrictForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_CANDIDATE, LONGEST_OBJECTION, LONGEST_QUESTION, Assembly, Candidate

NO_PLACE = ("", "–")
UNDO = "undo"
INCOMPLETE = _("The page was incomplete. Please load it again and repeat.")


class InEachLanguageForm(StrictForm):
    """The same in each language of an assembly; none may be missing, so that nobody is asked in a foreign one."""

    longest: int
    lines = 3
    label = ""
    help = ""

    def __init__(self, data: object = None, *, assembly: Assembly, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial={self.name_of(code): text for code, text in (initial or {}).items()})
        names = dict(settings.LANGUAGES)
        self.languages = list(assembly.languages)
        for code in self.languages:
            self.fields[self.name_of(code)] = TextField(
                label=f"{self.label} · {names.get(code, code)}",
                help_text=self.help,
                longest=self.longest,
                shortest=5,
                lines=self.lines,
                error_messages={"required": _("Please write it in this language too.")},
            )
            self.fields[self.name_of(code)].widget.attrs["lang"] = code

    @staticmethod
    def name_of(code: str) -> str:
        return f"text_{code}"

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[self.name_of(code)] for code in self.languages]

    @property
    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[self.name_of(code)] for code in self.languages}


class QuestionForm(InEachLanguageForm):
    longest, lines = LONGEST_QUESTION, 2
    label = _("The question")
    proposal = forms.ChoiceField(label=_("It belongs to a proposal"), required=False)

    def __init__(self, data: object = None, *, assembly: Assembly, proposals: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, assembly=assembly)
        self.fields["proposal"].choices = [("", _("To none")), *proposals]


class TextsForm(InEachLanguageForm):
    longest = LONGEST_CANDIDATE
    label = _("The words to rank")


class PickForm(StrictForm):
    """A statement by its public id, or a sentence of the published summary by its key."""

    statement = forms.SlugField(max_length=16, required=False)
    wording = forms.IntegerField(min_value=1, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if bool(cleaned.get("statement")) == bool(cleaned.get("wording")):
            raise ValidationError(INCOMPLETE)
        return cleaned


class StepForm(StrictForm):
    step = forms.ChoiceField(
        choices=[*((step.value, step.value) for step in Step), (UNDO, UNDO)],
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )


class RankingForm(SealedForm):
    """A place for each candidate, best first; equals share a place, and whoever has none comes last."""

    take_back = forms.BooleanField(required=False)
    revision = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        widget=forms.HiddenInput,
        error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
    )

    def __init__(self, data: object = None, *, candidates: list[Candidate], **options) -> None:
        super().__init__(data, **options)
        self.candidates = candidates
        places = [(place, str(place)) for place in range(1, len(candidates) + 1)]
        for each in candidates:
            self.fields[self.name_of(each)] = forms.TypedChoiceField(
                label=_("Place of candidate %(number)s") % {"number": each.number},
                choices=[NO_PLACE, *places],
                coerce=int,
                empty_value=None,
                required=False,
            )

    @staticmethod
    def name_of(candidate: Candidate) -> str:
        return f"place_{candidate.public_id}"

    def box_of(self, candidate: Candidate) -> forms.BoundField:
        return self[self.name_of(candidate)]

    @property
    def places(self) -> dict[str, int]:
        if self.cleaned_data["take_back"]:
            return {}
        given = {each.public_id: self.cleaned_data[self.name_of(each)] for each in self.candidates}
        return {public_id: place for public_id, place in given.items() if place is not None}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("take_back") and not self.places:
            raise ValidationError(_("Please give at least one of them a place."))
        return cleaned


class ObjectionForm(SealedForm):
    text = TextField(
        label=_("What could you not live with?"),
        help_text=_("One objection, and if you can, what would have to be different."),
        longest=LONGEST_OBJECTION,
        shortest=10,
        lines=4,
        error_messages={"required": _("Please write your objection first.")},
    )
    language = forms.ChoiceField(label=_("Written in"))

    def __init__(self, data: object = None, *, assembly: Assembly, **options) -> None:
        super().__init__(data, **options)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in assembly.languages]
