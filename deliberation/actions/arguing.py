from django.db import transaction

from deliberation import enqueue, live, record
from deliberation.actions.moderating import hold
from deliberation.actions.phases import require
from deliberation.models import Argument, Draft, Participant, Proposal, Side, Verb


@transaction.atomic
def argue(
    participant: Participant, proposal: Proposal, side: Side, text: str, language: str, nonce: str = ""
) -> Argument:
    """Add an argument on one side of a proposal; where moderators look first it waits for them. Raises PhaseClosed."""
    require(participant, Verb.ARGUE)
    argument = Argument.objects.create(
        assembly=participant.assembly, proposal=proposal, author=participant, side=side, text=text, language=language
    )
    entry = record.append(
        participant.assembly,
        type="argument",
        id=argument.public_id,
        content={"proposal": proposal.public_id, "side": side, "text": text, "language": language},
        by=participant,
        nonce=nonce,
    )
    if participant.assembly.looks_first:
        hold(argument)
    Draft.objects.filter(participant=participant, proposal=proposal).delete()
    enqueue.vectors_on_commit()
    transaction.on_commit(lambda: live.announce(participant.assembly_id, "arguments", entry.pk), robust=True)
    return argument
