"""A slate: a short list of statements in which everybody finds some of their own views, in proportion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from summarizer.votes import Flags, Floats, Ids, VoteMatrix

DOUBTERS = 5


@dataclass(frozen=True, eq=False)
class Slate:
    """Column numbers in the order chosen, and the share of participants who agree with at least one of the first n."""

    statements: Ids
    represented: tuple[float, ...]


def proportional_slate(votes: VoteMatrix, eligible: Flags, size: int = 5) -> Slate:
    """Chooses statements one by one; who agrees with n of those chosen weighs 1 / (n + 1) from then on.

    Sequential proportional approval voting (Thiele 1895; Lackner and Skowron, "Multi-Winner Voting with Approval
    Preferences", 2023), where not everybody saw everything: a statement's support is the weighted share of agreement
    among those who voted on it, as if five more had voted and not agreed. `eligible` (C) marks the statements that may
    be chosen.
    """
    return _chosen(votes, eligible, size, is_proportional=True)


def majority_slate(votes: VoteMatrix, eligible: Flags, size: int = 5) -> Slate:
    """The statements with the largest share of agreement, counted the same way: what a majority alone would list."""
    return _chosen(votes, eligible, size, is_proportional=False)


def _chosen(votes: VoteMatrix, eligible: Flags, size: int, is_proportional: bool) -> Slate:
    agreed_with = np.zeros(votes.shape[0])
    open_to_choice = eligible.copy()
    statements: list[int] = []
    represented: list[float] = []
    while len(statements) < size and open_to_choice.any():
        weights = 1 / (agreed_with + 1) if is_proportional else np.ones(votes.shape[0])
        best = int(np.argmax(np.where(open_to_choice, _support(votes, weights), -1.0)))
        open_to_choice[best] = False
        agreed_with[votes.rows[(votes.columns == best) & (votes.choices == 1)]] += 1
        statements.append(best)
        represented.append(float((agreed_with > 0).mean()))
    return Slate(np.array(statements, dtype=np.int64), tuple(represented))


def _support(votes: VoteMatrix, weights: Floats) -> Floats:
    """Weight of those who agree / (number of those who voted + 5), per statement (C): few votes do not suffice."""
    weight_of_votes = weights[votes.rows] * (votes.choices == 1)
    agreement = np.bincount(votes.columns, weight_of_votes, minlength=votes.shape[1])
    support: Floats = agreement / (votes.tally.sum(axis=1) + DOUBTERS)
    return support
