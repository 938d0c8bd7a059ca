"""Hiding and withdrawing: what is taken down is gone from everywhere at once, and both can be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation import tasks
from deliberation.actions.arguing import argue
from deliberation.actions.errors import TooLate
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.voting import vote_on
from deliberation.actions.withdrawing import restore, withdraw
from deliberation.models import Argument, Choice, Decision, Moderation, Role, Rule, Side, Statement
from deliberation.redis_client import redis_client
from tests.deliberation.test_rules_in_the_database import refused
from tests.people import (
    a_facilitator,
    a_member,
    a_proposal,
    a_statement,
    an_assembly,
    browser_of,
    is_named,
    two_camps,
)
from tests.summaries import a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["statements/", "deck/", "map/", "map/words/", "votes/", "report/", "summary/", "proposals/", "projector/"]


@pytest.fixture
def assembly():
    made = an_assembly("river")
    two_camps(made)
    refresh_map(made)
    return made


def hide(contribution, rule=Rule.ATTACK):
    return moderate(contribution, Decision.REJECTED, "", by=None, rule=rule)


def an_argument(author, text: str = "The lorry stands still half of the week.") -> Argument:
    return argue(author, a_proposal(author.assembly), Side.FOR, text, "en")


def served_to(person, assembly, *more: str) -> str:
    browser = browser_of(person)
    answers = [browser.get(f"/a/{assembly.slug}/{page}") for page in [*PAGES, *more]]
    assert {answer.status_code for answer in answers} <= {200, 302}
    return "\n".join(answer.content.decode() for answer in answers)


@pytest.mark.parametrize("take_down", [hide, withdraw])
def test_a_statement_taken_down_is_gone_from_every_page_at_once(assembly, take_down):
    voter = assembly.participants.filter(votes__isnull=False).first()
    statement = assembly.statements.get(number=4)
    assert served_to(voter, assembly).count(statement.text) >= 3

    take_down(statement)

    assert statement.text not in served_to(voter, assembly)


@pytest.mark.parametrize("take_down", [hide, withdraw])
def test_the_votes_on_it_leave_the_map_and_come_back_with_it(assembly, take_down):
    statement = assembly.statements.get(number=4)
    before = refresh_ids(assembly)

    take_down(statement)
    without = refresh_ids(assembly)
    if take_down is hide:
        moderate(statement, Decision.SHOWN, "", by=None)
    else:
        restore(statement)

    assert statement.public_id in before
    assert without == before - {statement.public_id}
    assert refresh_ids(assembly) == before


def refresh_ids(assembly) -> set[str]:
    refresh_map(assembly)
    return {each["id"] for each in assembly.maps.first().snapshot["statements"]}


@pytest.mark.parametrize("take_down", [hide, withdraw])
def test_an_argument_taken_down_is_gone_from_its_proposal_at_once(assembly, take_down):
    argument = an_argument(a_member(assembly))
    page = f"proposals/{argument.proposal.public_id}/"
    assert argument.text in served_to(None, assembly, page)

    take_down(argument)

    assert argument.text not in served_to(None, assembly, page)
    assert list(assembly.arguments.shown()) == []


def test_nobody_can_vote_on_what_is_hidden(assembly):
    statement = assembly.statements.get(number=4)
    hide(statement)

    answer = browser_of(a_member(assembly)).post(
        f"/a/river/statements/{statement.public_id}/votes/", {"choice": "agree", "revision": 0}
    )

    assert answer.status_code == 404


def test_a_later_decision_lifts_the_earlier_and_both_stay(assembly):
    statement = assembly.statements.get(number=4)
    first = hide(statement)
    second = moderate(statement, Decision.SHOWN, "On second thought", by=None)

    assert list(Moderation.objects.current()) == [second]
    assert [each.pk for each in statement.moderations.order_by("pk")] == [first.pk, second.pk]
    assert statement in Statement.objects.shown()


def test_a_withdrawal_can_be_undone_for_ten_minutes(assembly):
    early, late = assembly.statements.get(number=1), assembly.statements.get(number=2)
    for statement in (early, late):
        withdraw(statement)
    Statement.objects.filter(pk=early.pk).update(withdrawn_at=timezone.now() - timedelta(minutes=9, seconds=50))
    Statement.objects.filter(pk=late.pk).update(withdrawn_at=timezone.now() - timedelta(minutes=10, seconds=1))

    restore(early)
    with pytest.raises(TooLate):
        restore(late)

    assert set(Statement.objects.filter(withdrawn_at__isnull=False)) == {late}


@pytest.mark.parametrize("change", [withdraw, restore])
def test_a_map_that_nobody_could_be_asked_for_is_asked_for_by_the_sweeper(assembly, change):
    statement = assembly.statements.get(number=4)
    if change is restore:
        withdraw(statement)
        refresh_map(assembly)
    change(statement)
    redis_client().flushdb()

    tasks.sweep()

    assert set(redis_client().scan_iter("map:*:waiting")) == {f"map:{assembly.pk}:waiting"}


def test_what_was_hidden_stays_hidden_when_its_author_withdraws_and_restores_it(assembly):
    statement = a_statement(assembly, author=a_member(assembly))
    hide(statement)

    withdraw(statement)
    restore(statement)

    assert statement not in Statement.objects.shown()


def test_a_decision_is_about_one_statement_or_one_argument():
    assembly = an_assembly()
    statement, argument = a_statement(assembly), an_argument(a_member(assembly))

    assert refused(lambda: Moderation.objects.create(decision="rejected"))
    assert refused(lambda: Moderation.objects.create(decision="rejected", statement=statement, argument=argument))
    assert not refused(lambda: Moderation.objects.create(decision="rejected", argument=argument))
    assert refused(lambda: Moderation.objects.create(decision="shown", argument=argument))
    assert refused(lambda: Moderation.objects.create(decision="rejected", statement=statement, rule="boring"))


def decide(person, contribution, kind="statement", **sent: str):
    address = f"/a/{contribution.assembly.slug}/desk/{kind}/{contribution.public_id}/decisions/"
    return browser_of(person).post(address, sent)


def test_a_moderator_hides_by_a_rule_and_shows_again():
    assembly = an_assembly("river")
    dewi = a_member(assembly, "Dewi", Role.MODERATOR)
    statement, argument = a_statement(assembly, author=a_member(assembly)), an_argument(a_member(assembly))

    decide(dewi, statement, decision="rejected", rule="two_ideas", reason="Buses and bins")
    decide(dewi, argument, "argument", decision="rejected", rule="attack")
    decide(dewi, argument, "argument", decision="shown")

    kept = [(each.decision, each.rule, each.reason, each.by) for each in Moderation.objects.current().order_by("pk")]
    assert kept == [("rejected", "two_ideas", "Buses and bins", dewi), ("shown", "", "", dewi)]
    assert list(assembly.statements.shown()) == []
    assert list(assembly.arguments.shown()) == [argument]


@pytest.mark.parametrize(
    "sent",
    [
        {"decision": "rejected"},
        {"decision": "rejected", "rule": "boring"},
        {"decision": "rejected", "rule": "attack", "reason": "x" * 301},
        {"decision": "rejected", "rule": "attack", "reason": "\x00"},
        {"decision": "deleted", "rule": "attack"},
        {},
    ],
)
def test_nothing_is_hidden_without_one_of_the_rules(sent):
    assembly = an_assembly("river")
    statement = a_statement(assembly)

    answer = decide(a_facilitator(assembly), statement, **sent)

    assert (answer.status_code, Moderation.objects.count()) == (400, 0)


def test_a_facilitator_decides_on_nothing_of_another_assembly():
    here, elsewhere = an_assembly("river"), an_assembly("hills")
    foreign = a_statement(elsewhere)

    address = f"/a/river/desk/statement/{foreign.public_id}/decisions/"
    answer = browser_of(a_facilitator(here)).post(address, {"decision": "rejected", "rule": "attack"})

    assert (answer.status_code, Moderation.objects.count()) == (404, 0)


def test_the_queue_has_what_waits_newest_first_and_lets_go_of_what_was_decided():
    assembly = an_assembly("river")
    ana, ben = a_member(assembly, "Ana"), a_facilitator(assembly)
    a_statement(assembly, "From the organisers.")
    first, second = a_statement(assembly, "Ana’s first.", author=ana), an_argument(ana, "Ana’s second, an argument.")
    third, decided = a_statement(assembly, "Ana’s third.", author=ana), a_statement(assembly, "Decided.", author=ana)
    moderate(decided, Decision.SHOWN, "", by=ben)

    waiting = browser_of(ben).get("/a/river/desk/statements/").context["rows"]
    moderate(second, Decision.REJECTED, "", by=ben, rule=Rule.OFF_QUESTION)

    assert [row["text"] for row in waiting] == [third.text, second.text, first.text]
    assert texts_in_queue(ben, "waiting") == [third.text, first.text]
    assert texts_in_queue(ben, "hidden") == [second.text]
    assert len(texts_in_queue(ben, "all")) == 5


def texts_in_queue(person, show: str) -> list[str]:
    page = browser_of(person).get(f"/a/{person.assembly.slug}/desk/statements/?show={show}")
    return [row["text"] for row in page.context["rows"]]


def test_older_ones_follow_page_by_page_with_the_same_number_of_queries(django_assert_max_num_queries):
    assembly = an_assembly("river")
    ana, ben = a_member(assembly, "Ana"), a_facilitator(assembly)
    for n in range(35):
        a_statement(assembly, f"Idea {n:02}.", author=ana)
    browser = browser_of(ben)

    with django_assert_max_num_queries(32):
        first = browser.get("/a/river/desk/statements/")
    second = browser.get("/a/river/desk/statements/", {"before": first.context["older"].isoformat()})

    read = [row["text"] for page in (first, second) for row in page.context["rows"]]
    assert read == [f"Idea {n:02}." for n in reversed(range(35))]


@pytest.mark.parametrize("before", ["yesterday", "2026-02-31T00:00:00+00:00", "2026-01-01", "\x00"])
def test_a_page_from_an_odd_moment_is_the_first_page(before):
    assembly = an_assembly("river")
    a_statement(assembly, author=a_member(assembly))

    page = browser_of(a_facilitator(assembly)).get("/a/river/desk/statements/", {"before": before})

    assert (page.status_code, len(page.context["rows"])) == (200, 1)


def test_the_author_is_told_which_rule_and_what_the_moderator_adds():
    assembly = an_assembly("river")
    ana = a_member(assembly, "Ana")
    statement = a_statement(assembly, author=ana)
    moderate(statement, Decision.REJECTED, "Please leave the street number out.", by=None, rule=Rule.PERSONAL_DATA)

    home, mine = (browser_of(ana).get(f"/a/river/{page}").content.decode() for page in ("", "mine/"))

    told = (
        "Your statement 1 was hidden by a moderator. The reason: It names a private person or tells something private."
    )
    assert told in home
    assert told in mine
    assert statement.text in mine
    assert "Please leave the street number out." in mine


def test_the_log_tells_everybody_what_was_hidden_and_never_the_words_or_the_names():
    assembly = an_assembly("river")
    ana, dewi = a_member(assembly, "Ana"), a_member(assembly, "Dewi", Role.MODERATOR)
    statement, argument, fine = a_statement(assembly, author=ana), an_argument(ana), a_statement(assembly, author=ana)
    moderate(statement, Decision.REJECTED, "Says where Joko lives", by=dewi, rule=Rule.PERSONAL_DATA)
    moderate(argument, Decision.REJECTED, "", by=dewi, rule=Rule.ATTACK)
    moderate(argument, Decision.SHOWN, "", by=dewi)
    moderate(fine, Decision.SHOWN, "", by=dewi)

    page = browser_of(None).get("/a/river/moderation/")

    logged = [(row["kind"], row["number"], row["decision"]) for row in page.context["rows"]]
    assert logged == [("argument", 1, "shown"), ("argument", 1, "rejected"), ("statement", 1, "rejected")]
    for secret in (statement.text, argument.text):
        assert secret not in page.content.decode()
    assert [name for name in ("Ana", "Dewi", "Joko") if is_named(name, page.content.decode())] == []


def test_an_author_withdraws_and_brings_back_on_the_page_of_own_contributions():
    assembly = an_assembly("river")
    ana = a_member(assembly, "Ana")
    argument = an_argument(ana)
    page = f"/a/river/mine/argument/{argument.public_id}"
    browser = browser_of(ana)

    withdrawn = browser.post(f"{page}/withdrawals/", follow=True).content.decode()
    shown_then = list(assembly.arguments.shown())
    restored = browser.post(f"{page}/restorations/", follow=True).content.decode()

    assert "You withdrew this." in withdrawn
    assert "Undo: bring it back" in withdrawn
    assert shown_then == []
    assert "It is back" in restored
    assert list(assembly.arguments.shown()) == [argument]


def test_nobody_withdraws_what_others_wrote():
    assembly = an_assembly("river")
    statement = a_statement(assembly, author=a_member(assembly, "Ana"))

    answer = browser_of(a_facilitator(assembly)).post(f"/a/river/mine/statement/{statement.public_id}/withdrawals/")

    assert answer.status_code == 404
    assert list(assembly.statements.shown()) == [statement]


def test_an_author_reads_the_counts_of_the_public_map_and_not_of_the_votes_since(assembly):
    author = a_member(assembly, "Ana")
    early, late = assembly.statements.get(number=1), a_statement(assembly)
    assembly.statements.filter(pk__in=[early.pk, late.pk]).update(author=author)
    vote_on(a_member(assembly), early, Choice.DISAGREE)
    for _ in range(4):
        vote_on(a_member(assembly), late, Choice.AGREE)

    rows = browser_of(author).get("/a/river/mine/").context["statements"]

    assert [row["votes"] for row in rows] == [{"agree": 20, "disagree": 0, "pass": 0, "all": 20}, None]


def test_an_author_reads_no_counts_while_results_are_hidden(assembly):
    author = a_member(assembly, "Ana")
    assembly.statements.filter(number=1).update(author=author)
    assembly.phases.update(results="after_close")

    rows = browser_of(author).get("/a/river/mine/").context["statements"]

    assert [row["votes"] for row in rows] == [None]


def test_an_author_reads_which_summary_quotes_the_argument_or_counts_it(assembly):
    ana = a_member(assembly, "Ana")
    quoted, source, *more, voice = arguments_of(a_proposal(assembly), [ana] * 8)
    neither = an_argument(ana, "Written after the summary.")
    a_summary(assembly, [quoted, source, *more, voice], version=3, state="published", published_at=timezone.now())

    rows = {row["text"]: row["uses"] for row in browser_of(ana).get("/a/river/mine/").context["arguments"]}

    told = [[use["words"] for use in rows[each.text]] for each in (quoted, source, voice, neither)]
    assert told == [["Quoted in summary 3"], ["A source of summary 3"], [], []]
