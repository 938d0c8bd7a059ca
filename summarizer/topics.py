"""What contributions are about: clusters of meaning, named by the words that set them apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from summarizer.protected_words import FUNCTION_WORDS, PROTECTED
from summarizer.similarity import Centres, Vectors
from summarizer.tokens import stem, tokens

Floats = NDArray[np.float64]
FEWEST_TEXTS = 8
SAME_TOPIC = 0.5


@dataclass(frozen=True)
class Contribution:
    """Anything somebody wrote that may have a topic: a statement or an argument."""

    id: str
    author: str
    language: str
    text: str


@dataclass(frozen=True)
class Topic:
    """name stays from run to run while most members stay; terms set it apart; example is its most central text."""

    name: str
    terms: tuple[str, ...]
    example: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class TopicOptions:
    most: int = 12
    smallest: int = 3
    a_heap: int = 40
    terms: int = 4
    fewest_people_per_term: int = 3


def find_topics(
    contributions: Iterable[Contribution],
    vectors: Vectors,
    previous: Sequence[Topic] = (),
    options: TopicOptions | None = None,
) -> tuple[Topic, ...]:
    """Topics, largest first; vectors are unit rows (n, d) in the order of `contributions`, whatever that order is.

    Ward's clustering of directions seen from the centre of each language, so that a language is no topic, with the
    number of clusters that has the best mean silhouette (Rousseeuw 1987), but so many that none need be a heap: on 277
    German statements average linkage and the bare silhouette gave one topic of 276. Names are class-based TF-IDF terms
    (Grootendorst 2022, arXiv 2203.05794) that several people used. A cluster smaller than `options.smallest` is no
    topic; fewer than eight texts have none.
    """
    options = options or TopicOptions()
    given = list(contributions)
    order = sorted(range(len(given)), key=lambda row: given[row].id)
    ordered, languages = [given[row] for row in order], [given[row].language for row in order]
    if len(ordered) < FEWEST_TEXTS:
        return ()
    placed = Centres(vectors[order], languages).around(vectors[order], languages)
    labels = _best_clustering(placed, options)
    clusters = [rows for rows in _rows_by_label(labels) if len(rows) >= options.smallest]
    terms = _terms_of(ordered, clusters, options)
    found = [_topic(ordered, placed, rows, words) for rows, words in zip(clusters, terms, strict=True)]
    return _named_as_before(sorted(found, key=lambda topic: (-len(topic.members), topic.members)), previous)


def _best_clustering(vectors: Floats, options: TopicOptions) -> NDArray[np.int64]:
    from scipy.cluster.hierarchy import cut_tree, linkage  # slow import

    distances = np.clip(1 - vectors @ vectors.T, 0, None).round(6)
    np.fill_diagonal(distances, 0)
    tree = linkage(vectors.round(6), method="ward")
    most = min(options.most, len(vectors) // options.smallest)
    fewest = min(most, max(2, -(-len(vectors) // options.a_heap)))
    cuts = cut_tree(tree, n_clusters=list(range(fewest, most + 1)))
    return np.asarray(max(cuts.T, key=lambda labels: round(_silhouette(distances, labels), 6)))


def _silhouette(distances: Floats, labels: NDArray[np.int64]) -> float:
    """Mean over texts of (b − a) / max(a, b): a to the own cluster, b to the nearest other; alone counts 0."""
    membership = labels[:, None] == np.unique(labels)
    sizes = membership.sum(axis=0)
    to_clusters = distances @ membership
    own = np.argmax(membership, axis=1)
    rows = np.arange(len(labels))
    within = to_clusters[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = to_clusters / sizes
    means[rows, own] = np.inf
    nearest = means.min(axis=1)
    scores = (nearest - within) / np.maximum(np.maximum(nearest, within), 1e-12)
    return float(np.where(sizes[own] > 1, scores, 0).mean())


def _rows_by_label(labels: NDArray[np.int64]) -> list[list[int]]:
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def _terms_of(
    contributions: Sequence[Contribution], clusters: Sequence[Sequence[int]], options: TopicOptions
) -> list[tuple[str, ...]]:
    """For each cluster its words by c-TF-IDF = tf · log(1 + A / f), each shown as it was written most often."""
    counts = [Counter(stem for row in rows for stem in _stems(contributions[row])) for rows in clusters]
    overall = sum(counts, Counter())
    average = sum(overall.values()) / max(1, len(clusters))
    people = _people_by_stem(contributions)
    spelling = _commonest_spelling(contributions)
    terms = []
    for count in counts:
        score = {word: n * np.log(1 + average / overall[word]) for word, n in count.items()}
        known = [word for word in score if len(people[word]) >= options.fewest_people_per_term]
        best = sorted(known, key=lambda word: (-round(score[word], 6), word))[: options.terms]
        terms.append(tuple(spelling[word] for word in best))
    return terms


def _stems(contribution: Contribution) -> list[str]:
    return [stem(word, contribution.language) for word in _content_words(contribution)]


def _content_words(contribution: Contribution) -> list[str]:
    empty = FUNCTION_WORDS.get(contribution.language, frozenset()).union(
        *PROTECTED.get(contribution.language, {}).values()
    )
    found = [token.word for token in tokens(contribution.text) if not token.is_number]
    return [word for word in found if len(word) > 2 and "." not in word and word not in empty]


def _people_by_stem(contributions: Sequence[Contribution]) -> dict[str, set[str]]:
    people: dict[str, set[str]] = {}
    for contribution in contributions:
        for word in _stems(contribution):
            people.setdefault(word, set()).add(contribution.author)
    return people


def _commonest_spelling(contributions: Sequence[Contribution]) -> dict[str, str]:
    spellings: dict[str, Counter[str]] = {}
    for contribution in contributions:
        for word in _content_words(contribution):
            spellings.setdefault(stem(word, contribution.language), Counter())[word] += 1
    return {root: min(found, key=lambda word: (-found[word], word)) for root, found in spellings.items()}


def _topic(
    contributions: Sequence[Contribution], vectors: Floats, rows: Sequence[int], terms: tuple[str, ...]
) -> Topic:
    within = vectors[rows]
    medoid = contributions[rows[int(np.argmax((within @ within.T).sum(axis=1).round(6)))]]
    name = ", ".join(terms) or medoid.text
    return Topic(name, terms, medoid.id, tuple(contributions[row].id for row in rows))


def _named_as_before(topics: Sequence[Topic], previous: Sequence[Topic]) -> tuple[Topic, ...]:
    """A topic that shares at least half of its members with an earlier one keeps that one's name, once."""
    free = list(previous)
    named = []
    for topic in topics:
        before = max(free, key=lambda old: _overlap(old, topic), default=None)
        if before is not None and _overlap(before, topic) >= SAME_TOPIC:
            free.remove(before)
            topic = Topic(before.name, topic.terms, topic.example, topic.members)
        named.append(topic)
    return tuple(named)


def _overlap(one: Topic, other: Topic) -> float:
    first, second = set(one.members), set(other.members)
    return len(first & second) / len(first | second)
