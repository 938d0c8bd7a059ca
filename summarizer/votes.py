"""Votes as a sparse matrix: one row per participant, one column per statement, one cell per vote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array

AGREE, PASS, DISAGREE = 1, 0, -1

Ids: TypeAlias = NDArray[np.int64]
Counts: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class VoteMatrix:
    """The last vote of every participant on every statement, in compressed sparse rows.

    `participant_ids` (P) and `statement_ids` (C) ascend and name only those with at least one vote. Row i's votes are
    `choices[starts[i]:starts[i + 1]]` (1 agree, 0 pass, -1 disagree) on the statements with the ascending column
    numbers `columns[starts[i]:starts[i + 1]]`. Everything is O(votes); nothing is ever P × C.
    """

    participant_ids: Ids
    statement_ids: Ids
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    choices: NDArray[np.int8]

    @classmethod
    def from_votes(cls, participants: ArrayLike, statements: ArrayLike, values: ArrayLike) -> VoteMatrix:
        """Builds the matrix from three equal-length arrays, oldest vote first: the last vote on a statement wins.

        Raises ValueError if the lengths differ, an id is not an integer, or a value is not 1, 0 or -1.
        """
        who, what, choices = _checked(participants, statements, values)
        participant_ids, rows = _numbered(who)
        statement_ids, columns = _numbered(what)
        order = _stable_order(columns, len(statement_ids))
        order = order[_stable_order(rows[order], len(participant_ids))]
        events = cls(
            participant_ids, statement_ids, _starts(rows, len(participant_ids)), columns[order], choices[order]
        )
        is_last = np.ones(len(order), dtype=np.bool_)
        is_last[:-1] = events._cells[1:] != events._cells[:-1]
        return events if is_last.all() else events.restricted_to(is_last)

    def with_votes(
        self,
        participants: ArrayLike,
        statements: ArrayLike,
        values: ArrayLike,
        *,
        removed: tuple[ArrayLike, ArrayLike] = ((), ()),
    ) -> VoteMatrix:
        """A new matrix with the withdrawn votes left out and then the new votes applied, oldest first.

        `removed` is (participants, statements), two equal-length arrays of ids; a pair without a vote is ignored.
        Equal to building the matrix from all votes anew, at the price of copying it. Raises ValueError as
        `from_votes` does.
        """
        new = VoteMatrix.from_votes(participants, statements, values)
        gone = VoteMatrix.from_votes(*removed, np.zeros(np.size(removed[0]), dtype=np.int8))
        return self._without(gone)._with(new)

    def _with(self, new: VoteMatrix) -> VoteMatrix:
        """Every vote of `new` in the place of the one it replaces, or put in where there was none."""
        if self.vote_count == 0 or new.vote_count == 0:
            return new if self.vote_count == 0 else self
        wide = self._widened(
            np.union1d(self.participant_ids, new.participant_ids), np.union1d(self.statement_ids, new.statement_ids)
        )
        new = new._widened(wide.participant_ids, wide.statement_ids)
        places = np.searchsorted(wide._cells, new._cells)
        known = wide._cells[np.minimum(places, wide.vote_count - 1)] == new._cells
        choices = wide.choices.copy()
        choices[places[known]] = new.choices[known]
        added = ~known
        starts = wide.starts.copy()
        starts[1:] += np.cumsum(np.bincount(new.rows[added], minlength=len(wide.participant_ids)))
        return VoteMatrix(
            participant_ids=wide.participant_ids,
            statement_ids=wide.statement_ids,
            starts=starts,
            columns=np.insert(wide.columns, places[added], new.columns[added]),
            choices=np.insert(choices, places[added], new.choices[added]),
        )

    def _without(self, gone: VoteMatrix) -> VoteMatrix:
        """The matrix without the votes in the cells of `gone`."""
        if gone.vote_count == 0:
            return self
        rows, row_known = _located(self.participant_ids, gone.participant_ids)
        columns, column_known = _located(self.statement_ids, gone.statement_ids)
        cells = rows[gone.rows] * self.shape[1] + columns[gone.columns]
        cells = cells[row_known[gone.rows] & column_known[gone.columns]]
        kept = np.ones(self.vote_count, dtype=np.bool_)
        kept[_found(self._cells, cells)] = False
        return self.restricted_to(kept)

    def _widened(self, participant_ids: Ids, statement_ids: Ids) -> VoteMatrix:
        """The same votes in a matrix with room for more people and statements."""
        columns, starts = self.columns, self.starts
        if len(statement_ids) > len(self.statement_ids):
            columns = np.searchsorted(statement_ids, self.statement_ids).astype(np.int32)[columns]
        if len(participant_ids) > len(self.participant_ids):
            counts = np.zeros(len(participant_ids) + 1, dtype=np.int64)
            counts[np.searchsorted(participant_ids, self.participant_ids) + 1] = self.votes_of_participants
            starts = np.cumsum(counts)
        return VoteMatrix(participant_ids, statement_ids, starts, columns, self.choices)

    @cached_property
    def _cells(self) -> NDArray[np.int64]:
        """Row times number of columns plus column, of every vote; ascending."""
        cells = self.rows.astype(np.int64)
        cells *= len(self.statement_ids)
        cells += self.columns
        return cells

    @property
    def shape(self) -> tuple[int, int]:
        """(P, C)."""
        return len(self.participant_ids), len(self.statement_ids)

    @property
    def vote_count(self) -> int:
        return len(self.choices)

    @cached_property
    def votes_of_participants(self) -> Counts:
        """How many statements each participant voted on, passes included (P)."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> NDArray[np.int32]:
        """The row number of every vote."""
        return np.repeat(np.arange(len(self.participant_ids), dtype=np.int32), self.votes_of_participants)

    @cached_property
    def tally(self) -> Counts:
        """How many disagreed, passed and agreed (C × 3)."""
        cells = self.columns.astype(np.int64) * 3
        cells += self.choices + 1
        return np.bincount(cells, minlength=3 * len(self.statement_ids)).reshape(-1, 3)

    @cached_property
    def means(self) -> Floats:
        """The mean vote on each statement, passes included (C)."""
        means: Floats = (self.tally[:, 2] - self.tally[:, 0]) / self.tally.sum(axis=1)
        return means

    def with_values(self, values: Floats) -> csr_array[np.float64]:
        """A P × C sparse matrix with `values` (one per vote) in the voted cells."""
        return csr_array((values, self.columns, self.starts), shape=self.shape)

    def statement_indices(self, statement_ids: ArrayLike) -> NDArray[np.int64]:
        """The column numbers of those of `statement_ids` that have votes, ascending."""
        return _found(self.statement_ids, np.unique(np.asarray(statement_ids, dtype=np.int64)))

    def restricted_to(self, kept: Flags) -> VoteMatrix:
        """The matrix of only the votes marked in `kept` (one flag per vote, in this matrix' order)."""
        return _compacted(
            self.participant_ids, self.statement_ids, self.rows[kept], self.columns[kept], self.choices[kept]
        )

    def resampled(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> VoteMatrix:
        """The matrix of these rows and columns, repeated ones too, renumbered 0, 1, … in the order given."""
        drawn = csr_array((self.choices, self.columns, self.starts), shape=self.shape)[rows][:, columns]
        drawn.sort_indices()
        cells = drawn.tocoo()
        return _compacted(np.arange(len(rows)), np.arange(len(columns)), cells.row, cells.col, cells.data)


def _checked(
    participants: ArrayLike, statements: ArrayLike, values: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    who, what, choices = (np.asarray(each) for each in (participants, statements, values))
    if not who.ndim == what.ndim == choices.ndim == 1 or not len(who) == len(what) == len(choices):
        raise ValueError("participants, statements and values must be three flat lists of the same length")
    if len(who) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int8)
    for name, ids in (("participant", who), ("statement", what)):
        if ids.dtype.kind not in "iu":
            raise ValueError(f"{name} ids must be whole numbers, not {ids.dtype}")
    if choices.dtype.kind not in "iu" or not ((choices >= -1) & (choices <= 1)).all():
        raise ValueError("a vote is 1 (agree), 0 (pass) or -1 (disagree)")
    return who.astype(np.int64, copy=False), what.astype(np.int64, copy=False), choices.astype(np.int8, copy=False)


def _numbered(ids: NDArray[np.int64]) -> tuple[Ids, NDArray[np.int32]]:
    """The distinct ids, ascending, and for each given id its place among them."""
    if len(ids) == 0:
        return ids, np.zeros(0, np.int32)
    lowest, span = int(ids.min()), int(ids.max()) - int(ids.min()) + 1
    if span > 4 * len(ids) + 1024:  # counting would take more room than the votes themselves
        distinct, places = np.unique(ids, return_inverse=True)
        return distinct, places.astype(np.int32)
    offsets = ids - lowest
    is_present = np.zeros(span, dtype=np.bool_)
    is_present[offsets] = True
    place_of = np.cumsum(is_present, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(is_present) + lowest, place_of[offsets]


def _stable_order(keys: NDArray[np.int32], key_count: int) -> NDArray[np.int32]:
    """The order that sorts `keys` and keeps equals as they are: a counting sort, O(n), as a sparse transpose."""
    one_per_column = csc_array(
        (np.zeros(len(keys), np.int8), keys, np.arange(len(keys) + 1, dtype=np.int32)), shape=(key_count, len(keys))
    )
    order: NDArray[np.int32] = one_per_column.tocsr().indices
    return order


def _starts(rows: NDArray[np.integer], row_count: int) -> NDArray[np.int64]:
    starts = np.zeros(row_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=row_count), out=starts[1:])
    return starts


def _located(among: Ids, ids: Ids) -> tuple[NDArray[np.int64], Flags]:
    """Where each of `ids` stands in the ascending `among`, and whether it does."""
    if len(among) == 0:
        return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
    places = np.minimum(np.searchsorted(among, ids), len(among) - 1)
    return places, among[places] == ids


def _found(among: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places in the ascending `among` that hold one of `wanted`."""
    places, is_there = _located(among, wanted)
    return places[is_there]


def _compacted(
    participant_ids: Ids,
    statement_ids: Ids,
    rows: NDArray[np.integer],
    columns: NDArray[np.int32],
    choices: NDArray[np.int8],
) -> VoteMatrix:
    """A matrix without the rows and columns that have no vote (left)."""
    row_has_votes = np.bincount(rows, minlength=len(participant_ids)) > 0
    column_has_votes = np.bincount(columns, minlength=len(statement_ids)) > 0
    if not row_has_votes.all():
        rows = (np.cumsum(row_has_votes) - 1)[rows]
        participant_ids = participant_ids[row_has_votes]
    if not column_has_votes.all():
        columns = (np.cumsum(column_has_votes) - 1).astype(np.int32)[columns]
        statement_ids = statement_ids[column_has_votes]
    return VoteMatrix(participant_ids, statement_ids, _starts(rows, len(participant_ids)), columns, choices)
