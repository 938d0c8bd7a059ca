"""kill -9 in a burst of votes: nothing that was acknowledged is lost, and the map ends right.

The names of the invariants: I1 every acknowledged write is in the database, I2 one current vote per participant and
statement, I5 the published map equals a recomputation and covers every vote, and its versions never go back.
"""

import psutil
import psycopg
import pytest
from django.db.models import Count

from deliberation.analysis.consensus_map import recomputed
from deliberation.embedded.addresses import run_directory
from deliberation.models import Assembly, ConsensusMap, Vote
from tests.people import a_statement, an_assembly
from tests.stack import Stack, wait_until
from tests.voters import Voter, burst, ids_of, lost_votes

VOTERS, STATEMENTS = 12, 16


@pytest.fixture
def assembly(fresh_stack: Stack) -> Assembly:
    with fresh_stack.orm():
        made = an_assembly("river")
        for _ in range(STATEMENTS):
            a_statement(made)
        return made


@pytest.fixture
def voters(fresh_stack: Stack, assembly: Assembly) -> list[Voter]:
    return [Voter(fresh_stack, assembly.slug).join() for _ in range(VOTERS)]


def some_are_counted(voters: list[Voter], share: float) -> bool:
    return sum(len(voter.acknowledged) for voter in voters) >= share * VOTERS * STATEMENTS


@pytest.mark.parametrize("victim", ["web", "maps", "redis", "postgres"])
def test_a_kill_in_a_burst_of_votes_loses_no_acknowledged_vote(fresh_stack, assembly, voters, victim):
    with fresh_stack.orm():
        statements = ids_of(assembly)

    with burst(voters, statements):
        wait_until(lambda: some_are_counted(voters, 0.3))
        fresh_stack.kill(victim)

    with fresh_stack.orm():
        assert some_are_counted(voters, 1.0), "every voter got through in the end"
        assert lost_votes(assembly, voters) == []  # I1
        assert doubled_votes(assembly) == []  # I2
        newest = wait_until(lambda: map_of_all_votes(assembly))
        assert newest.snapshot == recomputed(newest)  # I5
        versions = list(
            ConsensusMap.objects.filter(assembly=assembly).order_by("created_at").values_list("version", flat=True)
        )
        assert versions == list(range(1, len(versions) + 1))


def test_the_checker_sees_the_votes_that_a_careless_database_loses(fresh_stack, assembly, voters):
    """The negative control: without synchronous commit a kill loses acknowledged votes, and I1 says so."""
    writer = make_careless(fresh_stack)
    with fresh_stack.orm():
        statements = ids_of(assembly)

    with burst(voters, statements):
        wait_until(lambda: some_are_counted(voters, 0.2))
        writer.suspend()  # what is acknowledged from here on stands in memory alone
        wait_until(lambda: some_are_counted(voters, 0.5))
        fresh_stack.kill("postgres")
        writer.kill()

    with fresh_stack.orm():
        wait_until(lambda: some_are_counted(voters, 1.0))
        assert lost_votes(assembly, voters) != []


def doubled_votes(assembly: Assembly) -> list[dict[str, int]]:
    pairs = Vote.objects.filter(assembly=assembly).values("participant", "statement")
    return list(pairs.annotate(n=Count("pk")).filter(n__gt=1))


def map_of_all_votes(assembly: Assembly) -> ConsensusMap | None:
    return ConsensusMap.objects.filter(assembly=assembly, votes=VOTERS * STATEMENTS).first()


def make_careless(stack: Stack) -> psutil.Process:
    """What nobody should do: answer before the vote is written, and write rarely. The app's role may not do this.

    Gives the process that writes what is not written yet.
    """
    socket = run_directory(stack.var) / "postgres"
    with psycopg.connect(f"host={socket} user=postgres dbname=majelis", autocommit=True) as server:
        server.execute("ALTER ROLE majelis SET synchronous_commit = off")
        server.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        server.execute("ALTER SYSTEM SET wal_writer_flush_after = '1GB'")
        server.execute("SELECT pg_reload_conf()")
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'majelis'")
        writer = server.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'").fetchone()
    return psutil.Process(writer[0])
