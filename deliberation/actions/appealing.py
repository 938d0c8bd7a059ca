"""Asking for another look at what was hidden or put together, and what somebody else than before decides."""

from django.db import transaction
from django.utils import timezone

from deliberation import live, record
from deliberation.actions.errors import AlreadyAppealed, NotInThisState, SameModerator
from deliberation.actions.moderating import Contribution, lock, moderate
from deliberation.models import Appeal, Decision, Outcome, Participant

APPEALABLE = (Decision.REJECTED, Decision.MERGED)


@transaction.atomic
def appeal(contribution: Contribution, reason: str, language: str, nonce: str = "") -> Appeal:
    """Ask for another look at one's own. Raises NotInThisState unless it is hidden or merged, and AlreadyAppealed."""
    current = lock(contribution)
    taken = current.moderations.current().filter(decision__in=APPEALABLE).first()
    if taken is None or current.withdrawn_at is not None:
        raise NotInThisState
    if Appeal.objects.filter(moderation=taken).exists():
        raise AlreadyAppealed
    made = Appeal.objects.create(moderation=taken, by=current.author, reason=reason, language=language)
    said = {"contribution": current.public_id, "decision": taken.revision, "reason": reason, "language": language}
    _tell(made, said, n=1, by=current.author, nonce=nonce)
    return made


@transaction.atomic
def decide(appeal: Appeal, outcome: Outcome, answer: str, by: Participant) -> None:
    """Leave it as it was decided, or show it by itself again; no vote is moved.

    Raises SameModerator, and NotInThisState where it is decided already.
    """
    contribution = lock(appeal.moderation.about)
    current = Appeal.objects.select_for_update(no_key=True, of=["self"]).select_related("moderation").get(pk=appeal.pk)
    if current.outcome:
        raise NotInThisState
    if not may_decide(current, by):
        raise SameModerator
    decided = {"outcome": outcome, "answer": answer, "decided_by": by, "decided_at": timezone.now()}
    Appeal.objects.filter(pk=current.pk).update(**decided)
    _tell(current, {"outcome": outcome, "reason": answer}, n=2)
    if outcome == Outcome.OVERTURNED:
        moderate(contribution, Decision.SHOWN, "", by)


def may_decide(appeal: Appeal, person: Participant) -> bool:
    """Neither whoever took the decision nor whoever wrote it."""
    return person.pk not in (appeal.moderation.by_id, appeal.by_id)


def forget_appeals(participant: Participant) -> None:
    """Erase the words of somebody's appeals and the answers to them, and what they answered to others."""
    Appeal.objects.filter(by=participant).update(reason="", answer="")
    Appeal.objects.filter(decided_by=participant).update(decided_by=None, answer="")


def _tell(appeal: Appeal, content: dict[str, object], n: int, by: Participant | None = None, nonce: str = "") -> None:
    assembly = appeal.by.assembly
    entry = record.append(assembly, type="appeal", id=appeal.public_id, n=n, content=content, by=by, nonce=nonce)
    transaction.on_commit(lambda: live.announce(assembly.pk, "moderation", entry.pk), robust=True)
