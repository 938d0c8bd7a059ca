from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliberation.actions.mapping import refresh_map
from deliberation.actions.voting import vote_on
from deliberation.analysis.routing import next_statement, priorities
from deliberation.models import Choice
from tests.people import a_member, a_statement, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)


def test_statements_come_as_often_as_their_priority_says():
    assembly = an_assembly()
    two_camps(assembly)
    for _ in range(3):
        a_statement(assembly)
    refresh_map(assembly)
    everything = list(assembly.statements.values_list("pk", flat=True))
    people = [a_member(assembly) for _ in range(600)]
    for number, person in enumerate(people):
        person.public_id = f"person {number}"  # the dice fall by it, and one time in a thousand against any test

    drawn = Counter(next_statement(person, everything) for person in people)

    known = priorities(assembly.pk)
    weights = {pk: known.get(pk, 5.0625) for pk in everything}
    expected = {pk: 600 * weight / sum(weights.values()) for pk, weight in weights.items()}
    assert max(weights.values()) > 2 * min(weights.values()), "a uniform draw would pass otherwise"
    chi_square = sum((drawn[pk] - expected[pk]) ** 2 / expected[pk] for pk in everything)
    assert chi_square < 29.6  # 10 degrees of freedom, p = 0.001


def test_a_page_loaded_again_shows_the_same_statement():
    assembly = an_assembly()
    for _ in range(20):
        a_statement(assembly)
    browser = browser_of(a_member(assembly))

    shown = {browser.get(f"/a/{assembly.slug}/deck/").context["statement"]["number"] for _ in range(3)}

    assert len(shown) == 1


def test_the_deck_ends_when_everything_is_voted_on_and_says_so():
    assembly = an_assembly()
    ana = a_member(assembly)
    vote_on(ana, a_statement(assembly), Choice.PASS)

    page = browser_of(ana).get(f"/a/{assembly.slug}/deck/")

    assert page.context["statement"] is None
    assert page.context["progress"] == {"voted": 1, "total": 1}
    assert "You have voted on every statement." in page.content.decode()


def test_a_deck_without_statements_asks_for_the_first_one_and_praises_nobody():
    assembly = an_assembly()
    ana = browser_of(a_member(assembly))

    deck, home = (ana.get(f"/a/{assembly.slug}/{page}").content.decode() for page in ("deck/", ""))

    assert "Nobody has written a statement yet." in deck
    assert "<progress" not in deck
    assert "You have voted on every statement." not in deck + home


def test_undo_takes_the_vote_back_and_shows_the_statement_again():
    assembly = an_assembly("river")
    ana = a_member(assembly)
    statement = a_statement(assembly, "Let us plant trees.")
    a_statement(assembly)
    browser = browser_of(ana)
    address = f"/a/river/statements/{statement.public_id}/votes/"
    browser.post(address, {"choice": "agree", "revision": "0"})

    page = browser.post(address, {"choice": "withdrawn", "revision": "1"}, follow=True)

    assert page.context["statement"]["text"] == "Let us plant trees."
    assert page.context["progress"] == {"voted": 0, "total": 2}


def test_a_card_costs_the_same_queries_with_3_statements_and_with_30():
    assembly = an_assembly("river")
    browser = browser_of(a_member(assembly))
    browser.get("/a/river/")  # the first page of a visit remembers that they came
    counts = []
    for number in (3, 30):
        while assembly.statements.count() < number:
            a_statement(assembly)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get("/a/river/deck/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_undo_of_a_changed_vote_goes_back_to_the_vote_before():
    assembly = an_assembly("river")
    ana = a_member(assembly)
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.PASS)
    vote_on(ana, statement, Choice.DISAGREE, replaces=1)

    offered = browser_of(ana).get("/a/river/deck/").context["last"]["vote"]

    assert (offered["choice"], offered["undo"], offered["revision"]) == ("disagree", "pass", 2)


def test_what_comes_along_for_times_without_a_line_is_what_would_come_with_one():
    assembly = an_assembly("river")
    for _ in range(6):
        a_statement(assembly)
    browser = browser_of(a_member(assembly))
    page = browser.get("/a/river/deck/").context
    promised = [page["statement"]["public_id"], *(each["statement"]["public_id"] for each in page["coming"])]

    shown = []
    while (card := browser.get("/a/river/deck/").context)["statement"]:
        shown.append(card["statement"]["public_id"])
        browser.post(f"/a/river/statements/{shown[-1]}/votes/", {"choice": "pass", "revision": "0"})

    assert shown == promised
    assert len(set(shown)) == 6


def test_a_statement_put_off_comes_again_after_all_others_and_leaves_no_entry():
    assembly = an_assembly("river")
    for _ in range(3):
        a_statement(assembly)
    browser = browser_of(a_member(assembly))
    first = browser.get("/a/river/deck/").context["statement"]["public_id"]

    browser.post(f"/a/river/statements/{first}/postponements/")
    order = [browser.get("/a/river/deck/").context]
    order = [order[0]["statement"]["public_id"], *(each["statement"]["public_id"] for each in order[0]["coming"])]

    assert (order[-1], len(order), len(set(order))) == (first, 3, 3)
    assert (assembly.votes.count(), assembly.record.count()) == (0, 0)


def test_the_last_statement_put_off_twice_changes_places_with_the_other_one_put_off():
    assembly = an_assembly("river")
    one, other = a_statement(assembly).public_id, a_statement(assembly).public_id
    browser = browser_of(a_member(assembly))

    for public_id in (one, other, one):
        browser.post(f"/a/river/statements/{public_id}/postponements/")

    assert browser.get("/a/river/deck/").context["statement"]["public_id"] == other
