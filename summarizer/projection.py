"""Where participants and statements stand: a sparse principal component analysis of the votes.

A missing vote is filled with its statement's mean and columns are centred, so a missing vote is exactly 0 and the
matrix to analyse is v_ij - mean_j on the voted cells alone (Small et al., "Polis: Scaling deliberation by mapping high
dimensional opinion spaces", Recerca 26(2), 2021). Everything is O(votes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from summarizer.votes import Floats, Ids, VoteMatrix

DENSE_BELOW = 64  # statements; below it a dense eigenproblem is quicker than an iteration


@dataclass(frozen=True, eq=False)
class Projection:
    """Two principal axes of the votes.

    `means` (C) and `loadings` (C × 2) are 0 for statements left out. `positions` (P × 2) and `statement_positions`
    (C × 2) are in the same map units; `extremity` (C) is how far a statement stands from the middle.
    """

    means: Floats
    loadings: Floats
    positions: Floats
    statement_positions: Floats
    extremity: Floats


def project(votes: VoteMatrix, left_out: Ids, start: Floats | None = None) -> Projection:
    """Finds the two axes along which votes differ most and places everybody on them.

    `left_out` holds column numbers that count as a pass of everybody. `start` (C × 2) are loadings to begin from, of a
    previous map: they make the search shorter and choose the axes' order and direction.
    """
    means = means_without(votes, left_out)
    centred = centred_votes(votes, means, left_out)
    loadings = oriented(principal_loadings(centred, start), start)
    loadings[left_out] = 0.0  # they are, but for rounding
    statement_positions = place_statements(means, loadings, left_out)
    return Projection(
        means=means,
        loadings=loadings,
        positions=place_participants(votes, centred, loadings, left_out),
        statement_positions=statement_positions,
        extremity=np.hypot(statement_positions[:, 0], statement_positions[:, 1]),
    )


def means_without(votes: VoteMatrix, left_out: Ids) -> Floats:
    means = votes.means.copy()
    means[left_out] = 0.0
    return means


def centred_votes(votes: VoteMatrix, means: Floats, left_out: Ids) -> csr_array[np.float64]:
    """v_ij - mean_j on voted cells (P × C); 0 for statements left out."""
    values = votes.choices - means[votes.columns]
    if len(left_out):
        is_left_out = np.zeros(len(means), dtype=np.bool_)
        is_left_out[left_out] = True
        values[is_left_out[votes.columns]] = 0.0
    return votes.with_values(values)


def place_participants(votes: VoteMatrix, centred: csr_array[np.float64], loadings: Floats, left_out: Ids) -> Floats:
    """√(C / n_i) · Σ_j (v_ij - mean_j) · loading_j (P × 2): few votes are stretched so that they count as much as many.

    Statements left out count as voted on by everybody in n_i, as in Polis.
    """
    statement_count = votes.shape[1]
    counted = votes.votes_of_participants
    if len(left_out):
        is_left_out = np.bincount(left_out, minlength=statement_count) > 0
        cast_on_left_out = np.bincount(votes.rows[is_left_out[votes.columns]], minlength=votes.shape[0])
        counted = counted - cast_on_left_out + len(left_out)
    stretch = np.sqrt(statement_count / np.maximum(counted, 1))
    positions: Floats = np.asarray(centred @ loadings) * stretch[:, None]
    return positions


def place_statements(means: Floats, loadings: Floats, left_out: Ids) -> Floats:
    """√C · (1 - mean_j) · loading_j (C × 2): where somebody would stand who only agreed with the statement."""
    placed: Floats = np.sqrt(len(means)) * (1 - means)[:, None] * loadings
    placed[left_out] = 0.0
    return placed


def principal_loadings(centred: csr_array[np.float64], start: Floats | None = None) -> Floats:
    """The two leading right singular vectors (C × 2); a column of zeros where there is nothing left to explain."""
    statement_count = centred.shape[1]
    if min(centred.shape) == 0:
        return np.zeros((statement_count, 2))
    if statement_count <= DENSE_BELOW:
        strengths, vectors = np.linalg.eigh((centred.T @ centred).toarray())
    else:
        strengths, vectors = _leading_pairs(centred, start)
    strengths, vectors = strengths[::-1][:2], vectors[:, ::-1][:, :2]
    loadings = np.zeros((statement_count, 2))
    explains = strengths > max(strengths[0], 1.0) * 1e-12
    loadings[:, np.flatnonzero(explains)] = vectors[:, explains]
    return loadings


def _leading_pairs(centred: csr_array[np.float64], start: Floats | None) -> tuple[Floats, Floats]:
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh  # slow import

    size = centred.shape[1]
    transposed = centred.T

    def squared(vector: Floats) -> Floats:
        return np.asarray(transposed @ (centred @ vector))

    operator = LinearOperator((size, size), matvec=squared, dtype=np.float64)
    first = np.linspace(1, 2, size)  # no direction is missing from it
    if start is not None and start.any():
        first = start.sum(axis=1) + 1e-3 * first
    if not np.any(centred.data):
        return np.zeros(2), np.zeros((size, 2))
    try:
        strengths, vectors = eigsh(operator, k=2, v0=first, tol=1e-10, ncv=min(size, 16), maxiter=20)
    except ArpackNoConvergence:  # no clear second axis: any direction that explains nearly as much will do
        strengths, vectors = eigsh(operator, k=2, v0=first, tol=1e-3, ncv=min(size, 48))
    return strengths, vectors


def oriented(loadings: Floats, previous: Floats | None = None) -> Floats:
    """The same axes, directed as those of the previous map or, without one, so that the strongest statements point up.

    A singular vector's sign is arbitrary, and two axes of almost equal strength may change places between two maps.
    """
    if previous is None or not previous.any():
        direction = np.where((loadings**3).sum(axis=0) < 0, -1.0, 1.0)
        return loadings * direction
    overlap = previous.T @ loadings
    if abs(overlap[0, 1]) + abs(overlap[1, 0]) > abs(overlap[0, 0]) + abs(overlap[1, 1]):
        loadings, overlap = loadings[:, ::-1], overlap[:, ::-1]
    return loadings * np.where(np.diag(overlap) < 0, -1.0, 1.0)
