"""How an assembly goes: who is heard, against what was aimed at, and whether its groups last."""

from datetime import UTC, datetime

import pytest

from deliberation.actions.mapping import refresh_map
from deliberation.analysis.watching import Heard, Moment, Seats, Way, heard, moments, seats, ways
from deliberation.models import ConsensusMap, Role, Route, Standing, Vote
from tests.people import a_facilitator, a_member, a_statement, an_assembly, browser_of, two_camps
from tests.pools import a_drawn_pool

pytestmark = pytest.mark.django_db


def test_people_are_heard_who_voted_or_wrote_and_observers_are_not_counted():
    assembly = an_assembly()
    ana, ben, _chidi = (a_member(assembly, name) for name in ("Ana", "Ben", "Chidi"))
    a_member(assembly, "Dewi", Role.OBSERVER)
    statement = a_statement(assembly, author=ben)
    Vote.objects.create(assembly=assembly, participant=ana, statement=statement, choice=1)
    Vote.objects.create(assembly=assembly, participant=ben, statement=statement, choice=1)

    assert heard(assembly) == Heard(joined=3, voted=2, wrote=1)
    assert heard(assembly).silent == 1


def test_fewer_than_five_who_came_one_way_are_not_told_apart():
    assembly = an_assembly()
    statement = a_statement(assembly)
    members = [a_member(assembly) for _ in range(5)]
    late = a_member(assembly)
    late.route = Route.CODE
    late.save(update_fields=["route"])
    for member in [*members[:3], late]:
        Vote.objects.create(assembly=assembly, participant=member, statement=statement, choice=1)

    assert ways(assembly) == [Way("by the open address", 5, 3), Way("with a code", 1, None)]


def test_confirmed_seats_stand_against_their_targets():
    assembly = an_assembly()
    pool = a_drawn_pool(assembly, people=60, seats=12)
    drawn = pool.respondents.filter(number__in=pool.result["drawn"])
    drawn.update(standing=Standing.CONFIRMED)
    place, name = 0, pool.categories[0]
    confirmed = [each.values[place] for each in drawn]

    told = seats(pool)[place]

    assert told == {
        "name": name,
        "rows": [
            Seats(
                each["value"],
                each["min"],
                each["max"],
                count if (count := confirmed.count(each["value"])) >= 5 else None,
                max(each["min"] - count, 0),
            )
            for each in pool.targets[place]["values"]
        ],
    }
    assert sum(confirmed.count(each["value"]) for each in pool.targets[place]["values"]) == 12


def test_maps_are_told_from_the_first_to_the_newest_and_evenly_where_there_are_many():
    assembly = an_assembly()
    for version in range(1, 48):
        a_map(assembly, version)

    told = moments(ConsensusMap.objects.filter(assembly=assembly))

    assert [moment.version for moment in told] == list(range(1, 48, 2))
    assert told[0] == Moment(1, told[0].at, 9, {"A": 5, "B": 4}, 0.8)


def a_map(assembly, version: int) -> ConsensusMap:
    groups = [{"letter": "A", "size": 5}, {"letter": "B", "size": 4}]
    snapshot = {"stable": True, "groups": groups, "tested": {"stability": 0.8}}
    return ConsensusMap.objects.create(
        assembly=assembly,
        version=version,
        read_at="",
        input_digest="",
        parameters={},
        code_version="",
        snapshot=snapshot,
        groups=b"",
        participants=9,
        votes=9,
    )


@pytest.mark.django_db(transaction=True)
def test_the_page_says_it_in_words_before_it_draws():
    assembly = an_assembly("river")
    two_camps(assembly)
    refresh_map(assembly)
    ConsensusMap.objects.update(created_at=datetime(2026, 11, 1, tzinfo=UTC))

    page = browser_of(a_facilitator(assembly)).get("/a/river/desk/watch/").content.decode()

    assert "1 of 21 has not voted yet." in page
    assert "In the newest map 20 people form 2 groups." in page
    assert page.count("<rect data-group") == 2


def test_the_page_of_an_assembly_without_anybody_says_what_will_be_here():
    assembly = an_assembly("river")
    ben = a_facilitator(assembly)

    page = browser_of(ben).get("/a/river/desk/watch/").content.decode()

    assert "There is nothing to vote on yet." in page
    assert "No map has been made yet." in page
