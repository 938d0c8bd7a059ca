from datetime import timedelta

from django.db import connection
from django.utils import timezone

from deliberation.models import Participant

COARSELY = timedelta(minutes=10)
ANOTHER_VISIT_AFTER = timedelta(minutes=30)
# One statement, so that two pages opened at once agree.
REMEMBER = """
    INSERT INTO deliberation_lastvisit AS known (participant_id, seen_at) VALUES (%(participant)s, %(now)s)
    ON CONFLICT (participant_id) DO UPDATE SET
        before = CASE WHEN known.seen_at < %(away_since)s THEN known.seen_at ELSE known.before END,
        seen_at = EXCLUDED.seen_at
"""


def remember_visit(participant: Participant) -> None:
    """They are here now. After half an hour away it is another visit, and the one before it has ended."""
    now = timezone.now()
    with connection.cursor() as cursor:
        times = {"now": now, "away_since": now - ANOTHER_VISIT_AFTER}
        cursor.execute(REMEMBER, {"participant": participant.pk, **times})
