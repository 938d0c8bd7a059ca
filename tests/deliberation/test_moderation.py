"""Hiding and withdrawing: what is taken down is gone from everywhere at once, and both can be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation.actions.arguing import argue
from deliberation.actions.errors import TooLate
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.withdrawing import restore, withdraw
from deliberation.models import Argument, Decision, Moderation, Rule, Side, Statement
from tests.deliberation.test_rules_in_the_database import refused
from tests.people import a_member, a_proposal, a_statement, an_assembly, browser_of, two_camps

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
    return "\n".join(browser.get(f"/a/{assembly.slug}/{page}").content.decode() for page in [*PAGES, *more])


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
