"""The record to take home: the bundle for everybody, the one for auditors, and a report as a signed credential."""

import tempfile
from collections.abc import AsyncIterator
from typing import IO

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.handlers.asgi import ASGIRequest
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions.auditing import note_audit
from deliberation.exports.bundle import BundleBeingMadeError, NothingSealedError, write_bundle
from deliberation.exports.credential import credential_of
from deliberation.forms.strict import StrictForm
from deliberation.views.page import Visit, for_facilitators, in_assembly
from deliberation.views.rate_limits import too_often

CHUNK = 64 * 1024


@require_safe
@in_assembly
def bundle(visit: Visit) -> HttpResponse:
    return _bundle(visit)


@require_POST
@for_facilitators
def audit(visit: Visit) -> HttpResponse:
    """The bundle with the votes of each person put together: that it was taken is an entry of the record, too."""
    if not StrictForm(visit.request.POST).is_valid():
        messages.error(visit.request, _("This form was sent with something unexpected. Please load the page again."))
        return redirect("record", slug=visit.assembly.slug)
    note_audit(visit.assembly)
    return _bundle(visit, for_auditors=True)


@require_safe
@in_assembly
def credential(visit: Visit, version: int) -> HttpResponse:
    reports = visibility.reports_for(visit.assembly, visit.participant).filter(credential__isnull=False)
    report = get_object_or_404(reports.select_related("credential"), version=version)
    answer = JsonResponse(
        credential_of(report), json_dumps_params={"ensure_ascii": False}, content_type="application/vc"
    )
    answer["Content-Disposition"] = f'attachment; filename="{visit.assembly.slug}-report-{version}.json"'
    return answer


def _bundle(visit: Visit, for_auditors: bool = False) -> HttpResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    try:
        made = write_bundle(visit.assembly, visit.participant, file, for_auditors=for_auditors)
    except NothingSealedError:
        file.close()
        raise Http404 from None
    except BundleBeingMadeError:
        file.close()
        return too_often(visit.request)
    length = file.tell()
    file.seek(0)
    name = f"{visit.assembly.slug}-{'audit' if for_auditors else 'record'}-{made.size}.zip"
    if not isinstance(visit.request, ASGIRequest):
        return FileResponse(file, as_attachment=True, filename=name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length)}
    return StreamingHttpResponse(_in_pieces(file), content_type="application/zip", headers=headers)


async def _in_pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Under ASGI Django would read an ordinary file into memory first."""
    with file:
        while piece := await sync_to_async(file.read)(CHUNK):
            yield piece
