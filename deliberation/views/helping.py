"""Entering what somebody says who has no device: letting them in, beginning, stopping, and a receipt to take home.

What is entered in between goes through the same pages as everybody's, under the address of the person: for_another.py.
"""

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions import joining
from deliberation.actions.attending import attend
from deliberation.actions.errors import (
    CodeExpired,
    CodeUnknown,
    CodeUsedUp,
    JoiningClosed,
    NotInThisState,
    PseudonymTaken,
)
from deliberation.actions.helping import begin_helping, stop_helping
from deliberation.actions.seating import move_to_table, newest_round
from deliberation.forms.helping import ANYWHERE, ByHandForm
from deliberation.forms.strict import StrictForm
from deliberation.forms.tables import PersonForm
from deliberation.models import IDLE, EntryType, Helping, Invitation, Participant, RecordEntry, Route, Session
from deliberation.record.codes import code_of
from deliberation.views.desk import qr_of
from deliberation.views.for_another import address_for, as_oneself
from deliberation.views.joining import a_free_name
from deliberation.views.page import Visit, for_helpers, for_participants
from deliberation.views.rate_limits import limited
from deliberation.views.session import session_now


@require_http_methods(["GET", "HEAD", "POST"])
@for_helpers
@limited("help", "120/hour")
def helping(visit: Visit) -> HttpResponse:
    """Who lets helpers enter what they say; a post begins with one of them."""
    if visit.request.method != "POST":
        return _people(visit)
    form = PersonForm(visit.request.POST)
    if not form.is_valid():
        return _people(visit, status=400)
    allowed = visibility.may_be_helped(visit.assembly, visit.participant)
    person = get_object_or_404(allowed, public_id=form.cleaned_data["person"])
    try:
        begin_helping(visit.participant, person)
    except NotInThisState:
        told = _("Somebody else is entering for %(name)s just now. Nothing was begun.")
        messages.error(visit.request, told % {"name": person.pseudonym})
        return _people(visit, status=409)
    return redirect(_first_page(visit, person))


@require_http_methods(["GET", "HEAD", "POST"])
@for_helpers
@limited("join by hand", "120/hour")
def new_person(visit: Visit) -> HttpResponse:
    """Let somebody in who has no device."""
    session = _open_session(visit)
    if visit.request.method != "POST":
        first = {"pseudonym": a_free_name(visit), "language": visit.language}
        return _new_person(visit, _form(visit, session, initial=first))
    form = _form(visit, session, visit.request.POST)
    joined = _join(visit, form) if form.is_valid() else None
    if joined is None:
        return _new_person(visit, form, status=400)
    person, code = joined
    _seat(session, person, form.cleaned_data.get("table", ""))
    visit.request.session[_place_of_slip(visit)] = {"person": person.public_id, "code": code}
    return redirect("slip", slug=visit.assembly.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_helpers
def slip(visit: Visit) -> HttpResponse:
    """The slip with the code to come back with, until it is handed over; then nobody can show it again."""
    made = visit.request.session.get(_place_of_slip(visit))
    person = made and visit.assembly.participants.present().filter(public_id=made["person"]).first()
    if not person:
        return redirect("helping", slug=visit.assembly.slug)
    if visit.request.method == "POST":
        del visit.request.session[_place_of_slip(visit)]
        if visibility.may_be_helped(visit.assembly, visit.participant).filter(pk=person.pk).exists():
            return redirect(_first_page(visit, person))
        told = _(
            "%(name)s takes part, but has not allowed that anything is entered for them. With their code they can."
        )
        messages.info(visit.request, told % {"name": person.pseudonym})
        return redirect("helping", slug=visit.assembly.slug)
    address = f"{settings.BASE_URL}{reverse('enter')}#{made['code']}"
    return visit.render("helping/slip.html", person=person, code=made["code"], qr=qr_of(address))


@require_POST
@for_participants
def stops(visit: Visit) -> HttpResponse:
    """Stop entering for the person of the address; what was entered can then be printed or read out to them."""
    if visit.helping is None or not StrictForm(visit.request.POST).is_valid():
        return redirect("assembly", slug=visit.assembly.slug)
    stop_helping(visit.helping)
    with as_oneself():
        return redirect("helped", slug=visit.assembly.slug, public_id=visit.helping.public_id)


@never_cache
@require_safe
@for_helpers
def helped(visit: Visit, public_id: str) -> HttpResponse:
    """The receipts of a sitting that its helper has just ended: what it left in the record, not what was chosen."""
    just_ended = Helping.objects.filter(helper=visit.participant, ended_at__gt=timezone.now() - IDLE)
    sitting = get_object_or_404(just_ended.select_related("participant"), public_id=public_id)
    entries = list(RecordEntry.objects.filter(owner__helping=sitting).order_by("pk"))
    counted = Counter(entry.type for entry in entries)
    return visit.render(
        "helping/helped.html",
        sitting=sitting,
        person=sitting.participant,
        counts=[(EntryType(type).label, count) for type, count in counted.items()],
        receipts=[{"about": entry.about, "code": code_of(bytes(entry.leaf_hash))} for entry in entries],
    )


def _people(visit: Visit, status: int = 200) -> HttpResponse:
    allowed = visibility.may_be_helped(visit.assembly, visit.participant)
    busy = Helping.objects.current().filter(participant__in=allowed)
    return visit.render(
        "helping/index.html",
        people=allowed,
        mine=busy.filter(helper=visit.participant).values_list("participant", flat=True).first(),
        others=set(busy.exclude(helper=visit.participant).values_list("participant", flat=True)),
        status=status,
    )


def _first_page(visit: Visit, person: Participant) -> str:
    """Into the room where a session is open, else to the statements."""
    return address_for(person.public_id, "session" if _open_session(visit) else "deck", visit.assembly.slug)


def _open_session(visit: Visit) -> Session | None:
    current = session_now(visit)
    return current if current is not None and current.is_open else None


def _form(visit: Visit, session: Session | None, data: Any = None, **options: Any) -> ByHandForm:
    made = session and newest_round(session)
    return ByHandForm(
        data,
        assembly=visit.assembly,
        needs_code=not (visit.assembly.is_open or visit.can["facilitate"]),
        tables=None if session is None else made.tables if made else 0,
        **options,
    )


def _new_person(visit: Visit, form: ByHandForm, status: int = 200) -> HttpResponse:
    return visit.render("helping/new.html", form=form, status=status)


def _join(visit: Visit, form: ByHandForm) -> tuple[Participant, str] | None:
    given = form.cleaned_data
    try:
        invitation = _invitation(visit, given["code"]) if given["code"] else None
        return joining.join(
            visit.assembly,
            given["pseudonym"],
            given["language"],
            invitation=invitation,
            route=Route.ASSISTED,
            purposes=form.purposes,
            helper=visit.participant,
        )
    except PseudonymTaken:
        form.add_error("pseudonym", _("Somebody here already has this name. Please choose another."))
    except CodeUnknown:
        form.add_error("code", _("We do not know this code. Please check each letter; there is no O, I, 0 or 1 in it."))
    except CodeExpired:
        form.add_error("code", _("This code was valid until an earlier day. Please ask the facilitator for a new one."))
    except CodeUsedUp:
        form.add_error("code", _("This invitation has been used up. Please ask the facilitator for a new one."))
    except JoiningClosed:
        form.add_error(None, _("Nobody can join this assembly any more."))
    return None


def _invitation(visit: Visit, code: str) -> Invitation:
    """An invitation of this assembly, without a role: who does something beside taking part has a device."""
    invitation = joining.find_invitation(code)
    if invitation.assembly != visit.assembly or invitation.roles:
        raise CodeUnknown
    return invitation


def _seat(session: Session | None, person: Participant, table: str) -> None:
    """Where they sit. If the tables were made anew meanwhile, they sit where fewest do."""
    if session is None or not table:
        return
    attend(session, person)
    if table != ANYWHERE:
        try:
            move_to_table(session, person, int(table))
        except NotInThisState:
            return


def _place_of_slip(visit: Visit) -> str:
    """Where the session keeps a code that its owner does not hold yet."""
    return f"slip:{visit.assembly.slug}"
