"""Polls and temperature checks in a session: asked once, changed until they close, counted when they do."""

from django.db import transaction
from django.utils import timezone

from deliberation.actions.errors import NotInThisState
from deliberation.actions.running import count, locked_open, tell
from deliberation.models import Participant, Poll, PollAnswer, Scene, Session


@transaction.atomic
def open_poll(session: Session) -> Poll:
    """Ask what the item asks. A poll that was counted stays counted: raises NotInThisState."""
    current = locked_open(session)
    poll = _of_item(current)
    if poll.state == "closed":
        raise NotInThisState
    if poll.state == "coming":
        poll.opened_at = timezone.now()
        poll.save(update_fields=["opened_at"])
        current.scene, current.is_blank = Scene.POLL, False
        tell(current)
    return poll


@transaction.atomic
def close_poll(session: Session) -> Poll:
    """Count what came in. Closing it twice is closing it once."""
    current = locked_open(session)
    poll = _of_item(current)
    if poll.state == "coming":
        raise NotInThisState
    if poll.state == "open":
        count(current, poll)
        current.scene, current.is_blank = Scene.POLL, False
        tell(current)
    return poll


@transaction.atomic
def answer(participant: Participant, poll: Poll, choice: int) -> PollAnswer:
    """Answer, or change the answer. Raises NotInThisState where the poll is not open, or has no such option."""
    current = locked_open(poll.item.session)
    now = Poll.objects.select_related("item").get(pk=poll.pk)
    if now.state != "open" or choice not in now.options_in("en"):
        raise NotInThisState
    given, _ = PollAnswer.objects.update_or_create(
        poll=now, participant=participant, defaults={"assembly_id": now.assembly_id, "choice": choice}
    )
    tell(current)
    return given


def _of_item(session: Session) -> Poll:
    poll = Poll.objects.filter(item=session.item_id).select_related("item").first()
    if poll is None:
        raise NotInThisState
    return poll
