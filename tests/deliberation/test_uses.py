"""The way from what somebody wrote to where it was used."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliberation.actions.drafting import Step, begin_round, pick_statement, revise, take_step, write_draft
from deliberation.actions.phases import show_results
from deliberation.actions.ranking import rank
from deliberation.exports.uses import Use, uses_in
from deliberation.models import Argument, Assembly, ResultsShown
from tests.people import a_facilitator, a_member, browser_of
from tests.reporting import a_deliberated_assembly, a_report

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ("en", "id")


@pytest.fixture
def assembly() -> Assembly:
    made = a_deliberated_assembly()
    made.summaries.update(published_at=made.created_at)
    a_report(made)
    return made


def test_an_argument_is_quoted_or_counted_or_neither(assembly):
    quoted, counted, *_others = Argument.objects.filter(side="for")
    unused = Argument.objects.get(side="against")

    uses = uses_in(assembly, None)

    summary, report = "/a/river/summary/", "/a/river/reports/1/"
    assert [uses.get(each.public_id) for each in (quoted, counted, unused)] == [
        [Use("summary", 1, "quoted", summary), Use("report", 1, "quoted", report)],
        [Use("summary", 1, "counted", summary), Use("report", 1, "counted", report)],
        None,
    ]


def test_a_statement_is_on_the_map_and_in_the_report_for_what_it_is_there(assembly):
    snapshot = assembly.maps.first().snapshot
    shared = snapshot["common_ground"][0]
    typical = any(each["id"] == shared for group in snapshot["groups"] for each in group["representative"])

    uses = uses_in(assembly, None)[shared]

    ways = ["common_ground", *(["typical"] if typical else []), "mapped"]
    assert uses == [
        *(Use("map", 1, way, "/a/river/map/") for way in ways),
        *(Use("report", 1, way, "/a/river/reports/1/") for way in ways),
    ]


def test_a_statement_leads_to_the_recommendation_that_was_written_from_it(assembly):
    shared, other, unpicked = assembly.statements.all()[:3]
    drafting = begin_round(assembly, dict.fromkeys(LANGUAGES, "What should we recommend?"))
    first, second = (pick_statement(drafting, each, assembly.maps.first()) for each in (shared, other))
    write_draft(drafting, dict.fromkeys(LANGUAGES, "Do as the plan says."))

    def ranked(*order: str) -> None:
        take_step(drafting, Step.OPEN)
        turn = drafting.turns.select_related("round").latest("number")
        for _ in range(5):
            rank(a_member(assembly), turn, {public_id: place for place, public_id in enumerate(order, start=1)})
        take_step(drafting, Step.CLOSE)

    ranked(first.public_id, second.public_id)
    while_drafted = uses_in(assembly, None)
    take_step(drafting, Step.ASK)
    take_step(drafting, Step.CLOSE)
    revision = revise(drafting, dict.fromkeys(LANGUAGES, "Do it with these words."))
    ranked(revision.public_id, first.public_id)
    at_last = uses_in(assembly, None)

    address = f"/a/river/drafting/{drafting.public_id}/"
    candidate, preferred = (Use("drafting", 1, how, address) for how in ("candidate", "first"))
    for uses in (while_drafted, at_last):
        drafted = [
            [use for use in uses[each.public_id] if use.where == "drafting"] for each in (shared, other, unpicked)
        ]
        assert drafted == [[preferred], [candidate], []]


def test_uses_are_told_to_nobody_who_may_not_see_results(assembly):
    argument = Argument.objects.filter(side="for").first()
    show_results(assembly.phases.get(), ResultsShown.AFTER_CLOSE)

    assert uses_in(assembly, None) == {}
    assert len(uses_in(assembly, a_facilitator(assembly))[argument.public_id]) == 2


def test_authors_read_on_their_own_page_what_became_of_each(assembly):
    argument = Argument.objects.filter(side="for").select_related("author").first()
    author = argument.author
    shared = assembly.maps.first().snapshot["common_ground"][0]
    assembly.statements.filter(public_id=shared).update(author=author)

    page = browser_of(author).get("/a/river/mine/").content.decode()

    for address, told in [
        ("/a/river/map/", "Common ground on the map"),
        ("/a/river/reports/1/", "Common ground in report 1"),
        ("/a/river/summary/", "Quoted in summary 1"),
        ("/a/river/reports/1/", "Quoted in report 1"),
    ]:
        assert f'<a href="{address}">{told}</a>' in page


@pytest.mark.parametrize("count", [1, 6])
def test_what_became_of_many_takes_as_many_queries_as_of_one(assembly, count):
    author = Argument.objects.filter(side="for").first().author
    ids = assembly.statements.values_list("pk", flat=True)[:count]
    assembly.statements.filter(pk__in=list(ids)).update(author=author)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        uses_in(assembly, author)

    assert len(queries) <= 10
