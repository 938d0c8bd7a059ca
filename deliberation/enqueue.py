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


def ask_for_summary(assembly_id: int) -> bool:
    """Ask for a new summary; False if no worker can be asked now."""
    try:
        _send("write_summary", assembly_id)
    except (RedisError, OperationalError, OSError) as error:
        logger.warning("no worker could be asked for a summary of assembly %s (%s)", assembly_id, error)
        return False
    return True


def _send(name: str, assembly_id: int, **options: float) -> None:
    current_app.send_task(f"deliberation.tasks.{name}", [assembly_id], **options)


def _pace(assembly_id: int) -> str:
    return f"map:{assembly_id}:pace"


def _in_a_row(assembly_id: int) -> str:
    return f"map:{assembly_id}:in-a-row"


def _waiting(assembly_id: int) -> str:
    return f"map:{assembly_id}:waiting"
