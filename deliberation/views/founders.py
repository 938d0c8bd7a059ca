"""Who may set up assemblies here: operators give that right, see who holds it, and take it back."""

from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation.actions.errors import MayNotFound
from deliberation.actions.founding import close_link, make_founding_code, take_back
from deliberation.forms.founding import FounderLinkForm
from deliberation.forms.strict import StrictForm
from deliberation.models import Account, FoundingCode
from deliberation.views.page import View

NEW_LINK = "new_founding_link"  # in the session, until it has been shown once


def for_operators(view: View) -> View:
    """To everybody else the page does not exist."""

    @wraps(view)
    def entrusted(request: HttpRequest, **arguments: object) -> HttpResponse:
        if not request.user.is_authenticated or not request.user.is_staff:
            raise Http404
        return view(request, **arguments)

    return entrusted


@require_safe
@for_operators
def founders(request: HttpRequest) -> HttpResponse:
    return _show(request, FounderLinkForm())


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
def founding_links(request: HttpRequest) -> HttpResponse:
    """Make a link; the next page shows it, once."""
    if request.method != "POST":
        return redirect("founders")
    form = FounderLinkForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=400)
    given = form.cleaned_data
    code = make_founding_code(timedelta(days=given["days"]), meant_for=given["meant_for"], by=request.user)
    request.session[NEW_LINK] = [given["meant_for"], f"{settings.BASE_URL}/enter/#{code}"]
    return redirect("founders")


@require_POST
@for_operators
def founding_link_closures(request: HttpRequest, link: int) -> HttpResponse:
    found = get_object_or_404(FoundingCode, pk=link)
    if StrictForm(request.POST).is_valid():
        close_link(found)
        messages.success(request, _("Nobody comes in with that link any more."))
    return redirect("founders")


@require_POST
@for_operators
def founder_removals(request: HttpRequest, account: int) -> HttpResponse:
    found = get_object_or_404(Account, pk=account)
    try:
        if StrictForm(request.POST).is_valid():
            take_back(found)
            messages.success(request, _("Taken back. What they have set up stays theirs; they set up nothing new."))
    except MayNotFound:
        messages.error(request, _("This was taken back meanwhile, or belongs to an operator. Nothing was changed."))
    return redirect("founders")


def _show(request: HttpRequest, form: FounderLinkForm, status: int = 200) -> HttpResponse:
    holders = Account.objects.filter(founds_since__isnull=False).select_related("let_found_by")
    holders = holders.prefetch_related("participations__assembly__translations").order_by("-founds_since")
    good = FoundingCode.objects.filter(expires_at__gt=timezone.now()).order_by("-pk")
    context = {
        "form": form,
        "new_link": request.session.pop(NEW_LINK, None),
        "founders": [_founder(each, request) for each in holders],
        "links": [each for each in good if each.uses < each.most_uses],
    }
    return render(request, "founding/founders.html", context, status=status)


def _founder(account: Account, request: HttpRequest) -> dict[str, Any]:
    leads = [each for each in account.participations.all() if each.is_facilitator]
    code = account.let_found_by
    return {
        "pk": account.pk,
        "name": (code and code.meant_for) or account.email or next((each.pseudonym for each in leads), ""),
        "since": account.founds_since,
        "is_me": account == request.user,
        "is_operator": account.is_staff,
        "leads": [(each.assembly.slug, each.assembly.text_in(get_language() or "en").title) for each in leads],
    }
