from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.analysis.review import amounts_made_up
from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField
from deliberation.models import Assembly, ChallengeState, Judgement, Rule, Verdict

LONGEST_SENTENCE = 280
LONGEST_ANSWER = 500
CITE = "cite_"


class RevisionForm(StrictForm):
    """How often the sentence or argument had been changed when the page was made."""

    replaces = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class VerdictForm(RevisionForm):
    verdict = forms.ChoiceField(choices=[(each.value, each.label) for each in (Verdict.KEPT, Verdict.QUOTED)])


class EditForm(RevisionForm):
    """A sentence in the facilitator's words. It rests on sources, and says no number that they do not say."""

    words = TextField(
        label=_("The sentence"),
        help_text=_("No numbers and no “most” or “all” unless a source you tick says it: the count stands beside it."),
        longest=LONGEST_SENTENCE,
        shortest=10,
        error_messages={"required": _("Please write the sentence first.")},
    )
    language = forms.ChoiceField(label=_("Written in"))

    def __init__(self, data: object = None, *, assembly: Assembly, sources: Mapping[str, str], **options) -> None:
        super().__init__(data, **options)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in assembly.languages]
        self.sources = sources
        for argument, text in sources.items():
            self.fields[CITE + argument] = forms.BooleanField(label=text, required=False)

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[CITE + argument] for argument in self.sources]

    @property
    def cites(self) -> list[str]:
        return [argument for argument in self.sources if self.cleaned_data.get(CITE + argument)]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not self.cites:
            raise ValidationError(_("Please tick at least one source that this sentence rests on."))
        if cleaned.get("words") and cleaned.get("language"):
            cited = [self.sources[argument] for argument in self.cites]
            if made_up := amounts_made_up(cleaned["words"], cited, cleaned["language"]):
                told = _("Counts are told by the count beside the sentence, so please leave this out: %(amounts)s")
                self.add_error("words", ValidationError(told, params={"amounts": ", ".join(made_up)}))
        return cleaned


class MoveForm(RevisionForm):
    leaves = forms.CharField(max_length=16, required=False)
    joins = forms.CharField(max_length=16, required=False)


class JudgementForm(StrictForm):
    judgement = forms.ChoiceField(choices=Judgement.choices)


class AnswerForm(StrictForm):
    """The facilitator's answer to an objection, for everybody to read."""

    state = forms.ChoiceField(
        label=_("What becomes of the sentence?"),
        choices=[
            (ChallengeState.KEPT.value, _("It is kept")),
            (ChallengeState.ACCEPTED.value, _("It is corrected in the next version")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say what becomes of the sentence.")},
    )
    answer = TextField(
        label=_("Your answer, for everybody to read"),
        longest=LONGEST_ANSWER,
        shortest=10,
        error_messages={"required": _("Please give a reason.")},
    )
    rule = forms.ChoiceField(
        label=_("Hide the words of the objection? Only by a rule"),
        choices=[("", _("No, everybody may read them")), *Rule.choices],
        required=False,
    )
