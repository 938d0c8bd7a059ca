"""The embedded PostgreSQL: one private cluster in `var/`, reached through a Unix socket in a private directory."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from deliberation.embedded.addresses import run_directory
from deliberation.embedded.binaries import postgres_binaries
from deliberation.embedded.errors import CannotStartError
from deliberation.embedded.leash import make_private, server_account, without_rights
from deliberation.embedded.supervisor import Program, Supervisor

NAME = "postgres"
ROLE = DATABASE = "majelis"
SUPERUSER = "postgres"
SYNC_METHOD = "syncfs" if sys.platform == "linux" else "fsync"  # one call instead of one for each of 1,000 files
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def start(supervisor: Supervisor, var: Path) -> None:
    """Ask for the server; the first time, make its cluster before."""
    cluster, sockets = var / "postgres", run_directory(var) / "postgres"
    for directory in (cluster, sockets):
        make_private(directory, server_account())
    data = cluster / "data"
    if data.exists():
        check_version(data)
        forget_a_stale_lock(data)
    else:
        make_cluster(data)
    supervisor.start(program(data, sockets))


def wait_until_ready(supervisor: Supervisor, var: Path) -> None:
    supervisor.wait_for(NAME, lambda: answers(var))
    make_role_and_database(var)


def program(data: Path, sockets: Path) -> Program:
    command = [str(postgres_binaries() / "postgres"), "-D", str(data), "-k", str(sockets), "-c", "listen_addresses="]
    command += ["-c", f"recovery_init_sync_method={SYNC_METHOD}"]
    return Program(
        NAME,
        tuple(without_rights(command, reaches=[postgres_binaries(), data, sockets], death=signal.SIGINT)),
        stop_signal=signal.SIGINT,  # a fast shutdown: it rolls back and closes what is open
        patience=30.0,
        environment=ENVIRONMENT,
        stops=3,
    )


def make_cluster(data: Path) -> None:
    """initdb beside the final place, so that one that was interrupted is never taken for a cluster."""
    unfinished = data.with_name("unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    command = [str(postgres_binaries() / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject", f"--sync-method={SYNC_METHOD}"]
    result = subprocess.run(  # noqa: S603 (the command is written above)
        without_rights(command, reaches=[postgres_binaries(), unfinished]),
        cwd="/",
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode != 0:
        raise CannotStartError(f"PostgreSQL could not make its cluster in {data.parent}: {result.stderr.strip()}")
    unfinished.rename(data)


def check_version(data: Path) -> None:
    has = (data / "PG_VERSION").read_text().strip()
    runs = postgres_binaries().parent.name.removeprefix("pginstall")
    if has != runs:
        raise CannotStartError(
            f"{data} was made by PostgreSQL {has}, and PostgreSQL {runs} is installed: dump it with the old version "
            "and restore it with the new one, as docs/operating.md says."
        )


def forget_a_stale_lock(data: Path) -> None:
    """After a crash the process id in the lock file may belong to somebody else by now, and PostgreSQL would refuse."""
    lock = data / "postmaster.pid"
    try:
        process = psutil.Process(int(lock.read_text().split()[0]))
        if process.name() == "postgres":
            return
    except FileNotFoundError:
        return
    except (psutil.NoSuchProcess, ValueError, IndexError):
        pass
    lock.unlink()


def connection(var: Path, user: str = SUPERUSER, database: str = "postgres") -> psycopg.Connection:
    sockets = run_directory(var) / "postgres"
    return psycopg.connect(host=str(sockets), user=user, dbname=database, autocommit=True, connect_timeout=5)


def answers(var: Path) -> bool:
    try:
        connection(var).close()
    except psycopg.OperationalError:
        return False
    return True


def make_role_and_database(var: Path) -> None:
    """The role of the application owns its database and may make test databases; it is no superuser."""
    with connection(var) as server:
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            server.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            names = {"database": sql.Identifier(DATABASE), "role": sql.Identifier(ROLE)}
            server.execute(sql.SQL("CREATE DATABASE {database} OWNER {role}").format(**names))
