from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deliberation import enqueue, live, record
from deliberation.actions import exporting, publishing
from deliberation.actions.errors import Appealed
from deliberation.models import (
    Appeal,
    Argument,
    Decision,
    Moderation,
    Objection,
    Participant,
    RecordEntry,
    Rule,
    Statement,
)
from deliberation.models.fields import CurrentTransaction

Contribution = Statement | Argument | Objection


@transaction.atomic
def moderate(
    contribution: Contribution, decision: Decision, reason: str, by: Participant | None, rule: Rule | str = ""
) -> Moderation:
    """Decide whether a statement or an argument is shown; the decision before stays, lifted, in the record.

    Raises Appealed while its author waits for somebody else to look again.
    """
    lock(contribution)
    if Appeal.objects.waiting().filter(moderation__in=contribution.moderations.current()).exists():
        raise Appealed
    contribution.moderations.current().update(lifted_at=timezone.now())
    last = contribution.moderations.aggregate(revision=Max("revision", default=0))["revision"]
    moderation = contribution.moderations.create(decision=decision, rule=rule, reason=reason, by=by, revision=last + 1)
    entry = record.append(
        contribution.assembly,
        type="moderate",
        id=contribution.public_id,
        n=moderation.revision,
        content={"decision": decision, "rule": rule, "reason": reason},
    )
    tell_of_change(contribution, entry)
    return moderation


@transaction.atomic
def moderate_all(
    contributions: Iterable[Contribution], decision: Decision, reason: str, by: Participant, rule: Rule | str = ""
) -> None:
    """The same decision about each, or about none. Raises Appealed."""
    # In one order, so that two moderators never wait for each other.
    for each in sorted(contributions, key=lambda each: (each._meta.model_name, each.pk)):
        moderate(each, decision, reason, by, rule)


def lock(contribution: Contribution) -> Contribution:
    """The contribution as it is now; who else wants to hide, withdraw or restore it waits until this commits."""
    return type(contribution).objects.select_for_update(no_key=True).get(pk=contribution.pk)


def tell_of_change(contribution: Contribution, entry: RecordEntry) -> None:
    """What is shown has changed: the next map reads it, and browsers hear that there is news."""
    assembly_id, topic = contribution.assembly_id, f"{contribution._meta.model_name}s"
    if isinstance(contribution, Statement):
        Statement.objects.filter(pk=contribution.pk).update(written_in=CurrentTransaction())
        enqueue.map_refresh_on_commit(assembly_id)
    publishing.withdraw_what_rests_on(contribution.assembly, [contribution.public_id])
    exporting.make_anew(contribution.assembly)
    transaction.on_commit(lambda: live.announce(assembly_id, topic, entry.pk), robust=True)
