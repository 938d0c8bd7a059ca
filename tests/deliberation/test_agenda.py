"""An agenda is changed in the cockpit, also while its session goes on."""

from datetime import timedelta

import pytest

from deliberation.actions.agenda import edit_item, move_item, put_back, remove_item
from deliberation.actions.errors import InUse, NotInThisState
from deliberation.actions.noting import take_note
from deliberation.actions.polling import close_poll, open_poll
from deliberation.actions.running import NewItem, add_item, close_session, start_timer
from deliberation.models import AgendaItem, ItemKind, Poll, Session
from tests.people import a_facilitator, browser_of
from tests.sessions import OPTIONS, a_planned_session, an_open_session

pytestmark = pytest.mark.django_db

TALK = {"en": "Another welcome", "id": "Sambutan lain"}


def kinds(session: Session) -> list[str]:
    return [each.kind for each in session.items.all()]


def now(session: Session) -> Session:
    return Session.objects.get(pk=session.pk)


def of_kind(session: Session, kind: ItemKind) -> AgendaItem:
    return session.items.select_related("session").get(kind=kind)


def test_items_change_places_also_while_the_session_goes_on(assembly):
    session = an_open_session(assembly, item=0)
    poll = of_kind(session, ItemKind.POLL)

    move_item(session, poll.public_id, -1)

    assert kinds(session) == ["talk", "poll", "questions", "temperature"]
    assert now(session).item_id == session.items.first().pk
    with pytest.raises(NotInThisState):
        move_item(session, session.items.first().public_id, -1)


def test_another_kind_brings_and_takes_its_poll(assembly):
    session = a_planned_session(assembly)
    talk, poll = of_kind(session, ItemKind.TALK), of_kind(session, ItemKind.POLL)

    edit_item(talk, NewItem(ItemKind.POLL, TALK, 7, OPTIONS))
    edit_item(poll, NewItem(ItemKind.TALK, TALK, 9))

    assert kinds(session) == ["poll", "questions", "talk", "temperature"]
    first, third = session.items.all()[0], session.items.all()[2]
    assert (first.options, first.minutes, first.title_in("id")) == (OPTIONS, 7, "Sambutan lain")
    assert not Poll.objects.filter(item=third).exists()


def test_the_minutes_of_the_item_that_is_on_count_until_its_timer_was_started(assembly):
    session = an_open_session(assembly, item=0)
    talk = of_kind(session, ItemKind.TALK)

    edit_item(talk, NewItem(ItemKind.TALK, TALK, 8))
    before = now(session).time_left
    start_timer(session)
    edit_item(talk, NewItem(ItemKind.TALK, TALK, 20))

    assert before == timedelta(minutes=8)
    assert now(session).time_left == timedelta(minutes=8)


def test_what_is_on_keeps_its_kind_and_what_was_asked_keeps_its_question(assembly):
    session = an_open_session(assembly)
    poll = of_kind(session, ItemKind.POLL)
    with pytest.raises(InUse):
        edit_item(poll, NewItem(ItemKind.TALK, TALK, 5))
    open_poll(session)
    close_poll(session)

    with pytest.raises(InUse):
        edit_item(poll, NewItem(ItemKind.POLL, TALK, 5, {"en": ["Yes", "No"], "id": ["Ya", "Tidak"]}))
    edited = edit_item(poll, NewItem(ItemKind.POLL, TALK, 6, OPTIONS))

    assert (edited.minutes, edited.title_in("en")) == (6, "Another welcome")
    assert Poll.objects.get(item=poll).result == {"1": 0, "2": 0}


def test_an_item_goes_unless_it_is_on_or_was_asked_or_was_noted(assembly):
    session = an_open_session(assembly)
    open_poll(session)
    close_poll(session)
    questions = of_kind(session, ItemKind.QUESTIONS)
    take_note(a_facilitator(assembly), questions, "Who pays?", "en")

    for item in (of_kind(session, ItemKind.POLL), questions):
        with pytest.raises(InUse):
            remove_item(item)
    remove_item(of_kind(session, ItemKind.TALK))

    assert kinds(session) == ["questions", "poll", "temperature"]


def test_the_phones_hear_of_a_changed_agenda_while_the_session_is_open_alone(assembly):
    session = an_open_session(assembly)
    open_before = now(session)
    edit_item(of_kind(session, ItemKind.TALK), NewItem(ItemKind.TALK, TALK, 5))
    open_after = now(session)
    close_session(session)
    closed = now(session)

    move_item(session, session.items.last().public_id, -1)

    assert open_after.changes == open_before.changes + 1
    assert open_after.arrangements == open_before.arrangements + 1
    assert now(session).changes == closed.changes


def test_a_facilitator_edits_moves_and_removes_in_the_browser_and_errors_keep_what_was_typed(assembly):
    session, browser = a_planned_session(assembly), browser_of(a_facilitator(assembly))
    talk, last = session.items.first(), session.items.last()
    at = f"/a/river/desk/sessions/{session.public_id}/"
    page = browser.get(f"{at}items/{talk.public_id}/").content.decode()
    typed = {"kind": "talk", "minutes": "", "text_en": "A longer welcome", "text_id": "Sambutan panjang"}
    typed |= {"options_en": "", "options_id": ""}

    wrong = browser.post(f"{at}items/{talk.public_id}/", typed)
    answers = [
        browser.post(f"{at}items/{talk.public_id}/", {**typed, "minutes": "12"}).status_code,
        browser.post(f"{at}steps/", {"step": "down", "on": talk.public_id}).status_code,
        browser.post(f"{at}items/{last.public_id}/removals/").status_code,
    ]

    assert 'value="Welcome"' in page
    assert wrong.status_code == 400
    assert "A longer welcome" in wrong.content.decode()
    assert answers == [302, 302, 302]
    assert [each.title_in("en") for each in session.items.all()] == [
        "Questions and answers",
        "A longer welcome",
        "How often should waste be collected?",
    ]


def test_what_was_taken_off_comes_back_to_its_place_with_one_button(assembly):
    session, browser = a_planned_session(assembly), browser_of(a_facilitator(assembly))
    poll = of_kind(session, ItemKind.POLL)
    title, before = poll.title_in("en"), [(each.title_in("en"), each.options) for each in session.items.all()]
    at = f"/a/river/desk/sessions/{session.public_id}/"

    browser.post(f"{at}items/{poll.public_id}/removals/")
    cockpit = browser.get("/a/river/desk/session/").content.decode()
    left = kinds(session)
    undone = browser.post(f"{at}removals/undone/")
    again = browser.post(f"{at}removals/undone/", follow=True).content.decode()

    assert f"“{title}” is off the agenda." in cockpit
    assert left == ["talk", "questions", "temperature"]
    assert undone.status_code == 302
    assert [(each.title_in("en"), each.options) for each in session.items.all()] == before
    assert "There is nothing to put back any more." in again


def test_what_comes_back_when_its_place_is_taken_stands_at_the_end(assembly):
    session = a_planned_session(assembly)
    was, position = remove_item(of_kind(session, ItemKind.TEMPERATURE))
    add_item(session, NewItem(ItemKind.TALK, TALK, 5))

    put_back(session, was, position)

    assert kinds(session) == ["talk", "questions", "poll", "talk", "temperature"]
