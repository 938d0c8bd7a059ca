"""Texts in nearly the same words: told beside a count of people, never taken out of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from summarizer.protected_words import PROTECTED
from summarizer.text import words

ALIKE = 88.0  # of 100
_NEGATIONS = frozenset().union(*(classes["negation"] for classes in PROTECTED.values()))


def near_copies(texts: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Groups of ids, two or more each, linked by pairs whose words, sorted, are at least 88 % the same letters.

    The measure is rapidfuzz's token sort ratio (2 · common subsequence / both lengths), which neither word order nor
    one slip of the pen changes much. Texts that differ in a negation or a number say something else and are never
    linked. What means the same in other words is no copy. Time grows with the square of the number of texts: 2,000 of
    100 characters take about a second.
    """
    groups = [group for block in _blocks(texts) for group in _linked(block, texts)]
    return tuple(sorted(group for group in groups if len(group) > 1))


def people_of_copies(cites: Iterable[str], copies: Sequence[Sequence[str]], author_of: Mapping[str, str]) -> int:
    """The most people among the authors of `cites` who used nearly the same words; 0 where nobody did."""
    cited = set(cites)
    return max((len({author_of[one] for one in group if one in cited}) for group in copies), default=0)


def _blocks(texts: Mapping[str, str]) -> list[list[str]]:
    """Ids by what a copy must share: the same negations and the same numbers."""
    blocks: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in sorted(texts):
        said = words(texts[one])
        shared = sorted(word for word in said if word in _NEGATIONS or any(map(str.isdigit, word)))
        blocks[tuple(shared)].append(one)
    return list(blocks.values())


def _linked(block: list[str], texts: Mapping[str, str]) -> list[tuple[str, ...]]:
    from rapidfuzz import fuzz, process  # slow import
    from scipy.sparse.csgraph import connected_components  # slow import

    said = [" ".join(words(texts[one])) for one in block]
    alike = process.cdist(said, said, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, dtype=np.uint8)
    _, labels = connected_components(alike > 0, directed=False)
    return [tuple(block[row] for row in np.flatnonzero(labels == label)) for label in np.unique(labels)]
