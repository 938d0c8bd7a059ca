"""Made-up assemblies of any size: opinion groups with their own rates, and people who vote a little or a lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RawVotes:
    """Three equal-length arrays, oldest vote first."""

    participants: NDArray[np.int64]
    statements: NDArray[np.int64]
    values: NDArray[np.int64]


def made_up_votes(people: int, statements: int, votes: int, groups: int = 4, seed: int = 1) -> RawVotes:
    """About `votes` votes, each on another statement; activity falls off as it does in real conversations."""
    rng = np.random.default_rng(seed)
    activity = rng.lognormal(0, 1, people)
    mean_votes = votes / people
    wanted = np.clip(activity / activity.mean() * mean_votes, 1, statements).astype(np.int64)
    wanted = np.clip(np.round(wanted * votes / wanted.sum()), 1, statements).astype(np.int64)
    who = np.repeat(np.arange(people), wanted)
    first = rng.integers(0, statements, people)
    stride = rng.choice(_coprime_with(statements), people)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    what = (first[who] + nth * stride[who]) % statements
    rates = rng.beta(0.7, 0.7, (groups, statements))
    agrees = rng.random(len(who)) < rates[who % groups, what]
    values = np.where(rng.random(len(who)) < 0.15, 0, np.where(agrees, 1, -1))
    order = rng.permutation(len(who))
    return RawVotes(who[order], what[order], values[order])


def _coprime_with(number: int) -> NDArray[np.int64]:
    candidates = np.arange(1, max(number, 2))
    return candidates[np.gcd(candidates, number) == 1]
