"""From votes to places and groups, beside the map before: the part of a map that has to be found, not counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from summarizer.grouping import GroupingOptions, Labels, letters_for, partition_into, who_is_grouped
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
    """Places, who may be grouped (P), each one's group (P, -1 = none) and the groups' letters, in their order.

    `group_before` (P) is each one's group on the previous map, a place in `letters_before`.
    """

    projection: Projection
    grouped: Flags
    group_before: Labels
    letters_before: tuple[str, ...]
    group_of: Labels
    letters: tuple[str, ...] = ()
    silhouette: float | None = None

    @property
    def group_count(self) -> int:
        return len(self.letters)


def place_everybody(
    votes: VoteMatrix, left_out: Ids, options: GroupingOptions, previous: PreviousMap | None = None
) -> Layout:
    """A layout without groups; the previous map gives the axes their direction. `left_out` holds column numbers."""
    nobody = np.full(votes.shape[0], -1, dtype=np.int64)
    start = None if previous is None else _loadings_on(votes.statement_ids, previous)
    return Layout(
        projection=project(votes, left_out, start),
        grouped=who_is_grouped(votes, options),
        group_before=nobody if previous is None else _groups_of(votes.participant_ids, previous),
        letters_before=() if previous is None else previous.letters,
        group_of=nobody,
    )


def split_into(layout: Layout, k: int, options: GroupingOptions, seed: int, keep_groups: bool = True) -> Layout:
    """The layout with k groups, or without any where no such split exists.

    Groups keep the letters of the previous map and, with `keep_groups`, also their members unless the votes now speak
    clearly for others.
    """
    before = layout.group_before[layout.grouped]
    split = partition_into(
        layout.projection.positions[layout.grouped], k, options, seed, before if keep_groups else None
    )
    nobody = np.full_like(layout.group_before, -1)
    if split is None:
        return replace(layout, group_of=nobody, letters=(), silhouette=None)
    letters = letters_for(split.labels, split.centres, before, layout.letters_before)
    order = np.argsort(letters)
    nobody[layout.grouped] = np.argsort(order)[split.labels]
    return replace(layout, group_of=nobody, letters=tuple(letters[g] for g in order), silhouette=split.silhouette)


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
