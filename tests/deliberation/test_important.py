"""Important to me: said beside a vote, told in counts, and without weight in the map."""

import json

import pytest

from deliberation import visibility
from deliberation.actions.errors import StaleVote
from deliberation.actions.mapping import refresh_map
from deliberation.actions.voting import Standing, vote_on
from deliberation.models import Choice, ConsensusMap, RecordOpening, ResultsShown, Vote
from tests.people import a_member, a_statement, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_vote_says_that_its_statement_is_important_and_so_does_its_entry(assembly, ana):
    statement = a_statement(assembly)

    browser_of(ana).post(
        f"/a/river/statements/{statement.public_id}/votes/", {"choice": "agree", "revision": "0", "important": "on"}
    )

    opened = json.loads(bytes(RecordOpening.objects.get().content))
    opened.pop("nonce")
    assert opened == {"statement": statement.public_id, "choice": "agree", "important": True}
    assert [(vote.choice, vote.important) for vote in Vote.objects.all()] == [(Choice.AGREE, True)]


def test_the_entry_of_a_vote_that_says_nothing_of_it_is_as_it_always_was(assembly, ana):
    statement = a_statement(assembly)

    vote_on(ana, statement, Choice.AGREE)

    opened = json.loads(bytes(RecordOpening.objects.get().content))
    assert sorted(opened) == ["choice", "nonce", "statement"]


def test_the_mark_alone_can_change_and_the_same_mark_sent_twice_is_one(assembly, ana):
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.PASS)

    once = vote_on(ana, statement, Choice.PASS, replaces=1, important=True)
    again = vote_on(ana, statement, Choice.PASS, replaces=1, important=True)

    assert once == again == Standing(Choice.PASS, 2)
    assert Vote.objects.get().important


def test_another_mark_on_a_vote_that_has_changed_meanwhile_is_stale(assembly, ana):
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.AGREE)

    with pytest.raises(StaleVote):
        vote_on(ana, statement, Choice.AGREE, replaces=0, important=True)


def test_a_vote_taken_back_is_important_no_more(assembly, ana):
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.AGREE, important=True)

    vote_on(ana, statement, Choice.WITHDRAWN, replaces=1, important=True)

    assert [(vote.choice, vote.important) for vote in Vote.objects.all()] == [(Choice.WITHDRAWN, False)]


def test_one_s_votes_show_the_mark_and_take_it_away(assembly, ana):
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.AGREE, important=True)
    browser = browser_of(ana)
    address = f"/a/river/statements/{statement.public_id}/votes/"

    before = browser.get("/a/river/votes/").content.decode()
    browser.post(address, {"choice": "agree", "revision": "1", "edition": "0", "next": "votes"})
    after = browser.get("/a/river/votes/").content.decode()

    mark = f'aria-label="Statement {statement.number} is important to me"'
    assert (f'aria-pressed="true" {mark}' in before, f'aria-pressed="false" {mark}' in after) == (True, True)


def test_to_how_many_it_is_important_is_told_from_five_votes_on(assembly):
    much, little = a_statement(assembly), a_statement(assembly)
    people = [a_member(assembly) for _ in range(5)]
    for number, person in enumerate(people):
        vote_on(person, much, Choice.AGREE, important=number < 2)
    for person in people[:4]:
        vote_on(person, little, Choice.AGREE, important=True)

    assert visibility.importance_for(assembly, None) == {much.pk: {"important": 2, "votes": 5}}
    assert "Important to 2 of 5 who voted" in browser_of(None).get("/a/river/statements/").content.decode()


def test_while_results_are_hidden_nobody_is_told_to_how_many(assembly):
    statement = a_statement(assembly)
    for _ in range(5):
        vote_on(a_member(assembly), statement, Choice.AGREE, important=True)
    assert visibility.importance_for(assembly, None) != {}

    assembly.phases.update(results=ResultsShown.AFTER_CLOSE)

    hidden = type(assembly).objects.get()
    assert visibility.importance_for(hidden, None) == {}
    assert "Important to" not in browser_of(None).get("/a/river/statements/").content.decode()


def test_the_map_is_the_same_whatever_is_important_to_anybody(assembly):
    two_camps(assembly)
    before = refresh_map(assembly).snapshot

    Vote.objects.filter(participant__in=assembly.participants.all()[:7]).update(important=True)
    vote = Vote.objects.first()
    vote_on(vote.participant, vote.statement, Choice(vote.choice), replaces=vote.revision, important=True)
    ConsensusMap.objects.all().delete()
    after = refresh_map(assembly).snapshot

    assert after == before
