import re
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import StrictForm
from deliberation.models import Role

MOST_CODES = 200
MOST_ADDRESSES = 500
LARGEST_LIST = 256 * 1024  # bytes
MOST_USES = 10_000
FOR_A_ROOM = 30
FOR_ONE_WITH_A_ROLE = 1
SEPARATORS = re.compile(r"[\s,;:<>\"'()\[\]|]+")
DAYS = [(1, _("one day")), (7, _("a week")), (30, _("a month")), (90, _("three months"))]


class RolesForm(StrictForm):
    """One box a role, so that each field is sent once at most."""

    def __init__(self, data: object = None, **options) -> None:
        super().__init__(data, **options)
        for role in Role:
            self.fields[role.value] = forms.BooleanField(label=role.label, required=False)

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[role.value] for role in Role]

    @property
    def roles(self) -> set[Role]:
        return {role for role in Role if self.cleaned_data[role.value]}


class MailInvitationForm(RolesForm):
    """Addresses typed or pasted, or in a file: whatever has an @ in it is one, so that any list or table will do."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One a line, or with commas. Up to 500 at once."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    file = forms.FileField(label=_("Or a file (CSV or text)"), required=False, max_length=200)
    days = forms.TypedChoiceField(label=_("Good for"), choices=DAYS, coerce=int, initial=30)

    def __init__(self, data: object = None, *, languages: list[str], **options) -> None:
        super().__init__(data, **options)
        named = [(code, name) for code, name in settings.LANGUAGES if code in languages]
        self.fields["language"] = forms.ChoiceField(label=_("Language of the e-mail"), choices=named)

    def clean_file(self) -> str:
        """What the file says; a table from an office program may not be UTF-8."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > LARGEST_LIST:
            raise ValidationError(_("This file is too large for a list of addresses."))
        return file.read().decode("utf-8", errors="replace")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        parts = SEPARATORS.split(f"{cleaned.get('addresses', '')}\n{cleaned.get('file', '')}")
        self.found = {part.lower() for part in parts if "@" in part}
        wrong = sorted(address for address in self.found if not _is_address(address))
        if wrong:
            told = _("This is not an e-mail address: %(wrong)s. Nothing was sent yet.")
            self.add_error("addresses", ValidationError(told, params={"wrong": ", ".join(wrong[:5])}))
        elif not self.found:
            self.add_error("addresses", _("Please type or paste at least one address, or choose a file."))
        elif len(self.found) > MOST_ADDRESSES:
            self.add_error("addresses", _("That is more than 500 addresses. Please send them in several parts."))
        return cleaned

    @property
    def good_for(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class InvitationForm(RolesForm):
    kind = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[
            ("link", _("One link or code that many may use")),
            ("codes", _("A sheet of codes, each for one person")),
        ],
        widget=forms.RadioSelect,
        initial="link",
    )
    number = forms.IntegerField(
        label=_("For how many people?"),
        help_text=_("Up to 200 codes on a sheet, up to 10,000 people for one link. Left empty: 30, or 1 with a role."),
        min_value=1,
        max_value=MOST_USES,
        required=False,
    )
    days = forms.TypedChoiceField(label=_("Good for"), choices=DAYS, coerce=int, initial=7)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("number", 0) is None:
            cleaned["number"] = FOR_ONE_WITH_A_ROLE if self.roles else FOR_A_ROOM
        if cleaned.get("kind") == "codes" and cleaned.get("number", 0) > MOST_CODES:
            self.add_error("number", _("That is too much for one sheet. Please make several of at most 200 codes."))
        return cleaned

    @property
    def good_for(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])

    @property
    def codes_and_uses(self) -> dict[str, int]:
        number = self.cleaned_data["number"]
        return {"codes": number, "uses": 1} if self.cleaned_data["kind"] == "codes" else {"codes": 1, "uses": number}
