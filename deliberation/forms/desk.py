from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import StrictForm
from deliberation.models import ResultsShown

MOST_OWN_VOTES = 500


class OpeningForm(StrictForm):
    anyway = forms.BooleanField(required=False)


class RewriterForm(StrictForm):
    rewriter = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])


class ResultsForm(StrictForm):
    results = forms.ChoiceField(
        label=_("Everybody sees the results of this phase"), choices=ResultsShown.choices, widget=forms.RadioSelect
    )
    after = forms.IntegerField(
        label=_("How many own votes?"),
        help_text=_("Only if results are shown after a number of own votes."),
        required=False,
        min_value=1,
        max_value=MOST_OWN_VOTES,
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("results") == ResultsShown.AFTER_OWN_VOTES and cleaned.get("after") is None:
            raise ValidationError({"after": _("Please say after how many votes.")})
        return cleaned
