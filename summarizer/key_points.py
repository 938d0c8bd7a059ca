"""The points that several people made on one proposal, each in a participant's own words, side by side.

Nothing here writes: a key point is a sentence that a participant wrote, chosen because others said nearly the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from summarizer.flags import Flag, flag
from summarizer.matching import THRESHOLD, assign, match_probabilities
from summarizer.selection import Seats, people_by_point, read_first, select
from summarizer.similarity import BlockScale, Texts, Vectors
from summarizer.text import fold, has_link, normalise, sentences, words

Embed = Callable[[Sequence[str]], Vectors]
Floats = NDArray[np.float64]

SIDES = ("for", "against", "concern", "condition")
NO_GROUP = ""


@dataclass(frozen=True)
class Argument:
    """What one participant said on one side of one proposal; the side is the author's choice and is never inferred."""

    id: str
    author: str
    side: str
    language: str
    text: str
    opinion_group: str | None = None


@dataclass(frozen=True)
class KeyPointOptions:
    """threshold is the match probability that counts; candidates are sentences of `shortest` to `longest` words.

    A side with fewer than `voices` key points is filled up with single sentences that stand near the rest.
    """

    seats: Seats = field(default_factory=Seats)
    threshold: float = THRESHOLD
    points_per_argument: int = 2
    fewest_authors: int = 3
    voices: int = 3
    shortest: int = 4
    longest: int = 22


@dataclass(frozen=True)
class Match:
    argument: str
    probability: float


@dataclass(frozen=True)
class KeyPoint:
    """A sentence quoted from one argument, and the arguments that make the same point.

    authors counts distinct participants, each once; authors_by_group splits that number ("" is no group).
    """

    quote: str
    language: str
    quoted_from: str
    matches: tuple[Match, ...]
    authors: int
    authors_by_group: dict[str, int]

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(match.argument for match in self.matches)


@dataclass(frozen=True)
class Voice:
    """One person's sentence to read first where few people made the same point. It stands for its author alone."""

    quote: str
    language: str
    quoted_from: str


@dataclass(frozen=True)
class SideKeyPoints:
    """One side of one proposal: its key points, what they leave out, and why a text was not quotable."""

    side: str
    arguments: tuple[str, ...]
    participants: int
    participants_by_group: dict[str, int]
    key_points: tuple[KeyPoint, ...]
    voices: tuple[Voice, ...]
    covered: int
    unmatched: tuple[str, ...]
    flags: dict[str, Flag]


@dataclass(frozen=True)
class _Candidate:
    sentence: str
    argument: int


def find_key_points(
    arguments: Iterable[Argument], embed: Embed, options: KeyPointOptions | None = None
) -> tuple[SideKeyPoints, ...]:
    """The key points of each side of one proposal, in the order of SIDES; the order of `arguments` does not matter.

    `embed` turns n texts into unit vectors (n, d), like Encoder.encode; a caller may put a cache before it.
    Raises ValueError if an id occurs twice or a side is unknown.
    """
    options = options or KeyPointOptions()
    ordered = sorted(arguments, key=lambda argument: argument.id)
    if len({argument.id for argument in ordered}) != len(ordered):
        raise ValueError("two arguments have the same id")
    if unknown := {argument.side for argument in ordered} - set(SIDES):
        raise ValueError(f"unknown sides: {sorted(unknown)}")
    by_side = {side: [argument for argument in ordered if argument.side == side] for side in SIDES}
    return tuple(_side(side, block, embed, options) for side, block in by_side.items() if block)


def _side(side: str, block: Sequence[Argument], embed: Embed, options: KeyPointOptions) -> SideKeyPoints:
    flags = {argument.id: found for argument in block if (found := flag(argument.text))}
    candidates = _candidates(block, flags, options)
    chosen, probabilities = _chosen(block, flags, candidates, embed, options)
    key_points = _key_points(block, [candidates[column] for column in chosen], probabilities[:, chosen], options)
    matched = {argument for point in key_points for argument in point.arguments}
    voices = _voices(block, flags, candidates, chosen, probabilities, matched, options)
    return SideKeyPoints(
        side=side,
        arguments=tuple(argument.id for argument in block),
        participants=len({argument.author for argument in block}),
        participants_by_group=_authors_by_group(block),
        key_points=key_points,
        voices=voices,
        covered=len({argument.author for argument in block if argument.id in matched}),
        unmatched=tuple(argument.id for argument in block if argument.id not in matched),
        flags=flags,
    )


def _candidates(block: Sequence[Argument], flags: dict[str, Flag], options: KeyPointOptions) -> list[_Candidate]:
    seen: set[str] = set()
    found = []
    for row, argument in enumerate(block):
        if argument.id in flags:
            continue
        for sentence in sentences(argument.text):
            length, key = len(words(sentence)), fold(sentence).casefold()
            if options.shortest <= length <= options.longest and not has_link(sentence) and key not in seen:
                seen.add(key)
                found.append(_Candidate(sentence, row))
    return found


def _chosen(
    block: Sequence[Argument],
    flags: dict[str, Flag],
    candidates: Sequence[_Candidate],
    embed: Embed,
    options: KeyPointOptions,
) -> tuple[list[int], Floats]:
    """Columns of the chosen candidates and the probabilities (arguments, candidates) of making the same point."""
    readable = [row for row, argument in enumerate(block) if argument.id not in flags]
    authors = [block[row].author for row in readable]
    if len(set(authors)) < options.fewest_authors or not candidates:
        return [], np.zeros((len(block), len(candidates)))
    probabilities = _probabilities(block, readable, candidates, embed)
    people, coverage = people_by_point(probabilities[readable], authors)
    group_of = {argument.author: argument.opinion_group or NO_GROUP for argument in block}
    chosen = select(coverage, [group_of[person] for person in people], options.seats, options.threshold)
    return _supported(block, readable, chosen, probabilities, options), probabilities


def _probabilities(
    block: Sequence[Argument], readable: Sequence[int], candidates: Sequence[_Candidate], embed: Embed
) -> Floats:
    texts = [normalise(argument.text) for argument in block]
    quotes = [normalise(candidate.sentence) for candidate in candidates]
    vectors = embed(texts + quotes)
    arguments = Texts(tuple(texts), tuple(argument.language for argument in block), vectors[: len(texts)])
    languages = tuple(block[candidate.argument].language for candidate in candidates)
    scale = BlockScale(arguments.at(readable))
    probabilities = match_probabilities(
        scale.compare(arguments, Texts(tuple(quotes), languages, vectors[len(texts) :]))
    )
    for column, candidate in enumerate(candidates):
        probabilities[candidate.argument, column] = 1.0
    return probabilities


def _supported(
    block: Sequence[Argument],
    readable: Sequence[int],
    chosen: list[int],
    probabilities: Floats,
    options: KeyPointOptions,
) -> list[int]:
    """Drop the weakest point while one has too few people; its arguments may then match another."""
    while chosen:
        matched = assign(probabilities[np.ix_(readable, chosen)], options.threshold, options.points_per_argument)
        people = [len({block[readable[row]].author for row in np.flatnonzero(column).tolist()}) for column in matched.T]
        if min(people) >= options.fewest_authors:
            break
        chosen = [column for column in chosen if column != chosen[int(np.argmin(people))]]
    return chosen


def _key_points(
    block: Sequence[Argument], chosen: Sequence[_Candidate], probabilities: Floats, options: KeyPointOptions
) -> tuple[KeyPoint, ...]:
    matched = assign(probabilities, options.threshold, options.points_per_argument)
    points = [
        _key_point(block, candidate, matched[:, column], probabilities[:, column])
        for column, candidate in enumerate(chosen)
    ]
    return tuple(sorted(points, key=lambda point: (-point.authors, point.quoted_from, point.quote)))


def _key_point(
    block: Sequence[Argument], candidate: _Candidate, matched: NDArray[np.bool_], probabilities: Floats
) -> KeyPoint:
    rows: list[int] = np.flatnonzero(matched).tolist()
    by_group = _authors_by_group([block[row] for row in rows])
    return KeyPoint(
        quote=candidate.sentence,
        language=block[candidate.argument].language,
        quoted_from=block[candidate.argument].id,
        matches=tuple(Match(block[row].id, round(float(probabilities[row]), 3)) for row in rows),
        authors=sum(by_group.values()),
        authors_by_group=by_group,
    )


def _voices(
    block: Sequence[Argument],
    flags: dict[str, Flag],
    candidates: Sequence[_Candidate],
    chosen: Sequence[int],
    probabilities: Floats,
    matched: set[str],
    options: KeyPointOptions,
) -> tuple[Voice, ...]:
    """Sentences of different people whom no key point stands for, chosen for being near what the others say."""
    alone = [row for row, argument in enumerate(block) if argument.id not in matched and argument.id not in flags]
    authors = [block[row].author for row in alone]
    open_columns = [
        column
        for column, candidate in enumerate(candidates)
        if block[candidate.argument].id not in matched and column not in chosen
    ]
    wanted = options.voices - len(chosen)
    if wanted < 1 or len(set(authors)) < options.fewest_authors or not open_columns:
        return ()
    people, coverage = people_by_point(probabilities[np.ix_(alone, open_columns)], authors)
    group_of = {argument.author: argument.opinion_group or NO_GROUP for argument in block}
    voices: dict[str, Voice] = {}
    for place in read_first(coverage, [group_of[person] for person in people]):
        candidate = candidates[open_columns[place]]
        source = block[candidate.argument]
        voices.setdefault(source.author, Voice(candidate.sentence, source.language, source.id))
        if len(voices) == wanted:
            break
    return tuple(voices.values())


def _authors_by_group(arguments: Sequence[Argument]) -> dict[str, int]:
    group_of = {argument.author: argument.opinion_group or NO_GROUP for argument in arguments}
    return dict(sorted(Counter(group_of.values()).items()))
