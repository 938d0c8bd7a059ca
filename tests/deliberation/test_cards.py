"""Cards that people hold up in a session, and what the facilitator sees of them."""

import pytest

from deliberation.actions.attending import attend
from deliberation.actions.erasing import erase
from deliberation.actions.errors import NotInThisState
from deliberation.actions.holding_up import MOST_CARDS, answer_card, hold_up, take_down
from deliberation.actions.running import close_session, go
from deliberation.actions.seating import seat_next_round
from deliberation.analysis.running import told
from deliberation.models import CardKind, GlossaryEntry, Session
from tests.people import a_facilitator, a_member, browser_of, is_named
from tests.sessions import an_open_session

pytestmark = pytest.mark.django_db

ROOM = "/a/river/session/"
COCKPIT = "/a/river/desk/session/"


def up(session: Session) -> list[tuple[str, str, str]]:
    return [(each.participant.pseudonym, each.kind, each.word) for each in session.cards.up()]


def test_a_card_held_up_twice_is_up_once_whatever_its_capitals(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")

    for word in ("leachate", "Leachate"):
        hold_up(session, ana, CardKind.WORD, word)
    hold_up(session, ana, CardKind.FAST)
    hold_up(session, ana, CardKind.FAST)

    assert up(session) == [("Ana", "word", "leachate"), ("Ana", "fast", "")]


def test_the_room_hears_of_cards_by_ids_that_tell_nobody_whose_they_are(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")

    card = hold_up(session, ana, CardKind.WORD, "leachate")

    heard = told(Session.objects.get(pk=session.pk))
    assert heard["cards"] == {"word": [card.public_id], "fast": [], "help": []}
    assert not any(secret in str(heard) for secret in ("leachate", ana.public_id))


def test_one_answer_is_for_all_who_asked_for_the_same_word_and_a_call_for_help_is_answered_alone(assembly):
    session = an_open_session(assembly)
    ana, chidi = a_member(assembly, "Ana"), a_member(assembly, "Chidi")
    word = hold_up(session, ana, CardKind.WORD, "leachate")
    hold_up(session, chidi, CardKind.WORD, "LEACHATE")
    hold_up(session, chidi, CardKind.WORD, "biogas")
    calls = [hold_up(session, each, CardKind.HELP) for each in (ana, chidi)]

    answer_card(session, word.public_id)
    answer_card(session, calls[0].public_id)

    assert up(session) == [("Chidi", "word", "biogas"), ("Chidi", "help", "")]


def test_only_its_owner_takes_a_card_down(assembly):
    session, ana, chidi = an_open_session(assembly), a_member(assembly, "Ana"), a_member(assembly, "Chidi")
    card = hold_up(session, ana, CardKind.HELP)

    take_down(session, chidi, card.public_id)
    still = up(session)
    take_down(session, ana, card.public_id)

    assert still == [("Ana", "help", "")]
    assert up(session) == []


def test_nobody_is_too_fast_across_two_items_and_no_card_is_up_after_the_close(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")
    hold_up(session, ana, CardKind.FAST)
    hold_up(session, ana, CardKind.HELP)

    go(session, 1)
    after_the_item = up(session)
    close_session(session)

    assert after_the_item == [("Ana", "help", "")]
    assert up(session) == []


def test_nobody_holds_up_more_cards_than_can_be_read(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")
    for number in range(MOST_CARDS):
        hold_up(session, ana, CardKind.WORD, f"word {number}")

    with pytest.raises(NotInThisState):
        hold_up(session, ana, CardKind.WORD, "one more")


def test_a_phone_holds_up_a_word_and_reads_what_it_means_where_the_glossary_has_it(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")
    GlossaryEntry.objects.create(assembly=assembly, language="en", term="Leachate", meaning="Dirty water of a dump.")
    browser = browser_of(ana)

    browser.post(f"{ROOM}cards/", {"kind": "word", "word": " leachate "})
    page = browser.get(ROOM).content.decode()

    assert up(session) == [("Ana", "word", "leachate")]
    assert "You ask what “leachate” means." in page
    assert "Dirty water of a dump." in page


def test_the_cockpit_shows_words_and_pace_without_names_and_help_with_the_table(assembly):
    session, ana, chidi = an_open_session(assembly), a_member(assembly, "Ana"), a_member(assembly, "Chidi")
    for each in (ana, chidi):
        attend(session, each)
    hold_up(session, ana, CardKind.WORD, "leachate")
    hold_up(session, ana, CardKind.FAST)
    browser = browser_of(a_facilitator(assembly))

    without_names = browser.get(COCKPIT).content.decode()
    seat_next_round(session, 6)
    call = hold_up(session, chidi, CardKind.HELP)
    with_help = browser.get(COCKPIT).content.decode()
    steps = f"/a/river/desk/sessions/{session.public_id}/steps/"
    answered = browser.post(steps, {"step": "answer", "on": call.public_id})

    assert "“leachate”" in without_names
    assert "Too fast for 1 of 2" in without_names
    assert not is_named("Ana", without_names)
    assert "Table 1 needs help: Chidi" in with_help
    assert answered.status_code == 302
    assert ("Chidi", "help", "") not in up(session)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "word"},
        {"kind": "word", "word": "  "},
        {"kind": "word", "word": "x" * 61},
        {"kind": "fast", "on": "1"},
        {"kind": "shout"},
        {"kind": "word", "word": "a\x00b"},
    ],
)
def test_a_card_that_is_none_is_refused(assembly, values):
    session = an_open_session(assembly)

    assert browser_of(a_member(assembly)).post(f"{ROOM}cards/", values).status_code == 400
    assert up(session) == []


def test_whoever_leaves_for_good_leaves_no_card(assembly):
    session, ana = an_open_session(assembly), a_member(assembly, "Ana")
    hold_up(session, ana, CardKind.WORD, "leachate")

    erase(ana)

    assert not session.cards.exists()
