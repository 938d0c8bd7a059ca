"""k-means on weighted points in the plane: seeded, with many starts side by side, and blind to the points' order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.votes import Floats, Ids

MANY_POINTS = 300  # above this the search runs on base clusters instead of single participants
STRIPS = 12


@dataclass(frozen=True, eq=False)
class Clustering:
    """`centres` (k × 2), the cluster of each point (n), and the weighted sum of squared distances to the centres."""

    centres: Floats
    labels: NDArray[np.int64]
    inertia: float


@dataclass(frozen=True, eq=False)
class BaseClusters:
    """Weighted points (B × 2, B) that stand for many participants, and the base cluster of each participant (n)."""

    points: Floats
    weights: Floats
    labels: NDArray[np.int64]


def base_clusters(positions: Floats) -> BaseClusters:
    """Few positions stand for themselves; many are gathered into 144 cells of neighbours, equally full.

    The positions are cut into strips of equal count along the first axis, and each strip along the second.
    """
    order = canonical_order(positions)
    if len(positions) <= MANY_POINTS:
        labels = np.empty(len(positions), dtype=np.int64)
        labels[order] = np.arange(len(positions))
        return BaseClusters(positions[order], np.ones(len(positions)), labels)
    ranks = np.arange(len(positions)) * STRIPS // len(positions)
    by_height = np.lexsort((positions[order, 1], ranks))
    labels = np.empty(len(positions), dtype=np.int64)
    labels[order[by_height]] = np.arange(len(positions)) * STRIPS**2 // len(positions)
    weights = np.bincount(labels, minlength=STRIPS**2).astype(np.float64)
    return BaseClusters(_sums(positions, labels, STRIPS**2) / weights[:, None], weights, labels)


def canonical_order(positions: Floats) -> Ids:
    """An order that depends on where the points are, not on how they are numbered (rounding noise set aside)."""
    scale = float(np.abs(positions).max(initial=0.0)) or 1.0
    rounded = np.round(positions / scale, 9)
    return np.lexsort((rounded[:, 1], rounded[:, 0]))


def seeded_starts(points: Floats, weights: Floats, k: int, starts: int, rng: np.random.Generator) -> Floats:
    """k-means++ (Arthur and Vassilvitskii 2007): `starts` sets of k centres (starts × k × 2), far from each other."""
    chosen = np.empty((starts, k, 2))
    distance = np.ones((starts, len(points)))
    for n in range(k):
        reach = np.cumsum(distance * weights, axis=1)
        drawn = (reach > rng.random((starts, 1)) * reach[:, -1:]).argmax(axis=1)
        chosen[:, n] = points[drawn]
        to_new = _squared_distances(points, chosen[:, n])
        distance = to_new if n == 0 else np.minimum(distance, to_new)
    return chosen


def cluster(points: Floats, weights: Floats, centres: Floats, rounds: int = 100) -> list[Clustering]:
    """Lloyd's algorithm from several starts at once (starts × k × 2), each to its own local optimum."""
    starts, k, _ = centres.shape
    weighted = np.column_stack([weights, weights[:, None] * points])
    labels = np.full((starts, len(points)), -1)
    for _round in range(rounds):
        distances = np.stack([_squared_distances(points, centres[:, n]) for n in range(k)], axis=1)
        nearest = distances.argmin(axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        sums = (labels[:, None] == np.arange(k)[:, None]).astype(np.float64) @ weighted
        filled = sums[:, :, 0] > 0
        centres = np.where(filled[:, :, None], sums[:, :, 1:] / np.where(filled, sums[:, :, 0], 1)[:, :, None], centres)
    inertia = distances.min(axis=1) @ weights
    return [Clustering(centres[s], labels[s], float(inertia[s])) for s in range(starts)]


def silhouette(points: Floats, weights: Floats, labels: NDArray[np.int64], k: int) -> float:
    """The mean silhouette (Rousseeuw 1987) of weighted points, each counting as `weight` points in one place; -1..1."""
    distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    member = (labels[:, None] == np.arange(k)) * weights[:, None]
    totals, sizes = distances @ member, member.sum(axis=0)
    own = np.arange(len(points)), labels
    within = totals[own] / np.maximum(sizes[labels] - 1, 1)
    others = totals / np.maximum(sizes, 1e-300)
    others[own] = np.inf
    between = others.min(axis=1)
    widest = np.maximum(within, between)
    widths = np.divide(between - within, widest, out=np.zeros_like(widest), where=(widest > 0) & (sizes[labels] > 1))
    return float(widths @ weights / weights.sum())


def nearest_centre(positions: Floats, centres: Floats) -> NDArray[np.int64]:
    """The number of the centre nearest to each position (n)."""
    labels: NDArray[np.int64] = _squared_distances(positions, centres).argmin(axis=0)
    return labels


def centres_of(positions: Floats, labels: NDArray[np.int64], k: int) -> Floats:
    """The mean position of each cluster (k × 2); every cluster must have a member."""
    centres: Floats = _sums(positions, labels, k) / np.bincount(labels, minlength=k)[:, None]
    return centres


def inertia(positions: Floats, labels: NDArray[np.int64], k: int) -> float:
    """The sum of squared distances of positions to the mean of their cluster."""
    return float(((positions - centres_of(positions, labels, k)[labels]) ** 2).sum())


def _squared_distances(points: Floats, centres: Floats) -> Floats:
    """From each of several centres (s × 2) to all points: s × n."""
    across = points[:, 0] - centres[:, :1]
    up = points[:, 1] - centres[:, 1:]
    squared: Floats = across * across + up * up
    return squared


def _sums(positions: Floats, labels: NDArray[np.int64], k: int) -> Floats:
    return np.column_stack([np.bincount(labels, positions[:, axis], minlength=k) for axis in range(2)])
