"""One's own receipts: to see, to check and to take home. Nobody else reaches them."""

from functools import partial
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deliberation.actions.checking import Checked, check_receipts
from deliberation.forms.strict import StrictForm
from deliberation.models import Choice, EntryType, RecordCheck, Statement
from deliberation.record.receipts import Receipt, receipt_of, receipts_of
from deliberation.views.page import Visit, for_participants
from deliberation.views.rate_limits import limited


@never_cache
@require_safe
@for_participants
def receipts(visit: Visit) -> HttpResponse:
    row = partial(_row, numbers=_numbers(visit))
    rows = [row(receipt) for receipt in receipts_of(visit.participant)]
    check = RecordCheck.objects.filter(participant=visit.participant).first()
    sealed = sum(row["sealed"] for row in rows)
    return visit.render("receipts/index.html", rows=rows, sealed=sealed, waiting=len(rows) - sealed, check=check)


@never_cache
@require_safe
@for_participants
def receipt(visit: Visit, code: str) -> HttpResponse:
    """One receipt, as something to keep: what it is about, its code, and a picture of its address."""
    found = _own(visit, code)
    address = f"{settings.BASE_URL}{reverse('record_check', args=[visit.assembly.slug])}?code={found.code}"
    return visit.render(
        "receipts/show.html",
        row=_row(found, _numbers(visit)),
        receipt=found.as_text(),
        address=address,
        qr=segno.make(address, error="m").svg_inline(omitsize=True, border=2),
    )


@never_cache
@require_safe
@for_participants
def receipt_text(visit: Visit, code: str) -> HttpResponse:
    found = _own(visit, code)
    return _file(found.as_text(), f"{visit.assembly.slug}-receipt-{found.code}.txt")


@never_cache
@require_safe
@for_participants
def receipts_json(visit: Visit) -> JsonResponse:
    """Everything needed to check them, openings too: this file tells how its owner voted."""
    own = receipts_of(visit.participant)
    # The checkpoint that the proofs lead to, not the newest: that may have been signed a moment later.
    signed = next((each.checkpoint for each in own if each.checkpoint), None)
    checkpoint = {"checkpoint": signed and signed.note, "key": signed and signed.key}
    return JsonResponse({**checkpoint, "receipts": [each.as_data() for each in own]})


@never_cache
@require_safe
@for_participants
def receipts_text(visit: Visit) -> HttpResponse:
    """Proofs and promises one after the other; of votes they tell that they are in the record, not what they were."""
    texts = [receipt.as_text() for receipt in receipts_of(visit.participant)]
    return _file("\n".join(texts), f"{visit.assembly.slug}-receipts.txt")


@require_POST
@for_participants
@limited("check", "60/hour")
def checks(visit: Visit) -> HttpResponse:
    form = StrictForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, " ".join(form.non_field_errors()))
        return redirect("receipts", slug=visit.assembly.slug)
    checked = check_receipts(visit.participant)
    if visit.request.headers.get("X-Requested-With") == "fetch":  # the browser has checked, and says so itself
        return HttpResponse(status=204 if checked.sealed and not checked.wrong else 409)
    tell = messages.error if checked.wrong else messages.success if checked.sealed else messages.info
    tell(visit.request, _in_words(checked))
    return redirect("receipts", slug=visit.assembly.slug)


def _in_words(checked: Checked) -> str:
    if checked.wrong:
        return ngettext(
            "%(n)s contribution is not in the record as it should be. Show your receipts to somebody you trust.",
            "%(n)s contributions are not in the record as they should be. Show your receipts to somebody you trust.",
            checked.wrong,
        ) % {"n": checked.wrong}
    if not checked.sealed:
        return _("Nothing of yours is sealed yet. You hold signed promises until it is.")
    return ngettext(
        "This machine has checked %(n)s contribution of yours: it is in the record.",
        "This machine has checked %(n)s contributions of yours: all are in the record.",
        checked.sealed,
    ) % {"n": checked.sealed}


def _own(visit: Visit, code: str) -> Receipt:
    found = receipt_of(visit.participant, code)
    if found is None:
        raise Http404
    return found


def _file(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _numbers(visit: Visit) -> dict[str, int]:
    """What people call statements, by their public ids."""
    return dict(Statement.objects.filter(assembly=visit.assembly).values_list("public_id", "number"))


def _row(receipt: Receipt, numbers: dict[str, int]) -> dict[str, Any]:
    content = receipt.told["content"]
    return {
        "what": _what(receipt.entry.type, content, numbers),
        "text": content.get("text", ""),
        "language": content.get("language", ""),
        "sealed": receipt.is_sealed,
        "sequence": receipt.entry.sequence,
        "checkpoint": receipt.checkpoint,
        "code": receipt.code,
        "nonce_is_own": receipt.nonce_is_own,
        "with_help": receipt.with_help,
        "type": receipt.entry.type,
    }


def _what(type: str, content: dict[str, Any], numbers: dict[str, int]) -> str:
    if type == "vote":
        choice = Choice.from_word(content["choice"]).label
        number = numbers.get(content["statement"], "?")
        return _("Your vote on statement %(number)s: %(choice)s") % {"number": number, "choice": choice}
    if type == "ranking":
        return _("Your ranking of candidates")
    known = {
        "enrol": _("You joined"),
        "consent": _("What you consented to"),
        "statement": _("Your statement"),
        "argument": _("Your argument"),
        "edit": _("Your change of words"),
        "ranking": _("Your ranking"),
        "objection": _("Your objection"),
        "ratify": _("Your answer about a summary"),
        "challenge": _("Your objection to a summary"),
        "question": _("Your question to the experts"),
        "answer": _("Your answer as an expert"),
        "appeal": _("Your appeal against a moderator’s decision"),
        "request": _("Your answer to a wish for other words"),
    }
    return known.get(type) or capfirst(EntryType(type).label)
