from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import StrictForm
from deliberation.models import Role

MOST_CODES = 200
MOST_USES = 10_000
FOR_A_ROOM = 30
FOR_ONE_WITH_A_ROLE = 1
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
