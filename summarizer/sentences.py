"""The sentence of a summary: what it says, what it rests on, and the check that a quotation was really said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from summarizer.text import is_quote_of
from summarizer.wording import Wording

Kind = Literal["quote", "rewrite", "statistic"]


class MisquotationError(Exception):
    """A quotation is not in the text that it names."""


@dataclass(frozen=True)
class GroupCount:
    n: int
    denominator: int


@dataclass(frozen=True)
class Sentence:
    """text by language: a statistic in every language of `wording`, people's words in the one they were written in.

    cites are the ids the sentence rests on; the first is the one a quotation is taken from. n of denominator are
    distinct participants, split in per_group ("" is no group). interval is (share, low, high) after an audit.
    gate says what let a rewrite through.
    """

    text: Wording
    kind: Kind
    cites: tuple[str, ...]
    n: int | None = None
    denominator: int | None = None
    per_group: dict[str, GroupCount] = field(default_factory=dict)
    interval: tuple[float, float, float] | None = None
    gate: str | None = None

    def __post_init__(self) -> None:
        if not self.text or not all(self.text.values()):
            raise ValueError("a sentence says something")
        if self.kind != "statistic" and not self.cites:
            raise ValueError("a sentence without citations can only be a statistic")
        if self.kind == "rewrite" and self.gate is None:
            raise ValueError("a rewrite needs the gate that let it through")


def verify_quotes(sentences: Iterable[Sentence], texts: Mapping[str, str]) -> None:
    """Check each quotation against the text it cites first; call it when building and again when rendering.

    Raises MisquotationError naming the cited id, also when the text is no longer there.
    """
    for sentence in sentences:
        if sentence.kind == "quote":
            cited = sentence.cites[0]
            if not all(is_quote_of(words, texts.get(cited, "")) for words in sentence.text.values()):
                raise MisquotationError(f"the quotation from {cited} is not in its text")


def stored_sentences(document: Any) -> Iterator[Sentence]:
    """The sentences of a document that was stored as JSON, so that its quotations can be checked when it is shown."""
    if isinstance(document, dict) and "kind" in document and "cites" in document:
        yield _restored(document)
    elif isinstance(document, dict):
        for part in document.values():
            yield from stored_sentences(part)
    elif isinstance(document, list):
        for part in document:
            yield from stored_sentences(part)


def _restored(stored: dict[str, Any]) -> Sentence:
    counts = {group: GroupCount(**count) for group, count in stored["per_group"].items()}
    interval = tuple(stored["interval"]) if stored["interval"] else None
    return Sentence(**{**stored, "cites": tuple(stored["cites"]), "per_group": counts, "interval": interval})
