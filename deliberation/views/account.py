"""Coming back with a code by e-mail or with a passkey, and keeping both. Nobody needs either.

What a page answers never tells whether an address is known here; the e-mail does, to whoever can read it.
"""

from functools import wraps

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation.actions.addresses import forget_email, keep_email
from deliberation.forms.account import EmailCodeForm, EmailForm, PasskeyEntryForm, PasskeyForm
from deliberation.forms.strict import StrictForm
from deliberation.views.email_codes import EmailCode, begin_to_keep, owner_of
from deliberation.views.home import way_back
from deliberation.views.joining import show_ways_in
from deliberation.views.page import View, sign_in
from deliberation.views.rate_limits import limited


def for_accounts(view: View) -> View:
    """Ask whoever is not known on this device to come in first."""

    @wraps(view)
    def known(request: HttpRequest, **arguments: object) -> HttpResponse:
        return view(request, **arguments) if request.user.is_authenticated else redirect("enter")

    return known


@require_POST
@limited("code by e-mail", "10/hour")
def sign_in_by_email(request: HttpRequest) -> HttpResponse:
    """Ask for a code to come back with."""
    form = EmailForm(request.POST)
    if not form.is_valid():
        return show_ways_in(request, email_form=form, status=400)
    email = form.cleaned_data["email"]
    EmailCode.begin(request, email, owner_of(email), to_keep=False, back=reverse("home"))
    return redirect("email_code")


@require_POST
@for_accounts
@limited("code by e-mail", "10/hour")
def emails(request: HttpRequest) -> HttpResponse:
    """Give an address to keep. It is kept once its owner has typed the code that went there."""
    form = EmailForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("email", form.non_field_errors())))
        return redirect(way_back(request))
    begin_to_keep(request, form.cleaned_data["email"], way_back(request))
    return redirect("email_code")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("type a code", "30/hour")
def email_code(request: HttpRequest) -> HttpResponse:
    """Type the code that came by e-mail."""
    code = EmailCode.resume(request)
    if code is None:
        messages.error(request, _("There is no code to type any more: it is good for ten minutes. Please ask again."))
        return redirect("home" if request.user.is_authenticated else "enter")
    form = EmailCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if code.fits(form.cleaned_data["code"]):
            return _accept(request, code)
        if not code.record_invalid_attempt():
            messages.error(request, _("That was not the code, five times. For safety it is void: please ask again."))
            return redirect(code.state["back"] if code.state["to_keep"] else "enter")
        form.add_error("code", _("That is not the code we sent. Please check each letter."))
    context = {"form": form, "email": code.state["email"], "to_keep": code.state["to_keep"]}
    return render(request, "account/code.html", context, status=400 if form.errors else 200)


def _accept(request: HttpRequest, code: EmailCode) -> HttpResponse:
    code.abort()
    if not code.state["to_keep"]:
        sign_in(request, code.user)
        messages.success(request, _("Welcome back."))
    elif request.user == code.user and keep_email(request.user, code.state["email"]):
        messages.success(request, _("Your address is kept. With it you can come back from any device."))
    else:
        messages.error(request, _("This address could not be kept. Please try again."))
    return redirect(code.state["back"])


@require_POST
@for_accounts
def email_removals(request: HttpRequest) -> HttpResponse:
    forget_email(request.user)
    messages.success(request, _("Your address is deleted. News by e-mail has stopped, too."))
    return redirect(way_back(request))


def _where_passkeys_work(view: View) -> View:
    @wraps(view)
    def found(request: HttpRequest, **arguments: object) -> HttpResponse:
        if not settings.PASSKEYS:
            raise Http404
        return view(request, **arguments)

    return found


@never_cache
@_where_passkeys_work
@require_safe
def passkey_options(request: HttpRequest) -> JsonResponse:
    """The challenge for a passkey: to make one for whoever is signed in, to come in with one for whoever is not."""
    if request.user.is_authenticated:
        return JsonResponse(webauthn.begin_registration(request.user, passwordless=True))
    return JsonResponse(webauthn.begin_authentication())


@_where_passkeys_work
@require_POST
@limited("passkey", "30/hour")
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    form = PasskeyEntryForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This passkey is not known here. Come in with a code instead."))
        return redirect("enter")
    passkey = form.cleaned_data["credential"]
    passkey.record_usage()
    sign_in(request, passkey.user)
    messages.success(request, _("Welcome back."))
    return redirect("home")


@_where_passkeys_work
@require_POST
@for_accounts
@limited("passkey", "30/hour")
def passkeys(request: HttpRequest) -> HttpResponse:
    """Keep a passkey that this device has just made."""
    form = PasskeyForm(request.POST, user=request.user)
    if form.is_valid():
        webauthn.WebAuthn.add(request.user, form.cleaned_data["name"], form.cleaned_data["credential"])
        messages.success(request, _("Your passkey is kept. On this device you can come back with it."))
    else:
        messages.error(request, _("The passkey could not be kept. Please try again."))
    return redirect(way_back(request))


@require_POST
@for_accounts
def passkey_removals(request: HttpRequest, passkey: int) -> HttpResponse:
    form = StrictForm(request.POST)
    if form.is_valid():
        get_object_or_404(Authenticator, pk=passkey, user=request.user).delete()
        messages.success(request, _("This passkey is good no longer."))
    return redirect(way_back(request))
