from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import StrictForm
from deliberation.models import Purpose

ASKED_BESIDE = [Purpose.QUOTE, Purpose.REUSE, Purpose.NEWS]  # of whoever joins
MAY_BE_REFUSED = [*ASKED_BESIDE, Purpose.HELP]
IN_SHORT = {
    Purpose.TAKE_PART: _("I take part: everybody may read what I write, and my votes count."),
    Purpose.QUOTE: _("My words may be quoted in summaries and reports."),
    Purpose.REUSE: _("After the close, what I wrote and how I voted may be in an open dataset, without any name."),
    Purpose.NEWS: _("Send me news by e-mail, once a day at most."),
    Purpose.HELP: _("A helper of this assembly may enter for me what I say, until I come with my own code."),
}


class PurposeForm(StrictForm):
    purpose = forms.TypedChoiceField(choices=[(each, each.label) for each in MAY_BE_REFUSED], coerce=Purpose)


class StopNewsForm(StrictForm):
    """What a mail program sends for the one click of RFC 8058; the page's own button sends nothing."""

    def __init__(self, data: object = None, **options) -> None:
        super().__init__(data, **options)
        self.fields["List-Unsubscribe"] = forms.CharField(required=False, max_length=20)


class FarewellForm(StrictForm):
    """Somebody who wants everything erased says so by their name, so that no slip of a finger does it."""

    pseudonym = forms.CharField(
        label=_("Type your name here to confirm"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please type your name here.")},
    )

    def __init__(self, data: object = None, *, known_as: str, **options) -> None:
        super().__init__(data, **options)
        self.known_as = known_as

    def clean_pseudonym(self) -> str:
        typed = " ".join(self.cleaned_data["pseudonym"].split())
        if typed.casefold() != self.known_as.casefold():
            raise ValidationError(
                _("That is not your name here, so nothing was erased. You are called %(name)s."),
                params={"name": self.known_as},
            )
        return typed
