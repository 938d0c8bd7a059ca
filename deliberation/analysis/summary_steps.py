"""The steps from arguments to a document. Each does one piece at a time and says how far it is; what it found so far
is kept between pieces, so that a worker that dies loses one piece."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from deliberation.analysis.embedding import vectors_of
from deliberation.analysis.language_models import generator, languages
from deliberation.analysis.summary_inputs import Reading
from deliberation.models import Argument, Step, Summary
from summarizer import generation, key_points
from summarizer.flags import flag
from summarizer.key_points import KeyPoint, KeyPointOptions, Match, SideKeyPoints, Voice, find_key_points
from summarizer.language import LanguageDetector
from summarizer.models import ModelUnavailableError
from summarizer.near_copies import near_copies
from summarizer.text import normalise, says_something, sentences
from summarizer.topics import Contribution, Topic, find_topics

Results = dict[str, Any]
CODE_VERSION = "5"  # counts up whenever the same contributions would give another summary
TEXTS_A_PIECE = 128
DRAFTS_A_PIECE = 1
TRIES = 6  # drafts in a row without one that the gate lets through, before a run asks for no more
OPTIONS = KeyPointOptions()


@dataclass(frozen=True)
class Piece:
    """What a step has found by now, and how much of it there is to do."""

    found: Any
    done: int = 1
    total: int = 1

    @property
    def is_last(self) -> bool:
        return self.done >= self.total


def clean(reading: Reading, results: Results) -> Piece:
    """Every reader below folds texts for itself and quotes the original; here it is counted whom that concerns."""
    return Piece({"with_unseen": sorted(one for one, text in reading.texts.items() if normalise(text) != text)})


def tell_languages(reading: Reading, results: Results) -> Piece:
    detector = LanguageDetector(reading.assembly.languages)
    everything = (*reading.statements, *reading.arguments)
    return Piece({each.public_id: detector.language_of(normalise(each.text), each.language) for each in everything})


def flag_texts(reading: Reading, results: Results) -> Piece:
    return Piece({one: found for one, text in reading.texts.items() if (found := flag(text))})


def embed(reading: Reading, results: Results) -> Piece:
    """Vectors go to the database, where the other steps and the next run find them."""
    texts = sorted({text for written in reading.texts.values() for text in texts_compared(written)})
    begun = results.get(Step.EMBED, {}).get("embedded", 0)
    piece = texts[begun : begun + TEXTS_A_PIECE]
    vectors_of(piece)
    return Piece({"embedded": begun + len(piece)}, begun + len(piece), len(texts))


def find_copies(reading: Reading, results: Results) -> Piece:
    """Within a side of a proposal: the same words for and against are not the same argument."""
    blocks: dict[tuple[int, str], dict[str, str]] = {}
    for each in reading.arguments:
        blocks.setdefault((each.proposal_id, each.side), {})[each.public_id] = each.text
    return Piece([list(group) for block in blocks.values() for group in near_copies(block)])


def find_the_topics(reading: Reading, results: Results) -> Piece:
    unflagged = [each for each in contributions(reading, results) if each.id not in results[Step.FLAGS]]
    read = [each for each in unflagged if says_something(each.text)]
    vectors = vectors_of([normalise(each.text) for each in read])
    found = find_topics(read, vectors, _topics_before(reading)) if read else ()
    return Piece([dataclasses.asdict(topic) for topic in found])


def find_points(reading: Reading, results: Results) -> Piece:
    """One proposal a piece."""
    found: dict[str, Any] = dict(results.get(Step.KEY_POINTS, {}))
    proposals = reading.proposals
    left = [(proposal, said) for proposal, said in proposals if proposal.public_id not in found]
    for proposal, _ in left[:1]:
        sides = find_key_points(said_on(reading, results)[proposal.public_id], OPTIONS, _vectors)
        found[proposal.public_id] = [dataclasses.asdict(side) for side in sides]
    return Piece(found, len(found), len(proposals))


def draft_sentences(reading: Reading, results: Results) -> Piece:
    """Drafts by the rewriter, if there is one; a summary without is made of quotations."""
    found = dict(results.get(Step.REWRITE) or {"drafts": {}, "rewriter": None})
    try:
        if not reading.may_draft:
            return Piece({**found, "rewriter": "off"})
        return _some_drafts(reading, results, found)
    except ModelUnavailableError as error:
        return Piece({"drafts": {}, "rewriter": "unavailable", "why": str(error)})


def gate(reading: Reading, results: Results) -> Piece:
    """Only what the gate let through goes on; of the others the reasons are counted."""
    drafts = results[Step.REWRITE]["drafts"]
    accepted, refused = {}, {}
    for key, point, said in points(reading, results):
        if key in drafts:
            tried = generation.attempt(point, said, drafts[key])
            if tried.accepted:
                accepted[key] = {"text": tried.draft, "gate": tried.accepted.gate}
            else:
                refused[key] = list(tried.reasons)
    return Piece({"accepted": accepted, "refused": refused})


STEPS: dict[Step, Callable[[Reading, Results], Piece]] = {
    Step.NORMALISE: clean,
    Step.LANGUAGE: tell_languages,
    Step.FLAGS: flag_texts,
    Step.EMBED: embed,
    Step.DUPLICATES: find_copies,
    Step.TOPICS: find_the_topics,
    Step.KEY_POINTS: find_points,
    Step.REWRITE: draft_sentences,
    Step.GATE: gate,
}


def contributions(reading: Reading, results: Results) -> list[Contribution]:
    """Statements and arguments that may be quoted, as topics are found in them."""
    languages = results[Step.LANGUAGE]
    return [
        Contribution(
            each.public_id,
            each.author.public_id if each.author else "",
            languages[each.public_id],
            each.text,
        )
        for each in (*reading.statements, *reading.arguments)
        if each.public_id in reading.quotable
    ]


def said_on(reading: Reading, results: Results) -> dict[str, list[key_points.Argument]]:
    """The arguments on each proposal as the summarizer takes them.

    One that a moderator put together with another follows it, is as long or short, and is never quoted.
    """
    return {
        proposal.public_id: [_said(each, reading.merged.get(each.public_id), reading, results) for each in said]
        for proposal, said in reading.proposals
    }


def _said(argument: Argument, into: Argument | None, reading: Reading, results: Results) -> key_points.Argument:
    read = argument if into is None else into
    return key_points.Argument(
        id=argument.public_id,
        author=argument.author.public_id,
        side=argument.side,
        language=results[Step.LANGUAGE][read.public_id],
        text=read.text,
        opinion_group=reading.letters.get(argument.author_id),
        quotable=into is None and argument.public_id in reading.quotable,
        follows=into.public_id if into else "",
    )


def sides_of(results: Results) -> dict[str, list[SideKeyPoints]]:
    return {proposal: [_side(side) for side in sides] for proposal, sides in results[Step.KEY_POINTS].items()}


def points(reading: Reading, results: Results) -> Iterator[tuple[str, KeyPoint, list[key_points.Argument]]]:
    """Every key point with a name of its own and the arguments of its side."""
    said = said_on(reading, results)
    for proposal, sides in sorted(sides_of(results).items()):
        for side in sides:
            here = [one for one in said[proposal] if one.side == side.side]
            for place, point in enumerate(side.key_points):
                yield f"{proposal} {side.side} {place}", point, here


def _some_drafts(reading: Reading, results: Results, found: Results) -> Piece:
    """The longest quotations first: they gain most. A model whose first drafts are all refused is asked no further."""
    wanted = [
        (key, point, said)
        for key, point, said in points(reading, results)
        if generation.may_be_drafted(point, said, languages())
    ]
    if not wanted:
        return Piece({**found, "rewriter": "not needed"})
    wanted.sort(key=lambda each: (-len(each[1].quote), each[0]))
    rewriter = generator()
    drafts = dict(found["drafts"])
    for key, point, said in [each for each in wanted if each[0] not in drafts][:DRAFTS_A_PIECE]:
        drafts[key] = generation.draft(point, said, rewriter)
    card = {**dataclasses.asdict(rewriter.card), "prompt_sha256": rewriter.prompt_sha256}
    gave_up = len(drafts) == TRIES < len(wanted) and not _any_let_through(wanted, drafts)
    told = {"drafts": drafts, "rewriter": "on", "card": card, "gave_up": gave_up}
    return Piece(told, len(drafts), len(drafts) if gave_up else len(wanted))


def _any_let_through(wanted: list[tuple[str, KeyPoint, list[key_points.Argument]]], drafts: dict[str, str]) -> bool:
    tried = (generation.attempt(point, said, drafts[key]) for key, point, said in wanted if key in drafts)
    return any(attempt.accepted for attempt in tried)


def texts_compared(written: str) -> list[str]:
    """The forms in which a text is encoded; their vectors go when it is erased."""
    return [normalise(written), *(normalise(sentence) for sentence in sentences(written))]


def _vectors(texts: Any) -> Any:
    return vectors_of(list(texts))


def _topics_before(reading: Reading) -> list[Topic]:
    """The topics of the version before this run, so that what stays the same keeps its name."""
    before = Summary.objects.filter(assembly=reading.assembly, created_at__lt=reading.run.created_at).first()
    told = before.document.get("topics", []) if before else []
    return [
        Topic(terms_of(each), each["example"]["place"]["id"], tuple(each["statements"] + each["arguments"]))
        for each in told
        if isinstance(each["terms"], dict) and each["terms"]  # a list is of before they were told by language
    ]


def terms_of(stored: Results) -> dict[str, tuple[str, ...]]:
    """The terms of a topic as they were before they became JSON."""
    return {language: tuple(words) for language, words in stored["terms"].items()}


def _side(stored: Results) -> SideKeyPoints:
    """The side as it was before it became JSON."""
    return SideKeyPoints(
        **{
            **stored,
            "arguments": tuple(stored["arguments"]),
            "key_points": tuple(
                KeyPoint(**{**each, "matches": tuple(Match(**match) for match in each["matches"])})
                for each in stored["key_points"]
            ),
            "voices": tuple(Voice(**each) for each in stored["voices"]),
            "unmatched": tuple(stored["unmatched"]),
        }
    )
