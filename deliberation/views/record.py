"""The sealed record in words, for anybody: how far it is sealed, one checkpoint, and what a receipt is worth."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deliberation.models import SECRET_TYPES, Checkpoint, Participant, RecordCheck, RecordEntry
from deliberation.record import codes
from deliberation.record.receipts import promise_signer
from deliberation.record.sealing import FEWEST_VOTERS
from deliberation.views.page import Visit, in_assembly

A_PAGE = 25
CHECKPOINTS = 10


@require_safe
@in_assembly
def record(visit: Visit) -> HttpResponse:
    newest = newest_of(visit)
    sealed = RecordEntry.objects.filter(assembly=visit.assembly, sequence__isnull=False)
    return visit.render(
        "record/show.html",
        checkpoint=newest,
        checkpoints=visit.assembly.checkpoints.all()[1 : 1 + CHECKPOINTS],
        entries=Paginator(sealed.order_by("-sequence"), A_PAGE).get_page(visit.request.GET.get("page")),
        waiting=_waiting(visit),
        fewest=FEWEST_VOTERS,
        checks=_checks(visit),
        **_keys(visit),
    )


@require_safe
@in_assembly
def checkpoint(visit: Visit, size: int) -> HttpResponse:
    """One checkpoint, to compare and to print."""
    found = get_object_or_404(Checkpoint, assembly=visit.assembly, size=size)
    return visit.render("record/checkpoint.html", checkpoint=found, newest=newest_of(visit), **_keys(visit))


@require_safe
@in_assembly
def check(visit: Visit) -> HttpResponse:
    """What is a receipt worth? For whoever holds its short code, or its file, which stays in their browser."""
    code = visit.request.GET.get("code", "").strip()
    entry = codes.find(visit.assembly, code) if code else None
    return visit.render(
        "record/check.html",
        code=code,
        entry=entry,
        found_code=entry and codes.code_of(bytes(entry.leaf_hash)),
        newest=newest_of(visit),
        **_keys(visit),
    )


def newest_of(visit: Visit) -> Checkpoint | None:
    return Checkpoint.objects.filter(assembly=visit.assembly).prefetch_related("cosignatures").first()


def _keys(visit: Visit) -> dict[str, Any]:
    """What signatures are checked with: of promises, and of the record one after the other, the newest last."""
    handed_on = list(visit.assembly.record_keys.all())
    newest = newest_of(visit)
    keys = [handed_on[0].before, *(each.key for each in handed_on)] if handed_on else [newest.key] if newest else []
    return {"record_keys": keys, "promise_key": promise_signer(visit.assembly).verifier_key}


def _waiting(visit: Visit) -> dict[str, int]:
    """How much is written and not sealed yet."""
    unsealed = RecordEntry.objects.filter(assembly=visit.assembly, sequence__isnull=True)
    counted = dict(unsealed.values_list("type").annotate(Count("pk")).order_by())
    votes = sum(counted.pop(each, 0) for each in SECRET_TYPES)
    return {"votes": votes, "texts": sum(counted.values())}


def _checks(visit: Visit) -> dict[str, Any]:
    """Simulated and imported participants have no account and nobody who could check."""
    people = Participant.objects.filter(assembly=visit.assembly, account__isnull=False)
    return {"people": people.count(), "checked": RecordCheck.objects.filter(participant__in=people).count()}
