"""How sure we are of the groups: would other participants and other statements have given the same ones?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from summarizer.grouping import GroupingOptions, Labels, adjusted_rand, partition_into, who_is_grouped
from summarizer.projection import project
from summarizer.votes import Floats, Ids, VoteMatrix


@dataclass(frozen=True)
class StabilityOptions:
    """How thoroughly the groups are tested, and what they must reach."""

    resamples: int = 20
    most_people: int = 2000
    """larger assemblies are resampled with this many, so that the price does not grow with them"""
    starts: int = 8
    """of k-means, per resample"""
    stable_from: float = 0.4
    """groups are shown from this stability on"""
    stable_until: float = 0.3
    """groups that are shown stay until it falls below this"""


@dataclass(frozen=True)
class Stability:
    """`value` is the mean adjusted Rand index between the groups and those of resamples, at most 1 (0 = chance).

    `by_group` is, for each group, the mean Jaccard similarity with the resample's most similar group (0..1; Hennig,
    "Cluster-wise assessment of cluster stability", CSDA 52, 2007).
    """

    value: float
    by_group: tuple[float, ...]
    resamples: int


def bootstrap_stability(
    votes: VoteMatrix,
    left_out: Ids,
    group_of: Labels,
    grouping: GroupingOptions,
    seed: int,
    options: StabilityOptions | None = None,
) -> Stability:
    """Draws participants and statements with replacement, groups them anew into as many groups, and compares.

    `group_of` (P) numbers the groups from 0, -1 = not grouped; at least one group must have members. `left_out` holds
    column numbers, which are never drawn.
    """
    options = options or StabilityOptions()
    rng = np.random.default_rng([seed, 1])
    group_count = int(group_of.max()) + 1
    people, statements = np.flatnonzero(group_of >= 0), np.setdiff1d(np.arange(votes.shape[1]), left_out)
    size = min(len(people), options.most_people)
    fewer_starts = replace(grouping, starts=options.starts)
    similarities, overlaps = [], []
    for n in range(options.resamples):
        rows, columns = rng.choice(people, size), rng.choice(statements, len(statements))
        before, after = _regrouped(votes, rows, columns, group_of, fewer_starts, seed + n)
        similarities.append(adjusted_rand(before, after) if len(after) else 0.0)
        overlaps.append(_overlaps(before, after, group_count))
    return Stability(
        value=float(np.mean(similarities)),
        by_group=tuple(float(value) for value in np.mean(overlaps, axis=0)),
        resamples=options.resamples,
    )


def _regrouped(
    votes: VoteMatrix, rows: Ids, columns: Ids, group_of: Labels, options: GroupingOptions, seed: int
) -> tuple[Labels, Labels]:
    """The old and the new group of everybody drawn, each once; nobody if the resample cannot be grouped."""
    drawn = votes.resampled(rows, columns)
    none = np.zeros(0, dtype=np.int64)
    if drawn.vote_count == 0:
        return none, none
    grouped = who_is_grouped(drawn, options)
    positions = project(drawn, none).positions[grouped]
    split = partition_into(positions, int(group_of.max()) + 1, options, seed)
    if split is None:
        return none, none
    people, first = np.unique(rows[drawn.participant_ids[grouped]], return_index=True)
    return group_of[people], split.labels[first]


def _overlaps(before: Labels, after: Labels, group_count: int) -> Floats:
    """For each group the best Jaccard similarity with a new group; 0 if there are none."""
    if len(after) == 0:
        return np.zeros(group_count)
    table = np.zeros((group_count, group_count))
    np.add.at(table, (before, after), 1)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    best: Floats = (table / np.maximum(union, 1)).max(axis=1)
    return best
