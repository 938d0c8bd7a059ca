"""One's own receipts: to see, to check and to take home. Nobody else reaches them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from deliberation.actions.checking import Checked, check_receipts
from deliberation.forms.strict import StrictForm
from deliberation.models import Checkpoint, Choice, EntryType, RecordCheck, Statement
from deliberation.record.receipts import Receipt, receipts_of
from deliberation.views.page import Visit, for_participants
from deliberation.views.rate_limits import limited


@never_cache
@require_safe
@for_participants
def receipts(visit: Visit) -> HttpResponse:
    numbers = dict(Statement.objects.filter(assembly=visit.assembly).values_list("public_id", "number"))
    rows = [_row(receipt, numbers) for receipt in receipts_of(visit.participant)]
    check = RecordCheck.objects.filter(participant=visit.participant).first()
    sealed = sum(row["sealed"] for row in rows)
    return visit.render("receipts/index.html", rows=rows, sealed=sealed, waiting=len(rows) - sealed, check=check)


@never_cache
@require_safe
@for_participants
def receipts_json(visit: Visit) -> JsonResponse:
    """Everything needed to check them, openings too: this file tells how its owner voted."""
    newest = Checkpoint.objects.filter(assembly=visit.assembly).first()
    own = [receipt.as_data() for receipt in receipts_of(visit.participant)]
    signed = {"checkpoint": newest.note, "key": newest.key} if newest else {"checkpoint": None, "key": None}
    return JsonResponse({**signed, "receipts": own})


@never_cache
@require_safe
@for_participants
def receipts_text(visit: Visit) -> HttpResponse:
    """Proofs and promises one after the other; of votes they tell that they are in the record, not what they were."""
    texts = [receipt.as_text() for receipt in receipts_of(visit.participant)]
    answer = HttpResponse("\n".join(texts), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{visit.assembly.slug}-receipts.txt"'
    return answer


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


def _row(receipt: Receipt, numbers: dict[str, int]) -> dict[str, Any]:
    content = receipt.told["content"]
    return {
        "what": _what(receipt.entry.type, content, numbers),
        "text": content.get("text", ""),
        "language": content.get("language", ""),
        "sealed": receipt.is_sealed,
        "sequence": receipt.entry.sequence,
    }


def _what(type: str, content: dict[str, Any], numbers: dict[str, int]) -> str:
    if type == "vote":
        choice = Choice.from_word(content["choice"]).label
        number = numbers.get(content["statement"], "?")
        return _("Your vote on statement %(number)s: %(choice)s") % {"number": number, "choice": choice}
    known = {"enrol": _("You joined"), "statement": _("Your statement"), "argument": _("Your argument")}
    return known.get(type) or str(EntryType(type).label)
