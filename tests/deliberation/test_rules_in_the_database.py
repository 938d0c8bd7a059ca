"""Rules that hold even where our own code is wrong: each is broken here by hand."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from deliberation import record
from deliberation.models import Account, Argument, Moderation, Participant, Phase, RecordEntry, Statement, Vote
from tests.people import a_member, a_proposal, a_statement, an_assembly, an_open_phase
from tests.sessions import an_open_session

pytestmark = pytest.mark.django_db


def check_constraints_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(write) -> bool:
    """Whether the database itself refuses what `write` does."""
    try:
        with transaction.atomic():
            write()
            check_constraints_now()
    except (IntegrityError, DatabaseError):
        return True
    return False


def test_one_vote_a_participant_and_statement():
    assembly = an_assembly()
    vote = {"assembly": assembly, "participant": a_member(assembly), "statement": a_statement(assembly), "choice": 1}
    Vote.objects.create(**vote)

    assert refused(lambda: Vote.objects.create(**vote))


@pytest.mark.parametrize("choice", [7, 2, -2, 10])
def test_a_vote_is_one_of_the_known_choices(choice):
    assembly = an_assembly()

    assert refused(
        lambda: Vote.objects.create(
            assembly=assembly, participant=a_member(assembly), statement=a_statement(assembly), choice=choice
        )
    )


def test_a_vote_stays_within_one_assembly():
    here, elsewhere = an_assembly(), an_assembly()

    assert refused(
        lambda: Vote.objects.create(
            assembly=here, participant=a_member(here), statement=a_statement(elsewhere), choice=1
        )
    )
    assert refused(
        lambda: Vote.objects.create(
            assembly=here, participant=a_member(elsewhere), statement=a_statement(here), choice=1
        )
    )


def test_a_statement_and_an_argument_stay_within_one_assembly():
    here, elsewhere = an_assembly(), an_assembly()
    stranger = a_member(elsewhere)

    assert refused(lambda: a_statement(here, author=stranger))
    assert refused(
        lambda: Argument.objects.create(
            assembly=here, proposal=a_proposal(here), author=stranger, side="for", text="Yes", language="en"
        )
    )


def test_one_phase_is_open_at_a_time():
    assembly = an_assembly()

    assert refused(lambda: an_open_phase(assembly))


def test_a_phase_closes_after_it_opened():
    phase = an_assembly().phases.get()

    assert refused(lambda: Phase.objects.filter(pk=phase.pk).update(opened_at=None, closed_at=timezone.now()))


def test_a_pseudonym_is_used_once_whatever_its_capitals():
    assembly = an_assembly()
    a_member(assembly, "Calm Heron")

    assert refused(lambda: a_member(assembly, "calm heron"))
    assert not refused(lambda: a_member(an_assembly(), "Calm Heron"))


def test_an_account_takes_part_once():
    assembly = an_assembly()
    ana = a_member(assembly)

    assert refused(
        lambda: Participant.objects.create(
            assembly=assembly, account=ana.account, pseudonym="Twice", route="link", language="en"
        )
    )


def test_roles_routes_and_sides_are_known_ones():
    assembly = an_assembly()
    ana = a_member(assembly)

    assert refused(lambda: Participant.objects.filter(pk=ana.pk).update(roles=["king"]))
    assert refused(lambda: Participant.objects.filter(pk=ana.pk).update(route="window"))
    assert refused(
        lambda: Argument.objects.create(
            assembly=assembly, proposal=a_proposal(assembly), author=ana, side="maybe", text="Hm", language="en"
        )
    )


def test_somebody_who_joined_has_an_account():
    ana = a_member(an_assembly())

    assert refused(lambda: Participant.objects.filter(pk=ana.pk).update(account=None))
    assert Account.objects.filter(pk=ana.account_id).exists()


def test_a_statement_has_one_current_moderation():
    statement = a_statement(an_assembly())
    Moderation.objects.create(statement=statement, decision="rejected")

    assert refused(lambda: Moderation.objects.create(statement=statement, decision="shown"))


def test_statement_numbers_are_used_once():
    statement = a_statement(an_assembly())

    assert refused(lambda: Statement.objects.create(assembly=statement.assembly, number=1, text="x", language="en"))


def test_the_record_only_grows():
    assembly = an_assembly()
    entry = record.append(assembly, type="config", id="x", content={})

    assert refused(lambda: RecordEntry.objects.filter(pk=entry.pk).update(leaf=b"other"))
    assert refused(lambda: RecordEntry.objects.filter(pk=entry.pk).delete())
    assert not refused(lambda: RecordEntry.objects.filter(pk=entry.pk).update(sequence=0))
    assert refused(lambda: RecordEntry.objects.filter(pk=entry.pk).update(sequence=1))


def test_a_seat_a_card_and_a_note_stay_within_one_assembly():
    here, elsewhere = an_assembly(), an_assembly()
    session, stranger = an_open_session(here), a_member(elsewhere)
    made = session.table_rounds.create(assembly=here, number=1, size=6, tables=1, seed=1)

    assert refused(lambda: made.seats.create(assembly=here, participant=stranger, table=1))
    assert refused(lambda: session.cards.create(assembly=here, participant=stranger, kind="fast"))
    note = {"assembly": here, "author": stranger, "text": "Said", "language": "en"}
    assert refused(lambda: session.items.first().notes.create(**note))


def test_a_person_has_one_seat_a_round_and_a_card_about_a_word_names_it():
    here = an_assembly()
    session, ana = an_open_session(here), a_member(here)
    made = session.table_rounds.create(assembly=here, number=1, size=6, tables=2, seed=1)
    made.seats.create(assembly=here, participant=ana, table=1)

    assert refused(lambda: made.seats.create(assembly=here, participant=ana, table=2))
    assert refused(lambda: session.cards.create(assembly=here, participant=ana, kind="word"))
    assert refused(lambda: session.cards.create(assembly=here, participant=ana, kind="fast", word="leachate"))
