"""Texts like the one being written, offered before it is posted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.similarity import Vectors

FEWEST_TO_COMPARE = 5


@dataclass(frozen=True)
class Similar:
    """Row of the given texts and how many standard deviations above the mean of all rows its cosine lies."""

    row: int
    z: float


def similar_texts(vector: Vectors, others: Vectors, most: int = 3, at_least: float = 1.5) -> tuple[Similar, ...]:
    """The rows of `others` (n, d) nearest to `vector` (d), best first, as z-scores among these n.

    Cosines of one encoder live in a narrow band, so a fixed limit on them would offer everything or nothing. Fewer
    than five texts give no yardstick and no offer. Ties go to the earlier row.
    """
    if len(others) < FEWEST_TO_COMPARE:
        return ()
    cosines: NDArray[np.float64] = others.astype(np.float64) @ vector.astype(np.float64)
    deviation = float(cosines.std())
    if deviation < 1e-9:
        return ()
    scores = np.round((cosines - cosines.mean()) / deviation, 4)
    best = np.argsort(-scores, kind="stable")[:most]
    return tuple(Similar(int(row), float(scores[row])) for row in best if scores[row] >= at_least)
