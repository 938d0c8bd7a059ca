"""The facilitator's desk: phases behind a gate, what goes on, and nothing of it for anybody else."""

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from deliberation.actions import publishing
from deliberation.actions.asking import ask
from deliberation.actions.consenting import withdraw_consent
from deliberation.actions.errors import GateShut
from deliberation.actions.gates import Check, checks_before, open_through_gate
from deliberation.actions.moderating import moderate
from deliberation.actions.phases import close_phase, open_phase, show_results
from deliberation.actions.trusting import give_roles, invite, revoke
from deliberation.actions.withdrawing import restore, withdraw
from deliberation.models import (
    AssemblyText,
    Decision,
    KitStep,
    KitStepText,
    Moderation,
    Phase,
    PhaseKind,
    PhaseText,
    Purpose,
    RecordEntry,
    ResultsShown,
    Role,
    Summary,
    SummaryRun,
)
from deliberation.templatetags.desk import EVERY, desk_ways
from tests.people import a_facilitator, a_member, a_proposal, a_statement, an_assembly, browser_of
from tests.reporting import a_deliberated_assembly, a_report
from tests.summaries import NOISE, a_summary, arguments_of

pytestmark = pytest.mark.django_db


def a_coming_phase(assembly, kind=PhaseKind.STATEMENTS, days: int = 1) -> Phase:
    position = assembly.phases.count() + 1
    first = date(2026, 2, position)
    last = first + timedelta(days=days - 1)
    return Phase.objects.create(assembly=assembly, position=position, kind=kind, starts_on=first, ends_on=last)


def a_kit(assembly) -> None:
    step = KitStep.objects.create(assembly=assembly, position=1)
    for language in assembly.languages:
        KitStepText.objects.create(step=step, language=language, title="The river", body="It is long.")


def test_the_checklist_counts_what_is_there_and_what_is_not():
    assembly = an_assembly(phase=None)
    a_statement(assembly, author=a_member(assembly))
    a_proposal(assembly)

    assert checks_before(a_coming_phase(assembly, PhaseKind.DELIBERATION, days=14)) == [
        Check("remit", passed=True, have=2, want=2, needed=True),
        Check("policy", passed=False, have=0, want=2),
        Check("dates", passed=False, have=0, want=1),
        Check("kit", passed=False, have=0, want=2),
        Check("statements", passed=False, have=1, want=10),
        Check("proposals", passed=False, have=1, want=2),
        Check("people", passed=True, have=1, want=1),
        Check("moderators", passed=False, have=0, want=2),
        Check("looked_at", passed=False, have=1, want=0),
    ]


def test_on_one_evening_nobody_misses_a_kit_or_proposals_that_nobody_began():
    assembly = an_assembly(phase=None)

    without = [check.name for check in checks_before(a_coming_phase(assembly, PhaseKind.DELIBERATION))]
    a_kit(assembly)
    a_proposal(assembly)
    with_them = [check.name for check in checks_before(assembly.phases.get())]

    assert without == ["remit", "policy", "dates", "statements", "people", "moderators", "looked_at"]
    assert with_them == [*without[:3], "kit", "statements", "proposals", *without[4:]]


def test_the_gate_tells_what_is_needed_from_what_is_advised_and_from_what_is_done():
    assembly = an_assembly("river", phase=None)
    a_coming_phase(assembly, PhaseKind.LEARNING)
    ben = browser_of(a_facilitator(assembly))

    shut = ben.get("/a/river/desk/")
    a_kit(assembly)
    ready = ben.get("/a/river/desk/")

    assert [names(shut, part) for part in ("needed", "advised", "done")] == [
        ["kit"],
        ["policy", "dates", "moderators"],
        ["remit", "people"],
    ]
    assert "Still needed to open it" in shut.content.decode()
    assert "Open “Learning”" not in shut.content.decode()
    assert [names(ready, part) for part in ("needed", "done")] == [[], ["remit", "kit", "people"]]
    assert "Everything that is needed is there." in ready.content.decode()
    assert "Open “Learning”" in ready.content.decode()


def names(page, part: str) -> list[str]:
    return [check.name for check in page.context[part]]


@pytest.mark.django_db(transaction=True)
def test_once_everything_was_asked_the_desk_makes_the_report_and_home_says_when_it_comes():
    assembly = a_deliberated_assembly("river")
    a_coming_phase(assembly, PhaseKind.CLOSED)
    Phase.objects.filter(kind=PhaseKind.CLOSED).update(starts_on=date(2099, 2, 3), ends_on=date(2099, 3, 3))
    ana, ben = browser_of(a_member(assembly, "Ana")), browser_of(a_facilitator(assembly))

    during = ben.get("/a/river/desk/").context["offers_report"]
    close_phase(assembly.phases.first())
    after = ben.get("/a/river/desk/").context["offers_report"]
    waiting = words_of_report(ana)
    ben.post("/a/river/reports/")
    made = ben.get("/a/river/desk/").context["offers_report"]

    assert (during, after, made) == (False, True, False)
    assert waiting == (
        "The report comes next",
        "The facilitators are making it. It will stand here. Planned from 3 February.",
        "",
    )
    assert words_of_report(ana) == (
        "The report is out",
        "What was asked, what unites, what divides, and how it was counted.",
        "/a/river/report/",
    )


def words_of_report(browser) -> tuple[str, str, str]:
    (task,) = [each for each in browser.get("/a/river/").context["tasks"] if "report" in each.title]
    return task.title, task.words, task.address


@pytest.mark.django_db(transaction=True)
def test_a_report_from_before_the_close_is_not_the_one_that_people_wait_for():
    assembly = a_deliberated_assembly("river")
    ana, ben = browser_of(a_member(assembly, "Ana")), browser_of(a_facilitator(assembly))
    a_report(assembly)

    close_phase(assembly.phases.get())

    assert ben.get("/a/river/desk/").context["offers_report"]
    assert words_of_report(ana)[0] == "The report comes next"


def test_where_nobody_voted_no_report_is_offered():
    assembly = an_assembly("river")
    close_phase(assembly.phases.get())

    page = browser_of(a_facilitator(assembly)).get("/a/river/desk/")

    assert not page.context["offers_report"]


@pytest.mark.parametrize(
    ("is_open", "moment", "first"),
    [
        (True, "before", ["desk", "setup", "material", "people"]),
        (False, "before", ["desk", "setup", "material", "people", "pool"]),
        (True, "during", ["desk", "cockpit", "moderation_queue", "question_queue", "helping", "watch"]),
        (True, "after", ["desk", "report", "moderation_queue"]),
    ],
)
def test_the_desk_shows_first_what_the_moment_asks_for_and_folds_the_rest(is_open, moment, first):
    assembly = an_assembly("river", phase=None, is_open=is_open)
    phase = a_coming_phase(assembly, PhaseKind.DELIBERATION)
    if moment != "before":
        open_phase(phase)
    if moment == "after":
        close_phase(phase)

    ways = ways_at("desk", assembly)

    everywhere = {way.to for _, group in EVERY for way in group}
    assert [way.to for way in ways["first"]] == first
    assert {way.to for _, group in ways["rest"] for way in group} == everywhere - set(first)


def test_the_way_to_this_page_stands_with_the_first_wherever_it_belongs():
    assembly = an_assembly()

    ways = ways_at("pool", assembly)

    assert (ways["first"][-1].to, ways["here"].to) == ("pool", "pool")


def ways_at(page: str, assembly) -> dict:
    request = RequestFactory().get("/")
    request.resolver_match = SimpleNamespace(url_name=page)
    return desk_ways({"request": request, "can": {"facilitate": True}, "assembly": assembly})


def test_what_waits_for_a_moderator_is_one_number_wherever_it_is_told():
    assembly = an_assembly("river")
    author, ben = a_member(assembly), a_facilitator(assembly)
    a_statement(assembly, author=author)
    ask(author, "How deep is the river?", "en")
    coming = a_coming_phase(assembly)

    numbers = browser_of(ben).get("/a/river/desk/").context["numbers"]
    queue = browser_of(ben).get("/a/river/desk/statements/").context["work"]

    (looked_at,) = [each for each in checks_before(coming) if each.name == "looked_at"]
    assert [numbers["waiting"], queue.waiting, looked_at.have] == [2, 2, 2]


def test_between_two_phases_every_page_says_what_comes_next():
    assembly = an_assembly("river")
    PhaseText.objects.create(phase=a_coming_phase(assembly), language="en", name="The answer")
    close_phase(assembly.phases.first())

    page = browser_of(a_member(assembly)).get("/a/river/").content.decode()

    assert "No phase is open now. Next: <strong>The answer</strong>, planned for 2 February" in page


def test_a_phase_opens_when_nothing_is_missing():
    assembly = an_assembly(phase=None)
    a_kit(assembly)
    assembly.translations.update(rules=["Let others finish."])
    a_facilitator(assembly)
    a_member(assembly, "Dewi", Role.MODERATOR)
    phase = a_coming_phase(assembly, PhaseKind.LEARNING)
    Phase.objects.filter(pk=phase.pk).update(starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 2))

    open_through_gate(phase)

    assert phase.state == "open"


def test_what_is_only_advised_may_be_gone_without():
    assembly = an_assembly(phase=None)
    phase = a_coming_phase(assembly, PhaseKind.STATEMENTS)

    with pytest.raises(GateShut):
        open_through_gate(phase)
    open_through_gate(phase, anyway=True)

    assert phase.state == "open"


def test_what_is_needed_may_not():
    assembly = an_assembly(phase=None)
    AssemblyText.objects.filter(assembly=assembly, language="id").update(remit="")
    phase = a_coming_phase(assembly, PhaseKind.STATEMENTS)

    with pytest.raises(GateShut):
        open_through_gate(phase, anyway=True)

    phase.refresh_from_db()
    assert phase.state == "coming"


def test_people_come_by_an_open_address_or_by_invitations_that_are_still_good():
    open_to_all, by_invitation = an_assembly(phase=None), an_assembly(phase=None, is_open=False)
    invite(by_invitation, {Role.OBSERVER}, timedelta(days=1))
    looked = [people_check(open_to_all), people_check(by_invitation)]
    batch, _ = invite(by_invitation, set(), timedelta(days=1), codes=3)
    looked.append(people_check(by_invitation))
    revoke(by_invitation, batch)

    assert looked == [(True, 0), (False, 0), (True, 3)]
    assert people_check(by_invitation) == (False, 0)


def people_check(assembly) -> tuple[bool, int]:
    phase = assembly.phases.first() or a_coming_phase(assembly)
    return next((check.passed, check.have) for check in checks_before(phase) if check.name == "people")


def test_opening_again_undoes_a_closing_and_keeps_when_it_first_opened():
    assembly = an_assembly()
    first, second = assembly.phases.get(), a_coming_phase(assembly)
    opened_at = first.opened_at

    open_phase(second)
    first.refresh_from_db()
    open_phase(first)

    assert [(phase.position, phase.state) for phase in assembly.phases.all()] == [(1, "open"), (2, "past")]
    assert assembly.phases.get(position=1).opened_at == opened_at


def test_the_desk_opens_closes_and_opens_again():
    assembly = an_assembly("river")
    a_coming_phase(assembly)
    desk = browser_of(a_facilitator(assembly))

    refused = desk.post("/a/river/desk/phases/2/openings/", {})
    states_after_refusal = states(assembly)
    opened = desk.post("/a/river/desk/phases/2/openings/", {"anyway": "on"})
    states_after_opening = states(assembly)
    closed = desk.post("/a/river/desk/phases/2/closings/")
    states_after_closing = states(assembly)
    desk.post("/a/river/desk/phases/1/openings/", {"anyway": "on"})

    assert (refused.status_code, opened.status_code, closed.status_code) == (409, 302, 302)
    assert "Open “Statements”" in refused.content.decode()
    assert states_after_refusal == ["open", "coming"]
    assert states_after_opening == ["past", "open"]
    assert states_after_closing == ["past", "past"]
    assert states(assembly) == ["open", "past"]


def states(assembly) -> list[str]:
    return [phase.state for phase in assembly.phases.all()]


def test_a_button_pressed_twice_opens_a_phase_once():
    assembly = an_assembly("river")
    a_coming_phase(assembly)
    desk = browser_of(a_facilitator(assembly))

    answers = [desk.post("/a/river/desk/phases/2/openings/", {"anyway": "on"}).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert [phase.changes for phase in assembly.phases.all()] == [1, 1]


def test_a_phase_that_is_not_open_cannot_be_closed():
    assembly = an_assembly("river")
    close_phase(assembly.phases.get())
    closed_at = assembly.phases.get().closed_at

    answer = browser_of(a_facilitator(assembly)).post("/a/river/desk/phases/1/closings/")

    assert answer.status_code == 404
    assert assembly.phases.get().closed_at == closed_at


@pytest.mark.parametrize(
    ("sent", "status", "kept"),
    [
        ({"results": "after_close"}, 302, ("after_close", 0)),
        ({"results": "after_own_votes", "after": "12"}, 302, ("after_own_votes", 12)),
        ({"results": "open", "after": "12"}, 302, ("open", 0)),
        ({"results": "after_own_votes"}, 400, ("open", 0)),
        ({"results": "after_own_votes", "after": "0"}, 400, ("open", 0)),
        ({"results": "never"}, 400, ("open", 0)),
        ({"results": "after_close", "position": "2"}, 400, ("open", 0)),
    ],
)
def test_results_are_shown_when_the_facilitator_says(sent, status, kept):
    assembly = an_assembly("river")

    answer = browser_of(a_facilitator(assembly)).post("/a/river/desk/phases/1/results/", sent)

    phase = assembly.phases.get()
    assert (answer.status_code, (phase.results, phase.results_after)) == (status, kept)


def test_the_desk_tells_who_is_not_heard_with_the_same_number_of_queries():
    few, many = an_assembly("few"), an_assembly("many")
    a_statement(few)
    for _ in range(3):
        a_statement(many, author=a_member(many))
    desk_of_few, desk_of_many = browser_of(a_facilitator(few)), browser_of(a_facilitator(many))

    counted = []
    for browser, slug in ((desk_of_few, "few"), (desk_of_many, "many")):
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(f"/a/{slug}/desk/").content.decode()
        counted.append(len(queries))

    assert counted[0] == counted[1]
    assert "4 of 4 have not voted yet." in page
    assert page.count("0 votes") == 3


def test_the_record_numbers_every_change_made_at_the_desk_without_a_gap():
    assembly = an_assembly("river")
    ben, ana = a_facilitator(assembly), a_member(assembly, "Ana")
    first, second = assembly.phases.get(), a_coming_phase(assembly)
    statement = a_statement(assembly, author=ana)
    Moderation.objects.create(statement=statement, decision=Decision.SHOWN)  # as an import leaves it

    open_phase(second)
    open_phase(Phase.objects.get(pk=first.pk))
    show_results(Phase.objects.get(pk=first.pk), ResultsShown.AFTER_CLOSE)
    for roles in ({Role.EXPERT}, set()):
        give_roles(ana, roles)
    batch, _ = invite(assembly, set(), timedelta(days=1))
    revoke(assembly, batch)
    for decision in (Decision.REJECTED, Decision.SHOWN):
        moderate(statement, decision, "", by=ben)
    for change in (withdraw, restore, withdraw):
        change(statement)

    leaves = [json.loads(bytes(entry.leaf)) for entry in RecordEntry.objects.filter(assembly=assembly).order_by("pk")]
    assert [(leaf["type"], leaf["id"], leaf["n"]) for leaf in leaves] == [
        ("phase", "1", 1),
        ("phase", "2", 1),
        ("phase", "2", 2),
        ("phase", "1", 2),
        ("phase", "1", 3),
        ("roles", ana.public_id, 1),
        ("roles", ana.public_id, 2),
        ("invite", batch, 1),
        ("invite", batch, 2),
        ("moderate", statement.public_id, 1),
        ("moderate", statement.public_id, 2),
        ("withdraw", statement.public_id, 1),
        ("restore", statement.public_id, 1),
        ("withdraw", statement.public_id, 2),
    ]


def a_published_summary(assembly) -> Summary:
    said = arguments_of(a_proposal(assembly), [a_member(assembly) for _ in range(8)])
    return publishing.publish(a_summary(assembly, said), None)


def desk_of(assembly) -> str:
    ben = assembly.participants.filter(roles__contains=[Role.FACILITATOR]).first() or a_facilitator(assembly)
    return browser_of(ben).get(f"/a/{assembly.slug}/desk/").content.decode()


@pytest.mark.parametrize("taken_back", ["hidden", "withdrawn", "no quotation allowed"])
def test_the_desk_tells_at_once_that_the_summary_fell_and_not_by_which_words(taken_back: str):
    assembly = an_assembly("river")
    published = a_published_summary(assembly)
    noise = assembly.arguments.get(text=NOISE[0])
    before = desk_of(assembly)

    if taken_back == "hidden":
        moderate(noise, Decision.REJECTED, "", by=None)
    elif taken_back == "withdrawn":
        withdraw(noise)
    else:
        withdraw_consent(noise.author, Purpose.QUOTE)

    after = desk_of(assembly)
    assert published.state == "published"
    assert ("was withdrawn" in before, "Make it again" in before) == (False, False)
    assert "Version 1 of the summary was withdrawn" in after
    assert "Make it again" in after
    assert NOISE[0] not in after


def test_one_button_makes_a_fallen_summary_again_until_a_draft_waits_for_review():
    assembly = an_assembly("river")
    a_published_summary(assembly)
    withdraw(assembly.arguments.get(text=NOISE[0]))
    ben = a_facilitator(assembly)

    browser_of(ben).post("/a/river/summaries/")
    while_written = desk_of(assembly)
    SummaryRun.objects.update(state="done")
    a_summary(assembly, list(assembly.arguments.order_by("pk")))
    written = desk_of(assembly)

    assert ("A new one is being written." in while_written, "Make it again" in while_written) == (True, False)
    assert ("Review version 2" in written, "Make it again" in written) == (True, False)


def test_a_summary_that_a_facilitator_withdrew_is_no_news_at_the_desk():
    assembly = an_assembly("river")
    publishing.withdraw(a_published_summary(assembly), None, "It was too early.")

    assert "was withdrawn" not in desk_of(assembly)
