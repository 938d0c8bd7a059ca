"""This server as a witness of records elsewhere: machines talk to it, so there is no form and no page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from deliberation.record.witnessing import OutOfStepError, WitnessRefusalError, add_checkpoint


@csrf_exempt  # what is signed here is decided by the signature that comes with it, not by who sends it
@require_POST
def checkpoints(request: HttpRequest) -> HttpResponse:
    try:
        line = add_checkpoint(request.body.decode("utf-8", "replace"))
    except OutOfStepError as refusal:
        return HttpResponse(f"{refusal.size}\n", status=refusal.status, content_type="text/x.tlog.size")
    except WitnessRefusalError as refusal:
        return HttpResponse(f"{refusal}\n", status=refusal.status, content_type="text/plain; charset=utf-8")
    return HttpResponse(line, content_type="text/plain; charset=utf-8")
