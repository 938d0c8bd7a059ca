"""Celery's side: take ids, fetch, call one function. Running a task twice does no harm."""

import logging

from celery import shared_task
from django.db import connection

from deliberation import enqueue
from deliberation.actions.mapping import refresh_map
from deliberation.actions.summarising import summarise
from deliberation.models import Assembly
from deliberation.record import sealing

logger = logging.getLogger(__name__)

# Assemblies with a vote, or a statement that was moderated or withdrawn, that their newest map has not read.
STALE = """
    SELECT assembly.id
    FROM deliberation_assembly assembly
    LEFT JOIN LATERAL (
        SELECT read_at::pg_snapshot AS seen FROM deliberation_consensusmap
        WHERE assembly_id = assembly.id ORDER BY version DESC LIMIT 1
    ) newest ON true
    WHERE EXISTS (
        SELECT FROM deliberation_vote
        WHERE assembly_id = assembly.id AND (newest.seen IS NULL OR (
            written_in >= pg_snapshot_xmin(newest.seen) AND NOT pg_visible_in_snapshot(written_in, newest.seen)))
    ) OR (newest.seen IS NOT NULL AND EXISTS (
        SELECT FROM deliberation_statement statement
        WHERE assembly_id = assembly.id AND (withdrawn_at IS NOT NULL OR withdrawals > 0 OR EXISTS (
            SELECT FROM deliberation_moderation WHERE statement_id = statement.id))
        AND NOT pg_visible_in_snapshot(written_in, newest.seen)
    ))
"""


@shared_task(name="deliberation.tasks.refresh_consensus_map")
def refresh_consensus_map(assembly_id: int) -> None:
    made = refresh_map(Assembly.objects.get(pk=assembly_id))
    if made is not None:
        logger.info("map %s of assembly %s from %s votes", made.version, assembly_id, made.votes)


@shared_task(name="deliberation.tasks.test_opinion_groups")
def test_opinion_groups(assembly_id: int) -> None:
    made = refresh_map(Assembly.objects.get(pk=assembly_id), thorough=True)
    if made is not None:
        logger.info("map %s of assembly %s, tested", made.version, assembly_id)


@shared_task(name="deliberation.tasks.sweep")
def sweep() -> None:
    """Ask again for whatever the database says is missing: a lost message costs five seconds, never a vote."""
    with connection.cursor() as cursor:
        cursor.execute(STALE)
        for (assembly_id,) in cursor.fetchall():
            enqueue.ask_for_map(assembly_id)


@shared_task(name="deliberation.tasks.seal")
def seal() -> None:
    """Seal what waits, in every assembly. Where a record does not fit together nothing is signed, and others go on."""
    for assembly_id in sealing.waiting():
        try:
            sealing.seal(Assembly.objects.get(pk=assembly_id))
        except (sealing.RecordDamagedError, sealing.NoteRejectedError):
            logger.exception("nothing of assembly %s was sealed: its record has to be looked at", assembly_id)


@shared_task(name="deliberation.tasks.write_summary")
def write_summary(assembly_id: int) -> None:
    written = summarise(Assembly.objects.get(pk=assembly_id))
    if written is not None:
        logger.info("summary %s of assembly %s", written.version, assembly_id)
