"""Leaving for good: what somebody said is erased, who they were is forgotten, what was counted stays countable."""

from django.db import transaction
from django.utils import timezone

from deliberation.actions.erasing import erase
from deliberation.actions.trusting import give_roles
from deliberation.exports.my_data import sessions_of
from deliberation.models import Account, Helping, LastVisit, Participant, RecordCheck
from deliberation.models.participant import new_secret


@transaction.atomic
def leave_for_good(participant: Participant) -> None:
    """Erase a participation; with the last one the account goes too, on every device.

    The row stays, without a name and without an owner: the votes that were taken back hang on it, and the map has yet
    to read that they were. Raises LastFacilitator where nobody would be left to lead.
    """
    if participant.roles:
        give_roles(participant, set())
    account = participant.account
    erase(participant)
    _forget_person(participant)
    if account is not None and not account.participations.exists():
        _forget_account(account)


def _forget_person(participant: Participant) -> None:
    participant.consents.all().delete()
    Helping.objects.filter(participant=participant).delete()
    Participant.objects.filter(pk=participant.pk).update(
        pseudonym=f"({participant.public_id})",
        account=None,
        roles=[],
        recovery_hash=None,
        record_secret=new_secret(),
        erased_at=timezone.now(),
    )
    for model in (LastVisit, RecordCheck):
        model.objects.filter(participant=participant).delete()


def _forget_account(account: Account) -> None:
    for session in sessions_of(account):
        session.delete()
    account.delete()
