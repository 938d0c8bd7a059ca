"""The points that several people made on one proposal, each in a participant's own words, side by side.

Nothing here writes: a key point is a sentence that a participant wrote, chosen because others said nearly the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from summarizer.candidates import quotable_sentences, stands_alone
from summarizer.embedding import encode_packaged
from summarizer.flags import Flag, flag
from summarizer.matching import THRESHOLD, assign, match_probabilities
from summarizer.selection import Seats, people_by_point, read_first, select
from summarizer.similarity import ProposalScale, Texts, Vectors
from summarizer.text import fold, normalise, words

Embed = Callable[[Sequence[str]], Vectors]
Floats = NDArray[np.float64]

SIDES = ("for", "against", "concern", "condition")
NO_GROUP = ""


@dataclass(frozen=True)
class Argument:
    """What one participant said on one side of one proposal; the side is the author's choice and is never inferred.

    Whoever does not want to be quoted is counted all the same. `follows` is the id of an argument on the same side that
    a person put this one together with: it counts wherever that one does, whatever its own words are like.
    """

    id: str
    author: str
    side: str
    language: str
    text: str
    opinion_group: str | None = None
    quotable: bool = True
    follows: str = ""


@dataclass(frozen=True)
class KeyPointOptions:
    """threshold is the match probability that counts; candidates are sentences of `shortest` to `longest` words.

    An argument of more than `one_point_up_to` words may make `points_per_argument` points, a shorter one makes one: of
    ten second matches in the demo's arguments seven were wrong, and ArgKP-2021 lost nothing by it. A side with fewer
    than `voices` key points is filled up with single sentences that stand near the rest.
    """

    seats: Seats = field(default_factory=Seats)
    threshold: float = THRESHOLD
    points_per_argument: int = 2
    one_point_up_to: int = 40
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
    arguments: Iterable[Argument], options: KeyPointOptions | None = None, embed: Embed | None = None
) -> tuple[SideKeyPoints, ...]:
    """The key points of each side of one proposal, in the order of SIDES; the order of `arguments` does not matter.

    `embed` turns n texts into unit vectors (n, d), like Encoder.encode; a caller may put a cache before it. Without it
    the packaged encoder reads.
    Raises ValueError if an id occurs twice, a side is unknown, or an argument follows one that is not on its side.
    """
    options = options or KeyPointOptions()
    embed = embed or encode_packaged
    ordered = sorted(arguments, key=lambda argument: argument.id)
    if len({argument.id for argument in ordered}) != len(ordered):
        raise ValueError("two arguments have the same id")
    if unknown := {argument.side for argument in ordered} - set(SIDES):
        raise ValueError(f"unknown sides: {sorted(unknown)}")
    flags = {argument.id: found for argument in ordered if (found := flag(argument.text))}
    blocks = [_block(side, [one for one in ordered if one.side == side], flags, options) for side in SIDES]
    measure = _Measure(blocks, embed)
    return tuple(_side(block, measure, options) for block in blocks if block.arguments)


@dataclass(frozen=True)
class _Block:
    """One side: its arguments, the rows that a model may read, and the sentences that may be quoted.

    `measured` are those rows that follow no other, `leaders` the row that each of the others follows.
    """

    side: str
    arguments: Sequence[Argument]
    flags: dict[str, Flag]
    readable: list[int]
    measured: list[int]
    leaders: dict[int, int]
    candidates: Sequence["_Candidate"]
    may_have_points: bool


def _block(side: str, arguments: Sequence[Argument], flags: dict[str, Flag], options: KeyPointOptions) -> _Block:
    readable = [row for row, argument in enumerate(arguments) if argument.id not in flags]
    candidates = _candidates(arguments, flags, options)
    row_of = {argument.id: row for row, argument in enumerate(arguments) if not argument.follows}
    if strays := {one.follows for one in arguments if one.follows} - set(row_of):
        raise ValueError(f"followed, and not on this side or following another: {sorted(strays)}")
    leaders = {row: row_of[argument.follows] for row, argument in enumerate(arguments) if argument.follows}
    measured = [row for row in readable if row not in leaders]
    enough = len({arguments[row].author for row in readable}) >= options.fewest_authors
    found = {argument.id: flags[argument.id] for argument in arguments if argument.id in flags}
    return _Block(side, arguments, found, readable, measured, leaders, candidates, enough and bool(candidates))


class _Measure:
    """Probabilities that arguments make points, on the yardstick of the whole proposal.

    Every text is embedded once, and none where no side may have points.
    """

    def __init__(self, blocks: Sequence[_Block], embed: Embed) -> None:
        measured = blocks if any(block.may_have_points for block in blocks) else []
        said = [normalise(one.text) for block in measured for one in block.arguments]
        quotes = [normalise(one.sentence) for block in measured for one in block.candidates]
        texts = list(dict.fromkeys(said + quotes))
        self._vector_of = dict(zip(texts, embed(texts), strict=True)) if texts else {}
        if texts:
            yardstick = [block.arguments[row] for block in measured for row in block.measured]
            self._scale = ProposalScale(self._texts([(one.text, one.language) for one in yardstick]))

    def probabilities(self, block: _Block) -> Floats:
        said = self._texts([(one.text, one.language) for one in block.arguments])
        languages = [block.arguments[candidate.argument].language for candidate in block.candidates]
        quotes = [candidate.sentence for candidate in block.candidates]
        points = self._texts(list(zip(quotes, languages, strict=True)))
        measured = np.array(block.measured, dtype=np.intp)
        probabilities = match_probabilities(
            self._scale.compare(said, said.at(block.measured)), self._scale.compare(said, points), measured
        )
        for column, candidate in enumerate(block.candidates):
            probabilities[candidate.argument, column] = 1.0
        for row, leader in block.leaders.items():
            probabilities[row] = probabilities[leader]
        return probabilities

    def _texts(self, written: Sequence[tuple[str, str]]) -> Texts:
        texts = tuple(normalise(text) for text, _ in written)
        return Texts(
            texts, tuple(language for _, language in written), np.stack([self._vector_of[one] for one in texts])
        )


def _side(block: _Block, measure: _Measure, options: KeyPointOptions) -> SideKeyPoints:
    chosen, probabilities = _chosen(block, measure, options)
    said, candidates = block.arguments, block.candidates
    key_points = _key_points(said, [candidates[column] for column in chosen], probabilities[:, chosen], options)
    matched = {argument for point in key_points for argument in point.arguments}
    return SideKeyPoints(
        side=block.side,
        arguments=tuple(argument.id for argument in said),
        participants=len({argument.author for argument in said}),
        participants_by_group=_authors_by_group(said),
        key_points=key_points,
        voices=_voices(said, block.flags, candidates, chosen, probabilities, matched, options),
        covered=len({argument.author for argument in said if argument.id in matched}),
        unmatched=tuple(argument.id for argument in said if argument.id not in matched),
        flags=block.flags,
    )


def _candidates(block: Sequence[Argument], flags: dict[str, Flag], options: KeyPointOptions) -> list[_Candidate]:
    """Sentences that stand alone; only a side that has none is quoted by those that lean on others."""
    found: dict[str, _Candidate] = {}
    for row, argument in enumerate(block):
        if argument.quotable and not argument.follows and argument.id not in flags:
            for sentence in quotable_sentences(argument.text, options.shortest, options.longest):
                found.setdefault(fold(sentence).casefold(), _Candidate(sentence, row))
    alone = [one for one in found.values() if stands_alone(one.sentence, block[one.argument].language)]
    return alone or list(found.values())


def _chosen(block: _Block, measure: _Measure, options: KeyPointOptions) -> tuple[list[int], Floats]:
    """Columns of the chosen candidates and the probabilities (arguments, candidates) of making the same point."""
    if not block.may_have_points:
        return [], np.zeros((len(block.arguments), len(block.candidates)))
    probabilities = measure.probabilities(block)
    authors = [block.arguments[row].author for row in block.readable]
    people, coverage = people_by_point(probabilities[block.readable], authors)
    group_of = {argument.author: argument.opinion_group or NO_GROUP for argument in block.arguments}
    chosen = select(coverage, [group_of[person] for person in people], options.seats, options.threshold)
    return _supported(block.arguments, block.readable, chosen, probabilities, options), probabilities


def _supported(
    block: Sequence[Argument],
    readable: Sequence[int],
    chosen: list[int],
    probabilities: Floats,
    options: KeyPointOptions,
) -> list[int]:
    """Drop the weakest point while one has too few people; its arguments may then match another."""
    while chosen:
        most = most_points([block[row].text for row in readable], options)
        matched = assign(probabilities[np.ix_(readable, chosen)], options.threshold, most)
        people = [len({block[readable[row]].author for row in np.flatnonzero(column).tolist()}) for column in matched.T]
        if min(people) >= options.fewest_authors:
            break
        chosen = [column for column in chosen if column != chosen[int(np.argmin(people))]]
    return chosen


def most_points(texts: Sequence[str], options: KeyPointOptions) -> NDArray[np.intp]:
    """How many points each argument may make (n): who writes more may say more."""
    lengths = np.array([len(words(text)) for text in texts], dtype=np.intp)
    return np.where(lengths > options.one_point_up_to, options.points_per_argument, 1)


def _key_points(
    block: Sequence[Argument], chosen: Sequence[_Candidate], probabilities: Floats, options: KeyPointOptions
) -> tuple[KeyPoint, ...]:
    matched = assign(probabilities, options.threshold, most_points([each.text for each in block], options))
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
