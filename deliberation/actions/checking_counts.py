"""Checking the count of a key point: a sample of arguments, read one by one."""

from django.db import transaction
from django.utils import timezone

from deliberation import live, record
from deliberation.actions.errors import StaleReview
from deliberation.analysis.auditing import new_seed, sample
from deliberation.analysis.standing_review import StandingReview
from deliberation.models import Audit, AuditCard, Judgement, Participant, Summary


@transaction.atomic
def start_audit(summary: Summary, point: str, by: Participant) -> Audit:
    """Draw the sample for a point, once; the record has the seed before anybody reads a card. Raises StaleReview."""
    summary = Summary.objects.select_for_update(no_key=True).get(pk=summary.pk)
    if earlier := summary.audits.filter(point=point).first():
        return earlier
    standing = StandingReview(summary)
    place = standing.place(point)
    if place is None:
        raise StaleReview
    counted = {"people": place.point["prevalence"]["n"], "of": place.side["people"]}
    audit = summary.audits.create(point=point, seed=new_seed(), started_by=by, **counted)
    drawn = sample(place, audit.seed)
    AuditCard.objects.bulk_create(
        AuditCard(audit=audit, place=number, argument=standing.arguments[argument], counted=was_counted)
        for number, (argument, was_counted) in enumerate(drawn, start=1)
    )
    _tell(audit, 1, {"seed": audit.seed, "arguments": [argument for argument, _ in drawn], **counted})
    return audit


@transaction.atomic
def judge(audit: Audit, place: int, judgement: Judgement, by: Participant) -> bool:
    """Note what somebody found on a card; the last one finishes the audit. False if it was judged meanwhile."""
    Audit.objects.select_for_update(no_key=True).get(pk=audit.pk)
    waiting = audit.cards.filter(place=place, judgement="")
    if not waiting.update(judgement=judgement, judged_by=by, judged_at=timezone.now()):
        return False
    if not audit.cards.filter(judgement="").exists():
        Audit.objects.filter(pk=audit.pk).update(finished_at=timezone.now())
        _tell(audit, 2, {"judged": dict(audit.cards.values_list("argument__public_id", "judgement"))})
    return True


@transaction.atomic
def take_back(audit: Audit, place: int) -> None:
    """Judge a card once more, as long as others are left to judge."""
    Audit.objects.select_for_update(no_key=True).get(pk=audit.pk)
    unfinished = audit.cards.filter(place=place, audit__finished_at__isnull=True)
    unfinished.update(judgement="", judged_by=None, judged_at=None)


def _tell(audit: Audit, n: int, content: dict[str, object]) -> None:
    summary, told = audit.summary, {"about": audit.point, **content}
    entry = record.append(summary.assembly, type="audit", id=f"{summary.version}-{audit.point}", n=n, content=told)
    transaction.on_commit(lambda: live.announce(summary.assembly_id, "review", entry.pk), robust=True)
