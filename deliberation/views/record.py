"""The sealed record as anybody may read it: entries without contents, checkpoints, proofs, and all to take home."""

import tempfile
from collections.abc import AsyncIterator
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deliberation.exports.bundle import BundleBeingMadeError, NothingSealedError, write_bundle
from deliberation.models import SECRET_TYPES, Checkpoint, Participant, RecordCheck, RecordEntry
from deliberation.record import notes
from deliberation.record.nodes import Nodes
from deliberation.record.receipts import promise_signer
from deliberation.record.sealing import FEWEST_VOTERS
from deliberation.views.page import Visit, in_assembly
from deliberation.views.rate_limits import too_often

A_PAGE = 25
AT_ONCE = 1_000  # entries in one answer
CHUNK = 64 * 1024


@require_safe
@in_assembly
def record(visit: Visit) -> HttpResponse:
    checkpoint = _newest(visit)
    entries = Paginator(_sealed(visit).order_by("-sequence"), A_PAGE).get_page(visit.request.GET.get("page"))
    return visit.render(
        "record/show.html",
        checkpoint=checkpoint,
        entries=entries,
        waiting=_waiting(visit),
        fewest=FEWEST_VOTERS,
        checks=_checks(visit),
        promise_key=promise_signer(visit.assembly).verifier_key,
    )


@require_safe
@in_assembly
def checkpoint(visit: Visit, size: int) -> HttpResponse:
    found = get_object_or_404(Checkpoint, assembly=visit.assembly, size=size)
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")


@require_safe
@in_assembly
def entries(visit: Visit) -> JsonResponse:
    """Leaves as they were hashed, from `from` up to, and without, `to`; at most a thousand at once."""
    newest = _newest(visit)
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
    newest = _newest(visit)
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
def bundle(visit: Visit) -> HttpResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    try:
        made = write_bundle(visit.assembly, visit.participant, file)
    except NothingSealedError:
        file.close()
        raise Http404 from None
    except BundleBeingMadeError:
        file.close()
        return too_often(visit.request)
    length = file.tell()
    file.seek(0)
    name = f"{visit.assembly.slug}-record-{made.size}.zip"
    if not isinstance(visit.request, ASGIRequest):
        return FileResponse(file, as_attachment=True, filename=name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length)}
    return StreamingHttpResponse(_in_pieces(file), content_type="application/zip", headers=headers)


async def _in_pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Under ASGI Django would read an ordinary file into memory first."""
    with file:
        while piece := await sync_to_async(file.read)(CHUNK):
            yield piece


def _newest(visit: Visit) -> Checkpoint | None:
    return Checkpoint.objects.filter(assembly=visit.assembly).first()


def _sealed(visit: Visit) -> QuerySet[RecordEntry]:
    return RecordEntry.objects.filter(assembly=visit.assembly, sequence__isnull=False)


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


def _number(visit: Visit, name: str, otherwise: int) -> int:
    text = visit.request.GET.get(name, str(otherwise))
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Http404
    return int(text)
