from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deliberation.actions.setting_up import Words
from deliberation.forms.desk import ResultsForm
from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField

LONGEST_RULE, MOST_RULES = 200, 12
LABELS = {
    "title": (_("Title"), _("A few words, as on a poster."), 120, 1),
    "remit": (_("The question"), _("One question, in words that everybody understands."), 600, 2),
    "asked_by": (_("Who asks?"), _("The council, the school, the organisation that wants to know."), 200, 1),
    "purpose": (
        _("What happens with the result?"),
        _("Who answers, how and until when. People decide by this whether it is worth their time."),
        2000,
        3,
    ),
    "duration": (_("How long does it take?"), "", 200, 1),
}
FOUNDING = ("title", "remit", "asked_by", "purpose")


class TextsForm(StrictForm):
    """What an assembly is asked: everything in the first language, and in each other everything or nothing at all."""

    def __init__(
        self,
        data: object = None,
        *,
        languages: list[str],
        said: dict[str, Words] | None = None,
        parts: tuple[str, ...] = tuple(LABELS),
        fixed: bool = False,
        **options,
    ) -> None:
        """`said` are the words to begin with; where it is `fixed`, the question in their languages stays."""
        said = said or {}
        super().__init__(data, **options)
        self.languages, self.parts = languages, parts
        for code, part in ((code, part) for code in languages for part in parts):
            label, help_text, longest, lines = LABELS[part]
            needed = code == languages[0] and part in FOUNDING
            field = TextField(
                label=label,
                help_text=help_text,
                longest=longest,
                shortest=int(needed),
                lines=lines,
                required=needed,
                error_messages={"required": _("Please fill this in.")},
            )
            field.initial = getattr(said[code], part) if code in said else ""
            field.disabled = fixed and part == "remit" and code in said
            field.widget.attrs["lang"] = code
            self.fields[f"{part}_{code}"] = field

    def clean(self) -> dict[str, object]:
        """`duration` may be missing; nothing else of a language that has begun may."""
        cleaned = super().clean()
        begun = [code for code in self.languages if any(cleaned.get(f"{part}_{code}") for part in self.parts)]
        for code, part in ((code, part) for code in begun for part in FOUNDING):
            name = f"{part}_{code}"
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Please fill this in. In a language that you begin, all four are needed."))
        return cleaned

    @property
    def in_languages(self) -> list[dict[str, object]]:
        names = dict(settings.LANGUAGES)
        return [
            {
                "code": code,
                "name": names[code],
                "boxes": boxes,
                "begun": any(box.value() or box.errors for box in boxes),
            }
            for code in self.languages
            if (boxes := [self[f"{part}_{code}"] for part in self.parts])
        ]

    @property
    def texts(self) -> dict[str, Words]:
        return {
            code: Words(**{part: self._said(f"{part}_{code}") for part in self.parts})
            for code in self.languages
            if self.cleaned_data[f"title_{code}"]
        }

    def _said(self, name: str) -> str:
        """What is fixed stays to the letter, also where it was never typed into this form."""
        field = self.fields[name]
        return field.initial if field.disabled else self.cleaned_data[name]


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **options) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        wrong = {
            "invalid": _("Please choose a day, or type it like 2027-03-06."),
            "required": _("Please choose a day."),
        }
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], "error_messages": wrong, **options})


class FoundingForm(TextsForm):
    def __init__(self, data: object = None, **options) -> None:
        super().__init__(data, parts=FOUNDING, **options)
        self.fields["starts_on"] = DayField(
            label=_("When does it begin?"),
            help_text=_("All dates follow from this one. You can move each of them later."),
        )
        self.fields["name"] = TextField(
            label=_("Your name here"),
            help_text=_("As others see it beside what you do as facilitator."),
            longest=40,
            shortest=2,
            lines=1,
        )

    def clean_starts_on(self) -> date:
        return not_past(self.cleaned_data["starts_on"])


class FounderLinkForm(StrictForm):
    """A link for somebody who may set up assemblies."""

    meant_for = TextField(
        label=_("For whom is it?"),
        help_text=_("A name by which you know later who holds it. Only operators read it."),
        longest=80,
        shortest=2,
        lines=1,
        error_messages={"required": _("Please say for whom it is.")},
    )
    days = forms.TypedChoiceField(
        label=_("How long is it good?"),
        choices=[(1, _("One day")), (7, _("One week")), (30, _("One month"))],
        coerce=int,
        initial=7,
    )


class CopyForm(StrictForm):
    starts_on = DayField(label=_("When does the copy begin?"), help_text=_("Its phases follow at the same distances."))

    def clean_starts_on(self) -> date:
        return not_past(self.cleaned_data["starts_on"])


def not_past(day: date) -> date:
    if day < timezone.localdate():
        raise ValidationError(_("This day is over. Please choose today or a later one."), code="past")
    return day


class RulesForm(StrictForm):
    """What everybody is asked, one rule a line, in each language of the assembly."""

    def __init__(self, data: object = None, *, rules: dict[str, list[str]], **options) -> None:
        super().__init__(data, **options)
        self.languages, names = list(rules), dict(settings.LANGUAGES)
        for code, said in rules.items():
            field = TextField(
                label=names.get(code, code),
                help_text=_("One rule a line."),
                longest=LONGEST_RULE * MOST_RULES,
                lines=6,
                initial="\n".join(said),
                error_messages={"required": _("Please write at least one rule.")},
            )
            field.widget.attrs["lang"] = code
            self.fields[f"rules_{code}"] = field

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for code in self.languages:
            rules = _lines(cleaned.get(f"rules_{code}", ""))
            if len(rules) > MOST_RULES:
                self.add_error(f"rules_{code}", _("Nobody keeps more than twelve rules in mind. Please join some."))
            if any(len(rule) > LONGEST_RULE for rule in rules):
                self.add_error(f"rules_{code}", _("One of these lines is longer than 200 characters."))
        return cleaned

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self[f"rules_{code}"] for code in self.languages]

    @property
    def rules(self) -> dict[str, list[str]]:
        return {code: _lines(self.cleaned_data[f"rules_{code}"]) for code in self.languages}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class JoiningForm(StrictForm):
    joining = forms.ChoiceField(
        label=_("Who may join?"),
        choices=[
            ("open", _("Anyone who has the address")),
            ("invited", _("Only people with an invitation or drawn by lottery")),
        ],
        widget=forms.RadioSelect,
    )


class PhasePlanForm(ResultsForm):
    """The days of a phase, and from when on its results are seen."""

    starts_on = DayField(label=pgettext_lazy("of a phase", "From"))
    ends_on = DayField(label=pgettext_lazy("of a phase", "To"))
    with_later = forms.BooleanField(label=_("Move everything after it by as many days"), required=False)

    def __init__(self, data: object = None, *, began: bool = False, **options) -> None:
        super().__init__(data, **options)
        self.fields["starts_on"].disabled = began

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            raise ValidationError({"ends_on": _("That is before it begins.")})
        return cleaned
