"""A version of the summary as it stands in review: its document after every step that was not undone."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from deliberation.analysis.auditing import share_of
from deliberation.analysis.consensus_map import group_letters
from deliberation.analysis.review import Edit, Part, Place, Said, Step, places, revised, settled
from deliberation.analysis.summary_document import quoted
from deliberation.analysis.summary_inputs import sha256_of
from deliberation.models import Argument, Audit, Move, Review, Summary, Verdict, Wording


class Words(NamedTuple):
    """What a sentence says now, in whose kind of words: quote, rewrite or edit."""

    text: str
    language: str
    kind: str


@dataclass
class StandingReview:
    """One version and what was done to it; looked up once, when it is made."""

    summary: Summary

    @cached_property
    def document(self) -> Part:
        steps = [Step(move.argument.public_id, move.leaves, move.joins) for move in self.moves]
        return revised(self.summary.document, steps, self._verdicts(), self._shares(), self.said)

    @cached_property
    def moves(self) -> list[Move]:
        return list(self.summary.moves.standing().select_related("argument", "by").order_by("pk"))

    @cached_property
    def reviews(self) -> dict[str, Review]:
        """The decision that stands on each point, by the point's key."""
        return {review.point: review for review in self.summary.reviews.standing().select_related("by")}

    @cached_property
    def audits(self) -> dict[str, Audit]:
        found = self.summary.audits.prefetch_related("cards")
        return {audit.point: audit for audit in found}

    @cached_property
    def changes(self) -> Counter[str]:
        """How often each point (by key) and argument (by public id) was changed here, undoings counted too."""
        reviews = self.summary.reviews.values_list("point", "undone_at")
        moves = self.summary.moves.values_list("argument__public_id", "undone_at")
        changed: Counter[str] = Counter()
        for subject, undone_at in [*reviews, *moves]:
            changed[subject] += 1 if undone_at is None else 2
        return changed

    @cached_property
    def arguments(self) -> dict[str, Argument]:
        """Every argument of the assembly, taken down or not: counts must not change when somebody withdraws."""
        everything = Argument.objects.filter(assembly=self.summary.assembly_id).select_related("author", "proposal")
        return {argument.public_id: argument for argument in everything}

    @cached_property
    def wordings(self) -> dict[str, Wording]:
        """By the key of the sentence."""
        return {wording.key: wording for wording in self.summary.wordings.select_related("ticked_by")}

    @cached_property
    def said(self) -> dict[str, Said]:
        letters = group_letters(self.summary.map) if self.summary.map else {}
        return {
            key: Said(argument.author_id, letters.get(argument.author_id), sha256_of(argument.text))
            for key, argument in self.arguments.items()
        }

    def place(self, point: str) -> Place | None:
        return next((place for place in places(self.document) if place.key == point), None)

    def words(self, place: Place) -> Words | None:
        """What the sentence of a point says as things stand; None where its source was changed or is gone."""
        review, rewrite = self.reviews.get(place.key), place.point["rewrite"]
        if review is not None and review.verdict == Verdict.EDITED and rewrite is not None:
            return Words(review.after, review.language, "edit") if review.after else None
        wording = rewrite and self.wordings.get(rewrite["key"])
        if wording:
            return Words(wording.text, wording.language, "rewrite" if wording.gate else "edit")
        return self.quotation(place)

    def quotation(self, place: Place) -> Words | None:
        told = place.point["quote"]["place"]
        source = self.arguments.get(told["id"])
        text = source and quoted(source.text, told, self.summary.document["sources"].get(told["id"], ""))
        return Words(text, source.language, "quote") if text else None

    def to_read(self) -> list[Place]:
        """The points for which a model has drafted a sentence."""
        drafted = (place for place in places(self.summary.document) if place.point["rewrite"])
        return [place for place in drafted if self._by_model(place)]

    def is_read(self, place: Place) -> bool:
        """Whether somebody has decided on the sentence of this point."""
        wording = self.wordings.get((place.point["rewrite"] or {}).get("key", ""))
        return place.key in self.reviews or (wording is not None and wording.ticked_at is not None)

    @property
    def has_changes(self) -> bool:
        return bool(self.reviews or self.moves or self._shares())

    def next_document(self) -> tuple[Part, list[Wording]]:
        """What the next version says: the document, and the words that do not stand in it."""
        document = settled(self.document, self.said)
        kept: list[Wording] = []
        for place in places(document):
            wording = place.point["rewrite"] and self._wording(place)
            place.point["rewrite"] = place.point["rewrite"] if wording else None
            kept += [wording] if wording else []
        return document, kept

    def _wording(self, place: Place) -> Wording | None:
        """The words of a point's sentence, not yet saved; None where they were erased."""
        review, rewrite = self.reviews.get(place.key), place.point["rewrite"]
        if review is not None and review.verdict == Verdict.EDITED:
            words = Wording(text=review.after, language=review.language, written_by=review.by)
            return _ticked(words, rewrite, review) if review.after else None
        before = self.wordings.get(rewrite["key"])
        if before is None:
            return None
        words = Wording(text=before.text, language=before.language, gate=before.gate, written_by=before.written_by)
        return _ticked(words, rewrite, review if review is not None else before)

    def _by_model(self, place: Place) -> bool:
        wording = self.wordings.get(place.point["rewrite"]["key"])
        return wording is not None and bool(wording.gate)

    def _verdicts(self) -> dict[str, Edit | None]:
        decided = {point: review for point, review in self.reviews.items() if review.verdict != Verdict.KEPT}
        return {
            point: Edit(review.language, review.cites) if review.verdict == Verdict.EDITED else None
            for point, review in decided.items()
        }

    def _shares(self) -> dict[str, tuple[list[float], int]]:
        finished = {point: audit for point, audit in self.audits.items() if audit.finished_at is not None}
        found = {point: share_of(audit) for point, audit in finished.items()}
        return {point: share for point, share in found.items() if share is not None}


def _ticked(words: Wording, rewrite: Part, by: Review | Wording) -> Wording:
    words.key, words.cites = rewrite["key"], rewrite["cites"]
    if isinstance(by, Review):
        words.ticked_by, words.ticked_at = by.by, by.created_at
    else:
        words.ticked_by, words.ticked_at = by.ticked_by, by.ticked_at
    return words
