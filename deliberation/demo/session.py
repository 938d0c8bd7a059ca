"""The demo's evenings: one that is over and left notes, and one that is planned, with people at its tables."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from deliberation.actions.noting import take_note
from deliberation.actions.running import NewItem, close_session, open_session, plan_session
from deliberation.actions.seating import seat_next_round
from deliberation.actions.trusting import give_roles
from deliberation.demo.content import EarlierSession, ItemContent, NoteContent, session_content
from deliberation.models import Assembly, Attendance, ItemKind, Participant, Role, Route, Session

LASTED = timedelta(hours=2)


@transaction.atomic
def seed_session(assembly: Assembly) -> None:
    """Hold the first and plan the second, unless the assembly has a session."""
    if assembly.sessions.exists():
        return
    content = session_content()
    people = list(assembly.participants.filter(route=Route.SIMULATED).order_by("pk")[: content.earlier.people + 1])
    if people:
        _hold(assembly, content.earlier, people)
    planned = plan_session(assembly, content.title.translations(), [_item(assembly, each) for each in content.items])
    if people:
        _come(planned, people[1:])
        seat_next_round(planned, content.earlier.table)


def _hold(assembly: Assembly, content: EarlierSession, people: list[Participant]) -> None:
    """An evening from opening to close, dated back as the phases are."""
    items = [_item(assembly, each) for each in content.items]
    session = open_session(plan_session(assembly, content.title.translations(), items))
    scribe, *guests = people
    give_roles(scribe, {Role.SCRIBE})
    _come(session, guests)
    seat_next_round(session, content.table)
    for note in content.notes:
        _take(scribe, session, note)
    close_session(session)
    ended = timezone.now() - timedelta(days=content.days_ago)
    Session.objects.filter(pk=session.pk).update(opened_at=ended - LASTED, closed_at=ended)
    scribe.notes.update(created_at=ended)


def _come(session: Session, people: list[Participant]) -> None:
    now = timezone.now()
    Attendance.objects.bulk_create(
        Attendance(assembly_id=session.assembly_id, session=session, participant=each, seen_at=now) for each in people
    )


def _take(scribe: Participant, session: Session, note: NoteContent) -> None:
    take_note(scribe, session.items.get(position=note.item), note.text, note.language, note.table)


def _item(assembly: Assembly, content: ItemContent) -> NewItem:
    options = {code: [each.translations()[code] for each in content.options] for code in assembly.languages}
    return NewItem(
        ItemKind(content.kind),
        content.translations(),
        content.minutes,
        options if content.options else {},
        assembly.proposals.filter(number=content.proposal).first() if content.proposal else None,
    )
