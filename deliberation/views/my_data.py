"""What is kept about the reader: to see, to take home, to allow and to forbid, to have erased."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation.actions.consenting import consent, withdraw_consent
from deliberation.actions.errors import LastFacilitator
from deliberation.actions.leaving import leave_for_good
from deliberation.actions.telling_news import stop_news
from deliberation.exports.my_data import my_data
from deliberation.forms.account import EmailForm
from deliberation.forms.consent import IN_SHORT, MAY_BE_REFUSED, FarewellForm, PurposeForm, StopNewsForm
from deliberation.models import Purpose, Vote
from deliberation.views.page import Visit, for_participants
from deliberation.views.rate_limits import limited, too_often, within


@never_cache
@require_safe
@for_participants
def show(visit: Visit) -> HttpResponse:
    return _show(visit)


@never_cache
@require_safe
@for_participants
def download(visit: Visit) -> HttpResponse:
    if not within("download my data", "20/hour", f"account:{visit.request.user.pk}"):
        return too_often(visit.request)
    answer = JsonResponse(my_data(visit.participant), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{visit.assembly.slug}-my-data.json"'
    return answer


@require_POST
@for_participants
@limited("consent", "60/hour")
def consents(visit: Visit) -> HttpResponse:
    form = PurposeForm(visit.request.POST)
    if form.is_valid():
        consent(visit.participant, {form.cleaned_data["purpose"]})
        messages.success(visit.request, _("Noted. You can withdraw it here at any time."))
    return redirect("my_data", slug=visit.assembly.slug)


@require_POST
@for_participants
@limited("consent", "60/hour")
def consent_withdrawals(visit: Visit) -> HttpResponse:
    form = PurposeForm(visit.request.POST)
    if form.is_valid():
        withdraw_consent(visit.participant, form.cleaned_data["purpose"])
        messages.success(visit.request, _("Withdrawn, and done from now on."))
    return redirect("my_data", slug=visit.assembly.slug)


@require_POST
@for_participants
@limited("erase", "20/hour")
def erasures(visit: Visit) -> HttpResponse:
    """Erase what the reader said and forget who they were."""
    form = FarewellForm(visit.request.POST, known_as=visit.participant.pseudonym)
    if not form.is_valid():
        return _show(visit, form, status=400)
    try:
        leave_for_good(visit.participant)
    except LastFacilitator:
        form.add_error(None, _("You are the only facilitator. Make somebody else one first, then you can leave."))
        return _show(visit, form, status=409)
    if not visit.request.user.participations.exists():
        logout(visit.request)
    messages.success(
        visit.request,
        _("It is erased: your words, your votes, your name. What was counted follows within a minute. Thank you."),
    )
    return redirect("assembly", slug=visit.assembly.slug)


@csrf_exempt  # mail programs send it without ever having seen a page; the link itself says who asks
@require_http_methods(["GET", "HEAD", "POST"])
def news_stop(request: HttpRequest, token: str) -> HttpResponse:
    """One button, and one click of a mail program (RFC 8058)."""
    stopped = request.method == "POST" and StopNewsForm(request.POST).is_valid()
    known = not stopped or stop_news(token)
    return render(request, "account/news_stop.html", {"stopped": stopped, "known": known}, status=200 if known else 404)


def _show(visit: Visit, farewell: FarewellForm | None = None, status: int = 200) -> HttpResponse:
    person = visit.participant
    return visit.render(
        "account/my_data.html",
        kept=_kept(visit),
        consents=_consents(visit),
        account=person.account,
        email_form=EmailForm(),
        passkeys=_passkeys(visit) if settings.PASSKEYS else [],
        passkeys_work=settings.PASSKEYS,
        elsewhere=person.account.participations.exclude(pk=person.pk).count(),
        form=farewell or FarewellForm(known_as=person.pseudonym),
        status=status,
    )


def _kept(visit: Visit) -> dict[str, int]:
    return {
        "votes": Vote.objects.standing().filter(participant=visit.participant).count(),
        "statements": visit.participant.statements.count(),
        "arguments": visit.participant.arguments.count(),
    }


def _consents(visit: Visit) -> list[dict[str, Any]]:
    since = dict(visit.participant.consents.current().values_list("purpose", "given_at"))
    return [
        {
            "purpose": str(purpose),
            "label": purpose.label,
            "in_short": IN_SHORT[purpose],
            "since": since.get(purpose),
            "needed": purpose not in MAY_BE_REFUSED,
        }
        for purpose in Purpose
    ]


def _passkeys(visit: Visit) -> list[dict[str, Any]]:
    keys = Authenticator.objects.filter(user=visit.participant.account, type=Authenticator.Type.WEBAUTHN)
    return [
        {"pk": key.pk, "name": key.wrap().name, "made_at": key.created_at, "used_at": key.last_used_at} for key in keys
    ]
