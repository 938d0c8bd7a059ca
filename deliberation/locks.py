from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

NUMBERING, MAPPING, SUMMARISING, REPORTING, IMPORTING, SEALING, BUNDLING = 1, 2, 3, 4, 5, 6, 7
TELLING_NEWS = 20  # of an account
EXPORTING = 21  # of a file of a report
DRAWING = 40  # from a pool


def lock_until_commit(purpose: int, assembly_id: int) -> None:
    """Wait for, and hold until this transaction ends, the right to do this in this assembly."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [purpose, assembly_id])


def try_lock_until_commit(purpose: int, assembly_id: int) -> bool:
    """The same without waiting: False if somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [purpose, assembly_id])
        return cursor.fetchone()[0]


def try_share_until_commit(purpose: int, assembly_id: int) -> bool:
    """Hold it together with others who share it: False if somebody holds it alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", [purpose, assembly_id])
        return cursor.fetchone()[0]


@contextmanager
def locked(purpose: int, assembly_id: int) -> Iterator[None]:
    """Hold a lock around a transaction, so that the snapshot it takes shows what the last holder committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [purpose, assembly_id])
    try:
        yield
    finally:
        _unlock(purpose, assembly_id)


@contextmanager
def locked_unless_held(purpose: int, assembly_id: int) -> Iterator[bool]:
    """The same without waiting: False inside the block if somebody else holds it. It goes with its holder's life."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [purpose, assembly_id])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            _unlock(purpose, assembly_id)


def _unlock(purpose: int, assembly_id: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [purpose, assembly_id])
    except OperationalError:
        connection.close()  # a lost connection has lost its locks too


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction in which every query sees the database as it was at the first."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
