"""Bridging: how much a statement is liked once the main divide is explained away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from summarizer.votes import Floats, Ids, VoteMatrix


@dataclass(frozen=True)
class BridgingOptions:
    """Intercepts are held back five times as much as factors, so that a divide explains what it can first."""

    intercept_penalty: float = 5.0
    factor_penalty: float = 1.0
    rounds: int = 30
    tolerance: float = 1e-4


def bridging_scores(votes: VoteMatrix, left_out: Ids, start: Floats, options: BridgingOptions | None = None) -> Floats:
    """b_j of v_ij ≈ μ + b_i + b_j + f_i · f_j for each statement (C); high = liked across the divide.

    Rank-1 matrix factorisation with ridge penalties, by alternating least squares from `start` (C, a direction that
    divides, for instance the first loadings). After Wojcik et al., "Birdwatch: Crowd wisdom and bridging algorithms can
    inform understanding and reduce the spread of misinformation", 2022. `left_out` columns score 0. O(votes) a round.
    """
    options = options or BridgingOptions()
    kept = ~np.isin(votes.columns, left_out)
    if not kept.any():
        return np.zeros(votes.shape[1])
    mean = float(votes.choices[kept].mean())
    marks = votes.with_values(kept.astype(np.float64))
    values = votes.with_values(np.where(kept, votes.choices - mean, 0.0))
    marks_of_statements, values_of_statements = marks.T.tocsr(), values.T.tocsr()
    scale = float(np.abs(start).max(initial=0.0)) or 1.0
    intercepts, factors = np.zeros(votes.shape[1]), start / scale
    for _round in range(options.rounds):
        before = intercepts
        leniency, leaning = _fitted(marks, values, intercepts, factors, options)
        intercepts, factors = _fitted(marks_of_statements, values_of_statements, leniency, leaning, options)
        if np.abs(intercepts - before).max() < options.tolerance:
            break
    return intercepts


def _fitted(
    marks: csr_array[np.float64],
    values: csr_array[np.float64],
    intercepts: Floats,
    factors: Floats,
    options: BridgingOptions,
) -> tuple[Floats, Floats]:
    """Each row's intercept and factor that fit its votes best, given those of the columns: a 2 × 2 ridge regression."""
    columns = np.column_stack([np.ones(len(factors)), factors, factors**2, intercepts, intercepts * factors])
    count, linear, square, shift, shifted = np.asarray(marks @ columns).T
    plain, crossed = np.asarray(values @ columns[:, :2]).T
    target, crossed_target = plain - shift, crossed - shifted
    count, square = count + options.intercept_penalty, square + options.factor_penalty
    determinant = count * square - linear**2
    fitted_intercepts = (square * target - linear * crossed_target) / determinant
    fitted_factors = (count * crossed_target - linear * target) / determinant
    return fitted_intercepts, fitted_factors
