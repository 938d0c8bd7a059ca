"""The democratic lottery: from a sealed pool and a public seed always the same people.

It knows no database and no setting, because this same file travels in the package with which anybody repeats a draw:

    pip install sortition-algorithms==(the version that is named in selection.json)
    python lottery.py pool.json selection.json

People are numbers here. What is sealed holds for each a commitment to who it is, so that nobody changes places after
the draw, and the values of the categories; whoever has only its digest learns nothing, for it begins with a salt.

The stratified selection is that of the Sortition Foundation ("legacy" in its library): again and again somebody at
random out of the value that is furthest from its target for the people left, and from the start again where a target
is missed. It is plain Python on random.Random, so that a repetition does not depend on the build of a solver.
"""

import hashlib
import json
import logging
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

METHOD = "legacy"
MOST_ATTEMPTS = 150
ENOUGH_FOR_REHEARSAL = 50  # a draw that has not come out by then would be a matter of luck in public
LIBRARY = "sortition-algorithms"

Tell = Callable[[int], None]  # which attempt it is


class TargetsMissed(Exception):
    """No attempt met every target."""


@dataclass(frozen=True)
class Drawn:
    """The numbers drawn, in order of number; everybody else in the order in which they are called up."""

    selected: list[int]
    substitutes: list[int]
    attempts: int


def digest_of(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


def draw(sealed: bytes, seed: str, most: int = MOST_ATTEMPTS, tell: Tell = lambda attempt: None) -> Drawn:
    """Draw from the sealed pool. Raises TargetsMissed where `most` attempts met the targets in none."""
    pool = json.loads(sealed)
    number = seed_number(digest_of(sealed), seed)
    selected, attempts = _selected(pool, number, most, tell)
    rest = sorted({each[0] for each in pool["people"]} - set(selected))
    random.Random(number + 1).shuffle(rest)  # noqa: S311 - it has to be repeatable, not secret
    return Drawn(selected, rest, attempts)


def seed_number(digest: str, seed: str) -> int:
    """The number that the draw starts from: what was drawn in public, bound to the pool that was sealed before."""
    return 1 + int.from_bytes(hashlib.sha256(f"{digest}\n{seed.strip()}".encode()).digest()[:8], "big")


def wider_targets(sealed: bytes) -> list[list[int]]:
    """The smallest change of targets with which some group meets all: [category, value, min, max] of each changed one.

    Nothing where the targets can be met as they are. Targets are taken to fit the seats and the pool one by one.
    """
    from sortition_algorithms import errors, find_random_sample  # slow import

    pool = json.loads(sealed)
    features, people, _ = _for_the_library(pool, seed=1, attempts=1)
    try:
        find_random_sample(features, people, pool["seats"], [], test_selection=True)
    except errors.InfeasibleQuotasError as error:
        return [each for each in _places(pool, error.features) if each not in _places(pool, features)]
    return []


def _places(pool: dict[str, Any], features: Any) -> list[list[int]]:
    return [
        [place, i, features[f"c{place}"][f"v{i}"].min, features[f"c{place}"][f"v{i}"].max]
        for place, category in enumerate(pool["targets"])
        for i, _ in enumerate(category["values"])
    ]


def counts_of(pool: dict[str, Any], numbers: Iterable[int]) -> list[list[int]]:
    """How many of these people there are of each value of each category."""
    of = {each[0]: each[2:] for each in pool["people"]}
    chosen = [of[number] for number in numbers]
    return [
        [sum(values[place] == value["value"] for values in chosen) for value in category["values"]]
        for place, category in enumerate(pool["targets"])
    ]


def next_substitute(pool: dict[str, Any], seated: list[int], waiting: list[int]) -> int | None:
    """Who takes a seat that is free: the first in turn with whom the targets are missed least."""
    counts = counts_of(pool, seated)
    of = {each[0]: each[2:] for each in pool["people"]}
    return min(waiting, key=lambda number: _missed_with(pool, counts, of[number]), default=None)


def _missed_with(pool: dict[str, Any], counts: list[list[int]], values: list[str]) -> int:
    return sum(
        max(value["min"] - have, have - value["max"], 0)
        for category, of_category, mine in zip(pool["targets"], counts, values, strict=True)
        for value, count in zip(category["values"], of_category, strict=True)
        for have in [count + (value["value"] == mine)]
    )


def _selected(pool: dict[str, Any], number: int, most: int, tell: Tell) -> tuple[list[int], int]:
    from sortition_algorithms import run_stratification  # slow import

    attempts = Attempts(tell)
    features, people, settings = _for_the_library(pool, number, most)
    found, panels, _ = run_stratification(features, people, pool["seats"], settings, progress_reporter=attempts)
    if not found:
        raise TargetsMissed
    return sorted(int(key) for key in panels[0]), attempts.now


class Attempts:
    """What the library asks of whoever wants to be told how far it is."""

    def __init__(self, tell: Tell) -> None:
        self.tell, self.now = tell, 0

    def start_phase(self, name: str, total: int | None = None, *, message: str | None = None) -> None:
        pass

    def update(self, current: int, *, message: str | None = None) -> None:
        self.now = current
        self.tell(current)

    def end_phase(self) -> None:
        pass


def _for_the_library(pool: dict[str, Any], seed: int, attempts: int) -> tuple[Any, Any, Any]:
    from sortition_algorithms import Settings, read_in_features, read_in_people  # slow import

    logging.getLogger("sortition_algorithms_user").setLevel(logging.ERROR)  # whoever draws is told of attempts by us
    names = [f"c{place}" for place, _ in enumerate(pool["targets"])]
    codes = [{each["value"]: f"v{i}" for i, each in enumerate(c["values"])} for c in pool["targets"]]
    rows = [
        {"feature": name, "value": code[each["value"]], "min": str(each["min"]), "max": str(each["max"])}
        for name, code, category in zip(names, codes, pool["targets"], strict=True)
        for each in category["values"]
    ]
    features, _, _ = read_in_features(["feature", "value", "min", "max"], rows)
    settings = Settings(
        id_column="number",
        columns_to_keep=[],
        check_same_address=False,
        random_number_seed=seed,
        selection_algorithm=METHOD,
        max_attempts=attempts,
    )
    body = [
        {"number": str(number), **{n: c[v] for n, c, v in zip(names, codes, values, strict=True)}}
        for number, _, *values in pool["people"]
    ]
    people, _ = read_in_people(["number", *names], body, features, settings)
    return features, people, settings


def method() -> dict[str, str]:
    return {"method": METHOD, "library": LIBRARY, "version": version(LIBRARY)}


def repeated(sealed: bytes, told: dict[str, Any]) -> list[str]:
    """What differs between a selection as it was told and its repetition; nothing where all is the same."""
    if digest_of(sealed) != told["digest"]:
        return ["this is not the pool that was sealed"]
    again, differences = draw(sealed, told["seed"]), []
    if again.selected != told["selected"]:
        differences.append("other people are drawn")
    if again.substitutes != told["substitutes"]:
        differences.append("the substitutes are in another order")
    return differences + _other_replacements(json.loads(sealed), again, told["replacements"])


def _other_replacements(pool: dict[str, Any], again: Drawn, told: list[list[int | None]]) -> list[str]:
    seated, waiting = list(again.selected), list(again.substitutes)
    for left, came in told:
        waiting = [number for number in waiting if number != left]
        if left in seated:
            seated.remove(left)
            if next_substitute(pool, seated, waiting) != came:
                return [f"somebody else takes the seat of number {left}"]
            if came is not None:
                seated.append(came)
                waiting.remove(came)
    return []


def main(pool_file: str, selection_file: str) -> int:
    with open(pool_file, "rb") as pool, open(selection_file, "rb") as selection:
        differences = repeated(pool.read(), told := json.load(selection))
    for difference in differences:
        print(f"NOT THE SAME: {difference}")
    if not differences:
        print(f"The same {len(told['selected'])} people, from the pool {told['digest']} and the seed {told['seed']!r}.")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
