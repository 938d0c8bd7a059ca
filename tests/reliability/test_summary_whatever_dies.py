"""The language worker is killed at every step, its work done and not yet kept: the same summary comes all the same."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from deliberation.actions import summarising
from deliberation.actions.mapping import refresh_map
from deliberation.analysis.summary_document import digest_of_document
from deliberation.models import Argument, Assembly, RunState, Step, Summary, SummaryRun
from tests.deliberation.test_summary import COST, JOBS, NOISE, SMELL
from tests.people import a_member, a_proposal, an_assembly, two_camps
from tests.stack import Stack, wait_until

PATIENCE = 600.0  # seconds for a worker that loads its models on a busy machine

# Where the table names a step, the update that would keep what that step found never comes back.
STANDSTILL = """
    CREATE TABLE standstill (step text);
    CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.results <> OLD.results OR NEW.state = 'done') AND OLD.step IN (SELECT step FROM standstill) THEN
            PERFORM pg_sleep(3600);
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER stand_still BEFORE UPDATE ON deliberation_summaryrun
        FOR EACH ROW EXECUTE FUNCTION stand_still();
"""
SLEEPING = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


@pytest.fixture
def reading_stack(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A machine whose language worker reads and drafts with the packaged models."""
    with django_db_blocker.unblock(), Stack(language=True) as running:
        yield running


def an_argued_assembly() -> Assembly:
    assembly = an_assembly("river")
    two_camps(assembly)
    refresh_map(assembly)
    proposal = a_proposal(assembly)
    for side, texts in (("for", SMELL + JOBS), ("against", COST + NOISE)):
        for text in texts:
            Argument.objects.create(
                assembly=assembly, proposal=proposal, author=a_member(assembly), side=side, text=text, language="en"
            )
    return assembly


def ask(query: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.timeout(3600)
def test_a_worker_killed_at_every_step_leaves_the_same_summary(reading_stack: Stack):
    with reading_stack.orm():
        assembly = an_argued_assembly()
        undisturbed = summarising.start(assembly, None)
        wait_until(lambda: has_ended(undisturbed), PATIENCE)
        ask(STANDSTILL)
        run = summarising.start(assembly, None)

        for step in Step:
            ask("INSERT INTO standstill VALUES (%s)", step)
            wait_until(lambda: ask(f"SELECT pid {SLEEPING}"), PATIENCE)
            assert SummaryRun.objects.get(pk=run.pk).step == step
            reading_stack.kill("language")
            ask("DELETE FROM standstill")
            ask(f"SELECT pg_terminate_backend(pid) {SLEEPING}")
            wait_until(lambda: not ask(f"SELECT pid {SLEEPING}"), PATIENCE)
        wait_until(lambda: has_ended(run), PATIENCE)

        expected, made = Summary.objects.order_by("version")
        run.refresh_from_db()
        assert (run.state, made.run) == (RunState.DONE, run)
        assert digest_of_document(made.document) == digest_of_document(expected.document)
        assert words_of(made) == words_of(expected)


def has_ended(run: SummaryRun) -> bool:
    return not SummaryRun.objects.get(pk=run.pk).is_unfinished


def words_of(summary: Summary) -> list[tuple[str, str]]:
    return list(summary.wordings.order_by("key").values_list("key", "text"))
