"""What auditors get beside the public bundle: which votes are of one person, and which group the map put them in.

With it the map's numbers can be computed again. Whoever has it can put a person's votes together, so it is no public
file; names, public ids and the order of joining are not in it.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from deliberation.analysis.consensus_map import unpacked
from deliberation.models import Checkpoint, ConsensusMap, RecordOwner, Report, Statement


def linked_votes(checkpoint: Checkpoint, report: Report) -> Iterator[dict[str, Any]]:
    """First what the map rests on, then each voter under a number drawn for this bundle."""
    made = ConsensusMap.objects.get(assembly=checkpoint.assembly_id, version=report.snapshot["map"]["version"])
    arrays = unpacked(made)
    public_ids = dict(Statement.objects.filter(assembly=checkpoint.assembly_id).values_list("pk", "public_id"))
    left_out = {*made.parameters["rejected"], *made.parameters["meta"]}
    yield {
        "map": made.version,
        "statements": [public_ids[pk] for pk in arrays["statement_ids"].tolist() if pk in public_ids],
        "left_out": sorted(public_ids[pk] for pk in left_out if pk in public_ids),
        "letters": [str(letter) for letter in arrays["letters"]],
    }
    groups = dict(zip(arrays["participant_ids"].tolist(), arrays["group_of"].tolist(), strict=True))
    votes = _votes_by_owner(checkpoint)
    owners = list(votes)
    secrets.SystemRandom().shuffle(owners)
    for number, owner in enumerate(owners, start=1):
        yield {"voter": number, "group": groups.get(owner, -1), "votes": votes[owner]}


def _votes_by_owner(checkpoint: Checkpoint) -> dict[int, list[int]]:
    owned = RecordOwner.objects.filter(
        entry__assembly=checkpoint.assembly_id, entry__type="vote", entry__sequence__lt=checkpoint.size
    )
    rows = owned.order_by("entry__sequence").values_list("participant", "entry__sequence")
    votes: dict[int, list[int]] = {}
    for participant, sequence in rows.iterator():
        votes.setdefault(participant, []).append(sequence)
    return votes
