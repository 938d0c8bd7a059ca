"""What a room hears of its session: one snapshot for everybody, with people by their public ids alone."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from deliberation.models import CardKind, Poll, Session


def session_of_now(assembly_id: int) -> Session | None:
    """The session that is open, else the one that was opened last."""
    opened = Session.objects.filter(assembly=assembly_id, opened_at__isnull=False).select_related("item")
    return opened.order_by("-opened_at").first()


def told(session: Session) -> dict[str, Any]:
    """What browsers follow. The timer is told by when it ends, so that each counts down by the server's time."""
    poll = poll_of(session)
    speaking = session.hands.speaking().values_list("participant__public_id", flat=True)
    waiting = session.hands.waiting().values_list("participant__public_id", flat=True)
    return {
        "version": session.changes,
        "session": session.public_id,
        "open": session.is_open,
        "item": session.item and session.item.public_id,
        "scene": session.scene,
        "blank": session.is_blank,
        "timer": timer_told(session),
        "poll": poll and poll.state,
        "answers": poll.answers.count() if poll else 0,
        "speaker": speaking.first(),
        "hands": list(waiting),
        "cards": _cards_told(session),
        "arrangement": session.arrangements,
    }


def _cards_told(session: Session) -> dict[str, list[str]]:
    """The cards that are up, by their own random ids: each phone knows which are its own, and nobody else does."""
    up: dict[str, list[str]] = {str(kind): [] for kind in CardKind}
    for kind, public_id in session.cards.up().values_list("kind", "public_id"):
        up[kind].append(public_id)
    return up


def timer_told(session: Session) -> dict[str, int | None]:
    """Milliseconds: what is left while it stands, and the moment at which it ends while it runs."""
    since, left = session.running_since, session.time_left
    ends = milliseconds_of(since + left) if since else None
    return {"left": round(left.total_seconds() * 1000), "ends": ends}


def milliseconds_of(moment: datetime) -> int:
    """Since 1970, as browsers count."""
    return round(moment.timestamp() * 1000)


def now_in_milliseconds() -> int:
    return milliseconds_of(timezone.now())


def poll_of(session: Session) -> Poll | None:
    """What the item asks; None where it asks nothing."""
    return Poll.objects.filter(item=session.item_id).select_related("item").first() if session.item_id else None
