"""What the wall tells a room, and where the cockpit leads: while people vote, while they are asked, and afterwards."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation.actions.attending import attend
from deliberation.actions.consenting import withdraw_consent
from deliberation.actions.errors import NotInThisState
from deliberation.actions.mapping import refresh_map
from deliberation.actions.phases import close_phase
from deliberation.actions.polling import answer, open_poll
from deliberation.actions.running import NewItem, close_session, go, open_session, plan_session, put_on, show_on_wall
from deliberation.actions.speaking import raise_hand
from deliberation.models import Assembly, ItemKind, Purpose, ResultsShown, Scene, Session
from tests.people import a_facilitator, a_member, a_statement, browser_of, two_camps
from tests.sessions import TITLES, a_planned_session, an_open_session

pytestmark = pytest.mark.django_db

WALL = "/a/river/projector/"
COCKPIT = "/a/river/desk/session/"
READ = '/a/<span class="address-end">river/report</span>'
THANKS = "Thank you for coming."


def the_wall(person=None) -> str:
    return browser_of(person).get(WALL).content.decode()


def closed_ago(session: Session, **ago: int) -> None:
    close_session(session)
    Session.objects.filter(pk=session.pk).update(closed_at=timezone.now() - timedelta(**ago))


def a_session_in_which_people_vote(assembly: Assembly) -> Session:
    item = NewItem(ItemKind.VOTE, {"en": "Vote", "id": "Tanggapi"}, 15)
    return show_on_wall(open_session(plan_session(assembly, TITLES, [item])), Scene.ITEM)


def test_the_wall_thanks_once_the_session_has_closed_and_shows_where_to_read_on(assembly):
    a_statement(assembly, "Collect waste twice a week.")
    closed_ago(an_open_session(assembly), minutes=1)

    wall = the_wall()

    assert [words in wall for words in (THANKS, "Collect waste twice a week.", READ, "Take part")] == [
        *(True, True, True),
        False,
    ]


def test_the_wall_quotes_nobody_who_does_not_want_to_be_quoted(assembly):
    a_statement(assembly, "Collect waste twice a week.", author=(hani := a_member(assembly, "Hani")))
    a_statement(assembly, "Mend the old bridge.", author=a_member(assembly, "Ira"))
    withdraw_consent(hani, Purpose.QUOTE)
    show_on_wall(an_open_session(assembly), Scene.HEARD)

    wall = the_wall()

    assert [words in wall for words in ("Collect waste twice a week.", "Mend the old bridge.")] == [False, True]


def test_a_session_that_is_opened_again_is_what_the_wall_shows(assembly):
    session = an_open_session(assembly)
    closed_ago(session, minutes=1)

    open_session(session)

    assert THANKS not in the_wall()


def test_the_wall_invites_again_on_the_next_day_while_there_is_something_to_take_part_in(assembly):
    closed_ago(an_open_session(assembly), hours=13)

    wall = the_wall()

    assert [words in wall for words in (THANKS, "Take part with your phone", READ)] == [False, True, False]


def test_the_wall_invites_nobody_to_what_is_over(assembly):
    closed_ago(an_open_session(assembly), hours=13)
    close_phase(assembly.phases.get())

    wall = the_wall()

    assert [words in wall for words in ("Take part", "Read on with your phone", READ)] == [False, True, True]


def test_while_people_vote_the_wall_counts_them_and_their_votes_and_tells_no_result(assembly):
    two_camps(assembly)
    assembly.phases.update(results=ResultsShown.AFTER_CLOSE)
    a_session_in_which_people_vote(assembly)

    wall = the_wall()

    assert re.findall(r"<strong>([\d,]+)</strong> (people have voted|votes)", wall) == [
        ("20", "people have voted"),
        ("160", "votes"),
    ]
    assert "common ground" not in wall


def test_before_the_first_vote_the_wall_counts_nobody(assembly):
    a_session_in_which_people_vote(assembly)

    assert "<strong>0</strong> people have voted" in the_wall()


@pytest.mark.parametrize(
    ("people", "told"),
    [
        (1, "1 answer so far; the result is shown from 5 answers on."),
        (4, "4 answers so far; the result is shown from 5 answers on."),
        (5, "5 people have answered. The result is shown when the poll closes."),
    ],
)
def test_while_a_poll_is_open_wall_and_cockpit_tell_how_many_answers_a_result_takes(assembly, people, told):
    session, facilitator = an_open_session(assembly), a_facilitator(assembly)
    poll = open_poll(session)
    for _ in range(people):
        answer(a_member(assembly), poll, 1)

    pages = [the_wall(), browser_of(facilitator).get(COCKPIT).content.decode()]

    assert [told in page for page in pages] == [True, True]


def test_who_is_here_are_people_with_whatever_device_or_none(assembly):
    session, facilitator = open_session(a_planned_session(assembly)), a_facilitator(assembly)
    for _ in range(3):
        attend(session, a_member(assembly))

    assert "3 people are here." in the_wall()
    assert "Open · 3 of 4 people are here" in browser_of(facilitator).get(COCKPIT).content.decode()


def test_next_pressed_twice_is_one_step(assembly):
    session, browser = an_open_session(assembly, item=0), browser_of(a_facilitator(assembly))
    steps = f"/a/river/desk/sessions/{session.public_id}/steps/"

    answers = [browser.post(steps, {"step": "next", "on": session.item.public_id}).status_code for _ in range(2)]

    assert (answers, Session.objects.get().item.position) == ([302, 302], 2)


def test_next_pressed_where_an_old_item_stands_does_not_throw_the_room_back(assembly):
    session = an_open_session(assembly, item=0)
    old = session.item.public_id
    go(go(session, 1), 1)

    with pytest.raises(NotInThisState):
        go(session, 1, old)

    assert Session.objects.get().item.position == 3


def test_each_key_of_the_cockpit_presses_one_button(assembly):
    session, facilitator = an_open_session(assembly), a_facilitator(assembly)
    open_poll(session)
    raise_hand(session, a_member(assembly))

    page = browser_of(facilitator).get(COCKPIT).content.decode()

    assert sorted(re.findall(r'data-key="(\w)"', page)) == ["b", "n", "s", "t"]
    assert page.count(">Close the session<") == 1


def test_at_the_last_item_the_close_stands_where_next_stood(assembly):
    session, facilitator = an_open_session(assembly, item=3), a_facilitator(assembly)

    keys = browser_of(facilitator).get(COCKPIT).content.decode().partition('class="lead-keys"')[2]

    assert session.item.position == session.items.count()
    assert ["step-next" in keys, keys.count(">Close the session<")] == [False, 1]


def test_after_the_close_the_cockpit_leads_to_what_was_heard_then_to_the_phase_then_to_the_report(assembly):
    browser = browser_of(a_facilitator(assembly))
    closed_ago(an_open_session(assembly), minutes=1)

    before = browser.get(COCKPIT).content.decode()
    close_phase(assembly.phases.get())
    after = browser.get(COCKPIT).content.decode()

    steps = ["Read what was heard", "Close the phase", "Make the report"]
    assert re.findall("<h3>(.+)</h3>", before)[:3] == steps
    assert [first_button(page) for page in (before, after)] == ["Close this phase", "Make the report"]


def first_button(page: str) -> str:
    """What the loudest of the steps says."""
    steps = page.partition('id="afterwards"')[2].partition("</section>")[0]
    (loud,) = re.findall(r'<button class="button">(?:<svg.*?</svg>)?([^<]+)</button>', steps, re.DOTALL)
    return loud.strip()


def test_where_another_evening_is_planned_the_cockpit_asks_to_read_and_goes_on_to_that_one(assembly):
    session, browser = an_open_session(assembly), browser_of(a_facilitator(assembly))
    a_planned_session(assembly)
    closed_ago(session, minutes=1)

    tonight = browser.get(COCKPIT).content.decode()
    closed_ago(session, hours=13)
    later = browser.get(COCKPIT).content.decode()

    words = ("Read what was heard", "Close this phase", "Open the session")
    assert [[each in page for each in words] for page in (tonight, later)] == [
        [True, False, True],
        [False, False, True],
    ]


@pytest.mark.django_db(transaction=True)  # a map reads the votes of one moment
@pytest.mark.parametrize(("shown", "told"), [(ResultsShown.ALWAYS, True), (ResultsShown.AFTER_CLOSE, False)])
def test_the_wall_that_thanks_tells_what_the_map_says_only_where_the_room_may_see_it(assembly, shown, told):
    two_camps(assembly)
    refresh_map(assembly)
    assembly.phases.update(results=shown)
    closed_ago(an_open_session(assembly), minutes=1)

    wall = the_wall(a_facilitator(assembly))

    assert [THANKS in wall, "common ground" in wall] == [True, told]


def test_phones_lead_to_a_question_while_the_room_asks_questions(assembly, ana):
    session = an_open_session(assembly)
    link = "/a/river/questions/new/"

    def phone() -> str:
        return browser_of(ana).get("/a/river/session/").content.decode()

    found = []
    for item in session.items.filter(kind__in=(ItemKind.TALK, ItemKind.QUESTIONS)):
        put_on(session, item)
        found.append((item.kind, link in phone()))

    assert sorted(found) == [("questions", True), ("talk", False)]
