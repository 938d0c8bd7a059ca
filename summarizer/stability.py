"""How sure we are of the groups: would other participants and other statements have given the same ones?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from summarizer.canonical import participant_order, statement_order
from summarizer.grouping import GroupingOptions, Labels, adjusted_rand, partition_into, who_is_grouped
from summarizer.projection import Projection, project
from summarizer.votes import Floats, Ids, VoteMatrix


@dataclass(frozen=True)
class StabilityOptions:
    """How thoroughly the groups are tested, and what they must reach."""

    resamples: int = 20
    most_people: int = 1_000
    """larger assemblies are resampled with this many, so that the price does not grow with them"""
    starts: int = 6
    """of k-means, per resample"""
    stable_from: float = 0.25
    """groups are shown from this stability on; votes without any structure seldom reach it"""
    stable_until: float = 0.2
    """groups that are shown stay until it falls below this"""


@dataclass(frozen=True)
class Stability:
    """`value` is the mean adjusted Rand index between the groups and those of resamples (1 = the same, 0 = chance).

    `by_group` is, for each group, the mean Jaccard similarity with the resample's most similar group (0..1; Hennig,
    "Cluster-wise assessment of cluster stability", CSDA 52, 2007).
    """

    value: float
    by_group: tuple[float, ...]
    resamples: int


def resampled_stability(
    votes: VoteMatrix,
    left_out: Ids,
    projection: Projection,
    group_of: Labels,
    grouping: GroupingOptions,
    seed: int,
    options: StabilityOptions | None = None,
) -> Stability:
    """Draws half of the participants and half of the statements, groups them anew into as many groups, and compares.

    Half-sampling varies as much as a bootstrap and draws nobody twice. `group_of` (P) numbers the groups from 0, -1 =
    not grouped; at least one group must have members. `left_out` holds column numbers, which are never drawn.
    """
    options = options or StabilityOptions()
    rng = np.random.default_rng([seed, 1])
    people, statements = participant_order(votes, projection), statement_order(votes, projection)
    people, statements = people[group_of[people] >= 0], statements[~np.isin(statements, left_out)]
    size = min(-(-len(people) // 2), options.most_people)
    lenient = replace(grouping, starts=options.starts, least_members=-(-grouping.least_members // 2))
    halves = [
        _regrouped(
            votes,
            rng.choice(people, size, replace=False),
            rng.choice(statements, -(-len(statements) // 2), replace=False),
            group_of,
            lenient,
            seed + n,
        )
        for n in range(options.resamples)
    ]
    overlaps = np.mean([_overlaps(before, after, int(group_of.max()) + 1) for before, after in halves], axis=0)
    return Stability(
        value=float(np.mean([adjusted_rand(before, after) if len(after) else 0.0 for before, after in halves])),
        by_group=tuple(float(overlap) for overlap in overlaps),
        resamples=options.resamples,
    )


def _regrouped(
    votes: VoteMatrix, rows: Ids, columns: Ids, group_of: Labels, options: GroupingOptions, seed: int
) -> tuple[Labels, Labels]:
    """The old and the new group of everybody drawn; nobody if the resample cannot be grouped."""
    drawn = votes.resampled(rows, columns)
    none = np.zeros(0, dtype=np.int64)
    if drawn.vote_count == 0:
        return none, none
    grouped = who_is_grouped(drawn, options)
    split = partition_into(project(drawn, none).positions[grouped], int(group_of.max()) + 1, options, seed)
    if split is None:
        return none, none
    return group_of[rows[drawn.participant_ids[grouped]]], split.labels


def _overlaps(before: Labels, after: Labels, group_count: int) -> Floats:
    """For each group the best Jaccard similarity with a new group; 0 if there are none."""
    if len(after) == 0:
        return np.zeros(group_count)
    table = np.zeros((group_count, group_count))
    np.add.at(table, (before, after), 1)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    best: Floats = (table / np.maximum(union, 1)).max(axis=1)
    return best
