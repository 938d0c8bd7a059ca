"""The sealed record as programs read it: leaves, proofs and checkpoints, in the terms of RFC 6962."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deliberation.models import Checkpoint, RecordEntry
from deliberation.record import notes
from deliberation.record.nodes import Nodes
from deliberation.views.page import Visit, in_assembly
from deliberation.views.record import newest_of

AT_ONCE = 1_000  # entries in one answer
HASH_LETTERS = 64


@require_safe
@in_assembly
def checkpoint(visit: Visit, size: int) -> HttpResponse:
    found = get_object_or_404(Checkpoint, assembly=visit.assembly, size=size)
    cosigned = "".join(found.cosignatures.values_list("line", flat=True))
    return HttpResponse(found.note + cosigned, content_type="text/plain; charset=utf-8")


@require_safe
@in_assembly
def entries(visit: Visit) -> JsonResponse:
    """Leaves as they were hashed, from `from` up to, and without, `to`; at most a thousand at once."""
    newest = newest_of(visit)
    size = newest.size if newest else 0
    start = _number(visit, "from", 0)
    end = min(_number(visit, "to", size), start + AT_ONCE, size)
    rows = _sealed(visit).filter(sequence__gte=min(start, size), sequence__lt=end).order_by("sequence")
    leaves = [bytes(leaf).decode() for leaf in rows.values_list("leaf", flat=True)]
    return JsonResponse({"from": start, "size": size, "entries": leaves})


@require_safe
@in_assembly
def proof(visit: Visit, sequence: int) -> JsonResponse:
    """That this entry is in the newest checkpoint; hashes in the base64 that checkpoints use."""
    newest = newest_of(visit)
    if newest is None or sequence >= newest.size:
        raise Http404
    entry = _sealed(visit).get(sequence=sequence)
    path = Nodes(visit.assembly.pk).inclusion_proof(sequence, newest.size)
    return JsonResponse(
        {
            "sequence": sequence,
            "leaf": bytes(entry.leaf).decode(),
            "leaf_hash": notes.encoded(bytes(entry.leaf_hash)),
            "proof": [notes.encoded(each) for each in path],
            "checkpoint": newest.note,
            "key": newest.key,
        }
    )


@require_safe
@in_assembly
def consistency(visit: Visit, size: int) -> JsonResponse:
    """That the newest checkpoint continues the record as it was at this size."""
    newest = newest_of(visit)
    if newest is None or not 0 < size <= newest.size:
        raise Http404
    path = Nodes(visit.assembly.pk).consistency_proof(size, newest.size)
    proof = [notes.encoded(each) for each in path]
    return JsonResponse({"from": size, "proof": proof, "checkpoint": newest.note, "key": newest.key})


@require_safe
@in_assembly
def place(visit: Visit, leaf_hash: str) -> JsonResponse:
    """Where the entry with this hash stands; null while it waits."""
    if len(leaf_hash) != HASH_LETTERS or set(leaf_hash) - set("0123456789abcdef"):
        raise Http404
    entry = get_object_or_404(RecordEntry, assembly=visit.assembly, leaf_hash=bytes.fromhex(leaf_hash))
    return JsonResponse({"sequence": entry.sequence})


def _sealed(visit: Visit) -> QuerySet[RecordEntry]:
    return RecordEntry.objects.filter(assembly=visit.assembly, sequence__isnull=False)


def _number(visit: Visit, name: str, otherwise: int) -> int:
    text = visit.request.GET.get(name, str(otherwise))
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Http404
    return int(text)
