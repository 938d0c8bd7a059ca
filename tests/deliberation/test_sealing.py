"""Sealing: what gets its place in the record when, and what is never signed."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from deliberation import record, tasks
from deliberation.actions.phases import close_phase, open_phase
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.models import Assembly, Checkpoint, Choice, Participant, Phase, RecordEntry, RecordSubtree, Statement
from deliberation.record import tree
from deliberation.record.nodes import Nodes
from deliberation.record.notes import NoteRejectedError, Tree, opened
from deliberation.record.sealing import FEWEST_VOTERS, RecordDamagedError, seal, waiting
from tests.people import a_joined_member, a_member, a_statement, an_assembly, an_open_phase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RECORD_KEY_FILE", tmp_path / "record_key")


def voters(assembly: Assembly, count: int) -> list[Participant]:
    return [a_member(assembly) for _ in range(count)]


def everybody_votes(people: list[Participant], *statements: Statement) -> None:
    for person in people:
        for statement in statements:
            vote_on(person, statement, Choice.AGREE)


def sealed_types(assembly: Assembly) -> list[str]:
    return sorted(RecordEntry.objects.filter(assembly=assembly, sequence__isnull=False).values_list("type", flat=True))


def hashes_of(assembly: Assembly) -> list[bytes]:
    sealed = RecordEntry.objects.filter(assembly=assembly, sequence__isnull=False).order_by("sequence")
    return [bytes(entry.leaf_hash) for entry in sealed]


def config_entries(assembly: Assembly, count: int) -> None:
    record.append_all(assembly, (record.Contribution("config", f"{n}", {"n": n}) for n in range(count)))


def test_a_statement_is_sealed_at_once_and_the_checkpoint_says_so(assembly):
    make_statement(a_member(assembly), "Plant trees on the bank.", "en")

    checkpoint = seal(assembly)

    entry = RecordEntry.objects.get(type="statement")
    signed = Tree.parsed(opened(checkpoint.note, checkpoint.key))
    assert entry.sequence == 0
    assert signed == Tree(f"127.0.0.1:8000/assembly/{assembly.public_id}", 1, bytes(entry.leaf_hash))
    assert (checkpoint.size, bytes(checkpoint.root)) == (1, bytes(entry.leaf_hash))


def test_nothing_to_seal_makes_no_checkpoint(assembly):
    config_entries(assembly, 3)

    assert seal(assembly).size == 3
    assert seal(assembly) is None
    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize(("people", "sealed"), [(FEWEST_VOTERS - 1, 0), (FEWEST_VOTERS, 2 * FEWEST_VOTERS)])
def test_votes_wait_until_ten_people_have_voted(assembly, people, sealed):
    first, second = a_statement(assembly), a_statement(assembly)

    everybody_votes(voters(assembly, people), first, second)
    seal(assembly)

    assert len(sealed_types(assembly)) == sealed


def test_many_votes_of_few_people_wait_while_texts_go_on(assembly):
    ana = a_member(assembly)
    everybody_votes([ana], *(a_statement(assembly) for _ in range(30)))
    make_statement(ana, "Plant trees on the bank.", "en")

    seal(assembly)

    assert sealed_types(assembly) == ["statement"]


def test_the_end_of_a_phase_seals_the_votes_that_waited(assembly):
    everybody_votes(voters(assembly, 2), a_statement(assembly))
    assert waiting() == []

    close_phase(assembly.phases.get())

    assert waiting() == [assembly.pk]
    seal(assembly)
    assert sealed_types(assembly) == ["phase", "vote", "vote"]


def test_the_end_of_a_phase_is_noticed_even_where_the_next_one_opens_at_once(assembly):
    everybody_votes(voters(assembly, 2), a_statement(assembly))
    following = Phase.objects.create(
        assembly=assembly, position=2, kind="deliberation", starts_on="2026-01-01", ends_on="2026-01-02"
    )

    open_phase(following)
    seal(assembly)

    assert sealed_types(assembly) == ["phase", "phase", "vote", "vote"]


def test_entries_sealed_together_are_shuffled(assembly):
    config_entries(assembly, 200)

    seal(assembly)

    sealed = list(RecordEntry.objects.order_by("pk").values_list("sequence", flat=True))
    assert sorted(sealed) == list(range(200))
    assert sealed != list(range(200))


@pytest.mark.parametrize("batches", [[1, 1, 1], [255, 1, 1], [256, 256, 3], [300, 700]])
def test_batch_after_batch_gives_the_root_over_all_leaves_without_gaps(assembly, batches):
    checkpoints = []
    for count in batches:
        config_entries(assembly, count)
        checkpoints.append(seal(assembly))

    hashes = hashes_of(assembly)
    sizes = [sum(batches[: n + 1]) for n in range(len(batches))]
    assert len(hashes) == sum(batches)
    assert [each.size for each in checkpoints] == sizes
    assert [bytes(each.root) for each in checkpoints] == [tree.root_of(hashes[:size]) for size in sizes]
    assert RecordSubtree.objects.count() == sum(batches) // 256


def test_proofs_from_what_is_stored_hold(assembly):
    for count in (300, 400):
        config_entries(assembly, count)
        seal(assembly)
    newest, older = Checkpoint.objects.all()
    nodes, hashes = Nodes(assembly.pk), hashes_of(assembly)

    for index in (0, 255, 256, 299, 300, 512, 699):
        proof = nodes.inclusion_proof(index, newest.size)
        assert tree.is_included(hashes[index], index, newest.size, proof, bytes(newest.root))
    proof = nodes.consistency_proof(older.size, newest.size)
    assert tree.is_consistent(older.size, bytes(older.root), newest.size, bytes(newest.root), proof)


def test_sealing_one_more_entry_reads_little_of_a_long_record(assembly, django_assert_max_num_queries):
    config_entries(assembly, 20_000)
    seal(assembly)
    config_entries(assembly, 1)

    with django_assert_max_num_queries(20):
        seal(assembly)

    assert Checkpoint.objects.first().size == 20_001


def test_assemblies_are_found_by_one_query(assembly, django_assert_num_queries):
    config_entries(assembly, 1)
    others = [an_assembly() for _ in range(3)]
    for other in others[:2]:
        config_entries(other, 2)

    with django_assert_num_queries(1):
        found = waiting()

    assert sorted(found) == [assembly.pk, others[0].pk, others[1].pk]


def without_trigger(table: str, sql: str, parameters: list[object]) -> None:
    """What somebody with the database's root could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE deliberation_{table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute(f"ALTER TABLE deliberation_{table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


TAMPERING = {
    "a leaf hash at the edge": (
        "recordentry",
        "UPDATE deliberation_recordentry SET leaf_hash = sha256('x') WHERE sequence = 520",
    ),
    "a subtree": ("recordsubtree", "UPDATE deliberation_recordsubtree SET root = sha256('x') WHERE place = 1"),
    "a missing entry": ("recordentry", "UPDATE deliberation_recordentry SET sequence = NULL WHERE sequence = 515"),
    "a waiting leaf that is not what was hashed": (
        "recordentry",
        "UPDATE deliberation_recordentry SET leaf = 'x' WHERE sequence IS NULL",
    ),
}


@pytest.mark.parametrize(("table", "sql"), TAMPERING.values(), ids=TAMPERING.keys())
def test_a_record_that_was_tampered_with_is_not_signed_again(assembly, table, sql):
    config_entries(assembly, 530)
    seal(assembly)
    config_entries(assembly, 1)

    without_trigger(table, sql, [])

    with pytest.raises(RecordDamagedError):
        seal(assembly)
    assert Checkpoint.objects.count() == 1


def test_another_key_does_not_go_on_where_the_first_ended(assembly, tmp_path, monkeypatch):
    config_entries(assembly, 1)
    seal(assembly)
    config_entries(assembly, 1)

    monkeypatch.setattr(settings, "RECORD_KEY_FILE", tmp_path / "another_key")

    with pytest.raises(NoteRejectedError):
        seal(assembly)


def test_a_site_that_moves_keeps_the_name_of_its_record(assembly, monkeypatch):
    config_entries(assembly, 1)
    first = seal(assembly)
    config_entries(assembly, 1)

    monkeypatch.setattr(settings, "BASE_URL", "https://majelis.example")

    assert Tree.parsed(seal(assembly).note).origin == Tree.parsed(first.note).origin


def test_one_damaged_record_does_not_stop_the_others(assembly, caplog):
    for each in (assembly, other := an_assembly()):
        config_entries(each, 1)
        seal(each)
        config_entries(each, 1)
    sql = "UPDATE deliberation_recordentry SET leaf_hash = sha256('x') WHERE assembly_id = %s AND sequence = 0"
    without_trigger("recordentry", sql, [assembly.pk])

    tasks.seal()

    assert (assembly.checkpoints.first().size, other.checkpoints.first().size) == (1, 2)
    assert f"nothing of assembly {assembly.pk} was sealed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_sealers_that_run_at_once_leave_no_gap_and_no_double(assembly):
    people = voters(assembly, 12)
    statements = [a_statement(assembly) for _ in range(5)]

    def vote(person: Participant) -> None:
        try:
            everybody_votes([person], *statements)
        finally:
            connection.close()

    def seal_often(_: int) -> None:
        try:
            for _ in range(10):
                seal(assembly)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as hands:
        list(hands.map(vote, people[:6]))
        work = [hands.submit(vote, person) for person in people[6:]] + [hands.submit(seal_often, n) for n in range(3)]
        for each in work:
            each.result()
    close_phase(assembly.phases.get())
    last = seal(assembly)

    hashes = hashes_of(assembly)
    sequences = list(RecordEntry.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(61))
    assert (last.size, bytes(last.root)) == (61, tree.root_of(hashes))


def test_entries_written_by_the_actions_know_their_owners(assembly):
    ana = a_joined_member(assembly, "Ana")
    statement = make_statement(ana, "Plant trees on the bank.", "en")
    vote_on(ana, statement, Choice.AGREE)
    record.append(assembly, type="config", id="x", content={})

    owners = RecordEntry.objects.order_by("pk").values_list("type", "owner__participant")

    assert list(owners) == [("enrol", ana.pk), ("statement", ana.pk), ("vote", ana.pk), ("config", None)]
    assert all(ana.public_id.encode() not in bytes(e.leaf) for e in RecordEntry.objects.exclude(type="enrol"))


def test_a_vote_and_its_record_rows_are_two_queries(assembly, django_assert_num_queries):
    ana, statement = a_member(assembly), a_statement(assembly)

    with django_assert_num_queries(4):  # a savepoint, the vote, its three record rows, the savepoint's end
        vote_on(ana, statement, Choice.AGREE)

    entry = RecordEntry.objects.select_related("opening", "owner").get(type="vote")
    assert json.loads(bytes(entry.opening.content))["choice"] == "agree"


FORBIDDEN = {
    "changing a checkpoint": lambda: Checkpoint.objects.update(size=257),
    "removing a checkpoint": lambda: Checkpoint.objects.all().delete(),
    "a smaller checkpoint": lambda: Checkpoint.objects.create(
        assembly=Assembly.objects.get(), size=255, root=b"", note="", key=""
    ),
    "changing a subtree": lambda: RecordSubtree.objects.update(place=2),
    "removing a subtree": lambda: RecordSubtree.objects.all().delete(),
}


@pytest.mark.parametrize("forbidden", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_database_itself_refuses_to_rewrite_what_is_sealed(assembly, forbidden):
    config_entries(assembly, 256)
    seal(assembly)

    with pytest.raises(DatabaseError), transaction.atomic():
        forbidden()


def test_a_second_open_phase_is_no_end_of_a_batch(assembly):
    close_phase(assembly.phases.get())
    seal(assembly)
    an_open_phase(assembly)
    everybody_votes(voters(assembly, 3), a_statement(assembly))

    seal(assembly)

    assert sealed_types(assembly) == ["phase"]
