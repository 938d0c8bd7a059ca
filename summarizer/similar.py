"""Texts like the one being written, offered before it is posted."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.similarity import Vectors

FEWEST_TO_COMPARE = 5

Floats = NDArray[np.float64]


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
    translations. So the mean of the rows of each language is taken out first (the first step of "all but the top",
    Mu and Viswanath 2018, arXiv 1702.01417); a language with fewer than five rows is centred on the mean of all. On 60
    statements in mixed languages the translation of a statement then came first 55 times instead of 31. Fewer than
    five texts show no centre, and nothing is offered. Ties go to the earlier row.
    """
    if len(others) < FEWEST_TO_COMPARE:
        return ()
    exact = others.astype(np.float64)
    centres = _centres(exact, np.array(languages))
    everything = centres[""]
    rows = _unit(exact - np.stack([centres.get(each, everything) for each in languages]))
    closeness = np.round(rows @ _unit(vector.astype(np.float64) - centres.get(language, everything)), 4)
    nearest = [int(row) for row in np.argsort(-closeness, kind="stable") if closeness[row] >= at_least]
    return tuple(Similar(row, float(closeness[row])) for row in nearest if among is None or row in among)[:most]


def _centres(rows: Floats, languages: NDArray[np.str_]) -> dict[str, Floats]:
    """The mean of each language with enough rows, and under "" the mean of all."""
    centres: dict[str, Floats] = {"": rows.mean(axis=0)}
    for language in np.unique(languages):
        of_it = rows[languages == language]
        if len(of_it) >= FEWEST_TO_COMPARE:
            centres[str(language)] = of_it.mean(axis=0)
    return centres


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors, dtype=np.float64), where=lengths > 1e-9)
    return unit
