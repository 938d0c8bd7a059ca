"""Running the room: the agenda and what is on, the timer, the speaking queue, polls, and the wall."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions import agenda, holding_up, polling, running, speaking
from deliberation.actions.errors import NotInThisState
from deliberation.forms.session import ItemForm, RoomStep, RoomStepForm, SessionForm
from deliberation.models import Scene, Session
from deliberation.views.agenda import last_removed, new_item
from deliberation.views.cards import cards_of
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_facilitators
from deliberation.views.session import session_now, shown

GONE_ON = gettext_lazy("The session has gone on meanwhile, so nothing was changed. This is where it is.")


@require_safe
@for_facilitators
def cockpit(visit: Visit) -> HttpResponse:
    return _show(visit)


@require_POST
@for_facilitators
def sessions(visit: Visit) -> HttpResponse:
    """Plan a session; its agenda comes next."""
    form = SessionForm(visit.request.POST, assembly=visit.assembly)
    if not form.is_valid():
        return _show(visit, session_form=form, status=400)
    running.plan_session(visit.assembly, form.texts, [])
    return redirect("cockpit", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def agenda_items(visit: Visit, public_id: str) -> HttpResponse:
    session, form = found_session(visit, public_id), ItemForm(visit.request.POST, assembly=visit.assembly)
    if not form.is_valid():
        return _show(visit, item_form=form, status=400)
    running.add_item(session, new_item(form))
    messages.success(visit.request, _("It stands at the end of the agenda."))
    return redirect("cockpit", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def room_steps(visit: Visit, public_id: str) -> HttpResponse:
    """Lead the session on by one step."""
    session, form = found_session(visit, public_id), RoomStepForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _show(visit, status=400)
    try:
        STEPS[RoomStep(form.cleaned_data["step"])](session, form.cleaned_data["on"])
    except NotInThisState:
        messages.error(visit.request, GONE_ON)
        return _show(visit, status=409)
    return redirect("cockpit", slug=visit.assembly.slug)


def _put_on(session: Session, item_id: str) -> None:
    running.put_on(session, get_object_or_404(session.items, public_id=item_id))


def _show_scene(session: Session, scene: str) -> None:
    if scene not in Scene.values:
        raise NotInThisState
    running.show_on_wall(session, Scene(scene))


STEPS: dict[RoomStep, Callable[[Session, str], Any]] = {
    RoomStep.OPEN: lambda session, _: running.open_session(session),
    RoomStep.CLOSE: lambda session, _: running.close_session(session),
    RoomStep.NEXT: lambda session, seen: running.go(session, 1, seen),
    RoomStep.BACK: lambda session, seen: running.go(session, -1, seen),
    RoomStep.ITEM: _put_on,
    RoomStep.START: lambda session, _: running.start_timer(session),
    RoomStep.PAUSE: lambda session, _: running.pause_timer(session),
    RoomStep.MORE: lambda session, _: running.add_minute(session),
    RoomStep.SCENE: _show_scene,
    RoomStep.BLANK: lambda session, _: running.turn_blank(session),
    RoomStep.CALL: speaking.call,
    RoomStep.DONE: lambda session, _: speaking.end_speech(session),
    RoomStep.ASK: lambda session, _: polling.open_poll(session),
    RoomStep.COUNT: lambda session, _: polling.close_poll(session),
    RoomStep.UP: lambda session, item: agenda.move_item(session, item, -1),
    RoomStep.DOWN: lambda session, item: agenda.move_item(session, item, 1),
    RoomStep.ANSWER: holding_up.answer_card,
}


def found_session(visit: Visit, public_id: str) -> Session:
    return get_object_or_404(visibility.sessions_for(visit.assembly, visit.participant), public_id=public_id)


def session_at_hand(visit: Visit) -> Session | None:
    """The session that is open, else the one that comes next, else the last one."""
    found = list(visibility.sessions_for(visit.assembly, visit.participant))
    planned = [each for each in found if each.opened_at is None]
    return next((each for each in found if each.is_open), None) or next(iter(planned or found[-1:]), None)


def _show(
    visit: Visit, session_form: SessionForm | None = None, item_form: ItemForm | None = None, status: int = 200
) -> HttpResponse:
    session = session_at_hand(visit)
    room = session and shown(session, visit)
    over = session is None or session.closed_at is not None
    return visit.render(
        "session/cockpit.html",
        room=room,
        ended=_ended(session, visit),
        removed=session and last_removed(visit, session),
        cards=session and cards_of(session, visit),
        scenes=Scene.choices,
        people=visit.assembly.participants.present().count(),
        session_form=session_form or (SessionForm(assembly=visit.assembly) if over else None),
        item_form=item_form or (None if over else ItemForm(assembly=visit.assembly)),
        status=status,
    )


def _ended(at_hand: Session | None, visit: Visit) -> dict[str, Any] | None:
    """The session after which something is to be done: it has just closed, or none comes after it."""
    last = session_now(visit)
    if last is None or last.is_open or not (last == at_hand or last.is_just_over(timezone.now())):
        return None
    notes = visibility.notes_for(visit.assembly).filter(item__session=last).count()
    return {"title": last.title_in(visit.language), "notes": notes, "is_last": last == at_hand}
