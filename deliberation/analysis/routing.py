"""Which statement somebody is shown next: drawn by how much another vote on it would tell."""

import hashlib
from functools import lru_cache

import numpy as np

from deliberation.analysis.consensus_map import unpacked
from deliberation.models import ConsensusMap, Participant
from summarizer.routing import choose_next

UNSEEN = (0.25 * (1 + 8)) ** 2  # what the formula gives a statement without votes that lies in the middle


def next_statement(participant: Participant, left: list[int]) -> int | None:
    """One of the statements left, the same one however often it is asked for; None if none is left."""
    return next(iter(next_statements(participant, left, 1)), None)


def next_statements(participant: Participant, left: list[int], count: int) -> list[int]:
    """The next statements in the order in which they would come if each was answered."""
    known, left = priorities(participant.assembly_id), list(left)
    drawn: list[int] = []
    while left and len(drawn) < count:
        weights = np.array([known.get(statement, UNSEEN) for statement in left])
        place = choose_next(weights, [], _dice(participant, len(left)))
        if place is None:
            break
        drawn.append(left.pop(place))
    return drawn


def _dice(participant: Participant, throw: int) -> np.random.Generator:
    """Everybody's own dice, which fall the same way when a page is loaded again."""
    seed = hashlib.sha256(f"{participant.public_id}:{throw}".encode()).digest()
    return np.random.default_rng(int.from_bytes(seed[:8]))


def priorities(assembly_id: int) -> dict[int, float]:
    """How much another vote on each statement would tell, by statement, as of the current map."""
    newest = ConsensusMap.objects.filter(assembly=assembly_id).values_list("pk", flat=True).first()
    return _priorities(newest) if newest else {}


@lru_cache(maxsize=64)
def _priorities(map_pk: int) -> dict[int, float]:
    stored = unpacked(ConsensusMap.objects.only("groups").get(pk=map_pk))
    return dict(zip(stored["statement_ids"].tolist(), stored["priorities"].tolist(), strict=True))
