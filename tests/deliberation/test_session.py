"""A session: agenda, timer and wall as the facilitator leads them, the speaking queue, and polls."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation import live, visibility
from deliberation.actions.attending import attend
from deliberation.actions.erasing import erase
from deliberation.actions.errors import NotInThisState
from deliberation.actions.polling import answer, close_poll, open_poll
from deliberation.actions.running import (
    add_minute,
    close_session,
    go,
    open_session,
    pause_timer,
    plan_session,
    put_on,
    show_on_wall,
    start_timer,
    turn_blank,
)
from deliberation.actions.speaking import call, end_speech, lower_hand, raise_hand
from deliberation.analysis.running import told
from deliberation.models import Assembly, Hand, Poll, PollAnswer, RecordEntry, RecordOpening, Role, Scene, Session
from tests.people import a_facilitator, a_member, browser_of
from tests.sessions import TITLES, a_planned_session, an_open_session

pytestmark = pytest.mark.django_db

ROOM = "/a/river/session/"
COCKPIT = "/a/river/desk/session/"


def now(session: Session) -> Session:
    return Session.objects.select_related("item").get(pk=session.pk)


def queue_of(session: Session) -> list[str]:
    return [hand.participant.pseudonym for hand in session.hands.waiting()]


def what_the_record_says(assembly: Assembly) -> list[str]:
    openings = RecordOpening.objects.filter(entry__assembly=assembly, entry__type="session").order_by("pk")
    return [json.loads(bytes(each.content))["what"] for each in openings]


def test_a_session_opens_at_its_first_item_and_asks_people_in(assembly):
    session = open_session(a_planned_session(assembly))

    assert (session.is_open, session.item.position, session.scene) == (True, 1, Scene.JOIN)
    assert session.time_left == timedelta(minutes=5)
    assert what_the_record_says(assembly) == ["open"]


def test_one_session_is_open_at_a_time(assembly):
    first, second = a_planned_session(assembly), a_planned_session(assembly)
    open_session(first)

    with pytest.raises(NotInThisState):
        open_session(second)


def test_a_session_without_an_agenda_does_not_open(assembly):
    with pytest.raises(NotInThisState):
        open_session(plan_session(assembly, TITLES, []))


def test_the_next_session_goes_on_counting_where_the_last_one_ended(assembly):
    first, second = an_open_session(assembly), a_planned_session(assembly)
    ended = close_session(first).changes

    assert open_session(second).changes == ended + 1


def test_a_session_that_was_closed_by_mistake_opens_again_where_it_was(assembly):
    session = an_open_session(assembly)
    close_session(session)

    again = open_session(now(session))

    assert (again.is_open, again.item.position) == (True, 3)
    assert what_the_record_says(assembly) == ["open", "item", "item", "close", "open"]


def test_the_agenda_ends_at_its_ends(assembly):
    session = open_session(a_planned_session(assembly))

    with pytest.raises(NotInThisState):
        go(session, -1)
    last = put_on(session, session.items.last())
    with pytest.raises(NotInThisState):
        go(last, 1)


def test_the_wall_follows_the_item_and_blanks_and_comes_back(assembly):
    session = open_session(a_planned_session(assembly))

    scenes = [go(session, 1).scene, go(now(session), 1).scene, show_on_wall(session, Scene.HEARD).scene]
    blanks = [turn_blank(session).is_blank, turn_blank(session).is_blank]

    assert scenes == [Scene.ITEM, Scene.POLL, Scene.HEARD]
    assert blanks == [True, False]


def test_a_timer_runs_stands_still_and_goes_on(assembly):
    session = an_open_session(assembly, item=0)
    began = start_timer(session).running_since
    Session.objects.filter(pk=session.pk).update(running_since=began - timedelta(seconds=90))

    paused = pause_timer(session)
    since_then = timezone.now() - began

    assert paused.running_since is None
    assert timedelta(minutes=3, seconds=30) - since_then <= paused.time_left <= timedelta(minutes=3, seconds=30)
    assert told(paused)["timer"] == {"left": round(paused.time_left.total_seconds() * 1000), "ends": None}


def test_a_minute_more_after_the_time_is_up_is_a_whole_minute(assembly):
    session = an_open_session(assembly, item=0)
    start_timer(session)
    Session.objects.filter(pk=session.pk).update(running_since=timezone.now() - timedelta(hours=1))

    more = add_minute(session)

    assert more.running_since is not None
    assert more.left_at(more.running_since) == timedelta(minutes=1)


def test_starting_a_timer_twice_is_starting_it_once(assembly):
    session = an_open_session(assembly)

    assert start_timer(session).running_since == start_timer(session).running_since


def test_whoever_spoke_least_comes_first_and_then_whoever_waited_longest(assembly):
    session = an_open_session(assembly)
    ana, chidi, dewi = (a_member(assembly, name) for name in ("Ana", "Chidi", "Dewi"))
    raise_hand(session, ana)
    call(session)
    end_speech(session)

    for person in (ana, chidi, dewi):
        raise_hand(session, person)

    assert queue_of(session) == ["Chidi", "Dewi", "Ana"]


def test_a_hand_that_is_sent_twice_is_one_hand_and_keeps_its_place(assembly):
    session = an_open_session(assembly)
    ana, chidi = a_member(assembly, "Ana"), a_member(assembly, "Chidi")

    for person in (ana, chidi, ana):
        raise_hand(session, person)

    assert queue_of(session) == ["Ana", "Chidi"]


def test_calling_the_next_ends_the_speech_before_and_shows_who_speaks(assembly):
    session = an_open_session(assembly)
    ana, chidi = a_member(assembly, "Ana"), a_member(assembly, "Chidi")
    raise_hand(session, ana)
    raise_hand(session, chidi)
    call(session)

    call(session)

    assert told(now(session)) | {"timer": None} == {
        "version": now(session).changes,
        "session": session.public_id,
        "open": True,
        "item": session.item.public_id,
        "scene": Scene.SPEAKER,
        "blank": False,
        "timer": None,
        "poll": "coming",
        "answers": 0,
        "speaker": chidi.public_id,
        "hands": [],
        "cards": {"word": [], "fast": [], "help": []},
        "arrangement": 4,
    }
    assert Hand.objects.get(participant=ana).done_at is not None


def test_a_hand_taken_down_leaves_nothing_and_a_speaker_who_is_done_has_spoken(assembly):
    session = an_open_session(assembly)
    ana, chidi = a_member(assembly, "Ana"), a_member(assembly, "Chidi")
    raise_hand(session, ana)
    lower_hand(session, ana)
    raise_hand(session, chidi)
    call(session)
    lower_hand(session, chidi)

    assert [(hand.participant, hand.done_at is None) for hand in Hand.objects.all()] == [(chidi, False)]
    assert now(session).scene == Scene.POLL


def test_nobody_is_called_from_an_empty_queue(assembly):
    with pytest.raises(NotInThisState):
        call(an_open_session(assembly))


def test_an_answer_is_changed_until_the_poll_closes_and_then_stands(assembly):
    session = an_open_session(assembly)
    people = [a_member(assembly) for _ in range(5)]
    poll = open_poll(session)
    for person in people:
        answer(person, poll, 1)
    answer(people[0], poll, 2)

    closed = close_poll(session)

    assert visibility.poll_result(closed) == {"1": 4, "2": 1}
    with pytest.raises(NotInThisState):
        answer(people[1], poll, 2)
    with pytest.raises(NotInThisState):
        open_poll(session)


def test_a_result_of_fewer_than_five_is_shown_to_nobody_nor_told_to_the_record(assembly):
    session, facilitator = an_open_session(assembly), a_facilitator(assembly)
    poll = open_poll(session)
    for _ in range(4):
        answer(a_member(assembly), poll, 1)

    closed = close_poll(session)

    assert (closed.result, visibility.poll_result(closed)) == ({"1": 4, "2": 0}, None)
    assert b'"result":null' in bytes(RecordOpening.objects.latest("pk").content)
    for address in (ROOM, COCKPIT, "/a/river/projector/"):
        page = browser_of(facilitator).get(address).content.decode()
        assert "Fewer than five people answered" in page
        assert "4 of 4" not in page


def test_nobody_sees_a_result_while_people_are_still_asked(assembly):
    session, facilitator = an_open_session(assembly), a_facilitator(assembly)
    poll = open_poll(session)
    for _ in range(6):
        answer(a_member(assembly), poll, 1)

    pages = [browser_of(facilitator).get(address).content.decode() for address in (COCKPIT, "/a/river/projector/")]
    close_poll(session)
    later = browser_of(facilitator).get("/a/river/projector/").content.decode()

    assert ["6 of 6" in page for page in (*pages, later)] == [False, False, True]


@pytest.mark.parametrize("choice", [3, 8])
def test_what_is_no_option_is_no_answer(assembly, choice):
    poll = open_poll(an_open_session(assembly))

    with pytest.raises(NotInThisState):
        answer(a_member(assembly), poll, choice)


def test_a_temperature_has_five_degrees(assembly):
    poll = open_poll(an_open_session(assembly, item=3))

    answer(a_member(assembly), poll, 5)

    assert list(poll.options_in("en")) == [1, 2, 3, 4, 5]


def test_going_on_closes_the_poll_and_ends_the_speech(assembly):
    session = an_open_session(assembly)
    open_poll(session)
    raise_hand(session, a_member(assembly))
    call(session)

    go(now(session), 1)

    assert Poll.objects.get(item__position=3).state == "closed"
    assert not Hand.objects.speaking().exists()


def test_nothing_is_done_in_a_session_that_is_closed(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")
    poll = open_poll(session)
    close_session(session)

    for attempt in (
        lambda: raise_hand(session, ana),
        lambda: answer(ana, poll, 1),
        lambda: start_timer(session),
        lambda: show_on_wall(session, Scene.MAP),
    ):
        with pytest.raises(NotInThisState):
            attempt()
    assert (Hand.objects.count(), PollAnswer.objects.count()) == (0, 0)


def test_every_change_is_announced_once_it_is_committed(assembly, django_capture_on_commit_callbacks, monkeypatch):
    session, heard = an_open_session(assembly), []
    monkeypatch.setattr(live, "announce", lambda *news: heard.append(news))

    with django_capture_on_commit_callbacks(execute=True):
        raise_hand(session, a_member(assembly))
        assert heard == []

    assert heard == [(assembly.pk, "session", now(session).changes)]


def test_who_leaves_for_good_leaves_no_trace_in_a_session_and_the_counts_stay(assembly):
    session = an_open_session(assembly)
    people = [a_member(assembly) for _ in range(5)]
    poll = open_poll(session)
    for person in people:
        attend(session, person)
        answer(person, poll, 1)
    close_poll(session)
    raise_hand(session, people[0])

    erase(people[0])

    left = [people[0].hands.count(), people[0].poll_answers.count(), people[0].attendances.count()]
    assert left == [0, 0, 0]
    assert visibility.poll_result(Poll.objects.get(pk=poll.pk)) == {"1": 5, "2": 0}


def test_a_phone_raises_a_hand_answers_and_sees_its_own_answer_without_scripts(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")
    poll, browser = open_poll(session), browser_of(ana)

    browser.post(f"{ROOM}hands/")
    browser.post(f"{ROOM}polls/{poll.public_id}/answers/", {"choice": "2"})
    page = browser.get(ROOM).content.decode()

    assert "Your hand is up: you are number 1 of 1." in page
    assert "Your answer is kept." in page
    assert session.attendances.get().participant == ana


def test_whoever_only_watches_reads_what_is_asked_and_has_no_button_to_answer_or_to_speak(assembly):
    poll, browser = open_poll(an_open_session(assembly)), browser_of(a_member(assembly, "Dewi", Role.OBSERVER))

    page = browser.get(ROOM).content.decode()
    refused = browser.post(f"{ROOM}polls/{poll.public_id}/answers/", {"choice": "2"})

    assert "What everybody is asked" in page
    assert f"{ROOM}polls/" not in page
    assert f"{ROOM}hands/" not in page
    assert refused.status_code == 403
    assert not poll.answers.exists()


def test_a_phone_that_comes_too_late_is_told_so_and_shown_where_the_session_is(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")
    poll = open_poll(session)
    close_poll(session)

    answered = browser_of(ana).post(f"{ROOM}polls/{poll.public_id}/answers/", {"choice": "2"})

    assert answered.status_code == 409
    assert "The session has gone on meanwhile" in answered.content.decode()


@pytest.mark.parametrize("choice", ["", "0", "99", "two", "1.4", "1\x00"])
def test_a_choice_that_is_none_is_refused(assembly, choice):
    poll = open_poll(an_open_session(assembly))

    answered = browser_of(a_member(assembly)).post(f"{ROOM}polls/{poll.public_id}/answers/", {"choice": choice})

    assert answered.status_code == 400
    assert not PollAnswer.objects.exists()


def test_the_cockpit_leads_through_an_evening(assembly):
    session, browser = a_planned_session(assembly), browser_of(a_facilitator(assembly))
    steps = f"/a/river/desk/sessions/{session.public_id}/steps/"

    answers = [
        browser.post(steps, {"step": step}).status_code
        for step in (
            "open",
            "start",
            "more",
            "pause",
            "next",
            "next",
            "ask",
            "count",
            "blank",
            "blank",
            "back",
            "close",
        )
    ]

    assert set(answers) == {302}
    assert what_the_record_says(assembly) == ["open", "item", "item", "count", "item", "close"]


@pytest.mark.parametrize("values", [{}, {"step": "fly"}, {"step": "open", "extra": "1"}])
def test_a_step_that_is_none_is_refused(assembly, values):
    session, browser = a_planned_session(assembly), browser_of(a_facilitator(assembly))

    assert browser.post(f"/a/river/desk/sessions/{session.public_id}/steps/", values).status_code == 400
    assert not now(session).is_open


def test_a_session_is_planned_with_its_agenda_in_the_cockpit(assembly):
    browser = browser_of(a_facilitator(assembly))
    browser.post("/a/river/desk/sessions/", {"text_en": "An evening", "text_id": "Sebuah malam"})
    items = f"/a/river/desk/sessions/{Session.objects.get().public_id}/items/"
    poll = {"kind": "poll", "minutes": "5", "text_en": "How often?", "text_id": "Seberapa sering?"}

    uneven = browser.post(items, {**poll, "options_en": "Daily\nWeekly", "options_id": "Setiap hari"})
    even = browser.post(items, {**poll, "options_en": "Daily\nWeekly", "options_id": "Setiap hari\nSetiap minggu"})

    assert (uneven.status_code, even.status_code) == (400, 302)
    assert Poll.objects.get().options_in("id") == {1: "Setiap hari", 2: "Setiap minggu"}


def test_what_is_only_planned_is_shown_to_nobody_but_its_facilitator(assembly):
    a_planned_session(assembly)

    member, facilitator = browser_of(a_member(assembly)), browser_of(a_facilitator(assembly))

    assert TITLES["en"] not in member.get(ROOM).content.decode()
    assert TITLES["en"] in facilitator.get(COCKPIT).content.decode()
    assert member.get(f"{ROOM}state.json").json() == {"version": 0}


def test_the_state_a_browser_asks_for_is_the_one_it_would_have_heard(assembly):
    session = an_open_session(assembly)

    asked = browser_of(None).get(f"{ROOM}state.json").json()
    heard = json.loads(live.stamped(live.newest_session(assembly.pk, 0).full))

    assert {**asked, "topic": "session", "at": None} == {**heard, "at": None}
    assert 0 <= heard["at"] - asked["at"] < 60_000
    assert asked["version"] == now(session).changes


def test_a_cockpit_asks_the_database_as_often_with_three_hands_as_with_one(
    assembly, django_assert_num_queries, django_assert_max_num_queries
):
    session, browser = an_open_session(assembly), browser_of(a_facilitator(assembly))
    raise_hand(session, a_member(assembly))
    browser.get(COCKPIT)
    with django_assert_max_num_queries(80) as first:
        browser.get(COCKPIT)
    for _ in range(2):
        raise_hand(session, a_member(assembly))

    with django_assert_num_queries(len(first)):
        browser.get(COCKPIT)


def test_the_record_counts_the_steps_of_a_session_without_a_gap(assembly):
    session = an_open_session(assembly)
    raise_hand(session, a_member(assembly))
    close_session(session)

    leaves = [json.loads(bytes(entry.leaf)) for entry in RecordEntry.objects.filter(type="session").order_by("pk")]

    assert [(leaf["id"], leaf["n"]) for leaf in leaves] == [(session.public_id, n) for n in range(1, 5)]
