from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import SealedForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_CHALLENGE, LONGEST_FIX, Ratified


class RatificationForm(SealedForm):
    """Yes, no, or what is missing; only a correction has words."""

    answer = forms.ChoiceField(choices=Ratified.choices)
    fix = TextField(label=_("What should be corrected?"), longest=LONGEST_FIX, shortest=0, lines=3, required=False)
    replaces = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("answer") == Ratified.FIX and "fix" in cleaned and not cleaned["fix"]:
            self.add_error("fix", ValidationError(_("Please write what should be corrected.")))
        return cleaned

    @property
    def fix_given(self) -> str:
        return self.cleaned_data["fix"] if self.cleaned_data["answer"] == Ratified.FIX else ""


class ChallengeForm(SealedForm):
    reason = TextField(
        label=_("What is wrong with this sentence?"),
        help_text=_("Everybody can read this, with your name and the facilitator’s answer."),
        longest=LONGEST_CHALLENGE,
        shortest=10,
        error_messages={"required": _("Please write your reason first.")},
    )
