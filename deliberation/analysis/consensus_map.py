"""From an assembly's votes to the next version of its map, and from the map to what everybody may see of it."""

import dataclasses
import hashlib
import io

import numpy as np
from django.db.models import Max

from deliberation import locks
from deliberation.analysis.snapshot import public_snapshot
from deliberation.analysis.votes import read_votes
from deliberation.models import Assembly, ConsensusMap, Decision, Statement
from summarizer.layout import PreviousMap
from summarizer.opinion_map import MapOptions, OpinionMap, map_opinions
from summarizer.votes import VoteMatrix

CODE_VERSION = "1"  # counts up whenever the same votes would give another map


def next_map(assembly: Assembly) -> ConsensusMap | None:
    """The map that follows the current one, not yet saved; None if there is nothing new that may be shown.

    Call it in a repeatable-read transaction. A new public version needs some changed voters, so that nobody can read
    a single person's vote off two versions; the end of a phase and a moderation are shown at once.
    """
    current = ConsensusMap.objects.filter(assembly=assembly).first()
    votes = read_votes(assembly.pk, current.read_at if current else None)
    options = _options(assembly)
    digest = _digest(votes.matrix, options)
    if votes.matrix.vote_count == 0 or (current and current.input_digest == digest):
        return None
    if current and 0 < votes.changed_voters < assembly.changed_voters_per_map and not _phase_ended(assembly, current):
        return None
    opinions = map_opinions(votes.matrix, previous=current and _previous(current), options=options)
    return ConsensusMap(
        assembly=assembly,
        version=(ConsensusMap.objects.filter(assembly=assembly).aggregate(last=Max("version"))["last"] or 0) + 1,
        read_at=votes.read_at,
        input_digest=digest,
        parameters=dataclasses.asdict(options),
        code_version=CODE_VERSION,
        snapshot=public_snapshot(opinions, votes.matrix.vote_count, _statement_names(assembly)),
        groups=_packed(opinions),
        participants=votes.matrix.shape[0],
        votes=votes.matrix.vote_count,
    )


def recomputed(consensus_map: ConsensusMap) -> dict:
    """The snapshot that the votes of today give from the map before this one: what an auditor compares with."""
    assembly = consensus_map.assembly
    before = ConsensusMap.objects.filter(assembly=assembly, version=consensus_map.version - 1).first()
    with locks.one_moment():
        matrix = read_votes(assembly.pk, None, warm=False).matrix
        opinions = map_opinions(matrix, previous=before and _previous(before), options=_options(assembly))
        return public_snapshot(opinions, matrix.vote_count, _statement_names(assembly))


def _options(assembly: Assembly) -> MapOptions:
    statements = Statement.objects.filter(assembly=assembly)
    rejected = statements.with_decision(Decision.REJECTED) | statements.filter(withdrawn_at__isnull=False)
    return MapOptions(
        rejected=tuple(sorted(rejected.values_list("pk", flat=True))),
        meta=tuple(statements.filter(is_meta=True).order_by("pk").values_list("pk", flat=True)),
    )


def _statement_names(assembly: Assembly) -> dict[int, tuple[str, int]]:
    return {
        pk: (public_id, number)
        for pk, public_id, number in Statement.objects.filter(assembly=assembly)
        .shown()
        .values_list("pk", "public_id", "number")
    }


def _phase_ended(assembly: Assembly, current: ConsensusMap) -> bool:
    return assembly.phases.filter(closed_at__gt=current.created_at).exists()


def _digest(votes: VoteMatrix, options: MapOptions) -> str:
    digest = hashlib.sha256(f"{CODE_VERSION} {options!r}".encode())
    for array in (votes.participant_ids, votes.statement_ids, votes.starts, votes.columns, votes.choices):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _packed(opinions: OpinionMap) -> bytes:
    previous = opinions.as_previous()
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        participant_ids=previous.participant_ids,
        group_of=previous.group_of.astype(np.int8),
        letters=np.array(previous.letters, dtype="U1"),
        statement_ids=previous.statement_ids,
        loadings=previous.loadings,
        stable=np.array(previous.stable),
        priorities=opinions.priorities,
    )
    return buffer.getvalue()


def unpacked(stored: ConsensusMap) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(bytes(stored.groups)), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _previous(stored: ConsensusMap) -> PreviousMap:
    arrays = unpacked(stored)
    return PreviousMap(
        participant_ids=arrays["participant_ids"],
        group_of=arrays["group_of"].astype(np.int64),
        letters=tuple(str(letter) for letter in arrays["letters"]),
        statement_ids=arrays["statement_ids"],
        loadings=arrays["loadings"],
        stable=bool(arrays["stable"]),
    )


def group_letters(consensus_map: ConsensusMap) -> dict[int, str]:
    """The opinion group of each participant who is in one."""
    previous = _previous(consensus_map)
    return {
        participant: previous.letters[group]
        for participant, group in zip(previous.participant_ids.tolist(), previous.group_of.tolist(), strict=True)
        if group >= 0
    }
