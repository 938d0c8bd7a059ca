"""Rewriting a key point in fewer words: a draft by some model, kept only if the gate lets it through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.faithfulness import Entailment, Source, check
from summarizer.flags import flag
from summarizer.key_points import Argument, KeyPoint
from summarizer.models import ModelCard
from summarizer.sentences import Sentence
from summarizer.text import fold, words

MOST_SOURCES = 6
NOTHING_SHORTER = "it is the quotation itself"
WORTH_SHORTENING = 10  # words of a quotation; of a shorter one nothing can be spared


class Generator(Protocol):
    """A causal model that drafts one sentence from 2–6 sentences of one key point; it gets no tools and no commands.

    `sources[0]` is the quotation that the draft stands for; whether the others help is for the implementation.
    Implementations decode greedily, so that equal sources give equal drafts. `prompt_sha256` identifies the prompt.
    """

    card: ModelCard
    prompt_sha256: str
    languages: frozenset[str]

    def draft(self, sources: Sequence[str], language: str) -> str: ...


@dataclass(frozen=True)
class Attempt:
    """What a model drafted for the key point quoted from an argument, and why the gate refused it, if it did."""

    quoted_from: str
    draft: str
    accepted: Sentence | None
    reasons: tuple[str, ...]


def may_be_drafted(point: KeyPoint, arguments: Sequence[Argument], languages: frozenset[str]) -> bool:
    """Whether the point is in a language the model writes, long enough, and has a source beside its quotation."""
    if point.language not in languages or len(words(point.quote)) < WORTH_SHORTENING:
        return False
    return len(_sources(point, arguments)) > 1


def draft(point: KeyPoint, arguments: Sequence[Argument], generator: Generator) -> str:
    """One draft; `arguments` are those of the point's side. Flagged texts never reach the model."""
    return generator.draft([source.text for source in _sources(point, arguments)], point.language)


def attempt(
    point: KeyPoint, arguments: Sequence[Argument], drafted: str, entailment: Entailment | None = None
) -> Attempt:
    """The draft before the gate, with the sources that the model saw."""
    if fold(drafted) == fold(point.quote):
        return Attempt(point.quoted_from, drafted, None, (NOTHING_SHORTER,))
    verdict = check(drafted, _sources(point, arguments), point.language, entailment)
    cites = (point.quoted_from, *(one for one in point.arguments if one != point.quoted_from))
    accepted = Sentence({point.language: drafted}, "rewrite", cites, gate=verdict.gate) if verdict.gate else None
    return Attempt(point.quoted_from, drafted, accepted, verdict.reasons)


def _sources(point: KeyPoint, arguments: Sequence[Argument]) -> list[Source]:
    """The quotation first, then the surest matches in its language of people who may be quoted."""
    by_id = {argument.id: argument for argument in arguments}
    quoted = by_id[point.quoted_from]
    surest = sorted(point.matches, key=lambda match: (-match.probability, match.argument))
    others = [by_id[match.argument] for match in surest if match.argument != point.quoted_from]
    readable = [one for one in others if one.language == point.language and one.quotable and flag(one.text) is None]
    return [
        Source(quoted.author, quoted.side, point.language, point.quote),
        *(Source(one.author, one.side, one.language, one.text) for one in readable[: MOST_SOURCES - 1]),
    ]
