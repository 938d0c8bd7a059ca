from allauth.mfa.webauthn.forms import LoginWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField


class EmailForm(StrictForm):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Please type your e-mail address.")},
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class EmailCodeForm(StrictForm):
    code = TextField(
        label=_("The code from the e-mail"),
        longest=16,
        lines=1,
        error_messages={"required": _("Please type the code.")},
    )

    def __init__(self, data: object = None, **options) -> None:
        super().__init__(data, **options)
        self.fields["code"].widget.attrs.update({"autocomplete": "one-time-code", "autocapitalize": "characters"})


class PasskeyForm(StrictForm, SignupWebAuthnForm):
    """What a new passkey answered to the challenge of this session."""


class PasskeyEntryForm(StrictForm, LoginWebAuthnForm):
    """What a known passkey answered to the challenge of this session."""
