from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import SealedForm, StrictForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_APPEAL, Decision, Outcome, Rule
from deliberation.models.moderation import OUTCOMES_OF_MERGING

LONGEST_REASON = 300
UNDO = "undo"
SENT = [Decision.SHOWN, Decision.REJECTED, Decision.ASKED, Decision.MERGED]


class DecisionForm(StrictForm):
    """Whoever hides something says which rule it breaks, whoever wishes for other words says for which, and whoever
    merges says into what: a statement by its number, an argument by its id."""

    decision = forms.ChoiceField(choices=[*((each.value, each.label) for each in SENT), (UNDO, UNDO)])
    rule = forms.ChoiceField(choices=Rule.choices, required=False)
    reason = TextField(longest=LONGEST_REASON, shortest=0, lines=2, required=False)
    into = forms.CharField(max_length=32, required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("decision") == Decision.REJECTED and not cleaned.get("rule"):
            raise ValidationError(_("Please choose the rule that this breaks."))
        if cleaned.get("decision") == Decision.ASKED and not cleaned.get("reason"):
            raise ValidationError(_("Please tell the author what to change."))
        if cleaned.get("decision") == Decision.MERGED and not cleaned.get("into"):
            raise ValidationError(_("Please say which one goes on."))
        return cleaned


class BulkForm(DecisionForm):
    """One decision about everything that is ticked: a rule hides it, without one it is left as it is."""

    decision = forms.ChoiceField(choices=[(Decision.SHOWN.value, Decision.SHOWN.label), (UNDO, UNDO)], required=False)

    def __init__(self, data: object, *, ticked: list[str]) -> None:
        super().__init__(data)
        self.fields |= {name: forms.BooleanField(required=False) for name in ticked}
        self._ticked = ticked

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not self._ticked:
            raise ValidationError(_("Please tick what you want to decide on."))
        if not cleaned.get("rule") and not cleaned.get("decision"):
            raise ValidationError(_("Please say what becomes of what is ticked."))
        return {**cleaned, "decision": Decision.REJECTED if cleaned.get("rule") else cleaned["decision"]}


class LookingFirstForm(StrictForm):
    looks_first = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])


class AppealForm(SealedForm):
    """Why something should be shown; of what was put together with another, why it should stand by itself."""

    reason = TextField(
        label=_("Why should it be shown?"),
        help_text=_("Somebody else than before reads this and decides. Nobody else sees it."),
        longest=LONGEST_APPEAL,
        shortest=10,
        error_messages={"required": _("Please say why it should be shown.")},
    )

    def __init__(self, data: object = None, *, merged: bool = False) -> None:
        super().__init__(data)
        if merged:
            self.fields["reason"].label = _("What does it say that the other one does not?")
            self.fields["reason"].error_messages["required"] = _("Please say in what it differs.")


class KeepWordsForm(SealedForm):
    """Nothing to fill in: the words stay."""


class OutcomeForm(StrictForm):
    outcome = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say what becomes of it.")},
    )
    answer = TextField(
        label=_("Your reasons, for the author alone"),
        longest=LONGEST_APPEAL,
        shortest=10,
        error_messages={"required": _("Please give a reason.")},
    )

    def __init__(self, data: object = None, *, merged: bool, **options) -> None:
        super().__init__(data, **options)
        if merged:
            self.fields["outcome"].choices = list(OUTCOMES_OF_MERGING.items())
