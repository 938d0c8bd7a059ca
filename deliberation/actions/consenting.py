"""What somebody lets be done with what they say: given and withdrawn one purpose at a time."""

from django.db import transaction
from django.utils import timezone

from deliberation import record
from deliberation.actions import exporting
from deliberation.actions.exporting import make_anew
from deliberation.actions.helping import end_helping
from deliberation.actions.publishing import withdraw_what_rests_on
from deliberation.models import Consent, Participant, Purpose
from deliberation.models.fields import new_public_id


@transaction.atomic
def consent(participant: Participant, purposes: set[Purpose]) -> None:
    """Let these be done with one's contributions from now on; what was agreed before stays agreed."""
    known = _lock(participant)
    wanted = [purpose for purpose in Purpose if purpose in purposes - known]
    if wanted:
        Consent.objects.bulk_create(Consent(participant=participant, purpose=purpose) for purpose in wanted)
        _record(participant, known | set(wanted))


@transaction.atomic
def withdraw_consent(participant: Participant, purpose: Purpose) -> None:
    """Allow it no longer. Taking part itself is not withdrawn here: that is erasing."""
    known = _lock(participant)
    if purpose in known:
        participant.consents.current().filter(purpose=purpose).update(withdrawn_at=timezone.now())
        _record(participant, known - {purpose})
        if purpose == Purpose.HELP:
            end_helping(participant)
        if purpose in (Purpose.QUOTE, Purpose.REUSE):
            exporting.make_anew(participant.assembly)
        if purpose == Purpose.QUOTE:
            _take_back_quotes(participant)
        if purpose in {Purpose.QUOTE, Purpose.REUSE}:
            make_anew(participant.assembly)  # files of reports and datasets


def _take_back_quotes(participant: Participant) -> None:
    """Summaries whose sentences are this person's words are withdrawn, as if the words had been hidden."""
    said = (*participant.statements.all(), *participant.arguments.all())
    withdraw_what_rests_on(participant.assembly, [each.public_id for each in said])


def _lock(participant: Participant) -> set[Purpose]:
    """What they agree to now; of two requests at once the second waits."""
    Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    return {Purpose(purpose) for purpose in participant.consents.current().values_list("purpose", flat=True)}


def _record(participant: Participant, agreed: set[Purpose]) -> None:
    """Under an id of its own each time: the entries of one person cannot be put together by others."""
    content = {"purposes": sorted(agreed)}
    record.append(participant.assembly, type="consent", id=new_public_id(), content=content, by=participant)
