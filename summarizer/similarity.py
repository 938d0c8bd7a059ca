"""How alike the arguments on one proposal are, as z-scores among all pairs of them.

Cosines of one encoder live in a narrow band that moves with the topic and the language, so what the texts of each
language share is taken out first, and only a pair's place among all pairs on the proposal means anything. Two views
are kept apart: meaning (dense vectors, also across languages) and wording (character 3–5-grams weighted by TF-IDF,
within one language).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

FEWEST_FOR_A_CENTRE = 5


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


class Centres:
    """What the texts of each language share: the first step of "all but the top" (Mu and Viswanath 2018, 1702.01417).

    A language with fewer than five texts is centred on the mean of all. On 400 parallel sentences of NusaX an
    Indonesian one then finds its English translation 97.5 times in a hundred instead of 94. Taking out leading
    components as well gave as much again there, and nothing in matching arguments to key points.
    """

    def __init__(self, vectors: Vectors, languages: Sequence[str]) -> None:
        exact = vectors.astype(np.float64)
        self._all: Floats = exact.mean(axis=0)
        of = {language: exact[np.array(languages) == language] for language in set(languages)}
        self._by_language = {each: rows.mean(axis=0) for each, rows in of.items() if len(rows) >= FEWEST_FOR_A_CENTRE}

    def around(self, vectors: Vectors, languages: Sequence[str]) -> Floats:
        """Unit rows (n, d) as seen from the centre of their language; a row that lies in it stays zero."""
        seen = vectors - np.stack([self._by_language.get(language, self._all) for language in languages])
        lengths = np.linalg.norm(seen, axis=1, keepdims=True)
        unit: Floats = np.divide(seen, lengths, out=np.zeros_like(seen), where=lengths > 1e-9)
        return unit


class ProposalScale:
    """The yardstick of one proposal: means and deviations over all pairs of its texts, per pair of languages.

    Build it from the texts of every side that a result may depend on, then compare any texts with `compare`. Pairs
    from all sides measure better than those of one side: in blocks of 12 arguments drawn from ArgKP-2021 the recall
    at a precision of .75 was .22 instead of .07, and in whole ones the mean average precision rose from .72 to .76.
    """

    def __init__(self, said: Texts) -> None:
        self._vectoriser = _character_grams(said.texts)
        self._centres = Centres(said.vectors, said.languages)
        meaning, wording = self._cosines(said, said)
        pairs = np.triu(np.ones_like(meaning, dtype=np.bool_), k=1)
        self._meaning: dict[tuple[str, str], tuple[float, float]] = {}
        self._wording: dict[tuple[str, str], tuple[float, float]] = {}
        for pair, cells in _cells_by_language_pair(said, said):
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
        seen = [self._centres.around(texts.vectors, texts.languages) for texts in (rows, columns)]
        dense = np.asarray(seen[0] @ seen[1].T)
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
