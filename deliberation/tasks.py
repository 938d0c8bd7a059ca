"""Celery's side: take ids, fetch, call one function. Running a task twice does no harm."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import connection

from deliberation import enqueue
from deliberation.actions import drawing, exporting, inviting, pooling, publishing, summarising, writing
from deliberation.actions.mailing import send_letters as send_letters_waiting
from deliberation.actions.mapping import refresh_map
from deliberation.actions.telling_news import write_news as write_todays_news
from deliberation.analysis import language_models
from deliberation.analysis.embedding import embed_missing
from deliberation.analysis.noticing import read_waiting
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
            SELECT FROM deliberation_moderation WHERE statement_id = statement.id AND decision <> 'held'))
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
    for run_id in summarising.left_alone():
        enqueue.ask_for_summary(run_id)
    publishing.withdraw_unsupported()


@shared_task(name="deliberation.tasks.seal")
def seal() -> None:
    """Seal what waits, in every assembly. Where a record does not fit together nothing is signed, and others go on."""
    for assembly_id in sealing.waiting():
        try:
            sealing.seal(Assembly.objects.get(pk=assembly_id))
        except (sealing.RecordDamagedError, sealing.NoteRejectedError):
            logger.exception("nothing of assembly %s was sealed: its record has to be looked at", assembly_id)


@shared_task(name="deliberation.tasks.read_draft")
def read_draft(draft_id: int) -> None:
    writing.read_draft(draft_id)


@shared_task(name="deliberation.tasks.embed_contributions")
def embed_contributions() -> None:
    """Encode what was written since, and then read what waits for moderators, which is compared with all of it: a few
    texts at a time, so that nobody who writes waits behind an import."""
    enqueue.reader_is_there()
    if embed_missing() or read_waiting():
        enqueue.ask_for_vectors()


@shared_task(name="deliberation.tasks.make_report_file")
def make_report_file(file_id: int) -> None:
    made = exporting.make_file(file_id)
    if made is not None:
        logger.info("%s, %s bytes", made, made.size)


@shared_task(name="deliberation.tasks.tidy_report_files")
def tidy_report_files() -> None:
    """Ask again for files that nobody is making, and remove those that nobody may be given any more."""
    for file_id in exporting.waiting():
        enqueue.ask_for_report_file(file_id)
    exporting.remove_strays()


@shared_task(name="deliberation.tasks.work_on_lottery")
def work_on_lottery(pool_id: int) -> None:
    drawing.work_on(pool_id)


@shared_task(name="deliberation.tasks.look_after_lotteries")
def look_after_lotteries() -> None:
    """Ask again for what nobody works on, and delete the data of pools whose day has come."""
    for pool_id in drawing.left_alone():
        enqueue.ask_for_lottery(pool_id)
    deleted = pooling.delete_what_is_due()
    if deleted:
        logger.info("the data of %s pools was deleted on the day that was stated", deleted)


@shared_task(name="deliberation.tasks.write_summary")
def write_summary(run_id: int) -> None:
    """One piece of a run; the next is another task, so that a stop is heard and a map of votes never waits long."""
    enqueue.summary_is_being_written(run_id)
    if summarising.advance(run_id):
        enqueue.ask_for_summary(run_id)


@worker_ready.connect
def look_at_models(sender: Any, **_: Any) -> None:
    """The language worker says at its start which models it has; a wrong one stops summaries and nothing else."""
    if "language" in sender.app.amqp.queues:
        language_models.check_models()


@shared_task(name="deliberation.tasks.send_letters")
def send_letters() -> None:
    sent = send_letters_waiting()
    if sent:
        logger.info("%s letters sent", sent)


@shared_task(name="deliberation.tasks.write_news")
def write_news() -> None:
    """Once a day: addresses that have served are forgotten, and whoever asked for news is told."""
    forgotten, written = inviting.forget_addresses_no_longer_needed(), write_todays_news()
    logger.info("%s addresses forgotten, %s letters with news written", forgotten, written)
