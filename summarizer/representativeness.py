"""Which statements an opinion group stands for, compared with everybody else on the map.

The statistics are those of Polis (Small et al. 2021), so that its users can compare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from summarizer.consensus import Z_90, GroupCounts, proportion_test, smoothed_rate
from summarizer.votes import Counts, Flags, Floats, VoteMatrix


@dataclass(frozen=True)
class RepresentativeStatement:
    """A statement (by column number) a group stands for: on `side`, `supporters` of its `votes`.

    `rate` is the smoothed share of supporters, `test` its z against one half, `ratio` and `ratio_test` compare the
    share with the other groups', and `score` is the product of the four.
    """

    statement: int
    statement_id: int
    side: str
    supporters: int
    agree: int
    disagree: int
    votes: int
    rate: float
    test: float
    ratio: float
    ratio_test: float
    score: float


@dataclass(frozen=True, eq=False)
class SideStatistics:
    """How one side of each statement fares in each group (all G × C)."""

    supporters: Counts
    rate: Floats
    test: Floats
    ratio: Floats
    ratio_test: Floats

    @property
    def score(self) -> Floats:
        return self.ratio * self.ratio_test * self.rate * self.test

    @property
    def passes(self) -> Flags:
        return (self.test > Z_90) & (self.ratio_test > Z_90)


def representative_statements(
    votes: VoteMatrix, counts: GroupCounts, eligible: Flags, limit: int = 5
) -> tuple[tuple[RepresentativeStatement, ...], ...]:
    """For each group the statements that tell it from the others, best first, the best agreed one ahead of all.

    `eligible` (C) marks the statements that may be chosen. A group without any significant statement gets the one
    that comes closest.
    """
    if counts.group_count < 2:
        return tuple(() for _ in range(counts.group_count))
    agree, disagree = side_statistics(counts.agree, counts.seen), side_statistics(counts.disagree, counts.seen)
    return tuple(
        tuple(
            _described(votes, counts, agree if agrees[j] else disagree, "agree" if agrees[j] else "disagree", g, j)
            for j in chosen
        )
        for g in range(counts.group_count)
        for agrees in [agree.ratio_test[g] > disagree.ratio_test[g]]
        for chosen in [_chosen(agree, disagree, counts, eligible, g, limit)]
    )


def side_statistics(supporters: Counts, seen: Counts) -> SideStatistics:
    """Rate, test, ratio and two-proportion test of one side, each group against the rest (G × C in, G × C out)."""
    rest, rest_seen = supporters.sum(axis=0) - supporters, seen.sum(axis=0) - seen
    rate = smoothed_rate(supporters, seen)
    return SideStatistics(
        supporters=supporters,
        rate=rate,
        test=proportion_test(supporters, seen),
        ratio=rate / smoothed_rate(rest, rest_seen),
        ratio_test=two_proportion_test(supporters, seen, rest, rest_seen),
    )


def two_proportion_test(supporters: Counts, seen: Counts, rest: Counts, rest_seen: Counts) -> Floats:
    """z of the difference of two shares, one pseudo-vote for the side added to each; 0 where all take the side."""
    s1, n1, s2, n2 = supporters + 1, seen + 1, rest + 1, rest_seen + 1
    pooled = (s1 + s2) / (n1 + n2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z: Floats = np.divide(s1 / n1 - s2 / n2, spread, out=np.zeros_like(pooled), where=pooled < 1)
    return z


def _chosen(
    agree: SideStatistics, disagree: SideStatistics, counts: GroupCounts, eligible: Flags, g: int, limit: int
) -> list[int]:
    score = np.where(agree.ratio_test[g] > disagree.ratio_test[g], agree.score[g], disagree.score[g])
    sufficient = np.flatnonzero(eligible & (agree.passes[g] | disagree.passes[g]))
    ranked = [int(j) for j in sufficient[np.argsort(-score[sufficient], kind="stable")]]
    head = _best_agreed(agree, counts, eligible, g)
    if head is None and not ranked:
        head = _closest(agree, disagree, eligible, g)
    chosen = ([] if head is None else [head]) + [j for j in ranked if j != head]
    agrees = agree.ratio_test[g] > disagree.ratio_test[g]
    return sorted(chosen[:limit], key=lambda j: not agrees[j])


def _best_agreed(agree: SideStatistics, counts: GroupCounts, eligible: Flags, g: int) -> int | None:
    """The statement the group agrees with most: typical of it if any is, otherwise merely liked by it."""
    voted = eligible & (counts.agree[g] + counts.disagree[g] > 0)
    liked = voted & ((agree.test[g] > Z_90) | ((agree.ratio[g] > 1) & (agree.rate[g] > 0.5)))
    typical = liked & (agree.ratio[g] > 1)
    if typical.any():
        return int(np.argmax(np.where(typical, agree.score[g], -np.inf)))
    if liked.any():
        return int(np.argmax(np.where(liked, (agree.rate * agree.test)[g], -np.inf)))
    return None


def _closest(agree: SideStatistics, disagree: SideStatistics, eligible: Flags, g: int) -> int | None:
    if not eligible.any():
        return None
    nearness = np.maximum(agree.ratio_test[g], disagree.ratio_test[g])
    return int(np.argmax(np.where(eligible, nearness, -np.inf)))


def _described(
    votes: VoteMatrix, counts: GroupCounts, statistics: SideStatistics, side: str, g: int, j: int
) -> RepresentativeStatement:
    return RepresentativeStatement(
        statement=j,
        statement_id=int(votes.statement_ids[j]),
        side=side,
        supporters=int(statistics.supporters[g, j]),
        agree=int(counts.agree[g, j]),
        disagree=int(counts.disagree[g, j]),
        votes=int(counts.seen[g, j]),
        rate=float(statistics.rate[g, j]),
        test=float(statistics.test[g, j]),
        ratio=float(statistics.ratio[g, j]),
        ratio_test=float(statistics.ratio_test[g, j]),
        score=float(statistics.score[g, j]),
    )
