from django import forms
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import SealedForm
from deliberation.models import Choice

WORDS = [(choice.word, choice.label) for choice in Choice]
UNKNOWN = _("This is not a vote we know. Please choose agree, disagree or pass.")


class VoteForm(SealedForm):
    choice = forms.ChoiceField(choices=WORDS, error_messages={"required": UNKNOWN, "invalid_choice": UNKNOWN})
    revision = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        error_messages={
            "required": _("The page was incomplete. Please load it again and vote once more."),
            "invalid": _("The page was incomplete. Please load it again and vote once more."),
        },
    )
    important = forms.BooleanField(required=False)
    # How often the words had been changed when the voter read them.
    edition = forms.IntegerField(min_value=0, max_value=30_000, required=False)

    def clean_edition(self) -> int:
        return self.cleaned_data["edition"] or 0

    def clean_choice(self) -> Choice:
        return Choice.from_word(self.cleaned_data["choice"])
