"""Deciding on many at once, how long people wait, and the public log as a table."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation.actions.appealing import appeal
from deliberation.actions.arguing import argue
from deliberation.actions.moderating import moderate
from deliberation.analysis.workload import Workload, workload_of
from deliberation.models import Decision, Moderation, Role, Rule, Side, Statement
from tests.people import a_member, a_proposal, a_statement, an_assembly, browser_of

pytestmark = pytest.mark.django_db(transaction=True)


def written_by(ana) -> list:
    argument = argue(ana, a_proposal(ana.assembly), Side.FOR, "It helps everybody.", "en")
    return [a_statement(ana.assembly, author=ana), a_statement(ana.assembly, author=ana), argument]


def ticks(contributions) -> dict[str, str]:
    return {f"tick_{each._meta.model_name}_{each.public_id}": "on" for each in contributions}


def decide_on(person, contributions, **sent: str):
    return browser_of(person).post("/a/river/desk/decisions/", {**ticks(contributions), **sent})


def decisions() -> list[tuple[str, str, str]]:
    return list(Moderation.objects.current().order_by("pk").values_list("decision", "rule", "reason"))


def test_all_that_is_ticked_is_hidden_by_one_rule_and_nothing_else(ana, ben):
    *ticked, left = written_by(ana)

    answer = decide_on(ben, ticked, rule="same", reason="Written three times")

    assert answer.status_code == 302
    assert decisions() == [("rejected", "same", "Written three times")] * 2
    assert left in type(left).objects.shown()
    assert list(Statement.objects.shown()) == []


def test_hiding_many_is_undone_with_one_button(ana, ben):
    browser, written = browser_of(ben), written_by(ana)
    browser.post("/a/river/desk/decisions/", {**ticks(written), "rule": "attack"})

    page = browser.get("/a/river/desk/statements/")
    offered = {f"tick_{row['kind']}_{row['public_id']}" for row in page.context["last"]}
    browser.post("/a/river/desk/decisions/", {**dict.fromkeys(offered, "on"), "decision": "shown"})

    assert "3 contributions are hidden." in page.content.decode()
    assert offered == set(ticks(written))
    assert decisions() == [("shown", "", "")] * 3


def test_many_are_left_as_they_are(ana, ben):
    answer = decide_on(ben, written_by(ana), decision="shown")

    assert answer.status_code == 302
    assert decisions() == [("shown", "", "")] * 3
    assert list(Statement.objects.waiting()) == []


@pytest.mark.parametrize(
    "sent",
    [{}, {"rule": "boring"}, {"decision": "asked", "reason": "Shorter"}, {"rule": "attack", "tick_vote_1": "on"}],
)
def test_nothing_is_decided_by_a_form_that_says_something_else(ana, ben, sent):
    answer = decide_on(ben, written_by(ana), **sent)

    assert (answer.status_code, decisions()) == (400, [])


def test_nothing_is_decided_when_nothing_is_ticked(ana, ben):
    written_by(ana)

    answer = decide_on(ben, [], rule="attack")

    assert (answer.status_code, decisions()) == (400, [])
    assert "Please tick what you want to decide on." in answer.content.decode()


def test_a_refused_decision_leads_back_to_the_queue_and_not_to_an_address_without_a_page(ana, ben):
    written_by(ana)
    queue = "/a/river/desk/statements/"
    sent = {"rule": "attack", "decision": "rejected"}

    page = browser_of(ben).post(
        "/a/river/desk/decisions/", sent, headers={"referer": f"http://testserver{queue}?show=all"}
    )

    assert page.status_code == 400
    assert set(re.findall(r'name="next" value="([^"#]*)', page.content.decode())) == {f"{queue}?show=all"}


def test_nothing_of_another_assembly_is_decided_on(ana, ben):
    foreign = a_statement(an_assembly("hills"))

    answer = decide_on(ben, [*written_by(ana), foreign], rule="attack")

    assert (answer.status_code, decisions()) == (400, [])


def test_one_that_waits_for_an_appeal_stops_the_whole(assembly, ana, ben):
    first, *others = written_by(ana)
    moderate(first, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)
    appeal(first, "It attacks nobody at all.", "en")

    answer = decide_on(ben, [first, *others], decision="shown")

    assert answer.status_code == 409
    assert decisions() == [("rejected", "attack", "")]


def test_the_workload_tells_who_waits_how_long_and_who_decided_how_much(assembly, ana, ben):
    dewi = a_member(assembly, "Dewi", Role.MODERATOR)
    now = timezone.now()
    written = [a_statement(assembly, author=ana) for _ in range(5)]
    for minutes, each in zip((10, 20, 60, 90, 30), written, strict=True):
        Statement.objects.filter(pk=each.pk).update(created_at=now - timedelta(minutes=minutes))
    for each, by in zip(written[:3], (dewi, dewi, ben), strict=True):
        Moderation.objects.filter(pk=moderate(each, Decision.SHOWN, "", by).pk).update(created_at=now)

    told = workload_of(assembly)

    assert told == Workload(2, now - timedelta(minutes=90), timedelta(minutes=20), [("Dewi", 2), ("Ben", 1)])


def test_the_workload_of_an_assembly_where_nothing_was_written_is_nothing(assembly):
    assert workload_of(assembly) == Workload(0, None, None, [])


def test_the_log_as_a_table_has_the_rows_of_the_page(ana, ben):
    statement, _, argument = written_by(ana)
    moderate(statement, Decision.REJECTED, "Secret words", by=ben, rule=Rule.ATTACK)
    moderate(argument, Decision.REJECTED, "", by=ben, rule=Rule.OFF_QUESTION)

    answer = browser_of(None).get("/a/river/moderation/log.csv")

    head, *rows = csv.reader(io.StringIO(answer.content.decode()))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert head == ["kind", "number", "decision", "rule", "suggested", "when"]
    assert [row[:4] for row in rows] == [
        ["argument", "1", "rejected", "It is not about the question"],
        ["statement", "1", "rejected", "It attacks a person or a group of people"],
    ]
    assert "Secret" not in answer.content.decode()
