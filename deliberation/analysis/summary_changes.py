"""What changed from one version of the summary to another, sentence by sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from deliberation.analysis.review import key_of, places
from deliberation.analysis.summary_document import quoted, sentences
from deliberation.analysis.summary_inputs import sha256_of
from deliberation.analysis.word_changes import Change, word_changes
from deliberation.models import Argument, Challenge, Statement, Summary

Part = dict[str, Any]
Source = Argument | Statement


class Told(NamedTuple):
    """One sentence as readers of its version are told it; text is None once its source was changed or is gone."""

    text: str | None
    language: str
    kind: str
    cites: frozenset[str]
    n: int | None
    of: int | None


@dataclass(frozen=True)
class SentenceChange:
    """A sentence that came, went, was worded otherwise or is counted otherwise. `words` tells how, in runs."""

    key: str
    kind: str
    before: Told | None
    after: Told | None
    words: list[Change]

    @property
    def is_reworded(self) -> bool:
        return any(change.kind != "same" for change in self.words)


def changes_between(
    before: Summary, after: Summary, sources: Mapping[str, Source], language: str
) -> list[SentenceChange]:
    """In the order of the later version, what went at the end. Statistics are compared as this language words them."""
    old, new = told(before, sources, language), told(after, sources, language)
    pairs = [(key, old.get(key), each) for key, each in new.items()]
    pairs += [(key, each, None) for key, each in old.items() if key not in new]
    return [_change(key, was, now) for key, was, now in pairs if was != now]


def told(summary: Summary, sources: Mapping[str, Source] | None, language: str) -> dict[str, Told]:
    """Every sentence of a version by its key; a key point once, in the words that readers see.

    `sources` are what may be quoted today: new words that rest on anything else are not told. Without them nothing is
    looked up, and quotations have no text.
    """
    wordings = {wording.key: wording for wording in summary.wordings.all() if wording.ticked_at is not None}
    worded = {
        key_of(place.point): wordings[place.point["rewrite"]["key"]]
        for place in places(summary.document)
        if place.point["rewrite"] and place.point["rewrite"]["key"] in wordings
    }
    found: dict[str, Told] = {}
    for sentence in sentences(summary.document):
        key, counted = sentence["key"], (frozenset(sentence["cites"]), sentence.get("n"), sentence.get("denominator"))
        if sentence["kind"] == "statistic":
            found[key] = Told(sentence["text"].get(language, ""), language, "statistic", *counted)
        elif key in worded:
            words = worded[key]
            holds = sources is None or all(_holds(one, summary, sources) for one in words.cites)
            text = words.text if holds else None
            found[key] = Told(text, words.language, "rewrite" if words.gate else "edit", *counted)
        elif sentence["kind"] == "quote":
            found[key] = Told(_quotation(sentence, summary, sources), sentence["language"], "quote", *counted)
    return found


def changed_since(challenges: Iterable[Challenge], published: Summary) -> set[tuple[int, str]]:
    """Of the sentences objected to, as (summary, key), those that a later version words or counts otherwise."""
    challenges = list(challenges)
    now = told(published, None, "en")
    before = {challenge.summary_id: told(challenge.summary, None, "en") for challenge in challenges}
    objected = {(challenge.summary_id, challenge.key) for challenge in challenges}
    return {(summary, key) for summary, key in objected if before[summary].get(key) != now.get(key)}


def _quotation(quote: Part, summary: Summary, sources: Mapping[str, Source] | None) -> str | None:
    source = sources.get(quote["place"]["id"]) if sources else None
    return source and quoted(source.text, quote["place"], summary.document["sources"].get(source.public_id, ""))


def _holds(cited: str, summary: Summary, sources: Mapping[str, Source]) -> bool:
    return cited in sources and sha256_of(sources[cited].text) == summary.document["sources"].get(cited)


def _change(key: str, was: Told | None, now: Told | None) -> SentenceChange:
    words = word_changes((was and was.text) or "", (now and now.text) or "")
    kind = (now or was).kind
    return SentenceChange(key, kind, was, now, words)
