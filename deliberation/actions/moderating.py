from django.db import transaction
from django.utils import timezone

from deliberation import enqueue, live, record
from deliberation.models import Decision, Moderation, Participant, Statement
from deliberation.models.fields import CurrentTransaction


@transaction.atomic
def moderate(statement: Statement, decision: Decision, reason: str, by: Participant | None) -> Moderation:
    """Decide whether a statement is shown; the decision before stays, lifted, in the record."""
    Moderation.objects.current().filter(statement=statement).update(lifted_at=timezone.now())
    moderation = Moderation.objects.create(statement=statement, decision=decision, reason=reason, by=by)
    Statement.objects.filter(pk=statement.pk).update(written_in=CurrentTransaction())
    record.append(
        statement.assembly,
        type="moderate",
        id=statement.public_id,
        n=statement.moderations.count(),
        content={"decision": decision, "reason": reason},
    )
    enqueue.map_refresh_on_commit(statement.assembly_id)
    transaction.on_commit(lambda: live.announce(statement.assembly_id, "statements", statement.number), robust=True)
    return moderation
