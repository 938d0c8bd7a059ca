"""What participants answered when they were asked whether a summary represents what was said."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from deliberation.analysis.snapshot import PRIVACY_FLOOR
from deliberation.models import Ratification, Ratified


class Rate(NamedTuple):
    """So many of those who answered said yes."""

    yes: int
    answered: int


class PointRate(NamedTuple):
    """Of everybody who answered, and of those whom the point cites; None under the floor."""

    everybody: Rate | None
    sources: Rate | None


class Rates(NamedTuple):
    """Of a whole version: how many people answered, their answers about all points, and those about each."""

    people: int
    answers: Rate | None
    points: dict[str, PointRate]


def rates(given: Iterable[Ratification]) -> Rates:
    """Counts of five people or more; the cited are told apart only where neither they nor the others are fewer."""
    given = list(given)
    by_point: dict[str, list[Ratification]] = defaultdict(list)
    for each in given:
        by_point[each.point].append(each)
    named = {each.participant_id for each in given if each.participant_id}
    # Those who were erased since have no name to be told apart by: at least so many answered one point.
    erased = max((sum(each.participant_id is None for each in of_point) for of_point in by_point.values()), default=0)
    people = len(named) + erased
    answers = _rate(given) if people >= PRIVACY_FLOOR else None
    return Rates(people, answers, {point: _point_rate(each) for point, each in by_point.items()})


def _point_rate(given: list[Ratification]) -> PointRate:
    if len(given) < PRIVACY_FLOOR:
        return PointRate(None, None)
    sources = [each for each in given if each.is_source]
    others = len(given) - len(sources)
    told_apart = len(sources) >= PRIVACY_FLOOR and (others >= PRIVACY_FLOOR or not others)
    return PointRate(_rate(given), _rate(sources) if told_apart else None)


def _rate(given: list[Ratification]) -> Rate:
    return Rate(sum(each.answer == Ratified.YES for each in given), len(given))
