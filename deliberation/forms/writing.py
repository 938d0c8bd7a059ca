from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import SealedForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_ARGUMENT, LONGEST_STATEMENT, Assembly, Draft, Side

SHORTEST = 10
LONGEST_DRAFT = 4_000
RECOGNISE = "recognise"


class WritingForm(SealedForm):
    """Something in a participant's own words. Its language may be left to be recognised."""

    language = forms.ChoiceField(label=_("Written in"))
    # Similar contributions that the writer has been shown: only others are put before them when they post.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    anyway = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: object = None, *, assembly: Assembly, draft: Draft | None = None) -> None:
        kept = draft and {"text": draft.text, "language": draft.language or RECOGNISE, "side": draft.side}
        super().__init__(data, initial=kept)
        self.fields["language"].choices = language_choices(assembly)

    def clean_language(self) -> str:
        return as_chosen(self.cleaned_data["language"])


def language_choices(assembly: Assembly) -> list[tuple[str, object]]:
    names = dict(settings.LANGUAGES)
    languages = [(code, names.get(code, code)) for code in assembly.languages]
    return [(RECOGNISE, _("Recognise it for me")), *languages] if len(languages) > 1 else languages


def as_chosen(language: str) -> str:
    """Empty where it is to be recognised."""
    return "" if language == RECOGNISE else language


class StatementForm(WritingForm):
    text = TextField(
        label=_("Your statement"),
        help_text=_("One idea, in one sentence, that others can agree or disagree with."),
        longest=LONGEST_STATEMENT,
        shortest=SHORTEST,
        error_messages={"required": _("Please write your statement first.")},
    )


class ArgumentForm(WritingForm):
    side = forms.ChoiceField(
        label=_("This is"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say whether this is for, against, a concern or a condition.")},
    )
    text = TextField(
        label=_("Your argument"),
        help_text=_("One reason, in your own words. What you have seen yourself is worth most."),
        longest=LONGEST_ARGUMENT,
        shortest=SHORTEST,
        lines=4,
        error_messages={"required": _("Please write your argument first.")},
    )


class DraftForm(WritingForm):
    """The same while it is being written, when nothing has to be complete."""

    language = forms.ChoiceField(required=False)
    text = TextField(longest=LONGEST_DRAFT, shortest=0, required=False)
    side = forms.ChoiceField(choices=[("", ""), *Side.choices], required=False)


class RewordingForm(SealedForm):
    """Other words for what one has posted; `edits` is how often they had been changed when the page was made."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)

    def __init__(self, data: object = None, *, longest: int, **options) -> None:
        super().__init__(data, **options)
        self.fields["text"] = TextField(label=_("Your words"), longest=longest, shortest=SHORTEST)
