"""Scribe's notes: taken, corrected by a newer version, cited, taken back, and erased with who took them."""

import json

import pytest

from deliberation.actions.appealing import decide
from deliberation.actions.arguing import argue
from deliberation.actions.erasing import erase
from deliberation.actions.errors import NotInThisState, Reworded
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.noting import cite, correct_note, take_note, withdraw_note
from deliberation.actions.running import show_on_wall
from deliberation.models import (
    Appeal,
    Assembly,
    Decision,
    Note,
    Outcome,
    Participant,
    RecordOpening,
    Role,
    Rule,
    Scene,
    Session,
    Side,
)
from deliberation.visibility import record_openings_for
from tests.people import a_facilitator, a_member, a_proposal, a_statement, browser_of, two_camps
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


def test_an_argument_rests_on_a_note_no_longer_once_its_author_says_so(assembly, session, siti):
    note, proposal, ana = take_note(siti, session.items.first(), SAID, "en"), a_proposal(assembly), a_member(assembly)
    argument = argue(ana, proposal, Side.CONCERN, "The price is what people fear.", "en")
    cite(argument, note)
    address, told = f"{NOTES}{note.public_id}/", {"argument": argument.public_id, "note": note.public_id}

    by_another = browser_of(siti).post(f"{address}citations/removals/", {"argument": argument.public_id})
    for _ in range(2):
        browser_of(ana).post(f"{address}citations/removals/", {"argument": argument.public_id})
    pages = [browser_of(None).get(each) for each in (f"/a/river/proposals/{proposal.public_id}/", address)]
    cite(argument, note)

    assert by_another.status_code == 400
    assert address not in pages[0].content.decode()
    assert argument.text not in pages[1].content.decode()
    taken_back = {"type": "cite", **told, "withdrawn": True}
    assert entries(assembly, "cite") == [{"type": "cite", **told}, taken_back, {"type": "cite", **told}]


def test_the_wall_shows_the_newest_notes_of_the_session_beside_what_was_heard(assembly, session, siti):
    for n in range(3):
        take_note(siti, session.items.first(), f"Note {n} of tonight", "en", table=n + 1)
    show_on_wall(session, Scene.HEARD)

    wall = browser_of(None).get("/a/river/projector/").content.decode()

    assert [f"Note {n} of tonight" in wall for n in range(3)] == [False, True, True]


@pytest.mark.django_db(transaction=True)  # a map is made in one moment
def test_the_wall_says_what_the_map_says_where_nothing_was_argued_or_noted(assembly, session):
    _members, statements = two_camps(assembly)
    refresh_map(assembly)
    show_on_wall(session, Scene.HEARD)

    wall = browser_of(None).get("/a/river/projector/")

    assert wall.context["words"]["common_ground"][0]["public_id"] in {each.public_id for each in statements[:2]}
    assert 'class="wall-words"' in wall.content.decode()
    assert "The newest statements:" not in wall.content.decode()


def test_the_wall_shows_the_newest_statements_while_too_few_have_voted(assembly, session):
    for n in range(6):
        a_statement(assembly, f"Statement {n} of tonight")
    hidden = a_statement(assembly, "Nobody should read this.")
    moderate(hidden, Decision.REJECTED, "", by=a_facilitator(assembly), rule=Rule.ATTACK)
    show_on_wall(session, Scene.HEARD)

    wall = browser_of(None).get("/a/river/projector/").content.decode()

    assert [f"Statement {n} of tonight" in wall for n in range(6)] == [False, False, True, True, True, True]
    assert "Too few have voted yet to show numbers." in wall
    assert "Nobody should read this." not in wall


def test_whoever_leaves_for_good_leaves_no_word_in_notes(assembly, session, siti):
    note = take_note(siti, session.items.first(), SAID, "en")
    correct_note(note, "Other words, still hers.", edits=0)

    erase(siti)

    note.refresh_from_db()
    assert (note.text, note.before.count(), Note.objects.shown().count()) == ("…", 0, 0)
    assert entries(assembly, "note", "edit") == []


def test_a_moderator_hides_a_note_by_a_rule_and_its_scribe_is_told_and_may_appeal(assembly, session, siti):
    proposal, dewi = a_proposal(assembly), a_member(assembly, "Dewi", Role.MODERATOR)
    note = take_note(siti, session.items.first(), "Rudi at this table is a thief.", "en", table=4)
    argument = argue(siti, proposal, Side.FOR, "Everybody said so at table four.", "en")
    cite(argument, note)
    queue = browser_of(dewi).get("/a/river/desk/statements/").content.decode()
    address = f"/a/river/desk/note/{note.public_id}/decisions/"

    sent = {"decision": "rejected", "rule": "personal_data", "reason": "Leave the name out."}
    hidden = browser_of(dewi).post(address, sent)

    assert f"Note of session {session.number}, table 4" in queue
    assert hidden.status_code == 302
    for reader in (None, siti, dewi):
        assert "Rudi" not in browser_of(reader).get(NOTES).content.decode()
        assert browser_of(reader).get(f"{NOTES}{note.public_id}/").status_code == 404
    there = browser_of(None).get(f"/a/river/proposals/{proposal.public_id}/").content.decode()
    assert f"{NOTES}{note.public_id}/" not in there
    mine = browser_of(siti).get("/a/river/mine/").content.decode()
    assert f"Your note of session {session.number} was hidden by a moderator." in mine
    assert "Leave the name out." in mine
    log = browser_of(None).get("/a/river/moderation/")
    assert [(row["kind"], row["decision"]) for row in log.context["rows"]] == [("note", "rejected")]
    assert "Rudi" not in log.content.decode()


def test_an_appeal_brings_a_hidden_note_back_to_its_address(assembly, session, siti):
    dewi, ben = a_member(assembly, "Dewi", Role.MODERATOR), a_facilitator(assembly)
    note = take_note(siti, session.items.first(), SAID, "en")
    moderate(note, Decision.REJECTED, "", by=dewi, rule=Rule.ATTACK)
    address = f"/a/river/mine/note/{note.public_id}/appeals/"

    asked = browser_of(siti).post(address, {"reason": "Nobody is attacked in it."})
    decide(Appeal.objects.get(), Outcome.OVERTURNED, "Nobody is.", ben)

    assert asked.status_code == 302
    assert SAID in browser_of(None).get(f"{NOTES}{note.public_id}/").content.decode()


def test_only_its_scribe_takes_a_note_back_and_never_by_the_way_of_other_contributions(assembly, session, siti):
    note, ben = take_note(siti, session.items.first(), SAID, "en"), a_facilitator(assembly)

    answers = [
        browser_of(ben).post(f"{NOTES}{note.public_id}/withdrawals/").status_code,
        browser_of(siti).post(f"/a/river/mine/note/{note.public_id}/withdrawals/").status_code,
        browser_of(siti).post(f"/a/river/mine/note/{note.public_id}/restorations/").status_code,
        browser_of(siti).post(f"/a/river/mine/note/{note.public_id}/edits/").status_code,
    ]

    assert answers == [404, 404, 404, 404]
    assert list(Note.objects.shown()) == [note]


def test_the_words_of_a_hidden_note_leave_the_record_and_the_wall(assembly, session, siti):
    note, ben = take_note(siti, session.items.first(), SAID, "en"), a_facilitator(assembly)
    correct_note(note, "Other words, still hers.", edits=0)
    show_on_wall(session, Scene.HEARD)
    shown_before = Session.objects.get(pk=session.pk).changes

    moderate(note, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)

    assert "still hers" not in browser_of(None).get("/a/river/projector/").content.decode()
    assert Session.objects.get(pk=session.pk).changes == shown_before + 1
    openings = RecordOpening.objects.filter(entry__assembly=assembly, entry__type__in=("note", "edit"))
    tell = record_openings_for(assembly, None)
    assert [tell(each.entry.type, bytes(each.entry.leaf), bytes(each.content)) for each in openings] == [False, False]
