"""From an assembly's votes to the next version of its map, and from the map to what everybody may see of it."""

import dataclasses
import hashlib
import io
from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController

from deliberation import locks
from deliberation.analysis.snapshot import public_snapshot
from deliberation.analysis.votes import read_votes
from deliberation.models import Assembly, ConsensusMap, Statement
from summarizer.layout import PreviousMap
from summarizer.opinion_map import MapOptions, OpinionMap, map_opinions
from summarizer.votes import VoteMatrix

ALWAYS_TESTED_UP_TO = 200_000  # votes; above, updates are quick and a task of its own tests the groups
CODE_VERSION = "2"  # counts up whenever the same votes would give another map


def next_map(assembly: Assembly, thorough: bool | None = None) -> ConsensusMap | None:
    """The map that follows the current one, not yet saved; None if there is nothing new that may be shown.

    A thorough map tests the groups anew; unless told, maps are thorough while that is quick.

    Call it in a repeatable-read transaction. A new public version needs some changed voters, so that nobody can read
    a single person's vote off two versions. The end of a phase is shown at once, and so is a moderation unless votes
    of too few people wait; the words of what was hidden are gone from every page at once in any case.
    """
    current = ConsensusMap.objects.filter(assembly=assembly).first()
    votes = read_votes(assembly.pk, current.read_at if current else None)
    if thorough is None:
        thorough = votes.matrix.vote_count <= ALWAYS_TESTED_UP_TO
    phase_ended = current is not None and _phase_ended(assembly, current)
    options = _options(assembly, thorough, keep_groups=not phase_ended)
    digest = _digest(votes.matrix, options)
    is_new = current is None or current.input_digest != digest or (thorough and not is_thorough(current))
    if votes.matrix.vote_count == 0 or not is_new:
        return None
    if current and 0 < votes.changed_voters < assembly.changed_voters_per_map and not phase_ended:
        return None
    version = current.version + 1 if current else 1
    opinions = _mapped(votes.matrix, previous=_before(assembly, version), options=options)
    names, before = _statement_names(assembly), current and current.snapshot
    return ConsensusMap(
        assembly=assembly,
        version=version,
        read_at=votes.read_at,
        input_digest=digest,
        parameters=dataclasses.asdict(options),
        code_version=CODE_VERSION,
        snapshot=public_snapshot(opinions, votes.matrix.vote_count, names, version, before),
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
        options = _options(assembly, is_thorough(consensus_map), consensus_map.parameters["keep_groups"])
        opinions = _mapped(matrix, previous=_before(assembly, consensus_map.version), options=options)
        names, earlier = _statement_names(assembly), before and before.snapshot
        return public_snapshot(opinions, matrix.vote_count, names, consensus_map.version, earlier)


def _mapped(votes: VoteMatrix, previous: PreviousMap | None, options: MapOptions) -> OpinionMap:
    """On one thread: for matrices this small more threads wait for each other, and would add up in another order."""
    with _thread_pools().limit(limits=1):
        return map_opinions(votes, previous=previous, options=options)


@cache
def _thread_pools() -> ThreadpoolController:
    return ThreadpoolController()


def is_thorough(consensus_map: ConsensusMap) -> bool:
    return bool(consensus_map.parameters["diagnostics"])


def _options(assembly: Assembly, thorough: bool, keep_groups: bool) -> MapOptions:
    statements = Statement.objects.filter(assembly=assembly)
    rejected = statements.exclude(pk__in=statements.shown().values("pk"))
    return MapOptions(
        rejected=tuple(sorted(rejected.values_list("pk", flat=True))),
        diagnostics=thorough,
        keep_groups=keep_groups,
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
    settled = dataclasses.replace(options, diagnostics=True, keep_groups=True)  # how thoroughly to look is no input
    digest = hashlib.sha256(f"{CODE_VERSION} {settled!r}".encode())
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


def _before(assembly: Assembly, version: int) -> PreviousMap | None:
    """What a version continues: the last map with groups, so that letters survive a spell without; else the last."""
    earlier = ConsensusMap.objects.filter(assembly=assembly, version__lt=version)
    stored = earlier.filter(snapshot__stable=True).first() or earlier.first()
    return stored and _previous(stored)


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
