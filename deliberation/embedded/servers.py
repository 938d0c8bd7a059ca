"""PostgreSQL and Redis of one `var/` directory, or those that the operator names in the environment."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from deliberation.embedded import postgres, redis_server
from deliberation.embedded.addresses import database_url, redis_url, run_directory
from deliberation.embedded.errors import CannotStartError
from deliberation.embedded.leash import make_passable
from deliberation.embedded.supervisor import Supervisor


def start_servers(supervisor: Supervisor, var: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Ask for both. DATABASE_URL or REDIS_URL in the environment replaces the embedded one."""
    make_passable(run_directory(var))
    if not environment.get("REDIS_URL"):
        redis_server.start(supervisor, var)
    if not environment.get("DATABASE_URL"):
        postgres.start(supervisor, var)


def wait_for_servers(supervisor: Supervisor, var: Path, environment: Mapping[str, str] = os.environ) -> None:
    if url := environment.get("DATABASE_URL"):
        check_database(url)
    else:
        postgres.wait_until_ready(supervisor, var)
    if url := environment.get("REDIS_URL"):
        check_redis(url)
    else:
        redis_server.wait_until_ready(supervisor, var)


def check_database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        raise CannotStartError(f"DATABASE_URL is set, but no database answers there: {error}") from None


def check_redis(url: str) -> None:
    if not redis_server.answers(url):
        raise CannotStartError("REDIS_URL is set, but no Redis answers there.")


def addresses_of(var: Path) -> dict[str, str]:
    """The environment of a process that is to use the servers of this `var/`."""
    return {"MAJELIS_VAR": str(var), "DATABASE_URL": database_url(var), "REDIS_URL": redis_url(var)}


@contextmanager
def hold(var: Path) -> Iterator[None]:
    """The only supervisor of this `var/`; the kernel lets go of it however the supervisor ends."""
    make_passable(var)
    with open(os.open(var / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStartError(f"Majelis runs already in {var} (process {lock.read().strip()}).") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
