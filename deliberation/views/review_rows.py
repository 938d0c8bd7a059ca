"""What a facilitator sees of a version in review: each sentence beside its sources, its count and its check."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliberation.analysis.review import Part, Place, may_leave, places
from deliberation.analysis.standing_review import StandingReview
from deliberation.analysis.summary_document import gone
from deliberation.analysis.word_changes import word_changes
from deliberation.models import Argument, Move, Proposal, Ratified, Side, Verdict
from deliberation.views.page import Visit
from deliberation.views.proposals import argument_shown
from deliberation.views.proposals import shown as proposal_shown

Row = dict[str, Any]


class ReviewRows:
    """The rows of one version, looked up once."""

    def __init__(self, standing: StandingReview, visit: Visit) -> None:
        self.standing, self.visit = standing, visit
        self._shown = set(visit.assembly.arguments.shown().values_list("public_id", flat=True))
        self._moved: dict[str, Move] = {move.argument.public_id: move for move in standing.moves}
        self._said = _said_by_participants(standing)
        self._challenges = Counter(standing.summary.challenges.filter(state="open").values_list("key", flat=True))
        self._refused = _why_refused(standing)
        self._gone = gone(standing.summary.document, visit.assembly)

    def proposals(self) -> list[Row]:
        """Every proposal with how many drafted sentences nobody has read yet."""
        texts = {each.public_id: each for each in self.visit.assembly.proposals.prefetch_related("translations")}
        to_read = {place.key for place in self.standing.to_read() if not self.standing.is_read(place)}
        return [
            self._proposal(texts[part["id"]], part, to_read)
            for part in self.standing.document["proposals"]
            if part["id"] in texts
        ]

    def _proposal(self, proposal: Proposal, part: Part, to_read: set[str]) -> Row:
        keys = {point["quote"]["key"] for side in part["sides"] for point in side["points"]}
        return {
            **proposal_shown(proposal, self.visit),
            "to_read": len(keys & to_read),
            "points": len(keys),
            "keys": keys,
            "part": part,
        }

    def sides(self, proposal: Part) -> list[Row]:
        return [self._side(proposal, side) for side in proposal["sides"]]

    def _side(self, proposal: Part, side: Part) -> Row:
        here = [Place(proposal, side, point) for point in side["points"]]
        named = [(place.key, self._short(place)) for place in here]
        return {
            "side": side["side"],
            "label": Side(side["side"]).heading,
            "coverage": side["coverage"]["text"].get(self.visit.language, ""),
            "rows": [self.row(place, named) for place in here],
            "unmatched": [self._source(each, None, named) for each in side["unmatched"]],
            "targets": named,
        }

    def row(self, place: Place, named: list[tuple[str, str]]) -> Row:
        standing, review = self.standing, self.standing.reviews.get(place.key)
        prevalence = place.point["prevalence"]
        return {
            "key": place.key,
            "words": standing.words(place),
            "quotation": standing.quotation(place),
            "draft": self._draft(place),
            "is_read": standing.is_read(self._as_made(place)) if self._draft(place) else True,
            "review": review,
            "edited": review if review is not None and review.verdict == Verdict.EDITED else None,
            "tracked": word_changes(review.before, review.after) if review is not None and review.after else [],
            "refused": [] if self._draft(place) else self._refused.get(place.key, []),
            "replaces": standing.changes[place.key],
            "too_few": place.has_too_few,
            "gone": bool(self._gone & {*place.cites}),
            "count": prevalence["text"].get(self.visit.language, ""),
            "prevalence": prevalence,
            "audit": self._audit(place),
            "sources": [self._source(each, place, named) for each in place.cites],
            "said": self._said.get(place.key),
            "challenges": self._challenges[place.key],
        }

    def _as_made(self, place: Place) -> Place:
        """The same point in the document before any step."""
        return next(each for each in places(self.standing.summary.document) if each.key == place.key)

    def _draft(self, place: Place) -> Row | None:
        """What a model drafted for this point, and whether it stands on sources that were moved away since."""
        made = self._as_made(place).point["rewrite"]
        wording = made and self.standing.wordings.get(made["key"])
        if not wording or not wording.gate:
            return None
        return {
            "text": wording.text,
            "language": wording.language,
            "gate": wording.gate,
            "lost": not {*made["cites"]} <= {*place.cites},
        }

    def _audit(self, place: Place) -> Row | None:
        audit = self.standing.audits.get(place.key)
        if audit is None:
            return None
        cards = list(audit.cards.all())
        return {"judged": sum(bool(card.judgement) for card in cards), "total": len(cards), "done": audit.finished_at}

    def _source(self, argument: str, place: Place | None, named: list[tuple[str, str]]) -> Row:
        key = place.key if place is not None else ""
        found, moved = self.standing.arguments.get(argument), self._moved.get(argument)
        return {
            **(self._words_of(found) if found and argument in self._shown else {"public_id": argument, "gone": True}),
            "leaves": key,
            "replaces": self.standing.changes[argument],
            "may_leave": place is None or may_leave(place, argument),
            "lost": argument in self._gone,
            "is_quoted": place is not None and argument == place.cites[0],
            "moved": moved if moved is not None and moved.joins == key else None,
            "targets": [target for target in named if target[0] != key],
        }

    def _words_of(self, argument: Argument) -> Row:
        return argument_shown(argument, self.visit)

    def _short(self, place: Place) -> str:
        words = self.standing.words(place)
        text = words.text if words else _("a sentence whose source was changed")
        return text if len(text) <= 60 else f"{text[:57].rsplit(' ', 1)[0]}…"


def progress(standing: StandingReview) -> Row:
    to_read = standing.to_read()
    return {"total": len(to_read), "read": sum(standing.is_read(place) for place in to_read)}


def _said_by_participants(standing: StandingReview) -> dict[str, Row]:
    """What participants answered about each point of this version, with the corrections they ask for."""
    said: dict[str, Row] = {}
    for given in standing.summary.ratifications.order_by("changed_at"):
        row = said.setdefault(given.point, {"answers": 0, "fixes": []})
        row["answers"] += 1
        if given.answer == Ratified.FIX and given.fix:
            row["fixes"].append({"text": given.fix, "language": given.language, "is_source": given.is_source})
    return said


ADDS = "it adds "
WHY_REFUSED = {
    "its quoted sentence is in another language or flagged": gettext_lazy(
        "its source is in another language or flagged"
    ),
    "the quoted sentence does not entail it": gettext_lazy("it does not follow from what was said"),
    "it is no compression of what was said": gettext_lazy("it says more than a shorter form of what was said"),
    "its sources are on different sides": gettext_lazy("its sources are on different sides"),
    "it reads like an instruction or holds personal data": gettext_lazy(
        "it reads like an instruction or a private detail"
    ),
    "its length is not that of its source": gettext_lazy("it is much shorter or longer than its source"),
    "a name or number is not in its sources": gettext_lazy("a name or number in it is not in its sources"),
    "its words are not those of its quoted sentence or of two others": gettext_lazy(
        "it uses words that its sources lack"
    ),
}


def _why_refused(standing: StandingReview) -> dict[str, list[str]]:
    """By point, why the gate let no draft through; known for the version that the run itself made."""
    run = standing.summary.run
    refused = run.account.get("refused_points", {}) if run is not None else {}
    return {point: [_in_words(reason) for reason in reasons] for point, reasons in refused.items()}


def _in_words(reason: str) -> str:
    if reason.startswith(ADDS):
        return _("it adds a denial, a doubt, a condition or an amount that most of its sources lack")
    return str(WHY_REFUSED.get(reason, reason))
