from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deliberation import enqueue, live, record
from deliberation.actions import exporting, publishing
from deliberation.actions.errors import Appealed
from deliberation.actions.running import refresh
from deliberation.models import (
    Appeal,
    Argument,
    ContributionReading,
    Decision,
    Followed,
    Moderation,
    Note,
    Objection,
    Participant,
    Question,
    RecordEntry,
    Rule,
    Statement,
)
from deliberation.models.fields import CurrentTransaction
from deliberation.models.moderation import CONTRIBUTIONS

Contribution = Statement | Argument | Objection | Question | Note


@transaction.atomic
def moderate(
    contribution: Contribution,
    decision: Decision,
    reason: str,
    by: Participant | None,
    rule: Rule | str = "",
    into: Statement | Argument | None = None,
    language: str = "",
) -> Moderation:
    """Decide whether something that was written is shown; the decision before stays, lifted, in the record.

    `language` is the one that it is in, where its author said another. Raises Appealed while its author waits for
    somebody else to look again.
    """
    lock(contribution)
    if Appeal.objects.waiting().filter(moderation__in=contribution.moderations.current()).exists():
        raise Appealed
    taken = {"decision": decision, "rule": rule, "reason": reason, "by": by}
    if decision == Decision.ASKED:
        taken["before_showing"] = contribution.moderations.current().hiding().exists()
    if into is not None:
        taken[f"into_{into._meta.model_name}"] = into
    if by is not None:
        taken["suggested"] = _followed(contribution, decision, rule, language)
    moderation, entry = _take(contribution, {"language": language} if language else {}, **taken)
    if language:
        type(contribution).objects.filter(pk=contribution.pk).update(language=language)
    tell_of_change(contribution, entry)
    return moderation


@transaction.atomic
def moderate_all(
    contributions: Iterable[Contribution], decision: Decision, reason: str, by: Participant, rule: Rule | str = ""
) -> None:
    """The same decision about each, or about none. Raises Appealed."""
    for each in in_one_order(contributions):
        moderate(each, decision, reason, by, rule)


@transaction.atomic
def undo_all(contributions: Iterable[Contribution], by: Participant) -> None:
    """Show again what was hidden, open what was merged; what nobody had read before waits again. Raises Appealed."""
    for each in in_one_order(contributions):
        lock(each)
        last = each.moderations.order_by("-revision")[:2]
        waited = len(last) == 2 and last[1].keeps_back_unread
        moderate(each, Decision.HELD if waited else Decision.SHOWN, "", by)


def in_one_order(contributions: Iterable[Contribution]) -> list[Contribution]:
    """So that two moderators never wait for each other."""
    return sorted(contributions, key=lambda each: (each._meta.model_name, each.pk))


def hold(contribution: Contribution) -> RecordEntry:
    """Keep new words from everybody until a moderator has read them. Call it in the transaction that writes them."""
    _, entry = _take(contribution, {}, decision=Decision.HELD, rule="", reason="", by=None)
    return entry


def _take(contribution: Contribution, more: dict[str, str], **taken: Any) -> tuple[Moderation, RecordEntry]:
    """The decision and its entry in the record, which tells `more` beside it."""
    contribution.moderations.current().update(lifted_at=timezone.now())
    last = contribution.moderations.aggregate(revision=Max("revision", default=0))["revision"]
    moderation = contribution.moderations.create(**taken, revision=last + 1)
    content = {name: taken[name] for name in ("decision", "rule", "reason")} | more
    if moderation.into is not None:
        content["into"] = moderation.into.public_id
    if moderation.suggested:
        content["suggested"] = moderation.suggested
    entry = record.append(
        contribution.assembly, type="moderate", id=contribution.public_id, n=moderation.revision, content=content
    )
    return moderation, entry


def _followed(contribution: Contribution, decision: Decision, rule: Rule | str, language: str) -> Followed | str:
    """What a person made of what models noticed in these words; nothing where they noticed nothing."""
    kind = contribution._meta.model_name
    if kind not in CONTRIBUTIONS:
        return ""
    reading = ContributionReading.objects.filter(**{kind: contribution}).first()
    if decision == Decision.HELD or reading is None or not reading.noticed_in(contribution.text):
        return ""
    return Followed.YES if reading.is_followed_by(decision, rule, language) else Followed.NO


def lock(contribution: Contribution) -> Contribution:
    """The contribution as it is now; who else wants to hide, withdraw or restore it waits until this commits."""
    return type(contribution).objects.select_for_update(no_key=True).get(pk=contribution.pk)


def tell_of_change(contribution: Contribution, entry: RecordEntry) -> None:
    """What is shown has changed: the next map reads it, and browsers hear that there is news."""
    assembly_id, topic = contribution.assembly_id, f"{contribution._meta.model_name}s"
    if isinstance(contribution, Note):
        refresh(contribution.item.session)
    if isinstance(contribution, Statement):
        Statement.objects.filter(pk=contribution.pk).update(written_in=CurrentTransaction())
        enqueue.map_refresh_on_commit(assembly_id)
    publishing.withdraw_what_rests_on(contribution.assembly, [contribution.public_id])
    exporting.make_anew(contribution.assembly)
    transaction.on_commit(lambda: live.announce(assembly_id, topic, entry.pk), robust=True)
