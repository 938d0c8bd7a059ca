from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from deliberation import record
from deliberation.actions.errors import TooLate
from deliberation.actions.moderating import Contribution, lock, tell_of_change

UNDO_WITHIN = timedelta(minutes=10)


@transaction.atomic
def withdraw(contribution: Contribution) -> None:
    """Take back one's own words: nobody sees them any more, and the votes on them leave the map."""
    current = lock(contribution)
    if current.withdrawn_at is not None:
        return
    type(contribution).objects.filter(pk=current.pk).update(
        withdrawn_at=timezone.now(), withdrawals=F("withdrawals") + 1
    )
    _record(current, "withdraw", current.withdrawals + 1)


@transaction.atomic
def restore(contribution: Contribution) -> None:
    """Undo a withdrawal; the votes count again. Raises TooLate after ten minutes."""
    current = lock(contribution)
    if current.withdrawn_at is None:
        return
    if not may_be_restored(current):
        raise TooLate
    type(contribution).objects.filter(pk=current.pk).update(withdrawn_at=None)
    _record(current, "restore", current.withdrawals)


def may_be_restored(contribution: Contribution) -> bool:
    """Only what its author withdrew, and only lately: what was erased has no withdrawal to undo."""
    if contribution.withdrawn_at is None or not contribution.withdrawals:
        return False
    return timezone.now() - contribution.withdrawn_at <= UNDO_WITHIN


def _record(contribution: Contribution, type: str, n: int) -> None:
    entry = record.append(
        contribution.assembly, type=type, id=contribution.public_id, n=n, content={}, by=contribution.author
    )
    tell_of_change(contribution, entry)
