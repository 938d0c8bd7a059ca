"""The speaking queue: raise a hand, take it down, and be called in an order that favours those who spoke least."""

from django.db import transaction
from django.utils import timezone

from deliberation.actions.errors import NotInThisState
from deliberation.actions.running import locked_open, tell
from deliberation.models import Hand, Participant, Scene, Session


@transaction.atomic
def raise_hand(session: Session, participant: Participant) -> Hand:
    """Ask for the floor. A hand that is up already keeps its place; so does one sent twice by a bad line."""
    current = locked_open(session)
    hand, is_new = Hand.objects.get_or_create(
        session=current,
        participant=participant,
        done_at=None,
        defaults={"assembly_id": current.assembly_id, "raised_at": timezone.now()},
    )
    if is_new:
        tell(current)
    return hand


@transaction.atomic
def lower_hand(session: Session, participant: Participant) -> None:
    """Take it down again; whoever speaks already is done."""
    current = locked_open(session)
    lowered, _ = current.hands.filter(participant=participant, called_at=None).delete()
    spoke = current.hands.speaking().filter(participant=participant).update(done_at=timezone.now())
    if spoke:
        _leave_scene(current)
    if lowered or spoke:
        tell(current)


@transaction.atomic
def call(session: Session, hand_id: str = "") -> Hand:
    """Give the floor to the first in the queue, or to the hand with this public id. Raises NotInThisState."""
    current = locked_open(session)
    waiting = current.hands.waiting()
    hand = waiting.filter(public_id=hand_id).first() if hand_id else waiting.first()
    if hand is None:
        raise NotInThisState
    now = timezone.now()
    current.hands.speaking().update(done_at=now)
    hand.called_at = now
    hand.save(update_fields=["called_at"])
    current.scene, current.is_blank = Scene.SPEAKER, False
    tell(current)
    return hand


@transaction.atomic
def end_speech(session: Session) -> None:
    """Nobody has the floor now. Ending it twice is ending it once."""
    current = locked_open(session)
    if current.hands.speaking().update(done_at=timezone.now()):
        _leave_scene(current)
        tell(current)


def _leave_scene(session: Session) -> None:
    if session.scene == Scene.SPEAKER and session.item is not None:
        session.scene = session.item.scene
