"""Where moderators look first: nobody else reads a text before one of them has, and the record says so."""

import json

import pytest

from deliberation.actions.appealing import appeal, decide
from deliberation.actions.arguing import argue
from deliberation.actions.looking_first import look_first
from deliberation.actions.moderating import moderate, undo_all
from deliberation.actions.rewording import ask_to_reword, keep_words, reword
from deliberation.actions.stating import make_statement
from deliberation.actions.withdrawing import restore, withdraw
from deliberation.models import Decision, ModerationChoice, Outcome, RecordEntry, Role, Rule, Side
from deliberation.news import news_of
from tests.finished_assembly import finish, join_all, keep_keys_in, program, state_all, unpacked, vote_all
from tests.people import a_member, a_proposal, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

verify = program("verify")
WORDS = "Put lamps on the path to school."


@pytest.fixture
def statement(assembly, ana, ben):
    """Ana's, written after Ben has chosen that moderators look first."""
    look_first(assembly, True, ben)
    return make_statement(ana, WORDS, "en")


def is_shown(contribution) -> bool:
    return type(contribution).objects.filter(pk=contribution.pk).shown().exists()


def decisions(contribution) -> list[tuple[str, bool]]:
    """Each with whether it still holds."""
    taken = contribution.moderations.order_by("revision").values_list("decision", "lifted_at")
    return [(decision, lifted is None) for decision, lifted in taken]


def served_to(person, *pages: str) -> str:
    answers = [browser_of(person).get(f"/a/river/{page}") for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    return "\n".join(answer.content.decode() for answer in answers)


def test_what_is_written_waits_until_a_moderator_shows_it(ben, statement):
    waiting = is_shown(statement)

    moderate(statement, Decision.SHOWN, "", by=ben)

    assert (waiting, is_shown(statement)) == (False, True)
    assert decisions(statement) == [("held", False), ("shown", True)]


def test_others_read_nothing_of_what_waits_and_moderators_and_its_author_read_it(assembly, ana, ben, statement):
    carol = a_member(assembly, "Carol")
    argument = argue(ana, a_proposal(assembly), Side.FOR, "It helps everybody a lot.", "en")
    pages = [
        "statements/",
        "deck/",
        "proposals/",
        f"proposals/{argument.proposal.public_id}/",
        "moderation/",
        "record/",
    ]

    for text in (statement.text, argument.text):
        assert text not in served_to(carol, *pages)
        assert text not in served_to(None, "statements/", f"proposals/{argument.proposal.public_id}/")
        assert text in served_to(ana, "mine/")
        assert text in served_to(ben, "desk/statements/")
    assert "Waiting for a moderator" in served_to(ana, "mine/")


def test_what_was_shown_before_stays_and_what_waits_goes_on_waiting_when_it_is_switched(assembly, ana, ben):
    before = make_statement(ana, "Written before.", "en")
    look_first(assembly, True, ben)
    waiting = make_statement(ana, "Written while they look first.", "en")
    look_first(assembly, False, ben)
    after = make_statement(ana, "Written after that.", "en")

    assert [is_shown(each) for each in (before, waiting, after)] == [True, False, True]


def test_each_change_of_it_is_one_entry_of_the_record_and_the_same_again_is_none(assembly, ben):
    for on in (True, True, False):
        look_first(assembly, on, ben)

    entries = RecordEntry.objects.filter(assembly=assembly, type="config").order_by("pk").select_related("opening")
    told = [(json.loads(bytes(each.leaf)), json.loads(bytes(each.opening.content))) for each in entries]
    assert [(leaf["id"], leaf["n"], content["looks_first"]) for leaf, content in told] == [
        ("moderation", 1, True),
        ("moderation", 2, False),
    ]
    assert [each.looks_first for each in ModerationChoice.objects.all()] == [False, True]


def test_other_words_wait_again_whether_the_words_before_were_shown_or_waited(assembly, ana, ben, statement):
    moderate(statement, Decision.SHOWN, "", by=ben)
    reword(statement, "Put lamps there.", edits=0)
    first = is_shown(statement)
    reword(statement, "Put many lamps there.", edits=1)

    assert (first, is_shown(statement)) == (False, False)
    assert statement.moderations.current().get().decision == Decision.HELD


def test_words_that_are_asked_for_before_anything_is_shown_keep_it_back_until_somebody_looks(ana, ben, statement):
    ask_to_reword(statement, "One idea, please", by=ben)
    asked = is_shown(statement)

    keep_words(statement)

    assert (asked, is_shown(statement)) == (False, False)
    assert decisions(statement) == [("held", False), ("asked", False), ("held", True)]


def test_undoing_a_decision_on_what_waited_lets_it_wait_again(ben, statement):
    moderate(statement, Decision.SHOWN, "", by=ben)

    undo_all([statement], by=ben)

    assert (is_shown(statement), decisions(statement)[-1]) == (False, ("held", True))


def test_undoing_a_hiding_shows_what_had_been_shown(assembly, ana, ben):
    written = make_statement(ana, WORDS, "en")
    moderate(written, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)

    undo_all([written], by=ben)

    assert is_shown(written)


def test_an_appeal_that_is_won_shows_what_had_never_been_shown(assembly, ana, ben, statement):
    carol = a_member(assembly, "Carol", Role.MODERATOR)
    moderate(statement, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)
    asked = appeal(statement, "It attacks nobody.", "en")

    decide(asked, Outcome.OVERTURNED, "You are right.", by=carol)

    assert is_shown(statement)


def test_withdrawing_and_restoring_shows_nothing_that_waits(statement):
    withdraw(statement)
    restore(statement)

    assert not is_shown(statement)


def test_the_author_is_told_at_once_that_it_waits_and_later_what_became_of_it(assembly, ana, ben, statement):
    since = statement.created_at
    browser = browser_of(ana)
    sent = {"text": "Collect the waste twice a week.", "language": "en", "seen": "", "anyway": "on"}
    told = browser.post("/a/river/statements/new/", sent, follow=True).content.decode()

    moderate(statement, Decision.SHOWN, "", by=ben)

    assert "Your statement is number 2. A moderator reads it first; then others can vote on it." in told
    assert [each.words for each in news_of(ana, since, "en")] == [
        "A moderator has read 1 contribution of yours, and everybody can read it"
    ]


def test_the_public_log_tells_how_many_wait_and_since_when_and_no_word_of_them(assembly, statement):
    page = served_to(a_member(assembly), "moderation/")

    assert "1 contribution waits for its first look now." in page
    assert "from here on a moderator reads new texts before everybody does" in page
    assert served_to(None, "moderation/log.csv").splitlines() == ["kind,number,decision,rule,suggested,when"]


def test_only_facilitators_switch_it_and_the_queue_says_how_it_is(assembly, ben):
    moderator = a_member(assembly, "Dewi", Role.MODERATOR)
    address = "/a/river/desk/statements/choices/"

    refused = browser_of(moderator).post(address, {"looks_first": "on"})
    accepted = browser_of(ben).post(address, {"looks_first": "on"})

    assert (refused.status_code, accepted.status_code) == (404, 302)
    assert assembly.looks_first
    assert "nobody else reads a new text before one of you has" in served_to(moderator, "desk/statements/")


def test_a_decision_by_the_queue_shows_it_and_its_undo_lets_it_wait(ben, statement):
    browser = browser_of(ben)
    address = f"/a/river/desk/statement/{statement.public_id}/decisions/"

    browser.post(address, {"decision": "shown"})
    shown = is_shown(statement)
    browser.post(address, {"decision": "undo"})

    assert (shown, is_shown(statement)) == (True, False)


def test_nobody_can_hold_back_by_hand_what_is_shown(assembly, ana, ben):
    written = make_statement(ana, WORDS, "en")

    answer = browser_of(ben).post(f"/a/river/desk/statement/{written.public_id}/decisions/", {"decision": "held"})

    assert (answer.status_code, is_shown(written)) == (400, True)


def test_the_program_that_checks_the_record_counts_what_waits_and_calls_nothing_wrong(
    assembly, ben, tmp_path, monkeypatch
):
    keep_keys_in(tmp_path, monkeypatch)
    people = join_all(assembly)
    vote_all(people, state_all(people))
    look_first(assembly, True, ben)
    waiting = [make_statement(each, f"New idea of {each.pseudonym}.", "en") for each in people[:3]]
    moderate(waiting[0], Decision.SHOWN, "", by=ben)
    reword(waiting[1], "The same idea in other words.", edits=0)
    finish(assembly)

    third = list(verify.verify(unpacked(assembly, tmp_path / "bundle")))[2]

    assert "       3 not given: waiting for a moderator to read them first" in third.splitlines()
