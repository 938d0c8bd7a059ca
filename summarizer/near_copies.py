"""Texts in nearly the same words: told beside a count of people, never taken out of it."""

from collections.abc import Iterable, Mapping, Sequence

from summarizer.text import words

SHINGLE = 3
ALIKE = 0.7


def near_copies(texts: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Groups of ids, two or more each, linked by pairs that share `ALIKE` of their three-word shingles (Jaccard).

    Exact and near-exact wording only (Broder 1997, shingling): what means the same in other words is no copy.
    """
    shingles = {one: _shingles(texts[one]) for one in sorted(texts)}
    leader = {one: one for one in shingles}
    for first, second in _sharing_a_shingle(shingles):
        if _jaccard(shingles[first], shingles[second]) >= ALIKE:
            _join(leader, first, second)
    groups: dict[str, list[str]] = {}
    for one in shingles:
        groups.setdefault(_find(leader, one), []).append(one)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def people_of_copies(cites: Iterable[str], copies: Sequence[Sequence[str]], author_of: Mapping[str, str]) -> int:
    """The most people among the authors of `cites` who used nearly the same words; 0 where nobody did."""
    cited = set(cites)
    return max((len({author_of[one] for one in group if one in cited}) for group in copies), default=0)


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    said = words(text)
    return frozenset(tuple(said[start : start + SHINGLE]) for start in range(max(len(said) - SHINGLE + 1, 1)))


def _sharing_a_shingle(shingles: Mapping[str, frozenset[tuple[str, ...]]]) -> list[tuple[str, str]]:
    holders: dict[tuple[str, ...], list[str]] = {}
    for one, found in shingles.items():
        for shingle in found:
            holders.setdefault(shingle, []).append(one)
    pairs = {(ids[i], later) for ids in holders.values() for i in range(len(ids)) for later in ids[i + 1 :]}
    return sorted(pairs)


def _jaccard(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    return len(first & second) / len(first | second)


def _find(leader: dict[str, str], one: str) -> str:
    while leader[one] != one:
        one = leader[one]
    return one


def _join(leader: dict[str, str], first: str, second: str) -> None:
    low, high = sorted((_find(leader, first), _find(leader, second)))
    leader[high] = low
