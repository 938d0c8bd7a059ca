"""The pool of a lottery before it is sealed: a file comes in, its columns are named, each category gets its targets."""

import csv
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from deliberation import record
from deliberation.actions.errors import NotInThisState
from deliberation.models import BEFORE_THE_SEAL, Assembly, Pool, PoolState, Respondent
from deliberation.models.fields import new_public_id

DELIMITERS = ",;\t|"
LONGEST_VALUE = 80
MOST_VALUES = 40  # of one category; each has a field, and a form has at most fifty
ADDRESS, REFERENCE, CATEGORY, LEFT_OUT = "address", "reference", "category", "left_out"


class Table(NamedTuple):
    head: list[str]
    rows: list[tuple[int, list[str]]]  # with the line of the file that each begins on


class TooManyValues(Exception):
    """A column is no category: it has more values than anybody sets targets for."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def table_of(text: str) -> Table:
    """The rows of a CSV file, whichever sign parts its columns. Raises csv.Error on what is no table."""
    lines = csv.reader(text.splitlines(), delimiter=_delimiter(text), strict=True)
    rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines if any(cell.strip() for cell in row)]
    if not rows:
        raise csv.Error("empty")
    return Table(rows[0][1], rows[1:])


def _delimiter(text: str) -> str:
    head = text.lstrip("\n").split("\n", 1)[0]
    return max(DELIMITERS, key=head.count)


@transaction.atomic
def take_upload(assembly: Assembly, text: str, seats: int, delete_on: date) -> Pool:
    """Take a file of people in; an earlier one goes. Raises NotInThisState once a pool is sealed."""
    earlier = Pool.objects.select_for_update().filter(assembly=assembly).first()
    if earlier is not None:
        if not earlier.can_change and earlier.deleted_at is None:
            raise NotInThisState
        kept = {"seals": earlier.seals, "replacements": 0}
        earlier.delete()
    else:
        kept = {}
    return Pool.objects.create(assembly=assembly, upload=text, seats=seats, delete_on=delete_on, **kept)


@transaction.atomic
def name_columns(pool: Pool, uses: list[str]) -> Pool:
    """Keep of the file what the columns are used for, and forget the rest. Raises NotInThisState, TooManyValues."""
    pool = _changing(pool, PoolState.UPLOADED)
    table = table_of(pool.upload)
    categories = [place for place, use in enumerate(uses) if use == CATEGORY]
    problems: list[list[Any]] = []
    people = list(_people(table, uses, categories, problems))
    pool.targets = [_category(table.head[place], [person["values"][i] for person in people])
                    for i, place in enumerate(categories)]  # fmt: skip
    _spell_alike(people, pool.targets)
    secrets.SystemRandom().shuffle(people)
    Respondent.objects.bulk_create(
        Respondent(pool=pool, number=number, salt=secrets.token_bytes(32), **person)
        for number, person in enumerate(people, start=1)
    )
    pool.problems, pool.upload, pool.state = problems, "", PoolState.READY
    pool.save()
    return pool


def _people(table: Table, uses: list[str], categories: list[int], problems: list[list[Any]]) -> Iterator[dict]:
    """Each person once, with what is needed of them; what is wrong with the other rows goes to `problems`."""
    named = {use: uses.index(use) for use in (ADDRESS, REFERENCE) if use in uses}
    seen: set[str] = set()
    for line, row in table.rows:
        wrong = _wrong(table.head, row, named, categories, seen)
        if wrong is not None:
            problems.append([line, *wrong])
            continue
        person = {use: row[place] for use, place in named.items()}
        seen |= {f"{use} {value.casefold()}" for use, value in person.items() if value}
        yield {**person, "values": [row[place] for place in categories]}


def _wrong(
    head: list[str], row: list[str], named: dict[str, int], categories: list[int], seen: set[str]
) -> tuple[str, str] | None:
    """What is wrong with a row, and in which column; None if nothing is."""
    if len(row) != len(head):
        return "cells", ""
    for place in categories:
        if not row[place]:
            return "empty", head[place]
        if len(row[place]) > LONGEST_VALUE:
            return "long", head[place]
    for use, place in named.items():
        if use == ADDRESS and row[place] and not _is_address(row[place]):
            return "address", head[place]
        if len(row[place]) > 100 or (use == REFERENCE and not row[place]):
            return "reference", head[place]
        if f"{use} {row[place].casefold()}" in seen:
            return "twice", head[place]
    return None if any(row[place] for place in named.values()) else ("unreachable", "")


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _category(name: str, values: list[str]) -> dict[str, Any]:
    """A category as it is found, without targets: any number of seats may go to each value."""
    spelt: dict[str, str] = {}
    for value in values:
        spelt.setdefault(value.casefold(), value)
    if len(spelt) > MOST_VALUES:
        raise TooManyValues(name)
    counts = Counter(value.casefold() for value in values)
    return {
        "name": name,
        "values": [
            {"value": value, "have": counts[key], "min": 0, "max": counts[key], "said": ""}
            for key, value in sorted(spelt.items())
        ],
    }


def _spell_alike(people: list[dict[str, Any]], targets: list[dict[str, Any]]) -> None:
    """Who wrote “Female” and who wrote “female” belong to one value: the first spelling of the file is kept."""
    spelt = [{each["value"].casefold(): each["value"] for each in category["values"]} for category in targets]
    for person in people:
        person["values"] = [spelt[i][value.casefold()] for i, value in enumerate(person["values"])]


@transaction.atomic
def set_targets(pool: Pool, place: int, seats: list[tuple[str, int, int]]) -> None:
    """Set for each value of a category the least and the most seats, and how that was said. Raises NotInThisState."""
    pool = _changing(pool, PoolState.READY)
    for value, (said, least, most) in zip(pool.targets[place]["values"], seats, strict=True):
        value |= {"said": said, "min": least, "max": most}
    pool.trouble = {}
    pool.save(update_fields=["targets", "trouble"])


def shortfalls(pool: Pool) -> list[dict[str, Any]]:
    """What the targets make impossible before any calculation: too few people, or seats that do not add up."""
    found = []
    for category in pool.targets:
        values = category["values"]
        short = [each for each in values if each["have"] < each["min"]]
        found += [{"why": "people", "category": category["name"], **each} for each in short]
        least, most = sum(each["min"] for each in values), sum(each["max"] for each in values)
        if least > pool.seats:
            found.append({"why": "least", "category": category["name"], "sum": least})
        if most < pool.seats:
            found.append({"why": "most", "category": category["name"], "sum": most})
    return found


@transaction.atomic
def delete_data(pool: Pool) -> None:
    """Delete everything about the people in the pool. What was counted of the draw stays; nobody can be called up."""
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    if pool.is_with_a_worker:
        raise NotInThisState
    if not pool.is_drawn:
        pool.delete()
        return
    pool.respondents.all().delete()
    pool.sealed, pool.upload, pool.problems, pool.deleted_at = b"", "", [], timezone.now()
    pool.save()
    content = {"what": "deleted", "digest": pool.digest}
    record.append(pool.assembly, type="sortition", id=new_public_id(), content=content)


def delete_what_is_due() -> int:
    """Pools whose stated day has come. How many there were."""
    due = Pool.objects.filter(delete_on__lte=timezone.localdate(), deleted_at=None)
    due = [pool for pool in due if not pool.is_with_a_worker]
    for pool in due:
        delete_data(pool)
    return len(due)


def _changing(pool: Pool, state: PoolState) -> Pool:
    """The pool, kept from everybody else until this commits. Raises NotInThisState."""
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    if pool.state != state or pool.state not in BEFORE_THE_SEAL:
        raise NotInThisState
    return pool
