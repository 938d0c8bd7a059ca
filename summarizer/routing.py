"""Which statement to show next: those whose fate is least known and that could matter most."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from summarizer.consensus import GroupCounts
from summarizer.votes import Floats, Ids

META_PRIORITY = 49.0  # 7²: statements about the person rather than the question, asked early


def statement_priorities(counts: GroupCounts, extremity: Floats, meta: Ids) -> Floats:
    """How urgently each statement (C) needs votes, > 0. `meta` holds column numbers.

    ((1 - (passes+1)/(S+2)) · (extremity+1) · (A+1)/(S+2) · (1 + 8·2^(-S/5)))², as Polis computes it.
    """
    agree, disagree, seen = counts.agree.sum(axis=0), counts.disagree.sum(axis=0), counts.seen.sum(axis=0)
    passes = seen - agree - disagree
    importance = (1 - (passes + 1) / (seen + 2)) * (extremity + 1) * (agree + 1) / (seen + 2)
    priorities: Floats = (importance * (1 + 8 * 2.0 ** (-seen / 5))) ** 2
    priorities[meta] = META_PRIORITY
    return priorities


def choose_next(priorities: Floats, voted: Collection[int], rng: np.random.Generator) -> int | None:
    """A place in `priorities`, drawn with probability proportional to priority among those not in `voted`.

    None if nothing is left to vote on.
    """
    weights = priorities.copy()
    weights[list(voted)] = 0.0
    total = weights.sum()
    if not total > 0:
        return None
    return int(rng.choice(len(weights), p=weights / total))
