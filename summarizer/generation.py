"""Rewriting a key point in fewer words: a draft by some model, kept only if the gate lets it through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.faithfulness import Entailment, Source, check
from summarizer.flags import flag
from summarizer.key_points import Argument, KeyPoint
from summarizer.models import ModelCard
from summarizer.sentences import Sentence

MOST_SOURCES = 6


class Generator(Protocol):
    """A causal model that drafts one sentence from 2–6 sentences of one key point; it gets no tools and no commands.

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


def rewrite_key_point(
    point: KeyPoint, arguments: Sequence[Argument], generator: Generator, entailment: Entailment | None = None
) -> Attempt | None:
    """Draft once and gate; None where nothing may be drafted: another language, or too few sources to show.

    `arguments` are those of the point's side. Flagged texts never reach the model.
    """
    sources = _sources(point, arguments)
    if point.language not in generator.languages or len(sources) < 2:
        return None
    draft = generator.draft([source.text for source in sources], point.language)
    verdict = check(draft, sources, point.language, entailment)
    cites = (point.quoted_from, *(one for one in point.arguments if one != point.quoted_from))
    accepted = Sentence({point.language: draft}, "rewrite", cites, gate=verdict.gate) if verdict.passed else None
    return Attempt(point.quoted_from, draft, accepted, verdict.reasons)


def _sources(point: KeyPoint, arguments: Sequence[Argument]) -> list[Source]:
    """The quotation first, then the surest matches in its language."""
    by_id = {argument.id: argument for argument in arguments}
    quoted = by_id[point.quoted_from]
    surest = sorted(point.matches, key=lambda match: (-match.probability, match.argument))
    others = [by_id[match.argument] for match in surest if match.argument != point.quoted_from]
    readable = [one for one in others if one.language == point.language and flag(one.text) is None]
    return [
        Source(quoted.author, quoted.side, point.language, point.quote),
        *(Source(one.author, one.side, one.language, one.text) for one in readable[: MOST_SOURCES - 1]),
    ]
