"""From votes to places and groups, beside the map before: the part of a map that has to be found, not counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from summarizer.grouping import GroupingOptions, Labels, letters_for, partition, who_is_grouped
from summarizer.projection import Projection, project
from summarizer.votes import Flags, Floats, Ids, VoteMatrix


@dataclass(frozen=True, eq=False)
class PreviousMap:
    """What the next map needs to know of this one; every field is a stored array or text.

    `group_of` (P) indexes `letters`, -1 where not grouped; `loadings` is C × 2; `stable` tells whether groups showed.
    """

    participant_ids: Ids
    group_of: Labels
    letters: tuple[str, ...]
    statement_ids: Ids
    loadings: Floats
    stable: bool


@dataclass(frozen=True, eq=False)
class Layout:
    """Places, who may be grouped (P), each one's group (P, -1 = none) and the groups' letters, in their order."""

    projection: Projection
    grouped: Flags
    group_of: Labels
    letters: tuple[str, ...]
    silhouette: float | None

    def without_groups(self) -> Layout:
        return Layout(self.projection, self.grouped, np.full_like(self.group_of, -1), (), None)


def lay_out(
    votes: VoteMatrix,
    left_out: Ids,
    options: GroupingOptions,
    seed: int,
    previous: PreviousMap | None = None,
    keep_groups: bool = True,
) -> Layout:
    """Places everybody and finds the groups.

    The previous map gives the axes their direction and the groups their letters; with `keep_groups` also their number
    and their members, unless the votes now speak clearly for others. `left_out` holds column numbers.
    """
    start = None if previous is None else _loadings_on(votes.statement_ids, previous)
    projection = project(votes, left_out, start)
    grouped = who_is_grouped(votes, options)
    positions = projection.positions[grouped]
    before = None if previous is None else _groups_of(votes.participant_ids[grouped], previous)
    split = partition(positions, options, seed, before if keep_groups else None) if len(positions) else None
    group_of = np.full(len(grouped), -1, dtype=np.int64)
    if split is None:
        return Layout(projection, grouped, group_of, (), None)
    letters = letters_for(split.labels, split.centres, before, () if previous is None else previous.letters)
    order = np.argsort(letters)
    group_of[grouped] = np.argsort(order)[split.labels]
    return Layout(projection, grouped, group_of, tuple(letters[g] for g in order), split.silhouette)


def _loadings_on(statement_ids: Ids, previous: PreviousMap) -> Floats:
    """The previous loadings in this map's order of statements; 0 for new ones."""
    loadings = np.zeros((len(statement_ids), 2))
    _, here, there = np.intersect1d(statement_ids, previous.statement_ids, assume_unique=True, return_indices=True)
    loadings[here] = previous.loadings[there]
    return loadings


def _groups_of(participant_ids: Ids, previous: PreviousMap) -> Labels:
    """The previous group of each participant, -1 for those who had none."""
    groups = np.full(len(participant_ids), -1, dtype=np.int64)
    _, here, there = np.intersect1d(participant_ids, previous.participant_ids, assume_unique=True, return_indices=True)
    groups[here] = previous.group_of[there]
    return groups
