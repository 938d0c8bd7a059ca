"""A session as phones follow it: what is on, how long, who speaks, my hand and my answer."""

import math
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions.attending import attend
from deliberation.actions.errors import NotInThisState
from deliberation.actions.holding_up import hold_up, take_down
from deliberation.actions.polling import answer
from deliberation.actions.seating import newest_round
from deliberation.actions.speaking import lower_hand, raise_hand
from deliberation.analysis.running import now_in_milliseconds, poll_of, told
from deliberation.forms.session import CardForm, PollAnswerForm
from deliberation.forms.strict import StrictForm
from deliberation.models import AgendaItem, CardKind, Hand, Poll, PollAnswer, Session
from deliberation.views.cards import my_cards
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.rate_limits import limited

NEXT_SPEAKERS = 3


@require_safe
@for_participants
def session(visit: Visit) -> HttpResponse:
    return _show(visit)


@require_safe
@in_assembly
def state(visit: Visit) -> HttpResponse:
    """What the socket says, for a browser that missed it."""
    current = session_now(visit)
    if current is None:
        return JsonResponse({"version": 0})
    _attend(visit, current)
    current.refresh_from_db()
    return JsonResponse({**told(current), "at": now_in_milliseconds()}, headers={"Cache-Control": "no-store"})


@require_POST
@for_participants
@limited("hand", "60/minute")
def hands(visit: Visit) -> HttpResponse:
    """Raise a hand."""
    return _change(visit, StrictForm(visit.request.POST), lambda current: raise_hand(current, visit.participant))


@require_POST
@for_participants
@limited("hand", "60/minute")
def lowered_hands(visit: Visit) -> HttpResponse:
    """Take it down, or say that one has spoken."""
    return _change(visit, StrictForm(visit.request.POST), lambda current: lower_hand(current, visit.participant))


@require_POST
@for_participants
@limited("poll", "60/minute")
def poll_answers(visit: Visit, public_id: str) -> HttpResponse:
    form = PollAnswerForm(visit.request.POST)
    asked = Poll.objects.filter(assembly=visit.assembly, opened_at__isnull=False).select_related("item__session")
    poll = get_object_or_404(asked, public_id=public_id)
    return _change(visit, form, lambda _: _answer(visit, poll, form.cleaned_data["choice"]))


def _answer(visit: Visit, poll: Poll, choice: int) -> None:
    answer(visit.participant, poll, choice)
    if visit.helping is not None:  # which one it was is shown to nobody but its owner
        messages.success(visit.request, _("The answer is kept. Until the poll closes another may take its place."))


@require_POST
@for_participants
@limited("card", "30/minute")
def cards(visit: Visit) -> HttpResponse:
    """Hold up a card."""
    form = CardForm(visit.request.POST)

    def hold(current: Session) -> None:
        kind = CardKind(form.cleaned_data["kind"])
        hold_up(current, visit.participant, kind, form.cleaned_data["word"] if kind == CardKind.WORD else "")

    return _change(visit, form, hold)


@require_POST
@for_participants
@limited("card", "30/minute")
def card_removals(visit: Visit, public_id: str) -> HttpResponse:
    return _change(visit, StrictForm(visit.request.POST), lambda now: take_down(now, visit.participant, public_id))


def _change(visit: Visit, form: StrictForm, change: Any) -> HttpResponse:
    current = session_now(visit)
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _show(visit, status=400)
    try:
        if current is None:
            raise NotInThisState
        change(current)
    except NotInThisState:
        messages.error(
            visit.request, _("The session has gone on meanwhile, so nothing was changed. This is where it is.")
        )
        return _show(visit, status=409)
    return redirect("session", slug=visit.assembly.slug)


def _show(visit: Visit, status: int = 200) -> HttpResponse:
    current = session_now(visit)
    if current is not None:
        _attend(visit, current)
        current.refresh_from_db()
    return visit.render("session/show.html", room=current and shown(current, visit), status=status)


def _attend(visit: Visit, current: Session) -> None:
    if current.is_open and visit.participant is not None and visit.request.method == "GET":
        attend(current, visit.participant)


def session_now(visit: Visit) -> Session | None:
    """The session that is open, else the one that was opened last."""
    opened = visibility.sessions_for(visit.assembly, visit.participant).filter(opened_at__isnull=False)
    return opened.order_by("-opened_at").first()


def shown(session: Session, visit: Visit) -> dict[str, Any]:
    """A session in the reader's language, with what is theirs in it."""
    items = list(session.items.prefetch_related("translations").select_related("proposal", "kit_step"))
    rows = [_item(each, session, visit) for each in items]
    place = next((place for place, row in enumerate(rows) if row["current"]), None)
    poll = poll_of(session)
    waiting = list(session.hands.waiting().select_related("participant"))
    return {
        "session": session,
        "title": session.title_in(visit.language),
        "state": {**told(session), "at": now_in_milliseconds()},
        "time": _time(session),
        "items": rows,
        "item": None if place is None else rows[place],
        "following": rows[place + 1] if place is not None and place + 1 < len(rows) else None,
        "first": place in (None, 0),
        "poll": poll and _poll(poll, visit),
        "speaker": session.hands.speaking().select_related("participant").first(),
        "queue": waiting,
        "next_speakers": waiting[:NEXT_SPEAKERS],
        "here": session.attendances.count(),
        "tables": tables_of(session, visit),
        "my_cards": my_cards(session, visit),
        **_mine(waiting, session, visit),
    }


def tables_of(session: Session, visit: Visit) -> dict[str, Any] | None:
    """Who sits where in the newest round; never why."""
    newest = newest_round(session)
    if newest is None:
        return None
    tables: dict[int, list[Any]] = {number: [] for number in range(1, newest.tables + 1)}
    for seat in newest.seats.select_related("participant").order_by("table", "participant__pseudonym"):
        tables[seat.table].append(seat)
    me = visit.participant and visit.participant.pk
    mine = [number for number, seats in tables.items() if any(seat.participant_id == me for seat in seats)]
    return {
        "round": newest.number,
        "size": newest.size,
        "people": sum(map(len, tables.values())),
        "tables": [{"number": number, "seats": seats} for number, seats in tables.items()],
        "mine": mine[0] if mine else None,
        "with_me": [each.participant for each in tables[mine[0]] if each.participant_id != me] if mine else [],
    }


def _time(session: Session) -> str:
    """What the timer shows to whoever has no scripts: as it was when the page was made."""
    minutes, seconds = divmod(math.ceil(session.left_at(timezone.now()).total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def _item(item: AgendaItem, session: Session, visit: Visit) -> dict[str, Any]:
    return {
        "public_id": item.public_id,
        "kind": item.kind,
        "kind_label": item.get_kind_display(),
        "title": item.title_in(visit.language),
        "minutes": item.minutes,
        "proposal": item.proposal and item.proposal.public_id,
        "kit_step": item.kit_step and item.kit_step.public_id,
        "asks": item.asks,
        "current": item.pk == session.item_id,
    }


def _mine(waiting: list[Hand], session: Session, visit: Visit) -> dict[str, Any]:
    """Whether I speak, or which place I have in the queue; 0 for neither."""
    if visit.participant is None:
        return {"i_speak": False, "my_place": 0}
    places = [place for place, hand in enumerate(waiting, start=1) if hand.participant_id == visit.participant.pk]
    speaks = session.hands.speaking().filter(participant=visit.participant).exists()
    return {"i_speak": speaks, "my_place": places[0] if places else 0}


def _poll(poll: Poll, visit: Visit) -> dict[str, Any]:
    result = visibility.poll_result(poll)
    answered = sum(poll.result.values()) if poll.result is not None else poll.answers.count()
    mine = PollAnswer.objects.filter(poll=poll, participant=visit.participant).values_list("choice", flat=True)
    options = [
        {"number": number, "text": text, **_share(result, number, answered)}
        for number, text in poll.options_in(visit.language).items()
    ]
    return {
        "public_id": poll.public_id,
        "state": poll.state,
        "options": options,
        "counted": result is not None,
        "answered": answered,
        "few": answered < visibility.FEW,
        "least": visibility.FEW,
        "mine": mine.first() if visit.participant and visit.helping is None else None,
    }


def _share(result: dict[str, int] | None, number: int, answered: int) -> dict[str, int]:
    """People who chose an option, and the share of a bar that they fill."""
    if result is None:
        return {}
    return {"people": result[str(number)], "percent": round(100 * result[str(number)] / answered)}
