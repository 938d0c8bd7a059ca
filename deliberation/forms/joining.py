from django import forms
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField


class JoinForm(StrictForm):
    pseudonym = TextField(
        label=_("Your name here"),
        help_text=_("A name others will see beside what you write. It need not be your own."),
        longest=40,
        shortest=2,
        lines=1,
        error_messages={"required": _("Please choose a name. Any name will do.")},
    )
    consent_take_part = forms.BooleanField(
        label=_("I agree that what I write and how I vote is used for this assembly under this name."),
        error_messages={"required": _("Please tick this box: without it your votes cannot be counted.")},
    )


class EnterForm(StrictForm):
    code = TextField(
        label=_("Your code"),
        help_text=_("From an invitation, or the code you were given when you joined."),
        longest=64,
        lines=1,
        error_messages={"required": _("Please type your code.")},
    )
