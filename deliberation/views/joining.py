import random

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from deliberation.actions import joining
from deliberation.actions.errors import CodeExpired, CodeUnknown, CodeUsedUp, JoiningClosed, PseudonymTaken
from deliberation.actions.founding import is_founding_code, let_found
from deliberation.actions.inviting import opened
from deliberation.demo.names import suggested_pseudonym
from deliberation.forms.account import EmailForm
from deliberation.forms.joining import EnterForm, JoinForm
from deliberation.models import Account, Assembly, Invitation, Participant, Role, Verb
from deliberation.views.email_codes import EmailCode, begin_to_keep
from deliberation.views.page import Visit, for_participants, in_assembly, place_of_code, sign_in
from deliberation.views.rate_limits import limited
from deliberation.views.session import session_now

INVITED_TO = "invited_to"


@require_http_methods(["GET", "HEAD", "POST"])
@in_assembly
@limited("join", "20/hour")
def join(visit: Visit) -> HttpResponse:
    """Join on one screen: a pseudonym and consent."""
    if visit.participant is not None:
        return redirect("assembly", slug=visit.assembly.slug)
    has_address = bool(getattr(visit.request.user, "email", None))
    if visit.request.method != "POST":
        form = JoinForm(initial={"pseudonym": a_free_name(visit)}, has_address=has_address)
        return visit.render("participants/new.html", form=form)
    form = JoinForm(visit.request.POST, has_address=has_address)
    if form.is_valid():
        joined = _join(visit, form)
        if joined is not None:
            _sign_in_with_code(visit.request, *joined)
            return _go_on(visit, form.cleaned_data["pseudonym"], form.cleaned_data.get("email", ""))
    return visit.render("participants/new.html", form=form, status=400)


def _go_on(visit: Visit, name: str, email: str) -> HttpResponse:
    """Into the room, or to the first statement: the code to come back with can wait there, and says so."""
    if email:
        begin_to_keep(visit.request, email, reverse("assembly", args=[visit.assembly.slug]))
    elif place := _what_goes_on(visit):
        told = _("You are in, %(name)s. Your code to come back with waits for you under Home.")
        messages.success(visit.request, told % {"name": name}, extra_tags="welcome")
        return redirect(place, slug=visit.assembly.slug)
    return redirect("welcome", slug=visit.assembly.slug)


def _what_goes_on(visit: Visit) -> str:
    """The page of a session that is open: whoever scans the code on the wall sits in its room. Else the deck."""
    current = session_now(visit)
    if current is not None and current.is_open:
        return "session"
    return "deck" if visit.rules is not None and visit.rules.allows(Verb.VOTE) else ""


def a_free_name(visit: Visit) -> str:
    taken = set(visit.assembly.participants.values_list("pseudonym", flat=True))
    return suggested_pseudonym(visit.language, random.SystemRandom(), taken)


def _join(visit: Visit, form: JoinForm) -> tuple[Participant, str] | None:
    session = visit.request.session
    invitation = Invitation.objects.filter(pk=session.get(INVITED_TO), assembly=visit.assembly).first()
    account = visit.request.user if visit.request.user.is_authenticated else None
    try:
        joined = joining.join(
            visit.assembly,
            form.cleaned_data["pseudonym"],
            visit.language,
            account=account,
            invitation=invitation,
            purposes=form.purposes,
        )
        session.pop(INVITED_TO, None)
        return joined
    except PseudonymTaken:
        form.add_error("pseudonym", _("Somebody here already has this name. Please choose another."))
    except JoiningClosed:
        form.add_error(None, _("This assembly is by invitation. Please enter the code you were given."))
    except CodeUsedUp:
        form.add_error(None, _("This invitation has been used up. Please ask the facilitator for a new one."))
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
def welcome(visit: Visit) -> HttpResponse:
    """The new code, until its owner says that they have kept it."""
    if visit.request.method == "POST":
        visit.request.session.pop(place_of_code(visit.assembly), None)
    code = visit.request.session.get(place_of_code(visit.assembly))
    if code is None:
        came_from = "desk" if visit.can["facilitate"] and "from_desk" in visit.request.GET else "assembly"
        return redirect(came_from, slug=visit.assembly.slug)
    email = EmailCode.resume(visit.request)
    return visit.render("participants/welcome.html", recovery_code=code, email=email and email.state["email"])


@require_POST
@for_participants
@limited("renew", "20/hour")
def recovery_codes(visit: Visit) -> HttpResponse:
    """Make another code for somebody who has lost theirs, or never had one."""
    visit.request.session[place_of_code(visit.assembly)] = joining.renew_code(visit.participant)
    return redirect("welcome", slug=visit.assembly.slug)


def _sign_in_with_code(request: HttpRequest, participant: Participant, code: str) -> None:
    sign_in(request, participant.account)
    request.session[place_of_code(participant.assembly)] = code


@require_http_methods(["GET", "HEAD", "POST"])
@limited("enter", "20/hour")
def enter(request: HttpRequest) -> HttpResponse:
    """Come in with a code: an invitation, one's own from an earlier visit, or the operator's to set up assemblies."""
    form = EnterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        address = _enter(request, form)
        if address is not None:
            return redirect(address)
    return show_ways_in(request, form=form, status=400 if form.errors else 200)


def show_ways_in(
    request: HttpRequest, *, form: EnterForm | None = None, email_form: EmailForm | None = None, status: int = 200
) -> HttpResponse:
    """With a code, with a code by e-mail, with a passkey."""
    forms = {"form": form or EnterForm(), "email_form": email_form or EmailForm()}
    return render(request, "participants/enter.html", {**forms, "passkeys": settings.PASSKEYS}, status=status)


def _enter(request: HttpRequest, form: EnterForm) -> str | None:
    """Where the code leads; None where it leads nowhere, and the form says why."""
    code = form.cleaned_data["code"]
    try:
        returning = joining.find_returning(code)
    except CodeUnknown:
        return _accept(request, form, code)
    joining.take_over(returning)
    sign_in(request, returning.account)
    return _way_into(request, returning.assembly)


def _way_into(request: HttpRequest, assembly: Assembly) -> str:
    return reverse("welcome" if place_of_code(assembly) in request.session else "assembly", args=[assembly.slug])


def _accept(request: HttpRequest, form: EnterForm, code: str) -> str | None:
    try:
        if is_founding_code(code):
            sign_in(request, let_found(code, request.user if request.user.is_authenticated else None))
            return reverse("new_assembly")
        invitation = joining.find_invitation(code)
        opened(invitation)
        if invitation.roles:
            _take_roles(request, invitation)
        else:
            request.session[INVITED_TO] = invitation.pk
        return _way_into(request, invitation.assembly)
    except CodeUnknown:
        form.add_error("code", _("We do not know this code. Please check each letter; there is no O, I, 0 or 1 in it."))
    except CodeExpired:
        form.add_error("code", _("This code was valid until an earlier day. Please ask the facilitator for a new one."))
    except CodeUsedUp:
        told = _(
            "This code has already been used. If it was you: use the recovery code you were given when you joined."
            " Otherwise ask the facilitator for a new one."
        )
        form.add_error("code", told)
    return None


def _take_roles(request: HttpRequest, invitation: Invitation) -> None:
    """A code with roles lets its holder in at once, under a name that says what they do."""
    account = request.user if request.user.is_authenticated else None
    participant = Participant.objects.of(invitation.assembly, request.user)
    if participant is not None:
        joining.add_roles(participant, invitation)
        return
    _sign_in_with_code(request, *_join_by_role(invitation, account))


def _join_by_role(invitation: Invitation, account: Account | None) -> tuple[Participant, str]:
    """Under the first number that nobody has: roles come and go, names stay."""
    role = Role.FACILITATOR if Role.FACILITATOR in invitation.roles else Role(invitation.roles[0])
    number = 1 + invitation.assembly.participants.filter(roles__contains=[role]).count()
    while True:
        name, language = f"{role.label} {number}", get_language() or "en"
        try:
            return joining.join(invitation.assembly, name, language, account=account, invitation=invitation)
        except PseudonymTaken:
            number += 1
