"""The tables of a session: made, set right by hand, and printed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deliberation.actions import seating
from deliberation.actions.attending import attend
from deliberation.actions.errors import NotInThisState
from deliberation.forms.strict import StrictForm
from deliberation.forms.tables import PersonForm, RoundForm, SwapForm
from deliberation.models import Participant, Session
from deliberation.views.cockpit import GONE_ON, found_session, session_at_hand
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_facilitators
from deliberation.views.session import tables_of


@require_safe
@for_facilitators
def tables(visit: Visit) -> HttpResponse:
    return _show(visit, session_at_hand(visit))


@require_POST
@for_facilitators
def table_rounds(visit: Visit, public_id: str) -> HttpResponse:
    """Seat everybody who is there."""

    def seat(session: Session, form: StrictForm) -> None:
        make = seating.seat_round_anew if form.cleaned_data["anew"] else seating.seat_next_round
        make(session, form.cleaned_data["size"])

    return _change(visit, public_id, lambda _: RoundForm(visit.request.POST), seat)


@require_POST
@for_facilitators
def seat_swaps(visit: Visit, public_id: str) -> HttpResponse:
    def swap(session: Session, form: StrictForm) -> None:
        seating.swap(session, *(_person(visit, form.cleaned_data[name]) for name in ("one", "other")))

    return _change(visit, public_id, lambda made: SwapForm(visit.request.POST, seated=_seated(made)), swap)


@require_POST
@for_facilitators
def seats_kept(visit: Visit, public_id: str) -> HttpResponse:
    """Keep somebody at their table from round to round, or let them go."""
    return _of_a_person(visit, public_id, seating.keep_at_table)


@require_POST
@for_facilitators
def seats_left(visit: Visit, public_id: str) -> HttpResponse:
    """Somebody is not in the room."""
    return _of_a_person(visit, public_id, seating.leave_table)


@require_POST
@for_facilitators
def attendances(visit: Visit, public_id: str) -> HttpResponse:
    """Somebody is in the room without a phone."""
    return _of_a_person(visit, public_id, attend)


def _of_a_person(visit: Visit, public_id: str, change: Callable[[Session, Participant], None]) -> HttpResponse:
    return _change(
        visit,
        public_id,
        lambda _: PersonForm(visit.request.POST),
        lambda session, form: change(session, _person(visit, form.cleaned_data["person"])),
    )


def _change(
    visit: Visit,
    public_id: str,
    form_of: Callable[[dict[str, Any] | None], StrictForm],
    change: Callable[[Session, StrictForm], None],
) -> HttpResponse:
    session = found_session(visit, public_id)
    form = form_of(tables_of(session, visit))
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _show(visit, session, status=400)
    try:
        change(session, form)
    except NotInThisState:
        messages.error(visit.request, GONE_ON)
        return _show(visit, session, status=409)
    return redirect("tables", slug=visit.assembly.slug)


def _person(visit: Visit, public_id: str) -> Participant:
    return get_object_or_404(visit.assembly.participants.present(), public_id=public_id)


def _show(visit: Visit, session: Session | None, status: int = 200) -> HttpResponse:
    made = session and tables_of(session, visit)
    return visit.render(
        "session/tables.html",
        session=session,
        session_title=session and session.title_in(visit.language),
        over=session is None or session.closed_at is not None,
        made=made,
        here=session.attendances.count() if session else 0,
        absent=_absent(visit, session),
        round_form=RoundForm(initial={"size": made["size"]} if made else None),
        swap_form=SwapForm(seated=_seated(made)),
        status=status,
    )


def _absent(visit: Visit, session: Session | None) -> list[Participant]:
    """Who could sit at a table and has not been seen."""
    if session is None:
        return []
    people = visit.assembly.participants.present().exclude(attendances__session=session)
    return [each for each in people.order_by("pseudonym") if seating.sits(each)]


def _seated(made: dict[str, Any] | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everybody at a table, as a list to choose from."""
    return [
        (
            _("Table %(n)s") % {"n": table["number"]},
            [(seat.participant.public_id, seat.participant.pseudonym) for seat in table["seats"]],
        )
        for table in (made["tables"] if made else [])
    ]
