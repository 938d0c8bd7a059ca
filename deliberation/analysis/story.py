"""How the map grew: some of its versions, evenly along the votes, for whoever wants to see it again."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from deliberation.analysis.snapshot import Snapshot
from deliberation.models import ConsensusMap

MOMENTS = 24


class Moment(NamedTuple):
    version: int
    made_at: datetime
    participants: int
    votes: int


def moments_of(maps: QuerySet[ConsensusMap], most: int = MOMENTS) -> list[Moment]:
    """At most so many versions, oldest first: the first and the newest, and between them equal steps in votes."""
    fields = ("version", "created_at", "participants", "votes")
    made = [Moment(*row) for row in maps.order_by("version").values_list(*fields)]
    if len(made) <= most:
        return made
    first, newest = made[0], made[-1]
    step = (newest.votes - first.votes) / (most - 1)
    chosen = [first]
    for moment in made[1:-1]:
        if moment.votes - first.votes >= step * len(chosen) and len(chosen) < most - 1:
            chosen.append(moment)
    return [*chosen, newest]


def without_hidden(snapshot: Snapshot, shown: set[str]) -> Snapshot:
    """An old snapshot as it may be seen today: without the statements that were hidden or withdrawn since."""
    tested = snapshot["tested"]
    return {
        **snapshot,
        "tested": tested
        and {
            **tested,
            "slate": [each for each in tested["slate"] if each["id"] in shown],
            "bridges": [each for each in tested["bridges"] if each in shown],
        },
        "statements": [each for each in snapshot["statements"] if each["id"] in shown],
        "waiting": [each for each in snapshot["waiting"] if each["id"] in shown],
        "common_ground": [each for each in snapshot["common_ground"] if each in shown],
        "divides": [each for each in snapshot["divides"] if each in shown],
        "groups": [
            {**group, "representative": [each for each in group["representative"] if each["id"] in shown]}
            for group in snapshot["groups"]
        ],
    }
