"""The opinion map of an assembly: where everybody stands, which groups there are, what they share and what divides."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from summarizer.bridging import bridging_scores
from summarizer.consensus import (
    Consensus,
    ConsensusStatement,
    GroupCounts,
    common_ground,
    consensus_statements,
    count_by_group,
    dividing_statements,
    divisiveness,
    group_aware_consensus,
    groups_differ,
)
from summarizer.grouping import GroupingOptions, Labels
from summarizer.layout import Layout, PreviousMap, place_everybody, split_into
from summarizer.prediction import Judgement, JudgingOptions, best_group_count, judge_splits
from summarizer.representativeness import RepresentativeStatement, representative_statements
from summarizer.routing import statement_priorities
from summarizer.slate import Slate, majority_slate, proportional_slate
from summarizer.stability import Stability, StabilityOptions, resampled_stability
from summarizer.votes import Counts, Flags, Floats, Ids, VoteMatrix


@dataclass(frozen=True)
class MapOptions:
    """Everything a map depends on besides the votes and the previous map."""

    rejected: tuple[int, ...] = ()
    """statement ids that moderation removed"""
    meta: tuple[int, ...] = ()
    """statement ids about the person rather than the question"""
    seed: int = 20210
    grouping: GroupingOptions = field(default_factory=GroupingOptions)
    keep_groups: bool = True
    """False at the end of a phase: the previous map gives letters and direction only"""
    diagnostics: bool = True
    """whether to test how stable the groups are, and to compute bridging and the slate. Without it an update keeps the
    previous map's number of groups and its word on their stability; a first map's groups are not stable yet."""
    judging: JudgingOptions = field(default_factory=JudgingOptions)
    testing: StabilityOptions = field(default_factory=StabilityOptions)
    list_length: int = 5
    false_discovery_rate: float = 0.05


@dataclass(frozen=True)
class Group:
    """An opinion group: `centre` in map units; its number is its place in `OpinionMap.groups`."""

    letter: str
    size: int
    centre: tuple[float, float]


@dataclass(frozen=True, eq=False)
class SharedViews:
    """Group-aware consensus (C each) that people agree with a statement, and that they disagree with it."""

    agree: Consensus
    disagree: Consensus


@dataclass(frozen=True)
class EverybodysViews:
    """The statements most people agree with, and those most people disagree with, best first."""

    agree: tuple[ConsensusStatement, ...]
    disagree: tuple[ConsensusStatement, ...]


@dataclass(frozen=True, eq=False)
class Grouped:
    """The groups a map goes by, whether they may be shown, and what the tests said (None = not tested)."""

    layout: Layout
    stable: bool
    judgement: Judgement | None = None
    stability: Stability | None = None


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """Second looks that take longer: how stable the groups are, and what statements do beside the main divide.

    `stability` is that of the groups found, also where it did not suffice to keep them; None where none were found.
    `bridging` (C) is high for what is liked across the main divide.
    """

    stability: Stability | None
    bridging: Floats
    slate: Slate
    majority: Slate


@dataclass(frozen=True, eq=False)
class OpinionMap:
    """P participants and C statements in map units, G groups.

    `positions` P × 2, `loadings`, `statement_positions` C × 2, `means`, `extremity`, `divisive`, `differs`,
    `priorities` C. `grouped` (P) marks who voted enough; `group_of` (P) is a place in `groups`, -1 = not grouped.
    `group_counts` is G × C; while there are no groups, all who voted enough are counted as one. `common_ground` and
    `divides` are column numbers, best first. One's own position is scale / √n · Σ (v - mean) · loading over n votes.
    `judgement` and `diagnostics` are None where an update went by the previous map's.
    """

    participant_ids: Ids
    statement_ids: Ids
    positions: Floats
    loadings: Floats
    means: Floats
    statement_positions: Floats
    extremity: Floats
    grouped: Flags
    group_of: Labels
    groups: tuple[Group, ...]
    silhouette: float | None
    stable: bool
    tally: Counts
    group_counts: GroupCounts
    group_aware_consensus: SharedViews
    divisive: Floats
    differs: Flags
    priorities: Floats
    representative: tuple[tuple[RepresentativeStatement, ...], ...]
    consensus: EverybodysViews
    common_ground: Ids
    divides: Ids
    least_votes: int
    judgement: Judgement | None
    diagnostics: Diagnostics | None

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(group.letter for group in self.groups)

    @property
    def scale(self) -> float:
        """√C."""
        return float(np.sqrt(len(self.statement_ids)))

    def as_previous(self) -> PreviousMap:
        """What the next map needs to know of this one."""
        return PreviousMap(
            self.participant_ids, self.group_of, self.letters, self.statement_ids, self.loadings, self.stable
        )


def map_opinions(
    votes: VoteMatrix, *, previous: PreviousMap | None = None, options: MapOptions | None = None
) -> OpinionMap:
    """Maps the votes. A pure function: the same votes, previous map and options give the same map, whatever the order.

    `previous` keeps letters, axes and, unless the votes clearly speak against it, groups as people know them.
    """
    options = options or MapOptions()
    left_out = votes.statement_indices(options.rejected + options.meta)
    layout = place_everybody(votes, left_out, options.grouping, previous)
    if previous is None or options.diagnostics or not options.keep_groups:
        grouped = _grouped_anew(votes, layout, left_out, previous, options)
    else:
        grouped = _grouped_as_before(layout, previous, options)
    return _described(votes, left_out, grouped, options)


def _grouped_as_before(layout: Layout, previous: PreviousMap, options: MapOptions) -> Grouped:
    """The previous groups where their members stand now: between two tests neither their number nor the word on their
    stability changes."""
    split = split_into(layout, len(previous.letters), options.grouping, options.seed)
    return Grouped(split, stable=previous.stable and split.group_count > 0)


def _grouped_anew(
    votes: VoteMatrix, layout: Layout, left_out: Ids, previous: PreviousMap | None, options: MapOptions
) -> Grouped:
    """As many groups as predict hidden votes best; with diagnostics they must be stable, too."""
    judgements = judge_splits(votes, left_out, layout.projection, options.grouping, options.seed, options.judging)
    before = len(previous.letters) if previous is not None and options.keep_groups else None
    k = best_group_count(judgements, before)
    if k is None:
        return Grouped(layout, stable=False, judgement=judgements.get(options.grouping.fewest))
    was_stable = previous is not None and previous.stable
    if options.diagnostics:
        needed = options.testing.stable_until if was_stable else options.testing.stable_from
        return _stable_or_fewer(votes, layout, left_out, k, judgements, needed, options)
    split = split_into(layout, k, options.grouping, options.seed, options.keep_groups)
    return Grouped(split, was_stable and split.group_count > 0, judgements[k])


def _stable_or_fewer(
    votes: VoteMatrix,
    layout: Layout,
    left_out: Ids,
    most: int,
    judgements: dict[int, Judgement],
    needed: float,
    options: MapOptions,
) -> Grouped:
    """`most` groups if they are stable, else fewer that are stable and predict, else none."""
    grouping, seed, tested = options.grouping, options.seed, []
    for k in [k for k in range(most, 1, -1) if k in judgements and judgements[k].groups_predict]:
        split = split_into(layout, k, grouping, seed, options.keep_groups)
        if split.group_count:
            stability = resampled_stability(
                votes, left_out, layout.projection, split.group_of, grouping, seed, options.testing
            )
            if stability.value >= needed:
                return Grouped(split, True, judgements[k], stability)
            tested.append(stability)
    return Grouped(layout, False, judgements[most], tested[0] if tested else None)


def _eligible(votes: VoteMatrix, left_out: Ids) -> Flags:
    eligible = np.ones(votes.shape[1], dtype=np.bool_)
    eligible[left_out] = False
    return eligible


def _described(votes: VoteMatrix, left_out: Ids, grouped: Grouped, options: MapOptions) -> OpinionMap:
    """Everything that can be counted once places and groups are known."""
    layout, eligible = grouped.layout, _eligible(votes, left_out)
    group_of = layout.group_of if layout.letters else np.where(layout.grouped, 0, -1)
    counts = count_by_group(votes, group_of, max(len(layout.letters), 1))
    shared = SharedViews(
        agree=group_aware_consensus(counts.agree, counts.seen),
        disagree=group_aware_consensus(counts.disagree, counts.seen),
    )
    divisive = divisiveness(counts)
    differs = groups_differ(counts, options.false_discovery_rate)
    length, least = options.list_length, options.grouping.least_members
    places = layout.projection
    return OpinionMap(
        participant_ids=votes.participant_ids,
        statement_ids=votes.statement_ids,
        positions=places.positions,
        loadings=places.loadings,
        means=places.means,
        statement_positions=places.statement_positions,
        extremity=places.extremity,
        grouped=layout.grouped,
        group_of=layout.group_of,
        groups=_groups(layout),
        silhouette=layout.silhouette,
        stable=grouped.stable,
        tally=votes.tally,
        group_counts=counts,
        group_aware_consensus=shared,
        divisive=divisive,
        differs=differs,
        priorities=statement_priorities(counts, places.extremity, votes.statement_indices(options.meta)),
        representative=representative_statements(votes, counts, eligible, length) if layout.letters else (),
        consensus=EverybodysViews(
            agree=consensus_statements(votes, "agree", eligible, length),
            disagree=consensus_statements(votes, "disagree", eligible, length),
        ),
        common_ground=common_ground(shared.agree, counts, eligible, length, least),
        divides=dividing_statements(divisive, differs, counts, eligible, length, least),
        least_votes=min(options.grouping.least_votes, votes.shape[1]),
        judgement=grouped.judgement,
        diagnostics=_diagnosed(votes, left_out, grouped, eligible, length) if options.diagnostics else None,
    )


def _diagnosed(votes: VoteMatrix, left_out: Ids, grouped: Grouped, eligible: Flags, length: int) -> Diagnostics:
    return Diagnostics(
        stability=grouped.stability,
        bridging=bridging_scores(votes, left_out, grouped.layout.projection.loadings[:, 0]),
        slate=proportional_slate(votes, eligible, length),
        majority=majority_slate(votes, eligible, length),
    )


def _groups(layout: Layout) -> tuple[Group, ...]:
    members = [layout.projection.positions[layout.group_of == g] for g in range(len(layout.letters))]
    return tuple(
        Group(letter, len(positions), (float(positions[:, 0].mean()), float(positions[:, 1].mean())))
        for letter, positions in zip(layout.letters, members, strict=True)
    )
