import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from deliberation.actions.errors import PhaseClosed, StaleVote
from deliberation.actions.phases import close_phase
from deliberation.actions.voting import Standing, vote_on
from deliberation.models import Choice, PhaseKind, RecordEntry, Vote
from tests.people import a_member, a_statement, an_assembly


@pytest.fixture
def assembly(db):
    return an_assembly()


@pytest.fixture
def statement(assembly):
    return a_statement(assembly)


def test_choices_are_the_numbers_that_files_and_the_map_use():
    assert [(choice.word, int(choice)) for choice in Choice] == [
        ("agree", 1),
        ("disagree", -1),
        ("pass", 0),
        ("withdrawn", 9),
    ]


def test_a_vote_is_written_with_its_record_entry(ana, statement):
    standing = vote_on(ana, statement, Choice.AGREE)

    entry = RecordEntry.objects.get(type="vote")
    opened = json.loads(bytes(entry.opening.content))
    assert standing == Standing(Choice.AGREE, 1)
    assert Vote.objects.values_list("participant", "statement", "choice").get() == (ana.pk, statement.pk, 1)
    assert (opened["choice"], opened["statement"]) == ("agree", statement.public_id)
    assert b"agree" not in bytes(entry.leaf)


def test_a_second_vote_replaces_the_first(ana, statement):
    vote_on(ana, statement, Choice.AGREE)

    standing = vote_on(ana, statement, Choice.DISAGREE, replaces=1)

    assert standing == Standing(Choice.DISAGREE, 2)
    assert list(Vote.objects.values_list("choice", "revision")) == [(-1, 2)]
    assert [json.loads(bytes(e.leaf))["n"] for e in RecordEntry.objects.filter(type="vote").order_by("pk")] == [1, 2]


def test_all_changes_of_one_vote_share_an_id_and_two_votes_do_not(ana, statement):
    vote_on(ana, statement, Choice.AGREE)
    vote_on(ana, statement, Choice.PASS, replaces=1)
    vote_on(ana, a_statement(ana.assembly), Choice.AGREE)

    ids = [json.loads(bytes(e.leaf))["id"] for e in RecordEntry.objects.filter(type="vote").order_by("pk")]

    assert ids[0] == ids[1] != ids[2]


def test_the_same_vote_sent_twice_is_one_vote(ana, statement):
    vote_on(ana, statement, Choice.AGREE, replaces=0)

    again = vote_on(ana, statement, Choice.AGREE, replaces=0)

    assert again == Standing(Choice.AGREE, 1)
    assert RecordEntry.objects.filter(type="vote").count() == 1


def test_a_vote_from_an_old_page_does_not_overwrite_a_newer_one(ana, statement):
    vote_on(ana, statement, Choice.AGREE)

    with pytest.raises(StaleVote):
        vote_on(ana, statement, Choice.DISAGREE, replaces=0)

    assert Vote.objects.get().choice == Choice.AGREE


def test_nothing_is_written_when_the_phase_has_closed(ana, statement):
    close_phase(ana.assembly.phases.get())

    with pytest.raises(PhaseClosed):
        vote_on(ana, statement, Choice.AGREE)

    assert (Vote.objects.count(), RecordEntry.objects.filter(type="vote").count()) == (0, 0)


def test_nothing_is_written_while_people_only_learn(db):
    assembly = an_assembly(phase=PhaseKind.LEARNING)

    with pytest.raises(PhaseClosed):
        vote_on(a_member(assembly), a_statement(assembly), Choice.AGREE)

    assert Vote.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_browsers_of_one_person_at_the_same_moment_leave_one_vote():
    assembly = an_assembly()
    ana, statement = a_member(assembly), a_statement(assembly)

    def vote(choice: Choice) -> str:
        try:
            vote_on(ana, statement, choice, replaces=0)
            return "kept"
        except StaleVote:
            return "stale"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as browsers:
        outcomes = list(browsers.map(vote, [Choice.AGREE, Choice.DISAGREE] * 4))

    kept = Vote.objects.get()
    assert kept.revision == 1
    assert outcomes.count("kept") >= 1
    assert RecordEntry.objects.filter(type="vote").count() == 1
    with transaction.atomic():
        assert Vote.objects.filter(choice=kept.choice).count() == 1
