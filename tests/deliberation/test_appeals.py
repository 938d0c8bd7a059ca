"""Another look at what was hidden, by somebody else than before; and wishes for other words."""

import json

import pytest

from deliberation.actions.appealing import appeal, decide
from deliberation.actions.arguing import argue
from deliberation.actions.erasing import erase
from deliberation.actions.errors import AlreadyAppealed, Appealed, NotInThisState, SameModerator, WordsStay
from deliberation.actions.moderating import moderate
from deliberation.actions.rewording import ask_to_reword, keep_words, reword
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.actions.withdrawing import withdraw
from deliberation.exports.my_data import my_data
from deliberation.models import Appeal, Choice, Decision, Moderation, Outcome, RecordEntry, Role, Rule, Side, Statement
from deliberation.visibility import record_openings_for
from tests.deliberation.test_rules_in_the_database import refused
from tests.people import a_member, a_proposal, browser_of, is_named

pytestmark = pytest.mark.django_db(transaction=True)

WORDS, BETTER = "Mr Sastro burns plastic behind the school.", "Somebody burns plastic behind the school."
WHY = "Everybody knows it, and it is in the newspaper."


@pytest.fixture
def dewi(assembly):
    return a_member(assembly, "Dewi", Role.MODERATOR)


@pytest.fixture
def statement(ana):
    return make_statement(ana, WORDS, "en")


@pytest.fixture
def hidden(statement, dewi):
    moderate(statement, Decision.REJECTED, "No names, please.", by=dewi, rule=Rule.PERSONAL_DATA)
    return statement


def page(person, address: str) -> str:
    return browser_of(person).get(f"/a/river/{address}").content.decode()


def appeal_by_post(person, contribution, reason: str = WHY):
    kind = contribution._meta.model_name
    return browser_of(person).post(f"/a/river/mine/{kind}/{contribution.public_id}/appeals/", {"reason": reason})


def decide_by_post(person, appeal: Appeal, outcome: str, answer: str = "The name has to go, the rest may stay."):
    address = f"/a/river/desk/appeals/{appeal.public_id}/outcomes/"
    return browser_of(person).post(address, {"outcome": outcome, "answer": answer})


def test_another_moderator_shows_it_again_and_the_author_is_told(ana, ben, hidden):
    sent = appeal_by_post(ana, hidden)
    answer = decide_by_post(ben, Appeal.objects.get(), "overturned", "It is in the newspaper indeed.")

    assert (sent.status_code, answer.status_code) == (302, 302)
    assert list(Statement.objects.shown()) == [hidden]
    kept = Appeal.objects.values_list("by", "reason", "outcome", "answer", "decided_by").get()
    assert kept == (ana.pk, WHY, "overturned", "It is in the newspaper indeed.", ben.pk)
    told = page(ana, "mine/")
    assert "everybody can read it." in told
    assert "It is in the newspaper indeed." in told


def test_it_stays_hidden_and_is_not_looked_at_a_third_time(ana, ben, hidden):
    made = appeal(hidden, WHY, "en")
    decide(made, Outcome.UPHELD, "The name has to go.", ben)

    again = appeal_by_post(ana, hidden)

    assert list(Statement.objects.shown()) == []
    assert again.status_code == 409
    assert "it stays hidden" in page(ana, "mine/")
    with pytest.raises(AlreadyAppealed):
        appeal(hidden, WHY, "en")
    with pytest.raises(NotInThisState):
        decide(made, Outcome.OVERTURNED, "On second thought.", ben)


def test_neither_who_hid_it_nor_who_wrote_it_decides(ana, dewi, hidden):
    made = appeal(hidden, WHY, "en")
    ana.roles = [Role.MODERATOR]
    ana.save(update_fields=["roles"])

    answers = [decide_by_post(person, made, "overturned").status_code for person in (dewi, ana)]

    assert answers == [409, 409]
    assert Appeal.objects.waiting().count() == 1
    for person in (dewi, ana):
        with pytest.raises(SameModerator):
            decide(made, Outcome.OVERTURNED, "Why not.", person)
    assert refused(lambda: Appeal.objects.update(decided_by=ana))
    assert "Somebody else decides on this one" in page(dewi, "desk/appeals/")


def test_while_an_appeal_waits_nothing_else_decides(ana, ben, dewi, hidden):
    appeal(hidden, WHY, "en")
    address = f"/a/river/desk/statement/{hidden.public_id}/decisions/"

    answer = browser_of(dewi).post(address, {"decision": "shown"})

    assert answer.status_code == 409
    assert list(Statement.objects.shown()) == []
    with pytest.raises(Appealed):
        moderate(hidden, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)


def test_a_later_decision_can_be_appealed_against_anew(ana, ben, dewi, hidden):
    decide(appeal(hidden, WHY, "en"), Outcome.OVERTURNED, "It may stay.", ben)
    moderate(hidden, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)

    decide(appeal(hidden, "It attacks nobody at all.", "en"), Outcome.OVERTURNED, "It does not.", dewi)

    assert list(Appeal.objects.values_list("outcome", "decided_by")) == [
        ("overturned", ben.pk),
        ("overturned", dewi.pk),
    ]


def test_only_what_is_hidden_is_appealed_against_and_only_by_its_author(ana, ben, statement):
    own = f"/a/river/mine/statement/{statement.public_id}/appeals/"

    foreign = browser_of(ben).post(own, {"reason": WHY})
    shown = browser_of(ana).post(own, {"reason": WHY})

    assert (foreign.status_code, shown.status_code, Appeal.objects.count()) == (404, 409, 0)


@pytest.mark.parametrize("reason", ["", "No.", "x" * 501, "\x00" * 20])
def test_an_appeal_says_why(ana, hidden, reason):
    answer = appeal_by_post(ana, hidden, reason)

    assert (answer.status_code, Appeal.objects.count()) == (400, 0)


def test_an_outcome_without_reasons_is_sent_back_with_what_was_chosen(ben, hidden):
    answer = decide_by_post(ben, appeal(hidden, WHY, "en"), "upheld", "")

    assert answer.status_code == 400
    assert "Please give a reason." in answer.content.decode()
    assert Appeal.objects.waiting().count() == 1


def test_what_its_author_withdraws_is_not_looked_at_again(ben, hidden):
    appeal(hidden, WHY, "en")

    withdraw(hidden)

    assert "No appeal waits." in page(ben, "desk/appeals/")


def test_the_home_asks_whoever_may_decide(ana, ben, dewi, hidden):
    appeal(hidden, WHY, "en")

    asked = ["An appeal waits for you" in page(person, "") for person in (ana, ben, dewi)]

    assert asked == [False, True, False]


def test_the_public_log_tells_of_the_appeal_without_words_and_names(ana, ben, hidden):
    decide(appeal(hidden, WHY, "en"), Outcome.UPHELD, "The name has to go.", ben)

    public = browser_of(None).get("/a/river/moderation/")

    assert [row["decision"] for row in public.context["rows"]] == ["upheld", "appealed", "rejected"]
    for secret in (WORDS, WHY, "The name has to go."):
        assert secret not in public.content.decode()
    assert [name for name in ("Ana", "Ben", "Dewi") if is_named(name, public.content.decode())] == []


def test_the_record_has_the_appeal_and_keeps_its_words_from_the_public(assembly, ana, ben, hidden):
    decide(appeal(hidden, WHY, "en"), Outcome.UPHELD, "The name has to go.", ben)

    entries = RecordEntry.objects.filter(type="appeal").order_by("pk").select_related("opening")
    told = [json.loads(bytes(each.opening.content)) for each in entries]
    openings = {person: record_openings_for(assembly, person) for person in (None, ben)}

    assert [{**each, "nonce": ""} for each in told] == [
        {"nonce": "", "contribution": hidden.public_id, "decision": 1, "reason": WHY, "language": "en"},
        {"nonce": "", "outcome": "upheld", "reason": "The name has to go."},
    ]
    seen = {
        person: [shown("appeal", bytes(each.leaf), bytes(each.opening.content)) for each in entries]
        for person, shown in openings.items()
    }
    assert seen == {None: [False, False], ben: [True, True]}


def test_erasing_somebody_erases_the_words_of_the_appeal_and_of_the_answer(ana, ben, hidden):
    decide(appeal(hidden, WHY, "en"), Outcome.UPHELD, "Mr Sastro has to go.", ben)

    erase(ana)

    assert Appeal.objects.values_list("reason", "answer", "outcome").get() == ("", "", "upheld")
    assert Moderation.objects.values_list("reason", flat=True).get() == ""


def test_whoever_decided_is_not_given_the_words_of_the_author_as_their_own_data(ana, ben, hidden):
    decide(appeal(hidden, WHY, "en"), Outcome.UPHELD, "The name has to go.", ben)

    assert WHY in json.dumps(my_data(ana)["appeals"])
    assert WHY not in json.dumps(my_data(ben))


def test_a_wish_for_other_words_is_told_and_ends_with_new_words_that_are_looked_at_again(ana, dewi, statement):
    address = f"/a/river/desk/statement/{statement.public_id}/decisions/"

    asked = browser_of(dewi).post(address, {"decision": "asked", "reason": "Leave the name out."})
    told = [page(ana, each) for each in ("", "mine/")]
    waiting_then = list(Statement.objects.waiting())
    reword(statement, BETTER, 0)

    assert asked.status_code == 302
    assert "A moderator asks you for other words" in told[0]
    assert "Leave the name out." in told[1]
    assert waiting_then == []
    assert list(Statement.objects.waiting()) == list(Statement.objects.shown()) == [statement]
    assert [(each.decision, each.answer) for each in Moderation.objects.all()] == [("asked", "reworded")]
    (row,) = browser_of(dewi).get("/a/river/desk/statements/").context["rows"]
    assert (row["text"], row["wish"].reason, row["wish"].answer) == (BETTER, "Leave the name out.", "reworded")


def test_an_author_may_keep_the_words_and_a_moderator_decides(ana, dewi, statement):
    ask_to_reword(statement, "Leave the name out.", dewi)

    address = f"/a/river/mine/statement/{statement.public_id}/refusals/"
    answers = [browser_of(ana).post(address).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert [(each.decision, each.answer) for each in Moderation.objects.all()] == [("asked", "declined")]
    assert list(Statement.objects.waiting()) == [statement]
    assert statement.text == WORDS
    assert RecordEntry.objects.filter(type="request").count() == 1


def test_words_on_which_others_rest_are_not_asked_for_again(assembly, dewi, statement):
    vote_on(a_member(assembly), statement, Choice.AGREE)

    with pytest.raises(WordsStay):
        ask_to_reword(statement, "Leave the name out.", dewi)

    assert Moderation.objects.count() == 0


def test_a_wish_without_words_is_none(dewi, statement):
    address = f"/a/river/desk/statement/{statement.public_id}/decisions/"

    answer = browser_of(dewi).post(address, {"decision": "asked"})

    assert (answer.status_code, Moderation.objects.count()) == (400, 0)


def test_new_words_for_what_was_left_as_it_was_are_looked_at_again(dewi, statement):
    moderate(statement, Decision.SHOWN, "", by=dewi)

    reword(statement, BETTER, 0)

    assert list(Statement.objects.waiting()) == [statement]


def test_nobody_says_no_to_a_wish_that_nobody_has(statement):
    with pytest.raises(NotInThisState):
        keep_words(statement)


def test_the_log_tells_of_wishes_and_of_what_authors_did(assembly, ana, dewi, statement):
    argument = argue(ana, a_proposal(assembly), Side.FOR, "It helps Mr Sastro.", "en")
    for each in (statement, argument):
        ask_to_reword(each, "Leave the name out.", dewi)
    reword(statement, BETTER, 0)
    keep_words(argument)

    public = browser_of(None).get("/a/river/moderation/")

    logged = [(row["kind"], row["decision"]) for row in public.context["rows"]]
    assert logged == [
        ("argument", "declined"),
        ("statement", "reworded"),
        ("argument", "asked"),
        ("statement", "asked"),
    ]
    assert "Leave the name out." not in public.content.decode()
