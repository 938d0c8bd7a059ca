"""Prediction as the judge of a grouping: votes nobody looked at, predicted with the groups and without them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from summarizer.canonical import participant_order, statement_order
from summarizer.grouping import GroupingOptions, Labels, partition_into, who_is_grouped
from summarizer.kmeans import base_clusters
from summarizer.projection import Projection, project
from summarizer.votes import Flags, Floats, Ids, VoteMatrix

PRIOR_VOTES = 4.0  # a group's rate starts as this many votes at the statement's rate, and that at the overall rate
PARTS = 10


@dataclass(frozen=True)
class Judgement:
    """Mean log-loss (nats per vote, agree / pass / disagree) of hidden votes, predicted from the statement's rates
    alone and from its rates within the voter's group; `standard_error` is that of their difference."""

    without_groups: float
    with_groups: float
    standard_error: float
    hidden_votes: int

    @property
    def gain(self) -> float:
        return self.without_groups - self.with_groups

    @property
    def groups_predict(self) -> bool:
        """Whether the groups say more about hidden votes than can be chance."""
        return self.gain > 2 * self.standard_error


@dataclass(frozen=True)
class JudgingOptions:
    """How many of ten parts of the votes are hidden in turn, and from how many people at most."""

    rounds: int = 3
    rounds_if_few: int = 6
    few_votes: int = 5_000
    most_people: int = 1_000
    starts: int = 8
    """of k-means, per round"""


def judge_splits(
    votes: VoteMatrix,
    left_out: Ids,
    projection: Projection,
    grouping: GroupingOptions,
    seed: int,
    options: JudgingOptions | None = None,
) -> dict[int, Judgement]:
    """For each number of groups that is possible: do the groups predict hidden votes better than no groups?

    Hides a tenth of the votes, maps the rest, predicts what was hidden, several times. What is hidden depends on the
    votes alone (a pattern in their canonical order). `left_out` holds column numbers, which are not predicted.
    """
    options = options or JudgingOptions()
    people, part = _sampled_in_parts(votes, projection, who_is_grouped(votes, grouping), options.most_people)
    still_left_out = people.statement_indices(votes.statement_ids[left_out])
    hideable = ~(np.bincount(still_left_out, minlength=people.shape[1]) > 0)[people.columns]
    rounds = options.rounds_if_few if votes.vote_count < options.few_votes else options.rounds
    fewer_starts = replace(grouping, starts=options.starts)
    outcomes = [
        _losses_by_count(people, still_left_out, hideable & (part == n), fewer_starts, seed) for n in range(rounds)
    ]
    counts = [k for k in range(grouping.fewest, grouping.most + 1) if all(k in losses for losses in outcomes)]
    return {
        k: _judged(np.concatenate([each[1] for each in outcomes]), np.concatenate([each[k] for each in outcomes]))
        for k in counts
    }


def best_group_count(judgements: dict[int, Judgement], previous: int | None = None) -> int | None:
    """The fewest groups that predict within one standard error of the best number; None if none predicts.

    The previous number stays if it is among those. (Breiman et al., "Classification and Regression Trees", 1984.)
    """
    predicting = {k: judgement for k, judgement in judgements.items() if judgement.groups_predict}
    if not predicting:
        return None
    best = max(predicting.values(), key=lambda judgement: judgement.gain)
    as_good = [k for k, each in predicting.items() if each.gain >= best.gain - best.standard_error]
    return previous if previous in as_good else min(as_good)


def log_losses(votes: VoteMatrix, hidden: Flags, group_of: Labels) -> Floats:
    """-log of the probability given to each vote marked in `hidden`, predicted from the others.

    A voter's group (`group_of`, P, -1 = none) predicts with its own rates, shrunk towards the statement's, which are
    shrunk towards those of all votes.
    """
    return HiddenVotes.of(votes, hidden).log_losses(group_of)


@dataclass(frozen=True, eq=False)
class HiddenVotes:
    """Votes to predict and votes to predict them from: row, column and choice (0 disagree, 1 pass, 2 agree) of each."""

    hidden: tuple[Ids, Ids, Ids]
    shown: tuple[Ids, Ids, Ids]
    statement_rates: Floats

    @classmethod
    def of(cls, votes: VoteMatrix, hidden: Flags) -> HiddenVotes:
        cells = votes.rows, votes.columns.astype(np.int64), votes.choices.astype(np.int64) + 1
        _, columns, choices = shown = _where(cells, ~hidden)
        by_statement = _counted(columns, choices, votes.shape[1])
        overall = _shrunk(by_statement.sum(axis=0), np.full(3, 1 / 3))
        return cls(_where(cells, hidden), shown, _shrunk(by_statement, overall))

    def log_losses(self, group_of: Labels) -> Floats:
        rows, columns, choices = self.shown
        groups, statements = int(group_of.max(initial=-1)) + 1, len(self.statement_rates)
        cells = group_of[rows] * statements + columns
        grouped = cells >= 0
        by_group = _counted(cells[grouped], choices[grouped], groups * statements).reshape(groups, statements, 3)
        rates = np.concatenate([_shrunk(by_group, self.statement_rates), self.statement_rates[None]])
        rows, columns, choices = self.hidden
        losses: Floats = -np.log(rates[group_of[rows], columns, choices])  # -1 picks the last rates: no group
        return losses


def _sampled_in_parts(
    votes: VoteMatrix, projection: Projection, grouped: Flags, most: int
) -> tuple[VoteMatrix, NDArray[np.int64]]:
    """The votes of everybody, or of too many those of every n-th who is grouped, evenly over the map; and one of ten
    parts for every vote, so that each person's and each statement's votes are spread over them."""
    order = participant_order(votes, projection)
    if grouped.sum() > most:
        order = order[grouped[order]]
        order = order[np.linspace(0, len(order) - 1, most).astype(np.int64)]
    rank = np.full(votes.shape[0], -1)
    rank[order] = np.arange(len(order))
    sampled = rank >= 0
    people = votes if sampled.all() else votes.restricted_to(sampled[votes.rows])
    column_rank = np.empty(votes.shape[1], np.int64)
    column_rank[statement_order(votes, projection)] = np.arange(votes.shape[1])
    column_rank = column_rank[np.isin(votes.statement_ids, people.statement_ids)]
    return people, (rank[sampled][people.rows] + 3 * column_rank[people.columns]) % PARTS


def _losses_by_count(
    votes: VoteMatrix, left_out: Ids, hidden: Flags, options: GroupingOptions, seed: int
) -> dict[int, Floats]:
    """Log-losses of the hidden votes for each number of groups; 1 stands for no groups."""
    shown = votes.restricted_to(~hidden)
    rows = np.searchsorted(votes.participant_ids, shown.participant_ids)
    everybody = np.full(votes.shape[0], -1, dtype=np.int64)
    judged = HiddenVotes.of(votes, hidden)
    losses = {1: judged.log_losses(everybody)}
    if shown.vote_count == 0:
        return losses
    grouped = who_is_grouped(shown, options)
    positions = project(shown, shown.statement_indices(votes.statement_ids[left_out])).positions[grouped]
    base = base_clusters(positions)
    for k in range(options.fewest, options.most + 1):
        split = partition_into(positions, k, options, seed, base=base)
        if split is not None:
            group_of = everybody.copy()
            group_of[rows[grouped]] = split.labels
            losses[k] = judged.log_losses(group_of)
    return losses


def _judged(without: Floats, with_groups: Floats) -> Judgement:
    if len(without) == 0:
        return Judgement(0.0, 0.0, 0.0, 0)
    return Judgement(
        without_groups=float(without.mean()),
        with_groups=float(with_groups.mean()),
        standard_error=float((without - with_groups).std() / np.sqrt(len(without))),
        hidden_votes=len(without),
    )


def _where(cells: tuple[NDArray[np.integer], ...], chosen: Flags) -> tuple[Ids, Ids, Ids]:
    rows, columns, choices = (each[chosen].astype(np.int64, copy=False) for each in cells)
    return rows, columns, choices


def _counted(cells: Ids, choices: Ids, size: int) -> Floats:
    counts = np.bincount(cells * 3 + choices, minlength=3 * size)
    return counts.reshape(size, 3).astype(np.float64)


def _shrunk(counts: Floats, prior: Floats) -> Floats:
    rates: Floats = (counts + PRIOR_VOTES * prior) / (counts.sum(axis=-1, keepdims=True) + PRIOR_VOTES)
    return rates
