"""Opinion groups: who is grouped, the tightest split into k groups, and which letter each group keeps.

A pure, seeded function of positions and the previous map, so that the same votes give the same groups whatever the
order in which they arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from summarizer.kmeans import (
    BaseClusters,
    Clustering,
    base_clusters,
    centres_of,
    cluster,
    inertia,
    nearest_centre,
    seeded_starts,
    silhouette,
)
from summarizer.votes import Flags, Floats, VoteMatrix

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class GroupingOptions:
    """How opinion groups are looked for; the defaults suit 10 to 100,000 participants."""

    least_votes: int = 7
    """votes somebody needs to be grouped (all statements, if there are fewer)"""
    least_grouped: int = 15
    """the most active are grouped all the same until there are this many"""
    least_members: int = 5
    """no group is smaller"""
    fewest: int = 2
    most: int = 5
    starts: int = 16
    inertia_margin: float = 0.01
    """the previous groups stay unless others are tighter by this share"""


@dataclass(frozen=True, eq=False)
class Partition:
    """`labels` (n) from 0 to k - 1 and their `centres` (k × 2)."""

    labels: Labels
    centres: Floats
    base: BaseClusters

    @property
    def k(self) -> int:
        return len(self.centres)

    @cached_property
    def silhouette(self) -> float:
        """How clearly the groups are apart, -1..1, measured on the base clusters."""
        cells = nearest_centre(self.base.points, self.centres)
        return silhouette(self.base.points, self.base.weights, cells, self.k)


def who_is_grouped(votes: VoteMatrix, options: GroupingOptions) -> Flags:
    """Who has voted enough to be grouped (P): everybody with `least_votes`, or else the most active.

    Those who are as active as the last one let in are let in too, so that numbering decides nothing.
    """
    counts = votes.votes_of_participants
    enough: Flags = counts >= min(options.least_votes, votes.shape[1])
    if enough.sum() >= min(options.least_grouped, len(counts)):
        return enough
    threshold = np.sort(counts)[::-1][min(options.least_grouped, len(counts)) - 1]
    most_active: Flags = counts >= threshold
    return most_active


def partition_into(
    positions: Floats,
    k: int,
    options: GroupingOptions,
    seed: int,
    previous: Labels | None = None,
    base: BaseClusters | None = None,
) -> Partition | None:
    """The tightest split of positions (n × 2) into k groups of at least `least_members`, or None if none was found.

    `previous` holds each one's group on the previous map (-1: none); if it had k groups they stay unless others are
    clearly tighter. `base` are the base clusters of the positions, where they are known already.
    """
    base = base_clusters(positions) if base is None else base
    if (
        len(positions) < k * options.least_members
        or len(base.points) < k
        or np.ptp(positions, axis=0).max() == 0
        or k < 2
    ):
        return None
    rng = np.random.default_rng([seed, k])
    starts = seeded_starts(base.points, base.weights, k, options.starts, rng)
    splits = cluster(base.points, base.weights, starts)
    feasible = [split for split in splits if _smallest(split.labels, base.weights, k) >= options.least_members]
    polished = (_polished(positions, split.centres, options) for split in sorted(feasible, key=_looseness))
    candidates = [next((split for split in polished if split is not None), None)]
    if previous is not None and len(np.unique(previous[previous >= 0])) == k:
        candidates.append(_continued(positions, previous, k, options))
    tight = [candidate for candidate in candidates if candidate is not None]
    if not tight:
        return None
    labels, centres, _ = min(tight, key=lambda candidate: candidate[2])
    return Partition(labels, centres, base)


def _polished(
    positions: Floats, centres: Floats, options: GroupingOptions, allowance: float = 1.0
) -> tuple[Labels, Floats, float] | None:
    """Lloyd's algorithm on the participants themselves; stops before a group gets too small."""
    k = len(centres)
    labels: Labels | None = None
    for _round in range(50):
        nearest = nearest_centre(positions, centres)
        if np.bincount(nearest, minlength=k).min() < options.least_members:
            break
        if labels is not None and (nearest == labels).all():
            break
        labels, centres = nearest, centres_of(positions, nearest, k)
    if labels is None:
        return None
    return labels, centres, inertia(positions, labels, k) * allowance


def _continued(
    positions: Floats, previous: Labels, k: int, options: GroupingOptions
) -> tuple[Labels, Floats, float] | None:
    """The previous groups where their members stand now; they count as a little tighter than they are."""
    known = previous >= 0
    _, labels = np.unique(previous[known], return_inverse=True)
    return _polished(positions, centres_of(positions[known], labels, k), options, 1 - options.inertia_margin)


def _smallest(labels: Labels, weights: Floats, k: int) -> float:
    return float(np.bincount(labels, weights, minlength=k).min())


def _looseness(split: Clustering) -> float:
    return split.inertia


def letters_for(labels: Labels, centres: Floats, previous: Labels | None, letters: tuple[str, ...]) -> tuple[str, ...]:
    """A letter for each group: the one of the previous group it shares most members with, else the first free one.

    `previous` (n) indexes `letters`. Groups are matched one to one so that most people keep theirs (Kuhn 1955); new
    groups are lettered from the largest to the smallest.
    """
    k = len(centres)
    kept = _matched(labels, k, previous, letters) if previous is not None and letters else {}
    free = iter([letter for letter in ascii_uppercase if letter not in kept.values()])
    sizes = np.bincount(labels, minlength=k)
    newcomers = sorted(set(range(k)) - set(kept), key=lambda g: (-int(sizes[g]), tuple(centres[g])))
    given = kept | {g: next(free) for g in newcomers}
    return tuple(given[g] for g in range(k))


def _matched(labels: Labels, k: int, previous: Labels, letters: tuple[str, ...]) -> dict[int, str]:
    from scipy.optimize import linear_sum_assignment  # slow import

    known = previous >= 0
    shared = np.bincount(labels[known] * len(letters) + previous[known], minlength=k * len(letters))
    shared = shared.reshape(k, len(letters))
    groups, matches = linear_sum_assignment(shared, maximize=True)
    return {int(g): letters[m] for g, m in zip(groups, matches, strict=True) if shared[g, m] > 0}


def adjusted_rand(one: Labels, other: Labels) -> float:
    """The adjusted Rand index of two labellings of the same people (Hubert and Arabie 1985); 1 if the same."""
    table = np.zeros((one.max(initial=0) + 1, other.max(initial=0) + 1))
    np.add.at(table, (one, other), 1)
    together, rows, columns = _pairs(table).sum(), _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected = rows * columns / max(_pairs(np.array(float(len(one)))).sum(), 1)
    largest = (rows + columns) / 2
    return 1.0 if largest == expected else float((together - expected) / (largest - expected))


def _pairs(counts: Floats) -> Floats:
    pairs: Floats = counts * (counts - 1) / 2
    return pairs
