"""Whether an argument makes a key point: a probability from three fitted numbers, and who is matched to what."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.similarity import Similarity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Logistic:
    """p = 1 / (1 + exp(−(intercept + meaning · z_meaning + wording · z_wording)))."""

    intercept: float
    meaning: float
    wording: float

    def probability(self, similarity: Similarity) -> Floats:
        score = self.intercept + self.meaning * similarity.meaning + self.wording * similarity.wording
        return np.asarray(1 / (1 + np.exp(-score)), dtype=np.float64)


# Fitted by `python -m benchmarks.key_points fit` on the 24 topics of ArgKP-2021 train (Bar-Haim et al. 2020,
# doi 10.18653/v1/2020.acl-main.371): arguments against experts' key points, undecided pairs left out.
WITHIN_A_LANGUAGE = Logistic(intercept=-1.269, meaning=0.344, wording=0.701)
ACROSS_LANGUAGES = Logistic(intercept=-1.242, meaning=0.714, wording=0.0)
THRESHOLD = 0.55


def match_probabilities(similarity: Similarity) -> Floats:
    """Probability (arguments, points) that an argument makes a point, rounded so that ties are ties everywhere."""
    within, across = WITHIN_A_LANGUAGE.probability(similarity), ACROSS_LANGUAGES.probability(similarity)
    probabilities: Floats = np.where(similarity.same_language, within, across)
    return probabilities.round(6)


def assign(probabilities: Floats, threshold: float, points_per_argument: int) -> NDArray[np.bool_]:
    """Which argument (row) is matched to which point (column): its likeliest points at or above the threshold."""
    ranks = np.argsort(np.argsort(-probabilities, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((ranks < points_per_argument) & (probabilities >= threshold))
