"""The tables of a session: made from who is there, set right by hand, shown on phones and on the wall."""

from itertools import combinations

import pytest

from deliberation.actions.attending import attend
from deliberation.actions.erasing import erase
from deliberation.actions.errors import NotInThisState
from deliberation.actions.mapping import refresh_map
from deliberation.actions.running import close_session, show_on_wall
from deliberation.actions.seating import keep_at_table, leave_table, seat_next_round, seat_round_anew, swap
from deliberation.analysis.running import told
from deliberation.models import Assembly, Participant, Role, Scene, Seat, Session
from tests.people import a_facilitator, a_member, browser_of, two_camps
from tests.sessions import an_open_session, what_the_record_says

pytestmark = pytest.mark.django_db

TABLES = "/a/river/desk/session/tables/"
ROOM = "/a/river/session/"


def a_room(assembly: Assembly, people: int) -> tuple[Session, list[Participant]]:
    session = an_open_session(assembly, item=0)
    members = [a_member(assembly, f"Guest {number:02}") for number in range(people)]
    for member in members:
        attend(session, member)
    return session, members


def where_they_sit(session: Session) -> dict[str, int]:
    seats = Seat.objects.filter(round=session.table_rounds.last())
    return dict(seats.order_by("participant__pseudonym").values_list("participant__pseudonym", "table"))


def pairs_of(seats: dict[str, int]) -> set[tuple[str, str]]:
    return {(a, b) for a, b in combinations(sorted(seats), 2) if seats[a] == seats[b]}


def test_everybody_who_is_there_and_takes_part_gets_a_seat(assembly):
    session, _ = a_room(assembly, people=13)
    a_member(assembly, "Somebody at home")
    for role in (Role.FACILITATOR, Role.SCRIBE, Role.OBSERVER):
        attend(session, a_member(assembly, f"A {role}", role))

    made = seat_next_round(session, 6)

    seats = where_they_sit(session)
    assert (made.number, made.tables) == (1, 2)
    assert sorted(seats) == [f"Guest {number:02}" for number in range(13)]
    assert what_the_record_says(assembly, "tables") == [{"round": 1, "tables": 2, "people": 13}]


def test_in_the_next_round_people_meet_others(assembly):
    session, _ = a_room(assembly, people=16)

    met = []
    for _ in range(3):
        seat_next_round(session, 4)
        met.append(pairs_of(where_they_sit(session)))

    assert [len(pairs) for pairs in met] == [24, 24, 24]
    assert len(met[0] | met[1] | met[2]) >= 70  # of 72, had nobody met twice


@pytest.mark.django_db(transaction=True)
def test_opinion_groups_are_mixed_and_no_page_tells_who_is_in_which(assembly):
    members, _ = two_camps(assembly, people=20)
    refresh_map(assembly)
    session = an_open_session(assembly)
    for member in members:
        attend(session, member)

    seat_next_round(session, 5)

    tables: dict[int, list[int]] = {}
    for seat in Seat.objects.all():
        tables.setdefault(seat.table, []).append(members.index(seat.participant) % 2)
    assert sorted(sum(camps) for camps in tables.values()) == [2, 2, 3, 3]
    page = browser_of(a_facilitator(assembly)).get(TABLES).content.decode()
    assert not any(word in page for word in ("Group A", "group A", "group-letter"))


def test_who_comes_late_sits_where_fewest_do(assembly):
    session, _ = a_room(assembly, people=11)
    seat_next_round(session, 6)
    filled = list(where_they_sit(session).values())
    smaller = min((1, 2), key=filled.count)

    attend(session, a_member(assembly, "Late"))

    assert where_they_sit(session)["Late"] == smaller


def test_who_is_kept_stays_in_the_next_round(assembly):
    session, (first, *_) = a_room(assembly, people=12)
    seat_next_round(session, 6)
    here = where_they_sit(session)[first.pseudonym]

    keep_at_table(session, first)
    after = []
    for _ in range(3):
        seat_next_round(session, 6)
        after.append(where_they_sit(session)[first.pseudonym])

    assert after == [here] * 3


def test_two_people_change_places_and_nobody_else_moves(assembly):
    session, members = a_room(assembly, people=12)
    seat_next_round(session, 6)
    before = where_they_sit(session)
    one = members[0]
    other = next(each for each in members if before[each.pseudonym] != before[one.pseudonym])

    swap(session, one, other)

    swapped = {one.pseudonym: before[other.pseudonym], other.pseudonym: before[one.pseudonym]}
    assert where_they_sit(session) == {**before, **swapped}


def test_who_is_not_in_the_room_is_not_seated_again_until_their_phone_is_back(assembly):
    session, (gone, *_) = a_room(assembly, people=12)
    seat_next_round(session, 6)

    leave_table(session, gone)
    without = len(where_they_sit(session)), seat_next_round(session, 6).seats.count()
    attend(session, gone)

    assert without == (11, 11)
    assert gone.pseudonym in where_they_sit(session)


def test_a_round_made_again_keeps_its_number_and_who_was_kept(assembly):
    session, (first, *_) = a_room(assembly, people=12)
    seat_next_round(session, 6)
    keep_at_table(session, first)
    here = where_they_sit(session)[first.pseudonym]

    made = seat_round_anew(session, 4)

    assert (made.number, made.tables, session.table_rounds.count()) == (1, 3, 1)
    assert where_they_sit(session)[first.pseudonym] == here


def test_an_empty_room_and_a_closed_session_have_no_tables(assembly):
    session = an_open_session(assembly)

    with pytest.raises(NotInThisState):
        seat_next_round(session, 6)
    attend(session, a_member(assembly))
    close_session(session)
    with pytest.raises(NotInThisState):
        seat_next_round(session, 6)


def test_a_phone_says_at_which_table_one_sits_and_with_whom(assembly):
    session, (ana, *_) = a_room(assembly, people=5)
    before = told(Session.objects.get(pk=session.pk))["arrangement"]
    seat_next_round(session, 6)
    show_on_wall(session, Scene.TABLES)

    page = browser_of(ana).get(ROOM).content.decode()
    wall = browser_of(None).get("/a/river/projector/").content.decode()

    assert "You sit at table 1" in page
    assert all(f"<strong>Guest {number:02}</strong>" in page for number in range(1, 5))
    assert all(f'<span class="guest">Guest {number:02}' in wall for number in range(5))
    assert told(Session.objects.get(pk=session.pk))["arrangement"] == before + 1


def test_a_facilitator_seats_keeps_swaps_and_brings_in_somebody_without_a_phone(assembly):
    session, members = a_room(assembly, people=12)
    grandmother, browser = a_member(assembly, "Grandmother"), browser_of(a_facilitator(assembly))
    at = f"/a/river/desk/sessions/{session.public_id}/"

    browser.post(f"{at}tables/rounds/", {"size": "6"})
    seats = where_they_sit(session)
    one = members[0]
    other = next(each for each in members if seats[each.pseudonym] != seats[one.pseudonym])
    answers = [
        browser.post(f"{at}attendances/", {"person": grandmother.public_id}).status_code,
        browser.post(f"{at}tables/kept/", {"person": one.public_id}).status_code,
        browser.post(f"{at}tables/swaps/", {"one": one.public_id, "other": other.public_id}).status_code,
        browser.post(f"{at}tables/left/", {"person": members[5].public_id}).status_code,
        browser.post(f"{at}tables/rounds/", {"size": "6", "anew": "on"}).status_code,
    ]
    page = browser.get(TABLES).content.decode()

    assert answers == [302] * 5
    assert set(where_they_sit(session)) == set(seats) - {members[5].pseudonym} | {"Grandmother"}
    assert "Grandmother" in page
    assert "stays" in page


@pytest.mark.parametrize("size", ["", "1", "99", "six", "6\x00"])
def test_a_size_that_is_none_is_refused(assembly, size):
    session, _ = a_room(assembly, people=4)

    browser = browser_of(a_facilitator(assembly))
    answer = browser.post(f"/a/river/desk/sessions/{session.public_id}/tables/rounds/", {"size": size})

    assert answer.status_code == 400
    assert not session.table_rounds.exists()


def test_whoever_leaves_for_good_leaves_their_seats(assembly):
    session, (ana, *_) = a_room(assembly, people=6)
    seat_next_round(session, 6)

    erase(ana)

    assert len(where_they_sit(session)) == 5
    assert not ana.seats.exists()
