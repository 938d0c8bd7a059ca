"""People without a device: let in by a helper, who enters what they say, sees nothing else, and leaves but a count."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deliberation import visibility
from deliberation.actions.attending import attend
from deliberation.actions.errors import NotInThisState
from deliberation.actions.helping import begin_helping, stop_helping
from deliberation.actions.joining import join, take_over
from deliberation.actions.leaving import leave_for_good
from deliberation.actions.phases import close_phase
from deliberation.actions.polling import open_poll
from deliberation.actions.seating import seat_next_round
from deliberation.actions.trusting import invite
from deliberation.actions.voting import vote_on
from deliberation.actions.writing import keep_draft
from deliberation.exports.content.people import helped_in_words
from deliberation.models import (
    IDLE,
    Assembly,
    Choice,
    Helping,
    Participant,
    PollAnswer,
    Purpose,
    RecordEntry,
    Role,
    Route,
    Seat,
    Vote,
)
from deliberation.record.helped import counted
from deliberation.record.receipts import receipts_of
from tests.people import a_facilitator, a_member, a_proposal, a_statement, an_assembly, browser_of
from tests.sessions import an_open_session

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/a/river/desk/helping/"
ALOUD = {"consent_take_part": "on", "consent_help": "on", "consent_quote": "on", "heard": "on"}
SARI = {"pseudonym": "Sari", "language": "en", "code": "", **ALOUD}


@pytest.fixture
def sari(assembly: Assembly, ben: Participant) -> Participant:
    """She has no device, allows help, and nobody is helping her now."""
    person, _code = join(
        assembly, "Sari", "en", route=Route.ASSISTED, purposes={Purpose.TAKE_PART, Purpose.HELP}, helper=ben
    )
    stop_helping(Helping.objects.get())
    return Participant.objects.get(pk=person.pk)


def of(person: Participant, page: str) -> str:
    """The address under which a helper opens a page for this person."""
    return f"/for/{person.public_id}/a/river/{page}"


def begin(helper: Participant, person: Participant) -> Client:
    browser = browser_of(helper)
    browser.post(DESK, {"person": person.public_id})
    return browser


def cast(revision: int = 0, choice: str = "agree") -> dict[str, object]:
    return {"choice": choice, "revision": revision, "edition": 0}


def enter_vote(browser: Client, person: Participant, statement: object, **values: object) -> int:
    return browser.post(of(person, f"statements/{statement.public_id}/votes/"), cast(**values)).status_code


# ── Letting somebody in ─────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_does_not_allow_help_is_let_in_and_the_helper_is_told(assembly, ben):
    browser = browser_of(ben)
    form = {key: value for key, value in SARI.items() if key != "consent_help"}

    browser.post(f"{DESK}new/", form)
    page = browser.post(f"{DESK}slip/", follow=True).content.decode()

    assert "has not allowed that anything is entered for them" in page


def test_a_helper_lets_somebody_in_who_has_no_device_and_hands_her_a_slip(assembly, ben):
    browser = browser_of(ben)

    answer = browser.post(f"{DESK}new/", SARI)
    slip = browser.get(answer["Location"])
    code = slip.context["code"]
    handed_over = browser.post(answer["Location"])
    sari = assembly.participants.get(pseudonym="Sari")

    assert (sari.route, sorted(sari.consents.values_list("purpose", flat=True))) == (
        "assisted",
        ["help", "quote", "take_part"],
    )
    assert code in slip.content.decode()
    assert handed_over["Location"] == of(sari, "deck/")
    assert browser.get(f"{DESK}slip/")["Location"] == DESK
    assert browser_of(None).post("/enter/", {"code": code})["Location"] == "/a/river/"


def test_nobody_is_let_in_before_the_sentences_were_read_out_and_what_was_typed_stays(assembly, ben):
    answer = browser_of(ben).post(f"{DESK}new/", {**SARI, "heard": "", "consent_take_part": ""})

    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {"heard", "consent_take_part"}
    assert 'value="Sari"' in answer.content.decode()
    assert not assembly.participants.filter(pseudonym="Sari").exists()


def test_a_letter_of_the_lottery_gives_her_the_seat_it_names(assembly, ben):
    _batch, (code,) = invite(assembly, set(), timedelta(days=1), route=Route.LOTTERY)

    browser_of(ben).post(f"{DESK}new/", {**SARI, "code": code})

    assert assembly.participants.get(pseudonym="Sari").route == "lottery"


def test_a_code_with_a_role_or_of_another_assembly_lets_nobody_in_by_hand(assembly, ben):
    _batch, (entrusted,) = invite(assembly, {Role.FACILITATOR}, timedelta(days=1))
    _batch, (elsewhere,) = invite(an_assembly("hills"), set(), timedelta(days=1))

    answers = [
        browser_of(ben).post(f"{DESK}new/", {**SARI, "code": code}).status_code for code in (entrusted, elsewhere)
    ]

    assert answers == [400, 400]


def test_in_an_assembly_by_invitation_a_scribe_needs_a_code_and_a_facilitator_does_not(assembly, ben):
    Assembly.objects.filter(pk=assembly.pk).update(is_open=False)
    eka = a_member(assembly, "Eka", Role.SCRIBE)

    by_eka = browser_of(eka).post(f"{DESK}new/", SARI)
    by_ben = browser_of(ben).post(f"{DESK}new/", SARI)

    assert (by_eka.status_code, list(by_eka.context["form"].errors)) == (400, ["code"])
    assert by_ben.status_code == 302


def test_she_is_seated_at_the_table_she_sits_at(assembly, ben):
    session = an_open_session(assembly)
    for number in range(8):
        attend(session, a_member(assembly, f"Guest {number}"))
    seat_next_round(session, 4)

    browser_of(ben).post(f"{DESK}new/", {**SARI, "table": "2"})

    assert Seat.objects.get(participant__pseudonym="Sari").table == 2
    assert session.attendances.filter(participant__pseudonym="Sari").count() == 1


# ── Who helps ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "let_in"),
    [
        (Role.FACILITATOR, True),
        (Role.MODERATOR, True),
        (Role.SCRIBE, True),
        (Role.EXPERT, False),
        (Role.COMMISSIONER, False),
        (Role.OBSERVER, False),
        (None, False),
    ],
)
def test_facilitators_moderators_and_scribes_help_and_nobody_else(assembly, sari, role, let_in):
    dewi = a_member(assembly, "Dewi", *([role] if role else []))
    browser = begin(dewi, sari)

    pages = [browser.get(address).status_code for address in (DESK, f"{DESK}new/", of(sari, "deck/"))]

    assert pages == [200 if let_in else 404] * 3


def test_a_helper_of_one_assembly_finds_nobody_of_another(sari):
    chidi = a_facilitator(an_assembly("hills"), "Chidi")
    browser = browser_of(chidi)

    begun = browser.post("/a/hills/desk/helping/", {"person": sari.public_id}).status_code
    opened = [
        browser.get(of(sari, "deck/")).status_code,
        browser.get(f"/for/{sari.public_id}/a/hills/deck/").status_code,
    ]

    assert (begun, opened) == (404, [404, 403])
    assert list(visibility.may_be_helped(sari.assembly, chidi)) == []
    assert Helping.objects.filter(ended_at=None).count() == 0


def test_whoever_has_not_allowed_it_cannot_be_helped(ana, ben):
    browser = browser_of(ben)

    assert browser.post(DESK, {"person": ana.public_id}).status_code == 404
    assert browser.get(of(ana, "deck/")).status_code == 403


def test_of_two_helpers_at_one_person_the_second_waits(assembly, ben, sari):
    dewi = a_member(assembly, "Dewi", Role.MODERATOR)
    begin_helping(ben, sari)

    with pytest.raises(NotInThisState):
        begin_helping(dewi, sari)

    answer = browser_of(dewi).post(DESK, {"person": sari.public_id})
    assert (answer.status_code, Helping.objects.current().get().helper) == (409, ben)


def test_a_helper_enters_for_one_person_at_a_time(assembly, ben, sari):
    tono, _code = join(assembly, "Tono", "en", purposes={Purpose.TAKE_PART, Purpose.HELP}, helper=ben)

    begin_helping(ben, sari)

    assert [each.participant for each in Helping.objects.current()] == [sari]
    assert browser_of(ben).get(of(tono, "deck/")).status_code == 403


# ── What is entered is hers ─────────────────────────────────────────────────────────────────────────────────────────


def test_votes_and_words_that_a_helper_enters_are_hers(assembly, ben, sari):
    statement, proposal = a_statement(assembly), a_proposal(assembly)
    browser = begin(ben, sari)

    voted = enter_vote(browser, sari, statement)
    browser.post(of(sari, "statements/new/"), {"text": "The market needs a bus.", "language": "en", "anyway": "on"})
    words = {"text": "My street floods every year.", "language": "en", "side": "for", "anyway": "on"}
    browser.post(of(sari, f"proposals/{proposal.public_id}/arguments/"), words)
    browser.post(of(sari, "questions/new/"), {"text": "Who pays for the truck?", "language": "en"})

    assert voted == 302
    assert [(each.participant, each.choice) for each in Vote.objects.all()] == [(sari, Choice.AGREE)]
    assert [each.text for each in sari.statements.all()] == ["The market needs a bus."]
    assert [each.text for each in sari.arguments.all()] == ["My street floods every year."]
    assert [each.text for each in sari.questions.all()] == ["Who pays for the truck?"]


def test_every_link_and_form_of_her_pages_stays_with_her(assembly, ben, sari):
    a_statement(assembly)

    page = begin(ben, sari).get(of(sari, "deck/")).content.decode()

    assert "You are entering for <strong>Sari</strong>" in page
    assert f'action="/for/{sari.public_id}/a/river/statements/' in page
    assert 'action="/a/river/' not in page
    assert 'href="/a/river/' not in page


def test_in_a_session_a_helper_answers_and_raises_her_hand(assembly, ben, sari):
    session = an_open_session(assembly)
    poll, browser = open_poll(session), begin(ben, sari)

    browser.post(of(sari, f"session/polls/{poll.public_id}/answers/"), {"choice": 2})
    browser.post(of(sari, "session/hands/"))
    page = browser.get(of(sari, "session/")).content.decode()

    assert [(each.participant, each.choice) for each in PollAnswer.objects.all()] == [(sari, 2)]
    assert [each.participant for each in session.hands.waiting()] == [sari]
    assert 'value="2" aria-pressed="false"' in page
    assert "The answer is kept." in page


# ── What a helper does not see ──────────────────────────────────────────────────────────────────────────────────────


def test_a_helper_does_not_see_what_she_chose_before_and_a_new_answer_takes_its_place(assembly, ben, sari):
    before, new = a_statement(assembly), a_statement(assembly)
    vote_on(sari, before, Choice.DISAGREE, important=True)
    browser = begin(ben, sari)

    card = browser.get(of(sari, f"deck/?statement={before.public_id}"))
    listed = browser.get(of(sari, "statements/")).content.decode()
    answered = enter_vote(browser, sari, before, revision=1)
    after = browser.get(of(sari, "deck/"))

    untold = {"choice": "", "label": "", "undo": "", "revision": 1, "standing": False, "answered": True}
    assert card.context["vote"] == untold
    assert card.context["last"] is None
    assert "They have answered this before." in card.content.decode()
    assert "Your answer" not in listed + card.content.decode()
    assert answered == 302
    assert after.context["statement"]["public_id"] == new.public_id
    assert (after.context["last"]["vote"]["choice"], after.context["last"]["vote"]["undo"]) == ("agree", "")
    assert "Undo" not in after.content.decode()


def test_what_a_helper_has_just_entered_can_be_undone_until_they_stop(assembly, ben, sari):
    statement = a_statement(assembly)
    browser = begin(ben, sari)
    enter_vote(browser, sari, statement, choice="pass")

    last = browser.get(of(sari, "deck/")).context["last"]["vote"]
    stop_helping(Helping.objects.current().get())
    later = begin(ben, sari).get(of(sari, "deck/")).context["last"]

    assert (last["choice"], last["undo"]) == ("pass", "withdrawn")
    assert later is None


@pytest.mark.parametrize(
    "page", ["votes/", "mine/", "mine/data/", "mine/data.json", "mine/receipts/", "mine/receipts.json", "map/", "desk/"]
)
def test_her_own_pages_and_the_results_are_closed_to_a_helper(assembly, ben, sari, page):
    assert begin(ben, sari).get(of(sari, page)).status_code == 403


def test_a_facilitator_who_helps_sees_no_more_results_than_she_does(assembly, ben, sari):
    assembly.phases.update(results="after_close")
    browser = begin(ben, sari)

    can = browser.get(of(sari, "deck/")).context["can"]

    assert (can["see_results"], can["facilitate"], can["help"]) == (False, False, False)


def test_a_draft_she_began_herself_is_not_shown_to_a_helper(assembly, ben, sari):
    keep_draft(sari, None, "My secret half sentence", "en", "")
    sari.drafts.update(kept_at=timezone.now() - timedelta(hours=1))

    page = begin(ben, sari).get(of(sari, "statements/new/")).content.decode()

    assert "secret half sentence" not in page


# ── How it ends ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_when_she_comes_with_her_own_code_helping_ends_until_she_allows_it_again(assembly, ben):
    sari, code = join(assembly, "Sari", "en", purposes={Purpose.TAKE_PART, Purpose.HELP}, helper=ben)
    statement, browser = a_statement(assembly), browser_of(ben)
    hers = browser_of(None)

    hers.post("/enter/", {"code": code})
    refused = enter_vote(browser, sari, statement)
    begun = browser.post(DESK, {"person": sari.public_id}).status_code
    hers.post("/a/river/mine/consents/", {"purpose": "help"})
    allowed = browser.post(DESK, {"person": sari.public_id}).status_code

    assert (refused, begun, allowed) == (403, 404, 302)
    assert Vote.objects.count() == 0


def test_after_ten_idle_minutes_nothing_is_entered_and_words_are_given_back(assembly, ben, sari):
    browser = begin(ben, sari)
    Helping.objects.filter(ended_at=None).update(seen_at=timezone.now() - IDLE)

    answer = browser.post(of(sari, "statements/new/"), {"text": "The market needs a bus.", "language": "en"})

    assert answer.status_code == 403
    assert "The market needs a bus." in answer.content.decode()
    assert f'href="{DESK}"' in answer.content.decode()
    assert sari.statements.count() == 0


def test_a_page_left_open_enters_nothing_for_the_helper_after_the_end(assembly, ben, sari):
    statement = a_statement(assembly)
    browser = begin(ben, sari)
    browser.post(of(sari, "desk/helping/stops/"))

    assert enter_vote(browser, sari, statement) == 403
    assert Vote.objects.count() == 0


def test_stopping_leads_to_receipts_that_tell_no_choice_and_only_to_whoever_helped(assembly, ben, sari):
    dewi = a_member(assembly, "Dewi", Role.MODERATOR)
    statement, browser = a_statement(assembly), begin(ben, sari)
    enter_vote(browser, sari, statement)

    address = browser.post(of(sari, "desk/helping/stops/"))["Location"]
    page = browser.get(address)

    assert address.startswith(DESK)
    assert [each["code"] for each in page.context["receipts"]] == [receipts_of(sari)[-1].code]
    assert "Agree" not in page.content.decode()
    assert browser_of(dewi).get(address).status_code == 404


# ── What is told of it ──────────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_is_told_how_much_was_entered_with_help_and_nobody_which(assembly, ana, ben, sari):
    first, second, third = (a_statement(assembly) for _ in range(3))
    vote_on(ana, first, Choice.AGREE)
    browser = begin(ben, sari)
    enter_vote(browser, sari, first)
    enter_vote(browser, sari, second, choice="disagree")
    enter_vote(browser, sari, third)
    enter_vote(browser, sari, third, revision=1, choice="withdrawn")
    take_over(sari)
    vote_on(sari, second, Choice.AGREE, replaces=1)

    close_phase(assembly.phases.get())
    told = _told(RecordEntry.objects.filter(type="phase").latest("pk"))
    votes = [_told(each) for each in RecordEntry.objects.filter(type="vote")]

    counts = {"people": 1, "votes": 1, "statements": 0, "arguments": 0, "questions": 0}
    assert counted(assembly) == counts
    assert told == {"phase": 1, "kind": "deliberation", "what": "close", "helped": counts}
    assert {frozenset(each) for each in votes} == {frozenset({"statement", "choice"})}


def test_where_nobody_was_helped_the_record_says_nothing_of_help(assembly, ana):
    vote_on(ana, a_statement(assembly), Choice.AGREE)

    close_phase(assembly.phases.get())

    assert counted(assembly) == {}
    assert "helped" not in _told(RecordEntry.objects.filter(type="phase").latest("pk"))


def test_she_herself_sees_what_was_entered_with_help(assembly, ben, sari):
    helped, own = a_statement(assembly), a_statement(assembly)
    enter_vote(begin(ben, sari), sari, helped)
    take_over(sari)
    vote_on(sari, own, Choice.AGREE)
    browser = browser_of(sari)

    votes = {row["statement"]["number"]: row["with_help"] for row in browser.get("/a/river/votes/").context["rows"]}
    receipts = [row["with_help"] for row in browser.get("/a/river/mine/receipts/").context["rows"]]
    sittings = browser.get("/a/river/mine/data.json").json()["helpings"]

    assert votes == {helped.number: True, own.number: False}
    assert receipts == [True, True, True, False, False]  # joined, allowed, voted; took over, voted
    assert [each["helper"] for each in sittings] == [ben.public_id, ben.public_id]


def test_the_number_a_helpers_browser_makes_is_not_called_her_own(assembly, ben, sari):
    statement, browser = a_statement(assembly), begin(ben, sari)

    browser.post(of(sari, f"statements/{statement.public_id}/votes/"), {**cast(), "nonce": "a" * 32})

    assert [(each.with_help, each.nonce_is_own) for each in receipts_of(sari)][-1] == (True, False)


def _told(entry: RecordEntry) -> dict[str, object]:
    content = json.loads(bytes(entry.opening.content))
    return {key: value for key, value in content.items() if key != "nonce"}


def test_the_report_and_the_log_of_moderation_tell_how_many_were_helped(assembly, ana, ben, sari):
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.AGREE)
    enter_vote(begin(ben, sari), sari, statement)

    told = helped_in_words(counted(assembly), votes=2)
    log = browser_of(None).get("/a/river/moderation/").content.decode()

    assert told == "1 of 2 votes were entered by a helper, for 1 person without a device."
    assert told in log
    assert helped_in_words({}, votes=2) == ""


def test_whoever_is_erased_is_no_longer_among_those_who_were_helped(assembly, ben, sari):
    enter_vote(begin(ben, sari), sari, a_statement(assembly))

    leave_for_good(sari)

    assert counted(assembly) == {}
    assert Helping.objects.count() == 0
