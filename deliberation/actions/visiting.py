from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from deliberation.models import LastVisit, Participant

COARSELY = timedelta(minutes=10)
ANOTHER_VISIT_AFTER = timedelta(minutes=30)


def remember_visit(participant: Participant) -> None:
    """They are here now. After half an hour away it is another visit, and the one before it has ended."""
    now = timezone.now()
    known = LastVisit.objects.filter(participant=participant)
    again = known.filter(seen_at__lt=now - ANOTHER_VISIT_AFTER).update(before=F("seen_at"), seen_at=now)
    if not again and not known.update(seen_at=now):
        LastVisit.objects.get_or_create(participant=participant, defaults={"seen_at": now})
