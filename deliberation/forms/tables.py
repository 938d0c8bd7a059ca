from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from deliberation.forms.drafting import INCOMPLETE
from deliberation.forms.strict import StrictForm
from deliberation.models import FEWEST_AT_A_TABLE, MOST_AT_A_TABLE, USUAL_AT_A_TABLE


class RoundForm(StrictForm):
    """How many sit together; `anew` makes the newest round once more instead of the next."""

    size = forms.IntegerField(
        label=_("People at a table"), min_value=FEWEST_AT_A_TABLE, max_value=MOST_AT_A_TABLE, initial=USUAL_AT_A_TABLE
    )
    anew = forms.BooleanField(required=False)


class PersonForm(StrictForm):
    """Somebody, by their public id."""

    person = forms.SlugField(max_length=16, error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})


class SwapForm(StrictForm):
    """Two people who change places."""

    one = forms.ChoiceField(label=_("This person"), error_messages={"invalid_choice": INCOMPLETE})
    other = forms.ChoiceField(label=_("changes places with"), error_messages={"invalid_choice": INCOMPLETE})

    def __init__(self, data: object = None, *, seated: Iterable[tuple[str, list[tuple[str, str]]]]) -> None:
        super().__init__(data)
        choices = [("", _("Choose somebody")), *seated]
        self.fields["one"].choices = choices
        self.fields["other"].choices = choices
