"""How alike the arguments of one side of one proposal are, as z-scores within that block.

Cosines of one encoder live in a narrow band that moves with the topic, so only their place among the block's own
pairs means anything. Two views are kept apart: meaning (dense vectors, also across languages) and wording (character
3–5-grams weighted by TF-IDF, within one language).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Texts:
    """Texts beside their languages (n) and unit vectors (n, d)."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: Vectors

    def at(self, rows: Sequence[int]) -> "Texts":
        return Texts(
            tuple(self.texts[row] for row in rows), tuple(self.languages[row] for row in rows), self.vectors[list(rows)]
        )


@dataclass(frozen=True)
class Similarity:
    """z-scores of rows against columns: meaning everywhere, wording where the languages are the same (else 0)."""

    meaning: Floats
    wording: Floats
    same_language: NDArray[np.bool_]


class BlockScale:
    """The yardstick of one block: means and deviations over all pairs of its texts, per pair of languages.

    Build it from the texts a result may depend on, then compare any texts with `compare`.
    """

    def __init__(self, block: Texts) -> None:
        self._vectoriser = _character_grams(block.texts)
        meaning, wording = self._cosines(block, block)
        pairs = np.triu(np.ones_like(meaning, dtype=np.bool_), k=1)
        self._meaning: dict[tuple[str, str], tuple[float, float]] = {}
        self._wording: dict[tuple[str, str], tuple[float, float]] = {}
        for pair, cells in _cells_by_language_pair(block, block):
            among = cells & pairs if pair[0] == pair[1] else cells & (pairs | pairs.T)
            self._meaning[pair] = _mean_and_deviation(meaning[among])
            self._wording[pair] = _mean_and_deviation(wording[among])

    def compare(self, rows: Texts, columns: Texts) -> Similarity:
        """z-scores (len(rows), len(columns)); a pair of languages without two pairs to measure by counts as average."""
        meaning, wording = self._cosines(rows, columns)
        same_language = np.zeros(meaning.shape, dtype=np.bool_)
        for pair, cells in _cells_by_language_pair(rows, columns):
            meaning[cells] = _standardised(meaning[cells], self._meaning.get(pair, (0.0, 0.0)))
            within = pair[0] == pair[1]
            wording[cells] = _standardised(
                wording[cells], self._wording.get(pair, (0.0, 0.0)) if within else (0.0, 0.0)
            )
            same_language |= cells & within
        return Similarity(np.round(meaning, 6), np.round(wording, 6), same_language)

    def _cosines(self, rows: Texts, columns: Texts) -> tuple[Floats, Floats]:
        dense = rows.vectors.astype(np.float64) @ columns.vectors.astype(np.float64).T
        if self._vectoriser is None:
            return dense, np.zeros_like(dense)
        grams = self._vectoriser.transform(rows.texts) @ self._vectoriser.transform(columns.texts).T
        return dense, grams.toarray()


def _character_grams(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # no stubs; slow import

    if not any(text.strip() for text in texts):
        return None
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit(texts)


def _cells_by_language_pair(rows: Texts, columns: Texts) -> list[tuple[tuple[str, str], NDArray[np.bool_]]]:
    across, down = np.array(rows.languages), np.array(columns.languages)
    languages = sorted({*rows.languages, *columns.languages})
    found = []
    for position, first in enumerate(languages):
        for second in languages[position:]:
            cells = np.outer(across == first, down == second) | np.outer(across == second, down == first)
            if cells.any():
                found.append(((first, second), cells))
    return found


def _mean_and_deviation(values: Floats) -> tuple[float, float]:
    return (float(values.mean()), float(values.std())) if values.size > 1 else (0.0, 0.0)


def _standardised(values: Floats, scale: tuple[float, float]) -> Floats:
    mean, deviation = scale
    return (values - mean) / deviation if deviation > 1e-9 else np.zeros_like(values)
