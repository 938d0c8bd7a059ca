"""Asking workers for work, by name. A question that gets lost is asked again by the sweeper."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from deliberation.redis_client import redis_client

logger = logging.getLogger(__name__)

SHORTEST_PAUSE_MS = 1_000  # between two maps of one assembly; it doubles while votes keep coming,
LONGEST_PAUSE_MS = 3_000  # so that a burst costs few maps and a single vote is seen at once
WAITING_MS = 5_000  # then an order counts as lost
THOROUGH_EVERY_MS = 60_000
SUMMARY_WAITING_MS = 20_000  # a worker that is busy or starting answers later; asking twice does no harm
READER_IS_THERE = "interactive:is-there"
READER_IS_THERE_FOR = 15  # seconds; it says so every five
VECTORS_WAITING = "vectors:waiting"
WORTH_READING_FOR = 5  # seconds; a script that got no answer in time asks once more


def map_refresh_on_commit(assembly_id: int) -> None:
    transaction.on_commit(lambda: ask_for_map(assembly_id), robust=True)


def ask_for_map(assembly_id: int) -> None:
    """Ask for a new map, unless one is on order: at once when none was made lately, else when its pause is over."""
    try:
        if redis_client().set(_waiting(assembly_id), 1, nx=True, px=WAITING_MS):
            pause = max(redis_client().pttl(_pace(assembly_id)), 0)
            _send("refresh_consensus_map", assembly_id, countdown=pause / 1000)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked for a map of assembly %s (%s); the sweeper will", assembly_id, error)


def map_is_being_made(assembly_id: int) -> None:
    """From here on a vote asks again: this run may not read it."""
    try:
        redis_client().delete(_waiting(assembly_id))
        in_a_row = redis_client().incr(_in_a_row(assembly_id))
        pause = min(SHORTEST_PAUSE_MS * 2 ** (in_a_row - 1), LONGEST_PAUSE_MS)
        redis_client().pexpire(_in_a_row(assembly_id), 2 * pause)
        redis_client().set(_pace(assembly_id), 1, px=pause)
    except RedisError as error:
        logger.warning("Redis did not take note of a map of assembly %s (%s)", assembly_id, error)


def ask_for_thorough_map(assembly_id: int) -> None:
    """Ask for a map that tests the groups, at most one a minute; it comes when the votes have had time to gather."""
    try:
        if redis_client().set(f"map:{assembly_id}:thorough", 1, nx=True, px=THOROUGH_EVERY_MS):
            _send("test_opinion_groups", assembly_id, countdown=THOROUGH_EVERY_MS / 1000)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked to test the groups of assembly %s (%s)", assembly_id, error)


def summary_on_commit(run_id: int) -> None:
    transaction.on_commit(lambda: ask_for_summary(run_id), robust=True)


def ask_for_summary(run_id: int) -> None:
    """Ask for the next piece of a run, unless that is on order."""
    try:
        if redis_client().set(_summary_waiting(run_id), 1, nx=True, px=SUMMARY_WAITING_MS):
            _send("write_summary", run_id)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked to go on with summary run %s (%s); the sweeper will", run_id, error)


def summary_is_being_written(run_id: int) -> None:
    """From here on the next piece may be asked for."""
    try:
        redis_client().delete(_summary_waiting(run_id))
    except RedisError as error:
        logger.warning("Redis did not take note of summary run %s (%s)", run_id, error)


def letters_on_commit() -> None:
    transaction.on_commit(_ask_for_letters, robust=True)


def _ask_for_letters() -> None:
    """Ask for the letters that wait to be sent; whoever is not asked now looks every half minute anyway."""
    try:
        current_app.send_task("deliberation.tasks.send_letters")
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked to send letters (%s)", error)


def have_draft_read(draft_id: int, digest: str, patience: float) -> None:
    """Ask for a draft to be read and wait until it was, `patience` seconds at most; not at all while nobody reads."""
    try:
        if redis_client().exists(READER_IS_THERE):
            current_app.send_task("deliberation.tasks.read_draft", [draft_id], expires=WORTH_READING_FOR)
            redis_client().blpop([_read(draft_id, digest)], timeout=patience)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked to read a draft (%s)", error)


def draft_was_read(draft_id: int, digest: str) -> None:
    try:
        redis_client().rpush(_read(draft_id, digest), 1)
        redis_client().expire(_read(draft_id, digest), 1)
    except RedisError as error:
        logger.warning("Redis did not take note of a draft that was read (%s)", error)


def reader_is_there() -> None:
    """For a while from now on people who write may wait a moment for the interactive worker."""
    try:
        redis_client().set(READER_IS_THERE, 1, ex=READER_IS_THERE_FOR)
        redis_client().delete(VECTORS_WAITING)
    except RedisError as error:
        logger.warning("Redis did not take note of the interactive worker (%s)", error)


def vectors_on_commit() -> None:
    transaction.on_commit(ask_for_vectors, robust=True)


def ask_for_vectors() -> None:
    """Ask for the vectors of what was written, unless that is on order; the scheduler asks every few seconds anyway."""
    try:
        if redis_client().set(VECTORS_WAITING, 1, nx=True, px=WAITING_MS):
            current_app.send_task("deliberation.tasks.embed_contributions", expires=WAITING_MS / 1000)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked for vectors (%s)", error)


def report_file_on_commit(file_id: int, after: int = 0) -> None:
    """Ask for a file of a report, after so many seconds: what changes often is then made once."""
    transaction.on_commit(lambda: ask_for_report_file(file_id, after), robust=True)


def ask_for_report_file(file_id: int, after: int = 0) -> None:
    try:
        _send("make_report_file", file_id, countdown=after)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked for file %s of a report (%s); the sweeper will", file_id, error)


def lottery_on_commit(pool_id: int) -> None:
    transaction.on_commit(lambda: ask_for_lottery(pool_id), robust=True)


def ask_for_lottery(pool_id: int) -> None:
    try:
        _send("work_on_lottery", pool_id)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked for the lottery of pool %s (%s); the sweeper will", pool_id, error)


def _send(name: str, assembly_id: int, **options: float) -> None:
    current_app.send_task(f"deliberation.tasks.{name}", [assembly_id], **options)


def _summary_waiting(run_id: int) -> str:
    return f"summary:{run_id}:waiting"


def _pace(assembly_id: int) -> str:
    return f"map:{assembly_id}:pace"


def _in_a_row(assembly_id: int) -> str:
    return f"map:{assembly_id}:in-a-row"


def _waiting(assembly_id: int) -> str:
    return f"map:{assembly_id}:waiting"


def _read(draft_id: int, digest: str) -> str:
    return f"draft:{draft_id}:{digest}:read"
