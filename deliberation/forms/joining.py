from django import forms
from django.utils.translation import gettext_lazy as _

from deliberation.forms.consent import ASKED_BESIDE, IN_SHORT
from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField
from deliberation.models import Purpose


class JoinForm(StrictForm):
    pseudonym = TextField(
        label=_("Your name here"),
        help_text=_(
            "Statements stand with a number alone; arguments and questions with this name. It need not be your own."
        ),
        longest=40,
        shortest=2,
        lines=1,
        error_messages={"required": _("Please choose a name. Any name will do.")},
    )
    consent_take_part = forms.BooleanField(
        label=IN_SHORT[Purpose.TAKE_PART],
        error_messages={"required": _("Please tick this box: without it your votes cannot be counted.")},
    )
    consent_quote = forms.BooleanField(label=IN_SHORT[Purpose.QUOTE], required=False)
    consent_reuse = forms.BooleanField(label=IN_SHORT[Purpose.REUSE], required=False)
    consent_news = forms.BooleanField(label=IN_SHORT[Purpose.NEWS], required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("To come back with a code from an e-mail, and for news. Nobody here sees it."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, data: object = None, *, has_address: bool = False, **options) -> None:
        super().__init__(data, **options)
        if has_address:  # from an assembly they joined before
            del self.fields["email"]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("consent_news") and "email" in cleaned and not cleaned["email"]:
            self.add_error("email", _("For news we need an address. Leave the box for news empty if you want none."))
        return cleaned

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    @property
    def optional_consents(self) -> list[forms.BoundField]:
        return [self[f"consent_{purpose}"] for purpose in ASKED_BESIDE]

    @property
    def purposes(self) -> set[Purpose]:
        return {purpose for purpose in Purpose if self.cleaned_data.get(f"consent_{purpose}")}


class EnterForm(StrictForm):
    code = TextField(
        label=_("Your code"),
        help_text=_("From an invitation, or the code you were given when you joined."),
        longest=64,
        lines=1,
        error_messages={"required": _("Please type your code.")},
    )
