"""Schulze's method: one order of candidates out of many rankings, by the strength of the chains that link them.

M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011). The strength of a link is the number of people who prefer the one to the
other: his "winning votes", without the second look at the number of those who say the opposite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ranked:
    """What the rankings of R people say about C candidates, which go by their column numbers.

    preferred: C × C, how many people rank the one of the row before the one of the column.
    strongest: C × C, the strength of the strongest chain from row to column; 0 where there is none.
    winners: those whom nobody beats, in the order of ties.
    order: all candidates, the first place first; where nobody beats anybody, in the order of ties.
    tied: of each two that follow each other in `order`, whether it took the order of ties to put one first (C − 1).
    """

    preferred: Counts
    strongest: Counts
    winners: tuple[int, ...]
    order: tuple[int, ...]
    tied: tuple[bool, ...]

    def beats(self, one: int, other: int) -> bool:
        return bool(self.strongest[one, other] > self.strongest[other, one])


def rank_candidates(places: NDArray[np.integer], ties: Sequence[int]) -> Ranked:
    """The common order of the candidates.

    `places` (R × C) holds the place that each person gives each candidate: smaller is better, equal is equal.
    `ties` holds the column numbers in the order by which ties are broken. Raises ValueError where it does not hold each
    of them once.
    """
    count = places.shape[1]
    if sorted(ties) != list(range(count)):
        raise ValueError(f"the order of ties names {list(ties)} for {count} candidates")
    preferred = pairwise_preferences(places)
    strongest = strongest_paths(preferred)
    order = _linear_order(strongest, ties)
    winners = tuple(each for each in ties if not (strongest[:, each] > strongest[each]).any())
    tied = tuple(bool(strongest[one, other] == strongest[other, one]) for one, other in pairwise(order))
    return Ranked(preferred, strongest, winners, order, tied)


def pairwise_preferences(places: NDArray[np.integer]) -> Counts:
    """How many people (of R × C places) rank the candidate of the row before the one of the column (C × C)."""
    return np.asarray((places[:, :, None] < places[:, None, :]).sum(axis=0), dtype=np.int64)


def strongest_paths(preferred: Counts) -> Counts:
    """The strength of the strongest chain between each two (C × C): a chain is as strong as its weakest link.

    A link leads from the preferred to the other and is as strong as the number of people who say so; Floyd and
    Warshall's algorithm, section 2.3.1 of Schulze (2011).
    """
    strongest = np.where(preferred > preferred.T, preferred, 0)
    for via in range(len(strongest)):
        detour = np.minimum(strongest[:, via, None], strongest[None, via, :])
        strongest = np.maximum(strongest, detour)
    np.fill_diagonal(strongest, 0)
    return strongest


def _linear_order(strongest: Counts, ties: Sequence[int]) -> tuple[int, ...]:
    """Again and again the first, in the order of ties, of those whom nobody left beats."""
    left, order = list(ties), []
    while left:
        among = strongest[np.ix_(left, left)]
        first = left[int(np.flatnonzero(~(among < among.T).any(axis=1))[0])]
        order.append(first)
        left.remove(first)
    return tuple(order)
