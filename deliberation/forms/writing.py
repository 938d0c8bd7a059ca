from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from deliberation.forms.strict import SealedForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_ARGUMENT, LONGEST_STATEMENT, Assembly, Side


class WritingForm(SealedForm):
    """Something in a participant's own words, in one of the assembly's languages."""

    language = forms.ChoiceField(label=_("Written in"))

    def __init__(self, data: object = None, *, assembly: Assembly, **options) -> None:
        super().__init__(data, **options)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in assembly.languages]


class StatementForm(WritingForm):
    text = TextField(
        label=_("Your statement"),
        help_text=_("One idea, in one sentence, that others can agree or disagree with."),
        longest=LONGEST_STATEMENT,
        shortest=10,
        error_messages={"required": _("Please write your statement first.")},
    )


class ArgumentForm(WritingForm):
    side = forms.ChoiceField(
        label=_("This is"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say whether this is for, against, a concern or a condition.")},
    )
    text = TextField(
        label=_("Your argument"),
        help_text=_("One reason, in your own words. What you have seen yourself is worth most."),
        longest=LONGEST_ARGUMENT,
        shortest=10,
        lines=4,
        error_messages={"required": _("Please write your argument first.")},
    )
