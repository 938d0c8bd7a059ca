"""What contributions are about: clusters of meaning, named by the words that set them apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from summarizer.protected_words import FUNCTION_WORDS, LIGHT_WORDS, PROTECTED
from summarizer.similarity import Centres, Vectors
from summarizer.tokens import Token, stem, tokens

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
    """Its terms in each language set it apart, and stay from run to run while most members stay.

    example is its most central text.
    """

    terms: dict[str, tuple[str, ...]]
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
    German statements average linkage and the bare silhouette gave one topic of 276. Terms are those of class-based
    TF-IDF (Grootendorst 2022, arXiv 2203.05794) that several people used, in each language for its readers; each names
    one topic alone. A cluster smaller than `options.smallest` is no topic; fewer than eight texts have none.
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
) -> list[dict[str, tuple[str, ...]]]:
    """For each cluster the words that set it apart, by language."""
    found: list[dict[str, tuple[str, ...]]] = [{} for _ in clusters]
    for language in sorted({each.language for each in contributions}):
        spoken = [each for each in contributions if each.language == language]
        here = [[each for row in rows if (each := contributions[row]).language == language] for rows in clusters]
        for terms, words in zip(found, _terms_in_one_language(spoken, here, options), strict=True):
            if words:
                terms[language] = words
    return found


def _terms_in_one_language(
    spoken: Sequence[Contribution], clusters: Sequence[Sequence[Contribution]], options: TopicOptions
) -> list[tuple[str, ...]]:
    """By c-TF-IDF = tf · log(1 + A / f), tf as a share of the cluster; each as it was written most often."""
    counts = [Counter(word for each in cluster for word in _stems(each)) for cluster in clusters]
    overall = sum(counts, Counter())
    average = sum(overall.values()) / max(1, len(clusters))
    people, spelling = _people_by_stem(spoken), _commonest_spelling(spoken)
    scores = [
        {word: n / sum(count.values()) * np.log(1 + average / overall[word]) for word, n in count.items()}
        for count in counts
    ]
    best = {word: max(score.get(word, 0) for score in scores) for word in overall}
    terms = []
    for score in scores:
        known = [word for word in score if len(people[word]) >= options.fewest_people_per_term]
        own = sorted((word for word in known if score[word] == best[word]), key=lambda w: (-round(score[w], 9), w))
        terms.append(tuple(spelling[word] for word in own[: options.terms]))
    return terms


def _stems(contribution: Contribution) -> list[str]:
    return [stem(each.word, contribution.language) for each in _content_words(contribution)]


def _content_words(contribution: Contribution) -> list[Token]:
    language = contribution.language
    empty = FUNCTION_WORDS.get(language, frozenset()) | LIGHT_WORDS.get(language, frozenset())
    empty = empty.union(*PROTECTED.get(language, {}).values())
    found = [token for token in tokens(contribution.text) if not token.is_number]
    return [each for each in found if len(each.word) > 2 and "." not in each.word and each.word not in empty]


def _people_by_stem(contributions: Sequence[Contribution]) -> dict[str, set[str]]:
    people: dict[str, set[str]] = {}
    for contribution in contributions:
        for word in _stems(contribution):
            people.setdefault(word, set()).add(contribution.author)
    return people


def _commonest_spelling(contributions: Sequence[Contribution]) -> dict[str, str]:
    """With its capital where it is mostly written so inside sentences: names, and the nouns of German."""
    spellings: dict[str, Counter[str]] = {}
    for contribution in contributions:
        for each in _content_words(contribution):
            written = each.original if each.is_name else each.word
            spellings.setdefault(stem(each.word, contribution.language), Counter())[written] += 1
    return {root: min(found, key=lambda word: (-found[word], word)) for root, found in spellings.items()}


def _topic(
    contributions: Sequence[Contribution], vectors: Floats, rows: Sequence[int], terms: dict[str, tuple[str, ...]]
) -> Topic:
    within = vectors[rows]
    medoid = contributions[rows[int(np.argmax((within @ within.T).sum(axis=1).round(6)))]]
    return Topic(terms, medoid.id, tuple(contributions[row].id for row in rows))


def _named_as_before(topics: Sequence[Topic], previous: Sequence[Topic]) -> tuple[Topic, ...]:
    """A topic that shares at least half of its members with an earlier one keeps that one's terms, once."""
    free = list(previous)
    named = []
    for topic in topics:
        before = max(free, key=lambda old: _overlap(old, topic), default=None)
        if before is not None and _overlap(before, topic) >= SAME_TOPIC:
            free.remove(before)
            topic = replace(topic, terms=before.terms)
        named.append(topic)
    return tuple(named)


def _overlap(one: Topic, other: Topic) -> float:
    first, second = set(one.members), set(other.members)
    return len(first & second) / len(first | second)
