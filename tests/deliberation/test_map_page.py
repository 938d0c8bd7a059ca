"""The map page from the first vote on: right, and saying what it cannot say."""

import re

import pytest

from deliberation.actions.mapping import refresh_map
from deliberation.actions.voting import vote_on
from deliberation.models import Choice
from tests.people import a_member, a_statement, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["map/", "map/words/", "map/how/", "map/current.json", "projector/", "projector/words/"]


def an_assembly_where(people: int, statements: int):
    assembly = an_assembly("river")
    made = [a_statement(assembly) for _ in range(statements)]
    for number in range(people):
        member = a_member(assembly)
        for place, statement in enumerate(made):
            vote_on(member, statement, Choice.AGREE if (number + place) % 3 else Choice.DISAGREE)
    return assembly


@pytest.mark.parametrize(("people", "statements"), [(0, 0), (0, 1), (1, 1), (2, 1), (2, 9), (7, 1), (7, 9)])
def test_few_people_see_that_it_is_too_early_to_tell(people, statements):
    assembly = an_assembly_where(people, statements)
    refresh_map(assembly)

    pages = [browser_of(a_member(assembly)).get(f"/a/river/{page}") for page in PAGES]

    assert [page.status_code for page in pages] == [200] * len(PAGES)
    told = pages[0].content.decode()
    assert "No stable groups yet" in told or "still blank paper" in told
    assert "Group A" not in told


def test_everybody_of_one_mind_is_no_group():
    assembly = an_assembly("river")
    statements = [a_statement(assembly) for _ in range(8)]
    for _ in range(12):
        member = a_member(assembly)
        for statement in statements:
            vote_on(member, statement, Choice.AGREE)

    snapshot = refresh_map(assembly).snapshot

    assert (snapshot["stable"], snapshot["groups"], snapshot["divides"]) == (False, [], [])
    assert len(snapshot["common_ground"]) == 5
    assert "Common ground" in browser_of(None).get("/a/river/map/").content.decode()


def test_the_wall_says_the_first_of_what_unites_and_of_what_divides():
    assembly = an_assembly("river")
    two_camps(assembly)
    snapshot = refresh_map(assembly).snapshot
    numbers = {each["id"]: each["number"] for each in snapshot["statements"]}

    told = browser_of(None).get("/a/river/projector/words/").content.decode()

    firsts = [numbers[found[0]] for found in (snapshot["common_ground"], snapshot["divides"]) if found]
    assert firsts != []
    assert [int(number) for number in re.findall(r'data-statement-number="(\d+)"', told)] == firsts


def test_how_the_map_is_made_is_told_with_this_assemblys_numbers():
    assembly = an_assembly("river")
    two_camps(assembly)
    refresh_map(assembly)

    english = browser_of(None).get("/a/river/map/how/").content.decode()
    indonesian = browser_of(None).get("/a/river/map/how/", headers={"accept-language": "id"}).content.decode()

    assert "20 people have voted 160 times on 8 statements" in english
    assert "there are 2 groups with 20 people together" in english
    assert "20 orang telah memberi 160 suara untuk 8 pernyataan" in indonesian
    assert assembly.maps.get().input_digest in english


def test_a_reader_learns_with_which_group_they_agree_and_how_often():
    assembly = an_assembly("river")
    members, _ = two_camps(assembly)
    refresh_map(assembly)

    page = browser_of(members[0]).get("/a/river/map/")

    mine = page.context["me"]
    assert {each["letter"]: (each["same"], each["of"]) for each in mine["agree_with"]}[mine["group"]] == (8, 8)
    assert "you answered 8 of 8 statements as most of it did" in page.content.decode()
