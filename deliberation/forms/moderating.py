from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField
from deliberation.models import Decision, Rule

LONGEST_REASON = 300


class DecisionForm(StrictForm):
    """Whoever hides something says which rule it breaks."""

    decision = forms.ChoiceField(choices=Decision.choices)
    rule = forms.ChoiceField(choices=Rule.choices, required=False)
    reason = TextField(longest=LONGEST_REASON, shortest=0, lines=2, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("decision") == Decision.REJECTED and not cleaned.get("rule"):
            raise ValidationError(_("Please choose the rule that this breaks."))
        return cleaned
