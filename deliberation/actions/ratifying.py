"""Asking participants whether a summary represents what was said, and closing the question."""

import hashlib

from django.db import transaction

from deliberation import record
from deliberation.actions import publishing
from deliberation.actions.challenging import correct_accepted
from deliberation.actions.errors import NotInThisState, StaleVote
from deliberation.analysis.review import places
from deliberation.analysis.summary_changes import changed_since
from deliberation.models import Challenge, ChallengeState, Participant, Ratification, Ratified, Summary, SummaryState


@transaction.atomic
def ratify(
    participant: Participant,
    summary: Summary,
    point: str,
    answer: Ratified,
    fix: str = "",
    language: str = "",
    replaces: int = 0,
    nonce: str = "",
) -> Ratification:
    """Say whether the sentence of a key point represents what was said; a later answer replaces the earlier.

    `replaces` is the revision that was seen. Raises NotInThisState once the question is closed, and StaleVote.
    """
    # Whoever closes the question waits for answers on the way, and they for each other.
    offered = Summary.objects.select_for_update().filter(pk=summary.pk, state=SummaryState.OFFERED).first()
    place = offered and next((place for place in places(offered.document) if place.key == point), None)
    if place is None:
        raise NotInThisState
    given = Ratification.objects.filter(summary=offered, point=point, participant=participant).first()
    if given is not None and (given.answer, given.fix) == (answer, fix):
        return given  # the same answer, sent twice
    if replaces != (given.revision if given else 0):
        raise StaleVote
    is_source = participant.arguments.filter(public_id__in=place.cites).exists()
    words = {"answer": answer, "fix": fix, "language": language, "is_source": is_source, "revision": replaces + 1}
    ratification, _ = Ratification.objects.update_or_create(
        summary=offered, point=point, participant=participant, defaults=words
    )
    _tell(ratification, nonce)
    return ratification


@transaction.atomic
def close(summary: Summary, by: Participant) -> None:
    """End the question and publish. What people answered stands under the summary from then on."""
    publishing.publish(summary, by)
    accepted = Challenge.objects.filter(summary__assembly=summary.assembly_id, state=ChallengeState.ACCEPTED)
    correct_accepted(summary, changed_since(accepted, summary))


def forget_answers(participant: Participant) -> None:
    """Take back what is still asked; what was counted at a close stays counted, without the person and the words."""
    given = Ratification.objects.filter(participant=participant)
    given.filter(summary__published_at__isnull=True).delete()
    given.update(participant=None, fix="")


def _tell(ratification: Ratification, nonce: str) -> None:
    summary, participant = ratification.summary, ratification.participant
    content = {"summary": summary.version, "point": ratification.point, "answer": ratification.answer}
    if ratification.fix:
        content["fix"] = hashlib.sha256(ratification.fix.encode()).hexdigest()
    record.append(
        participant.assembly,
        type="ratify",
        id=record.ratification_id(participant, summary, ratification.point),
        n=ratification.revision,
        content=content,
        by=participant,
        nonce=nonce,
    )
