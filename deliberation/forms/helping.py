from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from deliberation.forms.consent import IN_SHORT
from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField
from deliberation.models import Assembly, Purpose

UP_TO_THEM = [Purpose.QUOTE, Purpose.REUSE]  # news need an address of e-mail
NOT_HERE, ANYWHERE = "", "0"


class ByHandForm(StrictForm):
    """Somebody without a device joins: what they allow is read out to them, and ticked as they say."""

    pseudonym = TextField(
        label=_("Their name here"),
        help_text=_(
            "Statements stand with a number alone; arguments and questions with this name. It need not be their own."
        ),
        longest=40,
        shortest=2,
        lines=1,
        error_messages={"required": _("Please choose a name. Any name will do.")},
    )
    code = TextField(
        label=_("Their invitation code"),
        help_text=_("From a letter of the lottery or another invitation, so that their seat is counted."),
        longest=64,
        shortest=0,
        lines=1,
        required=False,
    )
    language = forms.ChoiceField(label=_("Their language"))
    consent_take_part = forms.BooleanField(
        label=IN_SHORT[Purpose.TAKE_PART],
        error_messages={"required": _("Without this yes nothing of theirs can be counted.")},
    )
    consent_help = forms.BooleanField(label=IN_SHORT[Purpose.HELP], required=False)
    consent_quote = forms.BooleanField(label=IN_SHORT[Purpose.QUOTE], required=False)
    consent_reuse = forms.BooleanField(label=IN_SHORT[Purpose.REUSE], required=False)
    heard = forms.BooleanField(
        label=_("I have read each sentence out to them, and ticked what they said yes to."),
        error_messages={"required": _("Please read the sentences out to them first.")},
    )
    table = forms.ChoiceField(label=_("Where they sit"), required=False)

    def __init__(self, data: object = None, *, assembly: Assembly, needs_code: bool, tables: int | None, **options):
        """`tables` is how many there are in the session that is open: 0 before any were made, None without one."""
        super().__init__(data, **options)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in assembly.languages]
        self.fields["code"].required = needs_code
        self.fields["code"].error_messages["required"] = _("This assembly is by invitation. Please type their code.")
        if tables is None:
            del self.fields["table"]
        else:
            self.fields["table"].choices = _places(tables)

    @property
    def optional_consents(self) -> list[forms.BoundField]:
        return [self[f"consent_{purpose}"] for purpose in UP_TO_THEM]

    @property
    def purposes(self) -> set[Purpose]:
        return {purpose for purpose in Purpose if self.cleaned_data.get(f"consent_{purpose}")}


def _places(tables: int) -> list[tuple[str, object]]:
    here = _("In the room, at the table where fewest sit") if tables else _("In the room")
    numbered = [(str(number), _("At table %(n)s") % {"n": number}) for number in range(1, tables + 1)]
    return [(ANYWHERE, here), *numbered, (NOT_HERE, _("Not in the room now"))]
