"""Reviewing a version of the summary: what facilitators keep, edit and move on the way to the next version."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deliberation import live, locks, record
from deliberation.actions import publishing
from deliberation.actions.errors import NotInThisState, RestsOnIt, StaleReview
from deliberation.analysis.review import may_leave, places
from deliberation.analysis.standing_review import StandingReview
from deliberation.models import (
    Argument,
    Move,
    Participant,
    RecordEntry,
    Review,
    Summary,
    SummaryState,
    Verdict,
    Wording,
)

OPEN_TO_REVIEW = (SummaryState.DRAFT, SummaryState.OFFERED, SummaryState.PUBLISHED, SummaryState.WITHDRAWN)


@transaction.atomic
def decide(summary: Summary, point: str, verdict: Verdict, by: Participant, replaces: int) -> Review:
    """Keep the drafted sentence of a key point, or quote instead. Raises StaleReview, NotInThisState."""
    standing = _locked(summary, point, replaces)
    if standing.place(point) is None:
        raise StaleReview
    review = summary.reviews.create(point=point, verdict=verdict, by=by, revision=replaces + 1)
    _tell(summary, point, replaces + 1, {"verdict": verdict})
    return review


@transaction.atomic
def edit(
    summary: Summary, point: str, words: str, language: str, cites: Sequence[str], by: Participant, replaces: int
) -> Review:
    """Word the sentence of a key point otherwise, resting on some of its sources. Raises StaleReview, NotInThisState.

    The record holds digests of the words before and after, so that they can be erased with their sources.
    """
    standing = _locked(summary, point, replaces)
    place = standing.place(point)
    if place is None or not cites or not {*cites} <= {*place.cites}:
        raise StaleReview
    now = standing.words(place)
    before = now.text if now else ""
    review = summary.reviews.create(
        point=point,
        verdict=Verdict.EDITED,
        language=language,
        before=before,
        after=words,
        cites=list(cites),
        by=by,
        revision=replaces + 1,
    )
    changed = {"before": _sha256(before), "after": _sha256(words), "cites": list(cites), "language": language}
    _tell(summary, point, replaces + 1, {"verdict": Verdict.EDITED, **changed})
    return review


@transaction.atomic
def move(summary: Summary, argument: Argument, leaves: str, joins: str, by: Participant, replaces: int) -> Move:
    """Count an argument for another key point of its side; "" is none. Raises StaleReview, RestsOnIt, NotInThisState.

    What a sentence is made from stays where it is.
    """
    standing = _locked(summary, argument.public_id, replaces)
    from_place, to_place = standing.place(leaves), standing.place(joins)
    if not _is_a_way(argument.public_id, leaves, joins, standing):
        raise StaleReview
    if from_place is not None and not may_leave(from_place, argument.public_id):
        raise RestsOnIt
    if from_place is not None and to_place is not None and from_place.side is not to_place.side:
        raise StaleReview
    made = summary.moves.create(argument=argument, leaves=leaves, joins=joins, by=by, revision=replaces + 1)
    _tell(summary, argument.public_id, replaces + 1, {"leaves": leaves, "joins": joins})
    return made


def _is_a_way(argument: str, leaves: str, joins: str, standing: StandingReview) -> bool:
    """Whether the argument stands where it is to be taken from, and not yet where it is to go, on one side."""
    from_place, to_place = standing.place(leaves), standing.place(joins)
    if leaves == joins or (leaves and from_place is None) or (joins and to_place is None):
        return False
    if from_place is not None:
        return argument in from_place.cites
    return argument in to_place.side["unmatched"]


@transaction.atomic
def undo_review(summary: Summary, point: str, replaces: int) -> None:
    """Take back the decision that stands on a point; the one before stands again. Raises StaleReview."""
    _undo(_locked(summary, point, replaces).reviews.get(point), summary, point, replaces)


@transaction.atomic
def undo_move(summary: Summary, argument: Argument, replaces: int) -> None:
    """Take back the last move of an argument. Raises StaleReview."""
    standing = _locked(summary, argument.public_id, replaces)
    moved = [each for each in standing.moves if each.argument_id == argument.pk]
    _undo(moved[-1] if moved else None, summary, argument.public_id, replaces)


@transaction.atomic
def offer_reviewed(summary: Summary, by: Participant) -> Summary:
    """Ask participants about a version: the one given, or what its review makes of it. Raises NotInThisState."""
    locks.lock_until_commit(locks.SUMMARISING, summary.assembly_id)
    offered = next_version(summary, by)
    publishing.offer(offered, by)
    return offered


def next_version(summary: Summary, by: Participant) -> Summary:
    """A draft with everything that was reviewed; the version given where nothing was. Call it under the lock."""
    standing = StandingReview(_open_to_review(summary))
    if not standing.has_changes:
        return standing.summary
    document, wordings = standing.next_document()
    newest = Summary.objects.filter(assembly=summary.assembly_id).aggregate(version=Max("version"))["version"]
    made = Summary.objects.create(
        assembly=summary.assembly,
        version=newest + 1,
        run=summary.run,
        map=summary.map,
        document=document,
        revised_from=summary,
        made_by=by,
    )
    for wording in wordings:
        wording.summary = made
    Wording.objects.bulk_create(wordings)
    publishing.tell(made)
    return made


def forget_reviews(participant: Participant, written: Collection[str]) -> None:
    """Erase edits that rest, or took the place of what rests, on any of these contributions, and this person's own."""
    with_words = Review.objects.filter(summary__assembly=participant.assembly, verdict=Verdict.EDITED)
    for review in with_words.select_related("summary"):
        sources = {one for place in places(review.summary.document) if place.key == review.point for one in place.cites}
        if review.by_id == participant.pk or (sources | {*review.cites}) & {*written}:
            Review.objects.filter(pk=review.pk).update(before="", after="")


def _locked(summary: Summary, subject: str, replaces: int) -> StandingReview:
    """The review as it stands, for one facilitator at a time. Raises StaleReview if the subject was changed since."""
    standing = StandingReview(_open_to_review(summary))
    if standing.changes[subject] != replaces:
        raise StaleReview
    return standing


def _open_to_review(summary: Summary) -> Summary:
    current = Summary.objects.select_for_update(no_key=True, of=("self",)).select_related("map").get(pk=summary.pk)
    if current.state not in OPEN_TO_REVIEW:
        raise NotInThisState
    return current


def _undo(step: Review | Move | None, summary: Summary, subject: str, replaces: int) -> None:
    if step is None:
        raise StaleReview
    type(step).objects.filter(pk=step.pk).update(undone_at=timezone.now())
    _tell(summary, subject, replaces + 1, {"undone": step.revision})


def _tell(summary: Summary, subject: str, n: int, content: dict[str, Any]) -> RecordEntry:
    entry = record.append(
        summary.assembly,
        type="review",
        id=f"{summary.version}-{subject}",
        n=n,
        content={"summary": summary.version, "about": subject, **content},
    )
    transaction.on_commit(lambda: live.announce(summary.assembly_id, "review", entry.pk), robust=True)
    return entry


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
