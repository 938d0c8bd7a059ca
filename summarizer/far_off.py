"""Texts that are far from the others: perhaps not about the question, perhaps a new idea. It points; people decide."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from summarizer.similarity import Floats, Vectors

FEWEST = 20  # texts in one language, to know how far is usual
NEAREST = 3
WIDTH = 1.0  # interquartile ranges below the lower quartile


@dataclass(frozen=True)
class FarOff:
    """Row of a text, the mean cosine to its three nearest, and the lowest that is still usual there."""

    row: int
    closeness: float
    usual: float


def far_off(
    vectors: Vectors, languages: Sequence[str], among: Sequence[int], fewest: int = FEWEST
) -> tuple[FarOff, ...]:
    """Which rows of `vectors` (n, d; unit rows) in `among` are far from all others in their language.

    A text's closeness is the mean cosine to its three nearest in its language, without itself. Far off is what lies
    more than one interquartile range below the lower quartile of these (the fences of Tukey 1977, narrower). On three
    Polis conversations of 30 to 110 statements this finds 79 to 90 of a hundred statements that come from another
    conversation, and about 4 of a hundred of its own: a hint to look, no judgement. Languages with fewer than `fewest`
    texts are left alone.
    """
    found = []
    for language in sorted({languages[row] for row in among}):
        rows = [row for row, each in enumerate(languages) if each == language]
        if len(rows) < fewest:
            continue
        closeness = _closeness(vectors[rows].astype(np.float64))
        lower, upper = np.percentile(closeness, [25, 75])
        usual = lower - WIDTH * (upper - lower)
        far = {row: float(value) for row, value in zip(rows, closeness, strict=True) if value < usual}
        found += [FarOff(row, round(far[row], 4), round(float(usual), 4)) for row in among if row in far]
    return tuple(found)


def _closeness(vectors: Floats) -> Floats:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    nearest: Floats = np.sort(cosines, axis=1)[:, -NEAREST:].mean(axis=1)
    return nearest
