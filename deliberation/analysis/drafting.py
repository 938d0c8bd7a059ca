"""What code can say about drafts: which statements pass the vote test, and what all rankings together prefer."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from deliberation.analysis.consensus_map import group_letters
from deliberation.analysis.snapshot import PRIVACY_FLOOR
from deliberation.models import Candidate, ConsensusMap, DraftingRound, RankingTurn, Statement
from summarizer.schulze import rank_candidates

LEAST_AGREEMENT = 0.6
FEWEST_RANKINGS = PRIVACY_FLOOR
WITHOUT_GROUP = ""

Told = dict[str, Any]


@dataclass(frozen=True)
class Suggestion:
    """A statement that passes the vote test, and how the map of that version tells it."""

    statement: Statement
    told: Told


def suggestions(current: ConsensusMap | None) -> list[Suggestion]:
    """The shown statements of this map that every group agrees with, the most agreed with first."""
    if current is None:
        return []
    statements = Statement.objects.filter(assembly=current.assembly_id, is_meta=False).shown()
    shown = {each.public_id: each for each in statements.select_related("author").prefetch_related("translations")}
    passing = [told for told in current.snapshot["statements"] if told["id"] in shown and passes_vote_test(told)]
    best = sorted(passing, key=lambda told: (-told["consensus"], told["number"]))
    return [Suggestion(shown[told["id"]], told) for told in best]


def passes_vote_test(told: Told) -> bool:
    """Whether every group's smoothed agreement, (agree + 1) / (votes + 2), is high enough.

    A group of which too few have voted has no rate to show, and then nothing is known of it. Without groups everybody
    counts as one.
    """
    votes = told["agree"] + told["disagree"] + told["pass"]
    groups = list(told["groups"].values()) or [{"agree": told["agree"], "votes": votes}]
    return all(each and (each["agree"] + 1) / (each["votes"] + 2) >= LEAST_AGREEMENT for each in groups)


def told_by_map(candidate: Candidate) -> Told | None:
    """The numbers that made a statement a candidate, from the map that it was picked by."""
    if candidate.map is None or candidate.statement is None:
        return None
    rows = candidate.map.snapshot["statements"]
    return next((each for each in rows if each["id"] == candidate.statement.public_id), None)


def order_of_ties(opening: bytes, ids: Iterable[str]) -> list[str]:
    """The public rule: ascending by SHA-256 of the opening's leaf hash, followed by the candidate's id.

    The leaf hash is in the record from the moment the ranking opens, so nobody can choose the order afterwards.
    """
    return sorted(ids, key=lambda each: hashlib.sha256(opening + each.encode()).digest())


def counted(turn: RankingTurn) -> Told:
    """What all rankings of a turn prefer; of fewer than five nothing but their number is told."""
    ids = [each.public_id for each in turn.candidates]
    rankings = list(turn.rankings.standing().values_list("places", flat=True))
    told = {"rankings": len(rankings), "candidates": ids, "counted": len(rankings) >= FEWEST_RANKINGS}
    if not told["counted"]:
        return told
    ties = order_of_ties(bytes(turn.opening), ids)
    last = len(ids) + 1  # whoever was given no place comes after all that were
    places = np.array([[places.get(each, last) for each in ids] for places in rankings])
    ranked = rank_candidates(places, [ids.index(each) for each in ties])
    return {
        **told,
        "ties": ties,
        "order": [ids[each] for each in ranked.order],
        "winners": [ids[each] for each in ranked.winners],
        "tied": list(ranked.tied),
        "preferred": ranked.preferred.tolist(),
        "strongest": ranked.strongest.tolist(),
    }


def objectors_by_group(drafting: DraftingRound) -> dict[str, int | None]:
    """How many people of each opinion group objected; None where they are fewer than five.

    Whoever is in no group counts as one more, and where a single number would be hidden the next smallest is hidden
    with it, because the total is known. Empty without groups.
    """
    current = ConsensusMap.objects.filter(assembly=drafting.assembly_id).first()
    if current is None or not current.snapshot["stable"]:
        return {}
    letters = group_letters(current)
    authors = drafting.objections.shown().values_list("author", flat=True)
    found = Counter(letters.get(author, WITHOUT_GROUP) for author in authors)
    counts = {group["letter"]: found[group["letter"]] for group in current.snapshot["groups"]}
    if found[WITHOUT_GROUP]:
        counts[WITHOUT_GROUP] = found[WITHOUT_GROUP]
    return _floored(counts)


def _floored(counts: dict[str, int]) -> dict[str, int | None]:
    hidden = {group for group, count in counts.items() if count < PRIVACY_FLOOR}
    if len(hidden) == 1 and len(counts) > 1:
        hidden.add(min(counts.keys() - hidden, key=lambda group: (counts[group], group)))
    return {group: None if group in hidden else count for group, count in counts.items()}
