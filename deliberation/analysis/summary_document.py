"""The document of a summary as it is kept: ids, places, counts and digests. Words are looked up when somebody reads."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import rfc8785

from deliberation.analysis.summary_inputs import Reading, quotable_ids, sha256_of
from deliberation.analysis.summary_steps import Results, contributions, points, said_on, sides_of, terms_of
from deliberation.models import Argument, Assembly, Statement
from summarizer import summary, whole
from summarizer.sentences import GroupCount, Sentence
from summarizer.summary import GroupStatement, ProposalArguments
from summarizer.topics import Topic
from summarizer.wording import Choice

FORMAT = 2

Document = dict[str, Any]
Told = dict[str, Any]


@dataclass(frozen=True)
class NewWords:
    """Words that nobody wrote, for the sentence with this key; they are kept beside the document, not in it."""

    key: str
    language: str
    text: str
    cites: tuple[str, ...]
    gate: str


@dataclass(frozen=True)
class Made:
    document: Document
    new_words: list[NewWords]
    left_out: dict[str, str]


def make_document(reading: Reading, results: Results) -> Made:
    """The document that the steps' results come to. The same reading and results give the same document."""
    made = summary.summarise(
        _proposals(reading, results),
        _groups(reading),
        votes=_votes(reading),
        topics=[_topic(each) for each in results["topics"]],
        contributions=contributions(reading, results),
        copies=results["duplicates"],
    )
    return _Writer(reading).written(made)


def digest_of_document(document: Document) -> str:
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def sentences(document: Document) -> Iterator[Told]:
    """Every sentence of a stored document, in the order in which it is read."""
    if "key" in document and "cites" in document:
        yield document
        return
    for part in document.values():
        for each in part if isinstance(part, list) else [part]:
            if isinstance(each, dict):
                yield from sentences(each)


def tells_of_arguments(document: Document) -> bool:
    """Whether anybody argued: without that there is no sentence to ask participants about."""
    return any(side.get("people") for part in document.get("proposals", []) for side in part["sides"])


def gone(document: Document, assembly: Assembly) -> set[str]:
    """The contributions cited that do not hold any more: changed, hidden, taken back, or quoted without consent."""
    cited: dict[str, str] = document.get("sources", {})
    now = {
        public_id: sha256_of(text)
        for model in (Statement, Argument)
        for public_id, text in model.objects.filter(assembly=assembly, public_id__in=cited)
        .shown()
        .values_list("public_id", "text")
    }
    quoted = {each["place"]["id"] for each in sentences(document) if each["kind"] == "quote"}
    changed = {one for one, digest in cited.items() if now.get(one) != digest}
    return changed | (quoted - quotable_ids(assembly))


def quoted(text: str, place: dict[str, Any], digest: str) -> str | None:
    """The words at this place, as they stand in the text today; None if the text is another one now."""
    return text[place["start"] : place["end"]] if sha256_of(text) == digest else None


def _proposals(reading: Reading, results: Results) -> list[ProposalArguments]:
    said, sides, rewrites = said_on(reading, results), sides_of(results), _rewrites(reading, results)
    return [
        ProposalArguments(
            id=proposal.public_id,
            arguments=tuple(said[proposal.public_id]),
            sides=tuple(sides[proposal.public_id]),
            rewrites=rewrites,
        )
        for proposal, _ in reading.proposals
    ]


def _rewrites(reading: Reading, results: Results) -> dict[tuple[str, str], Sentence]:
    accepted = results["gate"]["accepted"]
    return {
        (point.quoted_from, point.quote): Sentence(
            {point.language: accepted[key]["text"]},
            "rewrite",
            (point.quoted_from, *(one for one in point.arguments if one != point.quoted_from)),
            gate=accepted[key]["gate"],
        )
        for key, point, _ in points(reading, results)
        if key in accepted
    }


def _topic(stored: dict[str, Any]) -> Topic:
    return Topic(terms_of(stored), stored["example"], tuple(stored["members"]))


def _quotable(reading: Reading) -> dict[str, Statement]:
    return {each.public_id: each for each in reading.quotable_statements}


def _groups(reading: Reading) -> dict[str, list[GroupStatement]]:
    """What each opinion group stands for, from the frozen map; never what its members argued."""
    if reading.run.map is None:
        return {}
    known = _quotable(reading)
    return {
        group["letter"]: [
            GroupStatement(
                id=each["id"],
                text=known[each["id"]].text,
                language=known[each["id"]].language,
                choice=Choice(each["side"]),
                n=each[each["side"]],
                denominator=each["votes"],
            )
            for each in group["representative"]
            if each["id"] in known
        ]
        for group in reading.run.map.snapshot["groups"]
    }


def _votes(reading: Reading) -> whole.Votes | None:
    if reading.run.map is None:
        return None
    snapshot, known = reading.run.map.snapshot, _quotable(reading)
    return whole.Votes(
        participants=snapshot["participants"],
        votes=snapshot["votes"],
        statements=tuple(_voted(each, known[each["id"]]) for each in snapshot["statements"] if each["id"] in known),
        common_ground=tuple(snapshot["common_ground"]),
        divides=tuple(snapshot["divides"]),
        waiting=tuple(each["id"] for each in snapshot["waiting"]),
    )


def _voted(counted: dict[str, Any], statement: Statement) -> whole.VotedStatement:
    return whole.VotedStatement(
        id=statement.public_id,
        text=statement.text,
        language=statement.language,
        agree=counted["agree"],
        disagree=counted["disagree"],
        passed=counted["pass"],
        agree_by_group={
            letter: GroupCount(rates["agree"], rates["votes"])
            for letter, rates in sorted(counted["groups"].items())
            if rates is not None
        },
    )


class _Writer:
    """Turns the summarizer's document into the stored one: words become places, or rows of their own."""

    def __init__(self, reading: Reading) -> None:
        self._texts = reading.texts
        self._statements = {each.public_id for each in reading.statements}
        self._map = reading.run.map
        self._new_words: list[NewWords] = []

    def written(self, made: summary.Summary) -> Made:
        document: Document = {
            "format": FORMAT,
            "whole": self._whole(made.whole),
            "proposals": self._proposals(made.sides),
            "topics": [self._topic(each) for each in made.topics],
            "groups": [self._group(each) for each in made.groups],
        }
        cited = sorted({one for sentence in sentences(document) for one in sentence["cites"]})
        document["sources"] = {one: sha256_of(self._texts[one]) for one in cited}
        return Made(document, self._new_words, made.left_out)

    def _whole(self, section: whole.WholeSection | None) -> dict[str, Any] | None:
        if section is None or self._map is None:
            return None
        return {
            "participants": self._map.participants,
            "votes": self._map.votes,
            **{
                name: [self._told(f"whole/{name}", each.quote, each.votes) for each in getattr(section, name)]
                for name in ("common_ground", "divides", "unsure")
            },
            "waiting": section.waiting and self._sentence("whole/waiting", section.waiting),
        }

    def _told(self, where: str, quote: Sentence, votes: Sentence) -> dict[str, Told]:
        here = f"{where}/{quote.cites[0]}"
        return {"quote": self._sentence(here, quote), "votes": self._sentence(f"{here}/votes", votes)}

    def _proposals(self, sides: Iterable[summary.SideSection]) -> list[dict[str, Any]]:
        by_proposal: dict[str, list[dict[str, Any]]] = {}
        for side in sides:
            by_proposal.setdefault(side.proposal, []).append(self._side(side))
        return [{"id": proposal, "sides": told} for proposal, told in by_proposal.items()]

    def _side(self, side: summary.SideSection) -> dict[str, Any]:
        here = f"{side.proposal}/{side.side}"
        return {
            "side": side.side,
            "people": side.people,
            "covered": side.covered,
            "opening": self._sentence(f"{here}/opening", side.opening),
            "coverage": self._sentence(f"{here}/coverage", side.coverage),
            "points": [self._point(here, point) for point in side.points],
            "voices": [self._sentence(f"{here}/voice", each) for each in (*side.voices, *side.verbatim)],
            "unmatched": list(side.unreflected),
            "not_read": side.not_read,
        }

    def _point(self, where: str, point: summary.Point) -> dict[str, Told | None]:
        quote = self._sentence(f"{where}/quote", point.quote)
        here = f"{where}/{quote['key']}"
        return {
            "quote": quote,
            "rewrite": point.rewrite and self._sentence(f"{here}/rewrite", point.rewrite),
            "prevalence": self._sentence(f"{here}/prevalence", point.prevalence),
            "copies": point.copies and self._sentence(f"{here}/copies", point.copies),
        }

    def _topic(self, topic: summary.TopicSection) -> dict[str, Any]:
        return {
            "terms": {language: list(words) for language, words in topic.terms.items()},
            "example": self._sentence("topic", topic.example),
            "statements": [one for one in topic.members if one in self._statements],
            "arguments": [one for one in topic.members if one not in self._statements],
            "people": topic.people,
        }

    def _group(self, group: summary.GroupSection) -> dict[str, Any]:
        sizes = {each["letter"]: each["size"] for each in self._map.snapshot["groups"]} if self._map else {}
        told = [self._told(f"group/{group.group}", quote, votes) for quote, votes in group.statements]
        return {"letter": group.group, "size": sizes[group.group], "statements": told}

    def _sentence(self, where: str, sentence: Sentence) -> Told:
        place = self._place(sentence) if sentence.kind == "quote" else None
        key = _key(where, place)
        language = None if sentence.kind == "statistic" else next(iter(sentence.text))
        if sentence.kind == "rewrite":
            self._new_words.append(
                NewWords(key, str(language), sentence.text[str(language)], sentence.cites, sentence.gate or "")
            )
        return {
            "key": key,
            "kind": sentence.kind,
            "place": place,
            "text": sentence.text if sentence.kind == "statistic" else None,
            "language": language,
            "cites": list(sentence.cites),
            "n": sentence.n,
            "denominator": sentence.denominator,
            "per_group": {group: asdict(count) for group, count in sentence.per_group.items()},
            "interval": sentence.interval and list(sentence.interval),
            "gate": sentence.gate,
        }

    def _place(self, sentence: Sentence) -> dict[str, Any]:
        """Where the words stand in their source. Raises ValueError if they do not stand there literally."""
        (words,), source = sentence.text.values(), sentence.cites[0]
        start = self._texts[source].index(words)
        return {"id": source, "start": start, "end": start + len(words)}


def _key(where: str, place: Mapping[str, Any] | None) -> str:
    """What a sentence is, in twelve characters: the same in every version that says it at this place."""
    named = f"{where}/{place['id']}/{place['start']}/{place['end']}" if place else where
    return hashlib.sha256(named.encode()).hexdigest()[:12]
