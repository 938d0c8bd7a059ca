"""The way from what somebody wrote to where it was used."""

import pytest

from deliberation.actions.phases import show_results
from deliberation.exports.uses import Use, uses_of
from deliberation.models import Argument, ResultsShown
from tests.people import a_facilitator
from tests.reporting import a_deliberated_assembly, a_report

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assembly():
    made = a_deliberated_assembly()
    made.summaries.update(published_at=made.created_at)
    a_report(made)
    return made


def test_an_argument_is_quoted_or_counted_or_neither(assembly):
    quoted, counted, *_others = Argument.objects.filter(side="for")
    unused = Argument.objects.get(side="against")

    uses = [uses_of(argument, None) for argument in (quoted, counted, unused)]

    summary, report = "/a/river/summary/", "/a/river/reports/1/"
    assert uses == [
        [Use("summary", 1, "quoted", summary), Use("report", 1, "quoted", report)],
        [Use("summary", 1, "counted", summary), Use("report", 1, "counted", report)],
        [],
    ]


def test_a_statement_is_on_the_map_and_in_the_report_for_what_it_is_there(assembly):
    snapshot = assembly.maps.first().snapshot
    shared = assembly.statements.get(public_id=snapshot["common_ground"][0])

    uses = uses_of(shared, None)

    ways = [way for way in ("mapped", "common_ground", "typical") if way != "typical" or _is_typical(shared, snapshot)]
    assert uses == [
        *(Use("map", 1, way, "/a/river/map/") for way in ways),
        *(Use("report", 1, way, "/a/river/reports/1/") for way in ways),
    ]


def _is_typical(statement, snapshot) -> bool:
    return any(each["id"] == statement.public_id for group in snapshot["groups"] for each in group["representative"])


def test_uses_are_told_to_nobody_who_may_not_see_results(assembly):
    argument = Argument.objects.filter(side="for").first()
    show_results(assembly.phases.get(), ResultsShown.AFTER_CLOSE)

    assert uses_of(argument, None) == []
    assert len(uses_of(argument, a_facilitator(assembly))) == 2
