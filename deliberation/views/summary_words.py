"""A stored summary with today's words. A sentence is shown only while everything that it cites still stands."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deliberation import visibility
from deliberation.analysis.summary_document import quoted
from deliberation.analysis.summary_inputs import quotable_ids, sha256_of
from deliberation.models import Argument, Side, Statement, Summary, Wording
from deliberation.views.page import Visit
from deliberation.views.proposals import argument_shown
from deliberation.views.proposals import shown as proposal_shown
from deliberation.views.statements import shown as statement_shown

Told = dict[str, Any]


def summary_shown(document: Told, visit: Visit, version: int | None = None) -> Told | None:
    """What templates/summaries/_heard.html shows; None for a document of an earlier form.

    `version` names the summary whose new words may be shown; they are where somebody ticked them.
    """
    return _Reader(document, visit, version).whole() if document.get("format") else None


class _Reader:
    def __init__(self, document: Told, visit: Visit, version: int | None) -> None:
        self._document, self._visit = document, visit
        self._sources: dict[str, str] = document["sources"]
        self._statements = {each.public_id: each for each in visibility.statements_for(visit.assembly)}
        arguments = Argument.objects.filter(assembly=visit.assembly).shown().select_related("author", "proposal")
        self._arguments = {each.public_id: each for each in arguments}
        self._quotable = quotable_ids(visit.assembly)
        ticked = Wording.objects.filter(
            summary__assembly=visit.assembly, summary__version=version, ticked_at__isnull=False
        )
        self._new_words = {each.key: each for each in ticked}

    def whole(self) -> Told:
        found = self._visit.assembly.proposals.prefetch_related("translations")
        proposals = {each.public_id: each for each in found}
        return {
            "whole": self._assembly(self._document["whole"]),
            "proposals": [
                {
                    "proposal": proposal_shown(proposals[each["id"]], self._visit),
                    "sides": [self._side(side) for side in each["sides"]],
                }
                for each in self._document["proposals"]
                if each["id"] in proposals
            ],
            "topics": [self._topic(each) for each in self._document["topics"]],
            "groups": [{**each, "statements": self._all_told(each["statements"])} for each in self._document["groups"]],
        }

    def _assembly(self, stored: Told | None) -> Told | None:
        if stored is None:
            return None
        names = {"common_ground": _("Common ground"), "divides": _("What divides"), "unsure": _("What people pass on")}
        return {
            "participants": stored["participants"],
            "votes": stored["votes"],
            "lists": [
                {"name": name, "title": title, "statements": self._all_told(stored[name])}
                for name, title in names.items()
            ],
            "waiting": stored["waiting"] and self._sentence(stored["waiting"]),
        }

    def _all_told(self, stored: Iterable[Told]) -> list[Told]:
        """Statements with their votes; what was withdrawn is left out."""
        told = ((self._sentence(each["quote"]), self._sentence(each["votes"])) for each in stored)
        return [{"quote": quote, "votes": votes} for quote, votes in told if quote and votes]

    def _side(self, stored: Told) -> Told:
        return {
            "side": stored["side"],
            "label": Side(stored["side"]).heading,
            "people": stored["people"],
            "covered": stored["covered"],
            "opening": self._sentence(stored["opening"]),
            "coverage": self._sentence(stored["coverage"]),
            "points": [told for each in stored["points"] if (told := self._point(each))],
            "voices": [told for each in stored["voices"] if (told := self._sentence(each))],
            "unmatched": self._cited(stored["unmatched"]) if self._has_more_to_tell(stored) else [],
        }

    def _has_more_to_tell(self, side: Told) -> bool:
        """Whether any argument behind no point is not told whole among the single voices."""
        whole = {
            voice["place"]["id"]
            for voice in side["voices"]
            if (source := self._arguments.get(voice["place"]["id"]))
            and voice["place"]["end"] - voice["place"]["start"] == len(source.text)
        }
        return not whole >= {*side["unmatched"]}

    def _point(self, stored: Told) -> Told | None:
        """A key point in few words where somebody ticked them, else in the words it is quoted from."""
        quote, prevalence = self._sentence(stored["quote"]), self._sentence(stored["prevalence"])
        if quote is None or prevalence is None:
            return None
        rewrite = stored["rewrite"] and self._sentence(stored["rewrite"])
        copies = stored["copies"] and self._sentence(stored["copies"])
        return {"said": rewrite or quote, "quote": quote, "prevalence": prevalence, "copies": copies}

    def _topic(self, stored: Told) -> Told:
        example = self._sentence(stored["example"])
        terms, language = _terms_for(stored["terms"], self._visit.language)
        return {
            "terms": terms,
            "language": language,
            "example": example,
            "people": stored["people"],
            "statements": len(stored["statements"]),
            "arguments": len(stored["arguments"]),
        }

    def _sentence(self, stored: Told) -> Told | None:
        if not all(self._holds(one) for one in stored["cites"]):
            return None
        words = self._words(stored)
        if words is None:
            return None
        text, language = words
        return {**stored, "text": text, "language": language, "cites": self._cited(stored["cites"])}

    def _words(self, stored: Told) -> tuple[str, str] | None:
        if stored["kind"] == "statistic":
            language = self._visit.language if self._visit.language in stored["text"] else "en"
            return stored["text"][language], language
        if stored["kind"] == "rewrite":
            new = self._new_words.get(stored["key"])
            return (new.text, new.language) if new else None
        return self._quotation(stored)

    def _quotation(self, stored: Told) -> tuple[str, str] | None:
        place = stored["place"]
        if place["id"] not in self._quotable:
            return None
        if statement := self._statements.get(place["id"]):
            return statement.text_in(self._visit.language)
        argument = self._arguments[place["id"]]
        text = quoted(argument.text, place, self._sources[place["id"]])
        return (text, stored["language"]) if text else None

    def _holds(self, public_id: str) -> bool:
        source = self._statements.get(public_id) or self._arguments.get(public_id)
        return source is not None and sha256_of(source.text) == self._sources[public_id]

    def _cited(self, public_ids: Iterable[str]) -> list[Told]:
        known: dict[str, Statement | Argument] = {**self._statements, **self._arguments}
        return [cited(known[one], self._visit) for one in public_ids if one in known]


def _terms_for(stored: dict[str, list[str]] | list[str], language: str) -> tuple[list[str], str]:
    """In the reader's language where people spoke of it in that, else in another; early documents knew none."""
    if isinstance(stored, list):
        return stored, ""
    told = language if language in stored else next(iter(stored), "")
    return stored.get(told, []), told


def cited(source: Statement | Argument, visit: Visit) -> Told:
    """A source as it stands under a sentence, with the address where it was written."""
    if isinstance(source, Statement):
        address = reverse("statements", args=[visit.assembly.slug])
        return {**statement_shown(source, visit), "url": f"{address}#statement-{source.public_id}"}
    address = reverse("proposal", args=[visit.assembly.slug, source.proposal.public_id])
    return {**argument_shown(source, visit), "url": f"{address}#argument-{source.public_id}"}


def represented(summary: Summary, visit: Visit) -> list[Told]:
    """Where this reader's own arguments went: behind which sentences, quoted or counted, or behind none."""
    if visit.participant is None:
        return []
    own = visit.participant.arguments.filter(assembly=visit.assembly).shown().select_related("author", "proposal")
    where = behind(summary.document)
    return [
        {
            **cited(each, visit),
            "behind": where.get(each.public_id, []),
            "was_read": each.public_id in summary.run.inputs,
        }
        for each in own
    ]


def behind(document: Told) -> dict[str, list[Told]]:
    """For each argument the points and single voices that cite it: the sentence's key, and whether it is quoted."""
    found: dict[str, list[Told]] = {}
    for side in (side for proposal in document.get("proposals", []) for side in proposal["sides"]):
        for sentence in [*(point["quote"] for point in side.get("points", [])), *side.get("voices", [])]:
            for place, one in enumerate(sentence.get("cites", [])):
                told = {"key": sentence["key"], "is_quoted": place == 0, "people": len(sentence["cites"])}
                found.setdefault(one, []).append(told)
    return found
