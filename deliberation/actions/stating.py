from django.db import transaction
from django.db.models import Max

from deliberation import enqueue, live, locks, record
from deliberation.actions.moderating import hold
from deliberation.actions.phases import require
from deliberation.models import Draft, Participant, Statement, Verb


@transaction.atomic
def make_statement(participant: Participant, text: str, language: str, nonce: str = "") -> Statement:
    """Put a participant's statement before everybody, or before a moderator first. Raises PhaseClosed."""
    require(participant, Verb.STATE)
    statement = Statement.objects.create(
        assembly=participant.assembly,
        number=next_number(participant.assembly_id),
        author=participant,
        text=text,
        language=language,
    )
    entry = record.append(
        participant.assembly,
        type="statement",
        id=statement.public_id,
        content={"text": text, "language": language},
        by=participant,
        nonce=nonce,
    )
    if participant.assembly.looks_first:
        hold(statement)
    Draft.objects.filter(participant=participant, proposal=None).delete()
    enqueue.vectors_on_commit()
    transaction.on_commit(lambda: live.announce(participant.assembly_id, "statements", entry.pk), robust=True)
    return statement


def next_number(assembly_id: int) -> int:
    locks.lock_until_commit(locks.NUMBERING, assembly_id)
    return (Statement.objects.filter(assembly=assembly_id).aggregate(last=Max("number"))["last"] or 0) + 1
