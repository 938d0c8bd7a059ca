from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from deliberation.actions.running import locked, tell
from deliberation.actions.seating import seat_late
from deliberation.models import Attendance, Participant, Session

SEEN_EVERY = timedelta(seconds=60)


def attend(session: Session, participant: Participant) -> None:
    """They are here now, told to the minute; the room hears how many there are, and who comes late gets a seat."""
    now = timezone.now()
    with transaction.atomic():
        attendance, came = Attendance.objects.get_or_create(
            session=session, participant=participant, defaults={"assembly_id": session.assembly_id, "seen_at": now}
        )
        if came:
            current = locked(session)
            seat_late(current, participant)
            tell(current)
        elif now - attendance.seen_at > SEEN_EVERY:
            Attendance.objects.filter(pk=attendance.pk).update(seen_at=now)
