"""The real processes of an assembly's machine, beside the tests: own PostgreSQL, Redis, web, workers and scheduler."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import dj_database_url
import psutil
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend

from deliberation.embedded import processes
from deliberation.embedded.addresses import run_directory
from deliberation.embedded.servers import addresses_of, hold, start_servers, wait_for_servers
from deliberation.embedded.supervisor import Program, Supervisor

Found = TypeVar("Found")
LOOK_EVERY = 0.02
PATIENCE = 180.0  # seconds, on a machine that does other things too; how long it takes is not judged here


def wait_until(condition: Callable[[], Found], timeout: float = PATIENCE) -> Found:
    """What the condition returns once that is true; an AssertionError if it is not in time."""
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{condition} was not true within {timeout} s"
        time.sleep(LOOK_EVERY)
    return found


def at_work(family: list[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended; one that has is listed until whoever inherited it has looked."""
    found = []
    for process in family:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


class Stack:
    """`with Stack(language=False) as stack:` starts everything; the block's end stops it and removes its directory.

    Its programs are named postgres, redis, web, maps, language, interactive, exports, mail, record and beat. The
    supervisor starts again what a test kills.
    """

    def __init__(
        self,
        language: bool = False,
        interactive: bool = False,
        exports: bool = False,
        mail: bool = False,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.exports = exports
        self.mail = mail
        self.language = language
        self.interactive = interactive
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.var = Path(tempfile.mkdtemp(prefix="majelis-stack-")).resolve()
        own = {**addresses_of(self.var), "PORT": str(self.port), "BASE_URL": self.base_url}
        self.environment = {**os.environ, **own, **(environment or {})}
        self.events: list[str] = []  # what the supervisor had to say: deaths and new starts
        self.supervisor = Supervisor(self.var / "log", self.events.append)
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        self._closing.callback(shutil.rmtree, run_directory(self.var), ignore_errors=True)
        self._closing.callback(shutil.rmtree, self.var, ignore_errors=True)
        with ExitStack() as undo:
            undo.push(self._closing)
            self._closing.enter_context(hold(self.var))
            self._closing.enter_context(self.supervisor)
            self._start()
            undo.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._closing.close()

    def _start(self) -> None:
        start_servers(self.supervisor, self.var, environment={})
        for made in ("static", "locale"):
            if (settings.VAR_DIR / made).exists():
                shutil.copytree(settings.VAR_DIR / made, self.var / made)
        wait_for_servers(self.supervisor, self.var, environment={})
        self.manage("migrate", "--no-input", "--verbosity", "0")
        self.supervisor.start(*self._programs())
        self.supervisor.wait_for("web", self.answers)

    def _programs(self) -> list[Program]:
        queues = ["maps", "language"] if self.language else ["maps"]
        return [
            processes.web("127.0.0.1", self.port, self.environment),
            *(processes.worker(queue, self.environment) for queue in queues),
            *([processes.reader(self.environment)] if self.interactive else []),
            *([processes.exporter(self.environment)] if self.exports else []),
            *([processes.mailer(self.environment)] if self.mail else []),
            processes.sealer(self.environment),
            processes.scheduler(self.var, self.environment),
        ]

    def answers(self) -> bool:
        return processes.web_answers(self.port)

    def kill(self, name: str) -> int:
        """kill -9; the supervisor starts the program again. Returns the id of the process that is gone."""
        killed = self.supervisor.kill(name)
        wait_until(lambda: not psutil.pid_exists(killed) or self.supervisor.process_id(name) != killed)
        return killed

    def stop(self, name: str) -> None:
        """Stop one program until `start`."""
        self.supervisor.stop(name)

    def start(self, name: str) -> None:
        self.supervisor.start(self.supervisor.children[name].program)
        wait_until(lambda: self.supervisor.process_id(name))

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    def runs(self, name: str) -> psutil.Process | None:
        """The process that runs the program now."""
        process_id = self.supervisor.process_id(name)
        return psutil.Process(process_id) if process_id else None

    def log(self, name: str) -> str:
        return (self.var / "log" / f"{name}.log").read_text(errors="replace")

    def manage(self, *arguments: str) -> str:
        """Run a management command on this stack's servers and return what it printed."""
        command = [sys.executable, str(processes.PROJECT / "manage.py"), *arguments]
        result = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=300)
        assert result.returncode == 0, f"{arguments} failed:\n{result.stdout}\n{result.stderr}"
        return result.stdout

    @property
    def database(self) -> dict[str, Any]:
        """Django's connection settings for this stack's database."""
        return {
            **connections[DEFAULT_DB_ALIAS].settings_dict,
            **dj_database_url.parse(self.environment["DATABASE_URL"]),
            "OPTIONS": {},
        }

    @contextmanager
    def orm(self) -> Iterator[None]:
        """Models and actions called in this thread meet this stack's database. What they enqueue stays in the tests'
        Redis: the stack's sweeper finds it, as it finds every lost message."""
        from deliberation.analysis.votes import forget_all  # models can be imported once Django is set up

        before = connections[DEFAULT_DB_ALIAS]
        forget_all()  # the votes of an assembly that has the same number elsewhere
        own = load_backend(self.database["ENGINE"]).DatabaseWrapper(self.database, DEFAULT_DB_ALIAS)
        connections[DEFAULT_DB_ALIAS] = own
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = before
            forget_all()
            own.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
