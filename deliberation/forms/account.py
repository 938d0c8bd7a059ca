from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
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


UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)  # what fido2 raises where parts are missing


class PasskeyForm(StrictForm, SignupWebAuthnForm):
    """What a new passkey answered to the challenge of this session."""

    def clean(self) -> dict[str, object]:
        try:
            return super().clean()
        except UNREADABLE as error:
            raise ValidationError(_("This is no passkey."), code="unreadable") from error


class PasskeyEntryForm(StrictForm, LoginWebAuthnForm):
    """What a known passkey answered to the challenge of this session."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except UNREADABLE as error:
            raise ValidationError(_("This is no passkey."), code="unreadable") from error
