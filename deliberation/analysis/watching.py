"""Who takes part and who is not heard yet, against what was aimed at; and how groups went from map to map."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from deliberation.models import (
    Argument,
    Assembly,
    ConsensusMap,
    Participant,
    Pool,
    Role,
    Route,
    Standing,
    Statement,
    Vote,
)
from deliberation.visibility import FEW

MOST_MOMENTS = 24  # columns that a phone shows side by side


@dataclass(frozen=True)
class Heard:
    """Of those who came to take part: how many voted, and how many of these wrote something."""

    joined: int
    voted: int
    wrote: int

    @property
    def silent(self) -> int:
        return self.joined - self.voted


@dataclass(frozen=True)
class Way:
    """Those who came in one way. `voted` is None where they are too few to be told apart."""

    name: str
    joined: int
    voted: int | None


@dataclass(frozen=True)
class Seats:
    """One value of a category: what the lottery aimed at, and who has come; None for fewer than five."""

    value: str
    least: int
    most: int
    confirmed: int | None
    missing: int


@dataclass(frozen=True)
class Moment:
    """One map: who is in which group, and how firm the groups are (mean adjusted Rand index of resamples)."""

    version: int
    at: datetime
    participants: int
    groups: dict[str, int]
    stability: float | None


def heard(assembly: Assembly) -> Heard:
    return Heard(
        **_with_a_voice(assembly).aggregate(
            joined=Count("pk"), voted=Count("pk", Q(has_voted=True)), wrote=Count("pk", Q(has_written=True))
        )
    )


def ways(assembly: Assembly) -> list[Way]:
    """By how people came in, most first."""
    counted = _with_a_voice(assembly).values("route")
    rows = counted.annotate(joined=Count("pk"), voted=Count("pk", Q(has_voted=True))).order_by("-joined", "route")
    return [
        Way(str(Route(row["route"]).label), row["joined"], row["voted"] if row["joined"] >= FEW else None)
        for row in rows
    ]


def _with_a_voice(assembly: Assembly) -> QuerySet[Participant]:
    """Everybody who may vote, with what they did."""
    mine = {"author": OuterRef("pk"), "assembly": assembly}
    wrote = Exists(Statement.objects.filter(**mine)) | Exists(Argument.objects.filter(**mine))
    present = assembly.participants.present().exclude(roles__overlap=[Role.OBSERVER, Role.COMMISSIONER])
    voted = Exists(Vote.objects.standing().filter(participant=OuterRef("pk")))
    return present.annotate(has_voted=voted, has_written=wrote)


def seats(pool: Pool) -> list[dict[str, Any]]:
    """Each category of the lottery with the seats of its values: what was aimed at, and who has confirmed."""
    confirmed = list(pool.respondents.filter(standing=Standing.CONFIRMED).values_list("values", flat=True))
    told = []
    for place, category in enumerate(pool.targets):
        counts = Counter(values[place] for values in confirmed)
        told.append({"name": category["name"], "rows": [_seats(each, counts) for each in category["values"]]})
    return told


def _seats(value: dict[str, Any], counts: Counter[str]) -> Seats:
    have = counts[value["value"]]
    told = have if have >= FEW else None
    return Seats(value["value"], value["min"], value["max"], told, max(value["min"] - have, 0))


def moments(maps: QuerySet[ConsensusMap]) -> list[Moment]:
    """At most two dozen maps, evenly from the first to the newest, the oldest first."""
    versions = sorted(maps.values_list("version", flat=True))
    if len(versions) > MOST_MOMENTS:
        step = (len(versions) - 1) / (MOST_MOMENTS - 1)
        versions = [versions[round(i * step)] for i in range(MOST_MOMENTS)]
    told = maps.filter(version__in=versions).order_by("version")
    parts = ("version", "created_at", "participants", "snapshot__groups", "snapshot__tested__stability")
    return [
        Moment(version, at, people, {group["letter"]: group["size"] for group in groups}, stability)
        for version, at, people, groups, stability in told.values_list(*parts)
    ]
