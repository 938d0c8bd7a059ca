"""Prediction as the judge of a grouping: votes nobody looked at, predicted with the groups and without them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.grouping import GroupingOptions, Labels, partition_into, who_is_grouped
from summarizer.projection import project
from summarizer.votes import Floats, Ids, VoteMatrix

PRIOR_VOTES = 4.0  # a group's rate starts as this many votes at the statement's rate, and that at the overall rate
PARTS = 10
FEW_VOTES = 20_000


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


def judge_groups(votes: VoteMatrix, left_out: Ids, k: int, options: GroupingOptions, seed: int) -> Judgement:
    """Hides a tenth of the votes, maps the rest into k groups, predicts what was hidden.

    Few votes are judged on each tenth in turn, many on three of them. `left_out` holds column numbers; votes on them
    are neither hidden nor predicted.
    """
    rng = np.random.default_rng([seed, 2])
    part = rng.permutation(votes.vote_count) % PARTS
    rounds = PARTS if votes.vote_count < FEW_VOTES else 3
    hideable = ~np.isin(votes.columns, left_out)
    losses = [_losses(votes, left_out, hideable & (part == n), k, options, seed) for n in range(rounds)]
    without, with_groups = (np.concatenate(each) for each in zip(*losses, strict=True))
    if len(without) == 0:
        return Judgement(0.0, 0.0, 0.0, 0)
    return Judgement(
        without_groups=float(without.mean()),
        with_groups=float(with_groups.mean()),
        standard_error=float((without - with_groups).std() / np.sqrt(len(without))),
        hidden_votes=len(without),
    )


def _losses(
    votes: VoteMatrix, left_out: Ids, hidden: NDArray[np.bool_], k: int, options: GroupingOptions, seed: int
) -> tuple[Floats, Floats]:
    shown = votes.restricted_to(~hidden)
    if shown.vote_count == 0:
        return np.zeros(0), np.zeros(0)
    still_left_out = shown.statement_indices(votes.statement_ids[left_out])
    grouped = who_is_grouped(shown, options)
    split = partition_into(project(shown, still_left_out).positions[grouped], k, options, seed)
    labels = np.full(len(grouped), -1, dtype=np.int64)
    labels[grouped] = 0 if split is None else split.labels
    everybody = np.full(votes.shape[0], -1, dtype=np.int64)
    everybody[np.searchsorted(votes.participant_ids, shown.participant_ids)] = labels
    no_groups = np.full(votes.shape[0], -1, dtype=np.int64)
    return log_losses(votes, hidden, no_groups), log_losses(votes, hidden, everybody)


def log_losses(votes: VoteMatrix, hidden: NDArray[np.bool_], group_of: Labels) -> Floats:
    """-log of the probability given to each vote marked in `hidden`, predicted from the others.

    A voter's group (`group_of`, P, -1 = none) predicts with its own rates, shrunk towards the statement's, which are
    shrunk towards those of all votes.
    """
    groups = int(group_of.max(initial=-1)) + 1
    statements = votes.shape[1]
    choice = votes.choices.astype(np.int64) + 1
    by_statement = _counted(votes.columns[~hidden], choice[~hidden], statements)
    overall = _shrunk(by_statement.sum(axis=0), np.full(3, 1 / 3))
    statement_rates = _shrunk(by_statement, overall)
    cell = group_of[votes.rows] * statements + votes.columns
    seen = ~hidden & (cell >= 0)
    by_group = _counted(cell[seen], choice[seen], groups * statements).reshape(groups, statements, 3)
    rates = np.concatenate([_shrunk(by_group, statement_rates), statement_rates[None]])  # -1 picks the last: no group
    predicted = rates[group_of[votes.rows[hidden]], votes.columns[hidden], choice[hidden]]
    losses: Floats = -np.log(predicted)
    return losses


def _counted(cells: NDArray[np.integer], choice: NDArray[np.int64], size: int) -> Floats:
    counts = np.bincount(cells.astype(np.int64) * 3 + choice, minlength=3 * size)
    return counts.reshape(size, 3).astype(np.float64)


def _shrunk(counts: Floats, prior: Floats) -> Floats:
    rates: Floats = (counts + PRIOR_VOTES * prior) / (counts.sum(axis=-1, keepdims=True) + PRIOR_VOTES)
    return rates
