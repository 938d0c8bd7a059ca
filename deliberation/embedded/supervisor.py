"""Keeps programs running: starts them, starts again what dies, and stops them all."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from deliberation.embedded.errors import CannotStartError
from deliberation.embedded.leash import make_private

LOOK_EVERY = 0.05  # seconds between two looks at the children
LIVED_LONG_ENOUGH = 10.0  # seconds after which a death counts as the first one again
FIRST_WAIT = 0.1
LONGEST_WAIT = 10.0
HOPELESS_DEATHS = 3  # in a row, while somebody waits for the program to get ready
PATIENCE_WITH_DEATHS = 5.0  # seconds in which one may die as often as it likes: a predecessor may still be ending
LONGEST_LOG = 10_000_000


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]  # leashed: see leash.py
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0  # seconds from the stop signal to SIGKILL
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    directory: Path = Path("/")
    stops: int = 1  # programs with lower numbers stop first: what serves others stops last


class Child:
    """One program and the process that runs it now, if any."""

    def __init__(self, program: Program, log: Path, report: Callable[[str], None]) -> None:
        self.program = program
        self.log = log
        self.report = report
        self.wanted = False
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self._started = 0.0
        self._not_before = 0.0

    def want(self) -> None:
        self.wanted, self.deaths, self._not_before = True, 0, 0.0

    def look(self) -> None:
        """Note a death; start what is wanted and does not run."""
        if self.process and self.process.poll() is not None:
            self._bury()
        if self.wanted and not self.process and time.monotonic() >= self._not_before:
            self._start()

    def signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def finish(self, deadline: float) -> None:
        """Wait for the end of a process that was asked to stop; at the deadline, end it."""
        if not self.process:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._end_the_rest_of_its_group()
        self.process = None

    def last_lines(self, count: int = 5) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""

    def _start(self) -> None:
        self._started = time.monotonic()
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
        try:
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(  # noqa: S603 (the programs are written in this package)
                    self.program.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=self.program.environment,
                    cwd=self.program.directory,
                    start_new_session=True,  # Ctrl-C is for the supervisor, which stops the others in order
                )
        except OSError as error:
            self._try_again_later(str(error))

    def _bury(self) -> None:
        assert self.process is not None
        ended = self.process.returncode
        self._end_the_rest_of_its_group()
        self.process = None
        if self.wanted:
            self._try_again_later(signal.Signals(-ended).name if ended < 0 else f"exit code {ended}")

    def _try_again_later(self, why: str) -> None:
        now = time.monotonic()
        self.deaths = 1 if now - self._started > LIVED_LONG_ENOUGH else self.deaths + 1
        wait = min(FIRST_WAIT * 2 ** (self.deaths - 1), LONGEST_WAIT)
        self._not_before = now + wait
        self.report(f"{self.program.name} ended ({why}); starting it again in {wait:.1f} s")

    def _end_the_rest_of_its_group(self) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError, PermissionError):  # nobody is left in it (macOS says it is not permitted)
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Runs programs from a thread of its own, between `with Supervisor(…) as supervisor:` and the block's end.

    That thread starts every process, because the kernel ties a leash to the thread that held it when the process began.
    """

    def __init__(self, logs: Path, report: Callable[[str], None] = lambda line: None) -> None:
        self.logs = logs
        self.report = report
        self.children: dict[str, Child] = {}
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._ended = threading.Event()  # Thread.join() takes a thread for ended once Ctrl-C has interrupted it
        self._thread = threading.Thread(target=self._run, name="supervisor")

    def __enter__(self) -> Self:
        make_private(self.logs)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stopping.set()
        while not self._ended.is_set():
            try:
                self._ended.wait()
            except KeyboardInterrupt:
                self._hurry.set()
        self._thread.join()

    def start(self, *programs: Program) -> None:
        with self._lock:
            for program in programs:
                child = self.children.setdefault(
                    program.name, Child(program, self.logs / f"{program.name}.log", self.report)
                )
                child.want()

    def stop(self, name: str) -> None:
        """Stop one program and keep it stopped; it is gone when this returns."""
        with self._lock:
            child = self.children[name]
            child.wanted = False
            child.signal(child.program.stop_signal)
            child.finish(time.monotonic() + child.program.patience)

    def kill(self, name: str) -> int:
        """SIGKILL, as an accident would; returns the id of the process that died."""
        with self._lock:
            process = self.children[name].process
            if process is None:
                raise LookupError(f"{name} does not run")
            process.kill()
            return process.pid

    def process_id(self, name: str) -> int | None:
        """The id of the running process; None while there is none."""
        with self._lock:
            process = self.children[name].process
            return process.pid if process and process.poll() is None else None

    def wait_for(self, name: str, ready: Callable[[], bool], timeout: float = 60.0) -> None:
        """Wait until the program is ready; one that keeps dying is not waited for."""
        began = time.monotonic()
        child = self.children[name]
        while not ready():
            waited = time.monotonic() - began
            if waited > timeout or (child.deaths >= HOPELESS_DEATHS and waited > PATIENCE_WITH_DEATHS):
                raise CannotStartError(f"{name} does not start; {child.log} ends with:\n{child.last_lines()}")
            time.sleep(LOOK_EVERY)

    def join(self) -> None:
        """Wait while the programs run. Returns only if the supervisor itself fails."""
        self._ended.wait()

    def _run(self) -> None:
        try:
            self._look_until_stopped()
        finally:
            self._ended.set()

    def _look_until_stopped(self) -> None:
        try:
            while not self._stopping.wait(LOOK_EVERY):
                with self._lock:
                    for child in self.children.values():
                        child.look()
        finally:
            self._stop_all()

    def _stop_all(self) -> None:
        for turn in sorted({child.program.stops for child in self.children.values()}):
            children = [child for child in self.children.values() if child.program.stops == turn]
            for child in children:
                child.wanted = False
                child.signal(child.program.stop_signal)
            for child in children:
                self._finish(child)

    def _finish(self, child: Child) -> None:
        deadline = time.monotonic() + child.program.patience
        while child.process and child.process.poll() is None and time.monotonic() < deadline:
            if self._hurry.wait(LOOK_EVERY):
                break
        child.finish(time.monotonic())
