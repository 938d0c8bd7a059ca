"""Reading votes: all of them into arrays, or only those that a stored pg_snapshot does not show."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from deliberation.models import Choice
from summarizer.votes import VoteMatrix

MOST_BYTES_KEPT_WARM = 512 * 1024 * 1024
BYTES_A_VOTE = 16  # a column number, a choice, and what is computed from them on the way

# Interpolated only with an int and a checked snapshot: COPY takes no parameters.
ALL = "SELECT participant_id, statement_id, choice FROM deliberation_vote WHERE assembly_id = {assembly}"
NEW = ALL + (
    " AND written_in >= pg_snapshot_xmin('{since}') AND NOT pg_visible_in_snapshot(written_in, '{since}'::pg_snapshot)"
)

# A row of three columns (bigint, bigint, smallint) in PostgreSQL's binary copy format.
ROW = np.dtype(
    [
        ("fields", ">i2"),
        *[("participant_bytes", ">i4"), ("participant", ">i8")],
        *[("statement_bytes", ">i4"), ("statement", ">i8")],
        *[("choice_bytes", ">i4"), ("choice", ">i2")],
    ]
)
HEADER_BYTES, TRAILER_BYTES = 19, 2


@dataclass(frozen=True)
class ReadVotes:
    """The standing votes of an assembly up to a snapshot, and how many people changed theirs since the one before."""

    matrix: VoteMatrix
    read_at: str
    changed_voters: int


_warm: OrderedDict[int, ReadVotes] = OrderedDict()


def read_votes(assembly_id: int, since: str | None, *, warm: bool = True) -> ReadVotes:
    """All standing votes as this transaction sees them. Where the matrix is warm only what is new is fetched.

    `since` is the snapshot of the last published map; changed voters are counted from there. Call it in a
    repeatable-read transaction, so that the votes are exactly those of the snapshot returned.
    """
    now = _current_snapshot()
    changed = _new_since(assembly_id, since)
    kept = _warm.get(assembly_id) if warm else None
    fresh = None if kept is None else changed if kept.read_at == since else _new_since(assembly_id, kept.read_at)
    if kept is None or fresh is None:
        matrix = _applied(VoteMatrix.from_votes([], [], []), _copy(ALL.format(assembly=int(assembly_id))))
    else:
        matrix = _applied(kept.matrix, fresh)
    voters = matrix.shape[0] if changed is None else len(np.unique(changed["participant"]))
    read = ReadVotes(matrix, now, voters)
    if warm:
        _keep_warm(assembly_id, read)
    return read


def _applied(matrix: VoteMatrix, rows: NDArray[np.void]) -> VoteMatrix:
    taken_back = rows["choice"] == Choice.WITHDRAWN
    standing, gone = rows[~taken_back], rows[taken_back]
    return matrix.with_votes(
        standing["participant"].astype(np.int64),
        standing["statement"].astype(np.int64),
        standing["choice"].astype(np.int8),
        removed=(gone["participant"].astype(np.int64), gone["statement"].astype(np.int64)),
    )


def _new_since(assembly_id: int, snapshot: str | None) -> NDArray[np.void] | None:
    """Votes that a snapshot does not show; None where there is no snapshot to compare with, or none that is valid."""
    if snapshot is None or not _is_past(snapshot):
        return None
    return _copy(NEW.format(assembly=int(assembly_id), since=_checked(snapshot)))


def _copy(query: str) -> NDArray[np.void]:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
        data = b"".join(copy)
    return np.frombuffer(data[HEADER_BYTES : len(data) - TRAILER_BYTES], dtype=ROW)


def _current_snapshot() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0]


def _is_past(snapshot: str) -> bool:
    """Whether a snapshot belongs to this database's past; after a restore transaction ids start again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmax(%s::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())", [snapshot]
        )
        return cursor.fetchone()[0]


def _checked(snapshot: str) -> str:
    if not snapshot.replace(":", "").replace(",", "").isdigit():
        raise ValueError(f"not a pg_snapshot: {snapshot!r}")
    return snapshot


def _keep_warm(assembly_id: int, read: ReadVotes) -> None:
    _warm[assembly_id] = read
    _warm.move_to_end(assembly_id)
    while (
        len(_warm) > 1 and sum(kept.matrix.vote_count for kept in _warm.values()) * BYTES_A_VOTE > MOST_BYTES_KEPT_WARM
    ):
        _warm.popitem(last=False)


def forget_all() -> None:
    """Start cold, as a new worker does."""
    _warm.clear()
