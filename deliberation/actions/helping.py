"""Entering what somebody says who has no device: begun by a helper, ended by whoever of the two wants to."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from deliberation.actions.errors import NotInThisState
from deliberation.models import Helping, Participant

SEEN_EVERY = timedelta(seconds=30)


@transaction.atomic
def begin_helping(helper: Participant, participant: Participant) -> Helping:
    """Let this helper enter what this participant says; whomever they helped before they help no longer.

    Raises NotInThisState where somebody else is entering for the same person.
    """
    people = Participant.objects.select_for_update(no_key=True).filter(pk__in=[helper.pk, participant.pk])
    list(people.order_by("pk"))  # locked: of two who begin at once the second waits
    theirs = Helping.objects.filter(participant=participant, ended_at=None).exclude(helper=helper)
    if theirs.current().exists():
        raise NotInThisState
    now = timezone.now()
    theirs.update(ended_at=now)
    Helping.objects.filter(helper=helper, ended_at=None).update(ended_at=now)
    return Helping.objects.create(helper=helper, participant=participant)


def go_on_helping(helper: Participant, public_id: str) -> Helping | None:
    """The sitting in which this helper enters for this person; None where it has ended, or lay idle for too long."""
    current = Helping.objects.current().select_related("participant__account")
    helping = current.filter(helper=helper, participant__public_id=public_id).first()
    if helping is not None and timezone.now() - helping.seen_at > SEEN_EVERY:
        helping.seen_at = timezone.now()
        helping.save(update_fields=["seen_at"])
    return helping


def stop_helping(helping: Helping) -> None:
    """Ending it twice is ending it once."""
    Helping.objects.filter(pk=helping.pk, ended_at=None).update(ended_at=timezone.now())


def end_helping(participant: Participant) -> None:
    """Whoever enters for this person does so no longer."""
    Helping.objects.filter(participant=participant, ended_at=None).update(ended_at=timezone.now())
