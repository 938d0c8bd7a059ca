import csv
import math
import re
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deliberation.actions.pooling import ADDRESS, CATEGORY, LEFT_OUT, REFERENCE, Table, table_of
from deliberation.forms.people import DAYS
from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField

LARGEST_POOL = 2 * 1024 * 1024  # bytes
MOST_PEOPLE = 20_000
MOST_COLUMNS = 40
MOST_CATEGORIES = 10
MOST_SEATS = 1_000
LONGEST_NAME = 80
KEPT_FOR = timedelta(days=90)
LONGEST_KEPT = timedelta(days=366)
SAID = re.compile(r"(?P<share>\d+(?:[.,]\d+)?)\s*%|(?P<least>\d+)(?:\s*[-–]\s*(?P<most>\d+))?")


class UploadForm(StrictForm):
    file = forms.FileField(
        label=_("The pool (CSV)"),
        help_text=_("One row a person, with a first row that names the columns. Up to 20,000 people and 2 MB."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    seats = forms.IntegerField(label=_("How many people are drawn?"), min_value=1, max_value=MOST_SEATS)
    delete_on = forms.DateField(
        label=_("Delete these data on"),
        help_text=_("You can delete them earlier. After that nobody can be called up any more."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_file(self) -> str:
        """The text of a file that is a table of people."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_POOL:
            raise ValidationError(_("This file is larger than 2 MB. Leave out columns that the draw does not need."))
        text = _decoded(file.read())
        try:
            table = table_of(text)
        except csv.Error as error:
            raise ValidationError(_("This file could not be read as a table. Save it as CSV (UTF-8).")) from error
        _check(table)
        return text

    def clean_delete_on(self) -> date:
        day = self.cleaned_data["delete_on"]
        if not timezone.localdate() < day <= timezone.localdate() + LONGEST_KEPT:
            raise ValidationError(_("Choose a day within the next year."))
        return day


def _decoded(content: bytes) -> str:
    """Office programs save CSV as UTF-8, with a mark or without, as UTF-16, or as their country's older code."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_("This file could not be read as a table. Save it as CSV (UTF-8)."))


def _check(table: Table) -> None:
    names = [name.casefold() for name in table.head]
    if not all(names) or len(set(names)) < len(names):
        raise ValidationError(_("Each column needs a name of its own in the first row."))
    if len(names) > MOST_COLUMNS or any(len(name) > LONGEST_NAME for name in names):
        raise ValidationError(_("That is more than 40 columns, or a name of more than 80 characters."))
    if not 1 <= len(table.rows) <= MOST_PEOPLE:
        raise ValidationError(_("There must be between 1 and 20,000 people below the first row."))


class ColumnsForm(StrictForm):
    """One field a column: what it is used for. What is not used is forgotten."""

    USES = [
        (LEFT_OUT, _("not needed: forget it")),
        (CATEGORY, _("a category with targets")),
        (ADDRESS, _("the e-mail address")),
        (REFERENCE, _("your own number or name")),
    ]

    def __init__(self, data: object = None, *, table: Table) -> None:
        super().__init__(data)
        self.table = table
        for place, name in enumerate(table.head):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name, choices=self.USES, initial=_guess(table, place), help_text=_examples(table, place)
            )

    @property
    def uses(self) -> list[str]:
        return [self.cleaned_data[f"column-{place}"] for place, _name in enumerate(self.table.head)]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        chosen = list(cleaned.values())
        if not 1 <= chosen.count(CATEGORY) <= MOST_CATEGORIES:
            raise ValidationError(_("Please choose at least one category, and at most ten."))
        if max(chosen.count(ADDRESS), chosen.count(REFERENCE)) > 1:
            raise ValidationError(_("Only one column can be the e-mail address, and one your own number or name."))
        if not chosen.count(ADDRESS) + chosen.count(REFERENCE):
            raise ValidationError(_("Please say how people are reached: by e-mail, or by a number or name you keep."))
        return cleaned


def _guess(table: Table, place: int) -> str:
    values = [row[place] for _line, row in table.rows[:200] if place < len(row)]
    if sum("@" in value for value in values) * 2 > len(values):
        return ADDRESS
    return CATEGORY if len(set(values)) <= max(12, len(values) // 20) and len(values) > 20 else LEFT_OUT


def _examples(table: Table, place: int) -> str:
    values = dict.fromkeys(row[place] for _line, row in table.rows[:50] if place < len(row) and row[place])
    return " · ".join(value[:30] for value in list(values)[:4])


class TargetsForm(StrictForm):
    """One field a value: a number of seats, a range, or a share of the population."""

    def __init__(self, data: object = None, *, values: list[dict], seats: int) -> None:
        super().__init__(data)
        self.seats, self.values = seats, values
        for place, value in enumerate(values):
            self.fields[f"value-{place}"] = TextField(
                label=value["value"], longest=12, lines=1, initial=value["said"], required=True
            )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        self.targets = []
        for name in self.fields:
            if name in cleaned:
                self._understand(name, str(cleaned[name]))
        return cleaned

    def _understand(self, name: str, said: str) -> None:
        found = SAID.fullmatch(said)
        least, most = _seats(found, self.seats) if found else (1, 0)
        if not 0 <= least <= most <= self.seats:
            self.add_error(name, _("Write a number of seats such as 12, a range such as 12–14, or a share: 13 %."))
        self.targets.append((said, least, most))


def _seats(found: re.Match[str], seats: int) -> tuple[int, int]:
    """A share means the whole seats around it: that is as near as a group of people can come."""
    if found["share"]:
        exact = round(float(found["share"].replace(",", ".")) * seats / 100, 6)
        return math.floor(exact), math.ceil(exact)
    return int(found["least"]), int(found["most"] or found["least"])


class SeedForm(StrictForm):
    seed = TextField(
        label=_("The seed"),
        help_text=_("What was drawn in public, as announced: numbers of a lottery, dice thrown before witnesses."),
        longest=200,
        shortest=4,
        lines=1,
    )


class EmptyForm(StrictForm):
    pass


class SelectedForm(StrictForm):
    days = forms.TypedChoiceField(label=_("Good for"), choices=DAYS, coerce=int, initial=30)

    def __init__(self, data: object = None, *, languages: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["language"] = forms.ChoiceField(label=_("Language of the e-mail"), choices=languages)

    @property
    def good_for(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
