"""What a grouping says about each statement: counts per group, group-aware consensus, and how far groups differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from summarizer.votes import Counts, Flags, Floats, Ids, VoteMatrix

Z_90 = 1.2816  # one-sided 90 % of the normal distribution, as Polis rounds it


@dataclass(frozen=True, eq=False)
class GroupCounts:
    """Votes per group and statement (each G × C); `seen` counts passes too."""

    agree: Counts
    disagree: Counts
    seen: Counts

    @property
    def group_count(self) -> int:
        return len(self.seen)


@dataclass(frozen=True, eq=False)
class Consensus:
    """Group-aware consensus of each statement (C each): `product` over groups, and `root`, its g-th root in 0..1."""

    product: Floats
    root: Floats


@dataclass(frozen=True)
class ConsensusStatement:
    """A statement (by column number) most people take one side on."""

    statement: int
    statement_id: int
    side: str
    supporters: int
    votes: int
    rate: float
    test: float


def count_by_group(votes: VoteMatrix, group_of: NDArray[np.int64], group_count: int) -> GroupCounts:
    """Counts votes per group and statement; participants whose `group_of` (P) is -1 are not counted."""
    statement_count = votes.shape[1]
    cells = (group_of[votes.rows] * statement_count + votes.columns) * 3 + (votes.choices + 1)
    if (group_of < 0).any():
        cells = cells[cells >= 0]
    counted = np.bincount(cells, minlength=3 * group_count * statement_count)
    by_choice = counted.reshape(group_count, statement_count, 3)
    return GroupCounts(agree=by_choice[:, :, 2], disagree=by_choice[:, :, 0], seen=by_choice.sum(axis=2))


def smoothed_rate(supporters: Counts, seen: Counts) -> Floats:
    """(supporters + 1) / (seen + 2): a rate that a handful of votes cannot push to 0 or 1."""
    rate: Floats = (supporters + 1) / (seen + 2)
    return rate


def proportion_test(supporters: Counts, seen: Counts) -> Floats:
    """2·√(S+1) · ((A+1)/(S+1) - ½): how surely more than half take the side (Polis' prop-test)."""
    z: Floats = 2 * np.sqrt(seen + 1) * ((supporters + 1) / (seen + 1) - 0.5)
    return z


def group_aware_consensus(supporters: Counts, seen: Counts) -> Consensus:
    """Π over groups of the smoothed rate (G × C counts in, C out), and its g-th root, which more groups do not shrink.

    Small et al. 2021, equation for group informed consensus.
    """
    product = smoothed_rate(supporters, seen).prod(axis=0)
    return Consensus(product=product, root=product ** (1 / max(len(seen), 1)))


def consensus_statements(
    votes: VoteMatrix, side: str, eligible: Flags, limit: int = 5
) -> tuple[ConsensusStatement, ...]:
    """The statements everybody, grouped or not, most surely agrees (or disagrees) with, best first by rate · test.

    `side` is "agree" or "disagree"; `eligible` (C) marks the statements that may be chosen.
    """
    supporters, seen = votes.tally[:, 2 if side == "agree" else 0], votes.tally.sum(axis=1)
    rate, test = smoothed_rate(supporters, seen), proportion_test(supporters, seen)
    candidates = np.flatnonzero(eligible & (rate > 0.5) & (test > Z_90))
    best = candidates[np.argsort(-(rate * test)[candidates], kind="stable")][:limit]
    return tuple(
        ConsensusStatement(
            statement=int(j),
            statement_id=int(votes.statement_ids[j]),
            side=side,
            supporters=int(supporters[j]),
            votes=int(seen[j]),
            rate=float(rate[j]),
            test=float(test[j]),
        )
        for j in best
    )


def divisiveness(counts: GroupCounts) -> Floats:
    """The largest difference of smoothed agreement between two groups (C), 0..1; 0 with fewer than two groups."""
    if counts.group_count < 2:
        return np.zeros(counts.seen.shape[1])
    agreement = smoothed_rate(counts.agree, counts.seen)
    spread: Floats = agreement.max(axis=0) - agreement.min(axis=0)
    return spread


def groups_differ(counts: GroupCounts, false_discovery_rate: float = 0.05) -> Flags:
    """Which statements the groups answer differently (C), with the share of false alarms among them controlled.

    Pearson's test of homogeneity of agree / pass / disagree per statement, then Benjamini and Hochberg's procedure
    (J. R. Stat. Soc. B 57, 1995) over all statements. The groups come from the same votes, so the level is nominal.
    """
    return significant(homogeneity_p_values(counts), false_discovery_rate)


def homogeneity_p_values(counts: GroupCounts) -> Floats:
    """Pearson's chi-squared p-value per statement (C); 1 where fewer than two groups or two answers occur."""
    observed = np.stack([counts.agree, counts.seen - counts.agree - counts.disagree, counts.disagree])
    seen, answers = counts.seen[None], observed.sum(axis=1, keepdims=True)
    expected = answers * seen / np.maximum(seen.sum(axis=1, keepdims=True), 1)
    statistic = ((observed - expected) ** 2 / np.where(expected > 0, expected, 1)).sum(axis=(0, 1))
    freedom = ((seen[0] > 0).sum(axis=0) - 1) * ((answers[:, 0] > 0).sum(axis=0) - 1)
    p_values: Floats = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1), statistic), 1.0)
    return p_values


def significant(p_values: Floats, false_discovery_rate: float) -> Flags:
    """Benjamini and Hochberg's procedure: the largest k with p_(k) ≤ k/m · rate, and all p-values up to it."""
    ranked = np.sort(p_values)
    passes = np.flatnonzero(ranked <= np.arange(1, len(ranked) + 1) / max(len(ranked), 1) * false_discovery_rate)
    if len(passes) == 0:
        return np.zeros(len(p_values), dtype=np.bool_)
    flags: Flags = p_values <= ranked[passes[-1]]
    return flags


def common_ground(consensus: Consensus, counts: GroupCounts, eligible: Flags, limit: int = 5, least: int = 5) -> Ids:
    """Column numbers of the statements every group leans towards, best first by group-aware consensus.

    A statement counts only if at least `least` members of each group voted on it and more than half of them agree.
    """
    agreed = smoothed_rate(counts.agree, counts.seen) > 0.5
    candidates = np.flatnonzero(eligible & (agreed & (counts.seen >= least)).all(axis=0))
    return candidates[np.argsort(-consensus.root[candidates], kind="stable")][:limit]


def dividing_statements(
    divisive: Floats, differs: Flags, counts: GroupCounts, eligible: Flags, limit: int = 5, least: int = 5
) -> Ids:
    """Column numbers of the statements on which groups differ most, largest difference first.

    A statement counts only if the difference is significant and at least two groups have `least` votes on it.
    """
    compared = (counts.seen >= least).sum(axis=0) >= 2
    candidates = np.flatnonzero(eligible & differs & compared)
    return candidates[np.argsort(-divisive[candidates], kind="stable")][:limit]
