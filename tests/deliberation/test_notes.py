"""Scribe's notes: taken, corrected by a newer version, cited, taken back, and erased with who took them."""

import json

import pytest

from deliberation.actions.arguing import argue
from deliberation.actions.erasing import erase
from deliberation.actions.errors import NotInThisState, Reworded
from deliberation.actions.noting import cite, correct_note, take_note, withdraw_note
from deliberation.actions.running import show_on_wall
from deliberation.models import Assembly, Note, Participant, RecordOpening, Role, Scene, Session, Side
from tests.people import a_facilitator, a_member, a_proposal, browser_of
from tests.sessions import a_planned_session, an_open_session

pytestmark = pytest.mark.django_db

NOTES = "/a/river/notes/"
SAID = "Most at this table fear the price, not the smell."


@pytest.fixture
def session(assembly: Assembly) -> Session:
    return an_open_session(assembly)


@pytest.fixture
def siti(assembly: Assembly) -> Participant:
    return a_member(assembly, "Siti", Role.SCRIBE)


def entries(assembly: Assembly, *types: str) -> list[dict[str, object]]:
    openings = RecordOpening.objects.filter(entry__assembly=assembly, entry__type__in=types).order_by("pk")
    told = [{"type": each.entry.type, **json.loads(bytes(each.content))} for each in openings]
    return [{key: each[key] for key in each if key != "nonce"} for each in told]


def test_a_note_names_its_item_and_table_and_stands_in_the_record(assembly, session, siti):
    note = take_note(siti, session.items.first(), SAID, "en", table=4)
    again = take_note(siti, session.items.first(), SAID, "en", table=4)

    assert again == note
    assert entries(assembly, "note") == [
        {
            "type": "note",
            "session": session.public_id,
            "item": session.items.first().public_id,
            "table": 4,
            "text": SAID,
            "language": "en",
        }
    ]


def test_nothing_is_noted_of_a_session_that_was_never_open(assembly, siti):
    with pytest.raises(NotInThisState):
        take_note(siti, a_planned_session(assembly).items.first(), SAID, "en")


def test_a_correction_is_a_new_version_and_the_words_before_stay(assembly, session, siti):
    note = take_note(siti, session.items.first(), SAID, "en")

    correct_note(note, "Half of this table fear the price.", edits=0)
    correct_note(note, "Five of this table fear the price.", edits=1)
    with pytest.raises(Reworded):
        correct_note(note, "Late words.", edits=1)

    note.refresh_from_db()
    before = list(note.before.values_list("number", "text"))
    assert (note.text, note.edits) == ("Five of this table fear the price.", 2)
    assert before == [(1, SAID), (2, "Half of this table fear the price.")]
    assert [each["text"] for each in entries(assembly, "edit")] == [before[1][1], note.text]


def test_a_note_that_is_taken_back_is_on_no_page_and_its_words_leave_the_record(assembly, session, siti):
    note = take_note(siti, session.items.first(), SAID, "en")
    reader = browser_of(None)
    there = reader.get(NOTES).content.decode()

    withdraw_note(note)
    withdraw_note(note)

    assert SAID in there
    assert SAID not in reader.get(NOTES).content.decode()
    assert reader.get(f"{NOTES}{note.public_id}/").status_code == 404
    assert [each["type"] for each in entries(assembly, "note", "withdraw")] == ["note", "withdraw"]


def test_a_scribe_writes_on_a_phone_and_others_read(assembly, session, siti):
    browser, item = browser_of(siti), session.items.last()
    written = {"item": item.public_id, "table": "2", "text": SAID, "language": "en", "nonce": ""}

    wrong = browser.post(f"{NOTES}new/", {**written, "table": "two"})
    right = browser.post(f"{NOTES}new/", written)
    note = Note.objects.get()
    corrected = browser.post(f"{NOTES}{note.public_id}/corrections/", {"text": SAID.upper(), "edits": "0"})
    page = browser_of(None).get(f"{NOTES}{note.public_id}/").content.decode()

    assert wrong.status_code == 400
    assert SAID in wrong.content.decode()
    assert [right.status_code, corrected.status_code] == [302, 302]
    assert (note.item, note.table, note.author) == (item, 2, siti)
    assert all(words in page for words in (SAID, SAID.upper(), "Table 2", "The words before", "noted by Siti"))


def test_who_is_no_scribe_writes_no_note_and_corrects_nobodys(assembly, session, siti):
    note = take_note(siti, session.items.first(), SAID, "en")
    ana = browser_of(a_member(assembly, "Ana"))
    written = {"item": session.items.first().public_id, "text": "Mine", "language": "en"}

    answers = [
        ana.get(f"{NOTES}new/").status_code,
        ana.post(f"{NOTES}new/", written).status_code,
        ana.post(f"{NOTES}{note.public_id}/corrections/", {"text": "Mine", "edits": "0"}).status_code,
        ana.post(f"{NOTES}{note.public_id}/withdrawals/").status_code,
    ]

    assert answers == [404] * 4
    assert Note.objects.shown().get().text == SAID


def test_a_facilitator_takes_a_note_back(assembly, session, siti):
    note = take_note(siti, session.items.first(), SAID, "en")

    browser_of(a_facilitator(assembly)).post(f"{NOTES}{note.public_id}/withdrawals/")

    assert not Note.objects.shown().exists()


def test_an_argument_names_the_note_it_rests_on(assembly, session, siti):
    note, proposal, ana = take_note(siti, session.items.first(), SAID, "en"), a_proposal(assembly), a_member(assembly)
    argument = argue(ana, proposal, Side.CONCERN, "The price is what people fear.", "en")
    others = argue(a_member(assembly), proposal, Side.FOR, "It helps.", "en")
    browser, address = browser_of(ana), f"{NOTES}{note.public_id}/"

    refused = browser.post(f"{address}citations/", {"argument": others.public_id})
    browser.post(f"{address}citations/", {"argument": argument.public_id})
    cite(argument, note)

    assert refused.status_code == 400
    assert entries(assembly, "cite") == [{"type": "cite", "argument": argument.public_id, "note": note.public_id}]
    assert address in browser.get(f"/a/river/proposals/{proposal.public_id}/").content.decode()
    assert argument.text in browser.get(address).content.decode()


def test_the_wall_shows_the_newest_notes_of_the_session_beside_what_was_heard(assembly, session, siti):
    for n in range(3):
        take_note(siti, session.items.first(), f"Note {n} of tonight", "en", table=n + 1)
    show_on_wall(session, Scene.HEARD)

    wall = browser_of(None).get("/a/river/projector/").content.decode()

    assert [f"Note {n} of tonight" in wall for n in range(3)] == [False, True, True]


def test_whoever_leaves_for_good_leaves_no_word_in_notes(assembly, session, siti):
    note = take_note(siti, session.items.first(), SAID, "en")
    correct_note(note, "Other words, still hers.", edits=0)

    erase(siti)

    note.refresh_from_db()
    assert (note.text, note.before.count(), Note.objects.shown().count()) == ("…", 0, 0)
    assert entries(assembly, "note", "edit") == []
