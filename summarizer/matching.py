"""Whether an argument makes a key point: a probability from a few fitted numbers, and who is matched to what."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.similarity import Similarity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    """Log-odds intercept + meaning · z_meaning + wording · z_wording of making a point, from the two texts alone."""

    intercept: float
    meaning: float
    wording: float

    def log_odds(self, similarity: Similarity) -> Floats:
        return np.asarray(self.intercept + self.meaning * similarity.meaning + self.wording * similarity.wording)


@dataclass(frozen=True)
class Company:
    """Log-odds intercept + alone · l + neighbours · n + around · a + size · ln m.

    l is the likeness itself; n its mean over the arguments nearest to this one, since those who speak alike mean
    alike; a is the argument's likeness to those nearest to the point, since a point may be put in many words; m is
    the number of arguments, since the best of a few looks better than it is.
    """

    intercept: float
    alone: float
    neighbours: float
    around: float
    size: float


# Weights fitted by `python -m benchmarks.key_points fit` on the 24 topics of ArgKP-2021 train (Bar-Haim et al. 2020,
# doi 10.18653/v1/2020.acl-main.371): arguments against experts' key points, undecided pairs left out, in whole
# blocks and in draws of 12 and 30 arguments a side. No fit sees the luck of the best of a few, since experts' points
# are chosen among none: `size` and the intercept beside it are set so that small sides match quotations nearly as well
# as large ones. They were right .66, .74 and .76 of the decided times at THRESHOLD in draws of 12, of 30 and in whole
# blocks; without `size` .57, .69 and .75 (`pipeline`).
WITHIN_A_LANGUAGE = Likeness(intercept=-1.7, meaning=0.51, wording=0.58)
ACROSS_LANGUAGES = Likeness(intercept=-1.77, meaning=0.8, wording=0.0)
IN_COMPANY = Company(intercept=-2.2, alone=0.63, neighbours=0.51, around=0.23, size=0.56)
THRESHOLD = 0.7


def likeness(similarity: Similarity) -> Floats:
    """Log-odds that a row makes the point of a column, from these two texts alone."""
    within, across = WITHIN_A_LANGUAGE.log_odds(similarity), ACROSS_LANGUAGES.log_odds(similarity)
    return np.where(similarity.same_language, within, across)


def match_probabilities(said: Similarity, points: Similarity, readable: NDArray[np.intp]) -> Floats:
    """Probability (arguments, points) that an argument makes a point, rounded so that ties are ties everywhere.

    `said` compares all n arguments of a side with the m readable ones, whose rows `readable` names; `points` compares
    the n arguments with the points. Company raised the mean average precision on ArgKP-2021 (strict) from .76 to .79
    (train) and from .76 to .78 (dev); half the root of m is company enough, more blurs small blocks.
    Of what else was tried, word TF-IDF, an argument's length, hubness (CSLS) and leading components taken out added
    nothing that lasted under cross-validation.
    """
    alone = likeness(points)
    if len(readable) < 2:
        return _probabilities(alone)
    neighbours, around = in_company(likeness(said), alone, readable)
    return _probabilities(
        IN_COMPANY.intercept
        + IN_COMPANY.alone * alone
        + IN_COMPANY.neighbours * neighbours
        + IN_COMPANY.around * around
        + IN_COMPANY.size * np.log(len(readable))
    )


def in_company(said: Floats, points: Floats, readable: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Likeness (arguments, points) of an argument's neighbours to the point, and of it to those around the point.

    said is (n, m), points (n, p); only the m >= 2 readable arguments are anybody's company, √m / 2 of them each.
    """
    company = max(1, round(len(readable) ** 0.5 / 2))
    said, itself, to_readable = said.copy(), np.arange(len(readable)), points[readable]
    said[readable, itself] = -np.inf
    nearest = np.argsort(-said, axis=1, kind="stable")[:, :company]
    said[readable, itself] = said[readable].max(axis=1)
    nearest_to_point = np.argsort(-to_readable, axis=0, kind="stable")[:company]
    return to_readable[nearest].mean(axis=1), said[:, nearest_to_point].mean(axis=1)


def assign(probabilities: Floats, threshold: float, most_points: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which argument (row) is matched to which point (column): its likeliest points at or above the threshold.

    most_points (n) says how many points each argument may make.
    """
    ranks = np.argsort(np.argsort(-probabilities, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((ranks < most_points[:, None]) & (probabilities >= threshold))


def _probabilities(log_odds: Floats) -> Floats:
    return np.asarray((1 / (1 + np.exp(-log_odds))).round(6))
