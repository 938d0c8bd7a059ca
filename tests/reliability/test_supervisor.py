import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deliberation.embedded.errors import CannotStartError
from deliberation.embedded.leash import leashed
from deliberation.embedded.supervisor import Program, Supervisor
from tests.stack import wait_until


def program(name: str, script: str, patience: float = 60.0, stops: int = 1) -> Program:
    return Program(name, tuple(leashed(["sh", "-c", script])), patience=patience, stops=stops)


@pytest.fixture
def events() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, events: list[str]) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "log", events.append) as running:
        yield running


def test_what_is_killed_runs_again(supervisor: Supervisor, events: list[str]) -> None:
    supervisor.start(program("patient", "exec sleep 1000"))
    wait_until(lambda: supervisor.process_id("patient"))

    killed = supervisor.kill("patient")

    new = wait_until(
        lambda: supervisor.process_id("patient") not in {killed, None} and supervisor.process_id("patient")
    )
    assert psutil.Process(new).is_running()
    assert events == ["patient ended (SIGKILL); starting it again in 0.1 s"]


def test_what_keeps_dying_is_started_ever_more_slowly(supervisor: Supervisor, events: list[str]) -> None:
    supervisor.start(program("broken", "exit 3"))

    wait_until(lambda: len(events) >= 4)

    assert events[:4] == [f"broken ended (exit code 3); starting it again in {wait} s" for wait in (0.1, 0.2, 0.4, 0.8)]


def test_who_waits_for_what_keeps_dying_is_told_its_last_words(supervisor: Supervisor) -> None:
    supervisor.start(program("broken", "echo the disk is full; exit 3"))
    wait_until(lambda: "full" in supervisor.children["broken"].last_lines())

    with pytest.raises(CannotStartError, match=r"broken does not start.*\n.*the disk is full"):
        supervisor.wait_for("broken", lambda: False, timeout=2)


def test_what_was_stopped_stays_stopped_until_it_is_started(supervisor: Supervisor, events: list[str]) -> None:
    patient = program("patient", "exec sleep 1000")
    supervisor.start(patient)
    stopped = wait_until(lambda: supervisor.process_id("patient"))

    supervisor.stop("patient")
    supervisor.start(program("later", "exec sleep 1000"))
    wait_until(lambda: supervisor.process_id("later"))

    assert not psutil.pid_exists(stopped)
    assert supervisor.process_id("patient") is None
    supervisor.start(patient)
    assert wait_until(lambda: supervisor.process_id("patient")) != stopped
    assert events == []


def test_what_a_program_started_ends_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    supervisor.start(program("parent", f"sleep 1000 & echo $! > {note}.new && mv {note}.new {note}; wait"))
    wait_until(note.exists)
    grandchild = psutil.Process(int(note.read_text()))

    supervisor.kill("parent")

    wait_until(lambda: not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE)


def test_what_ignores_the_stop_signal_is_killed_when_patience_ends(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with Supervisor(tmp_path / "log") as supervisor:
        supervisor.start(program("deaf", f"trap '' TERM; touch {ready}; while true; do sleep 0.1; done", patience=0.5))
        wait_until(ready.exists)
        process_id = supervisor.process_id("deaf")
        began = time.monotonic()

    assert 0.5 <= time.monotonic() - began < 50  # the patience of other programs is sixty
    assert not psutil.pid_exists(process_id)


def test_what_serves_others_stops_after_them(tmp_path: Path) -> None:
    story = tmp_path / "story"

    def telling(name: str, stops: int) -> Program:
        on_stop = f"trap 'sleep 0.2; echo {name} >> {story}; exit' TERM"
        return program(name, f"{on_stop}; touch {tmp_path}/{name}; while :; do sleep 0.05; done", stops=stops)

    with Supervisor(tmp_path / "log") as supervisor:
        supervisor.start(telling("database", stops=3), telling("broker", stops=2), telling("web", stops=1))
        wait_until(lambda: all((tmp_path / name).exists() for name in ("database", "broker", "web")))

    assert story.read_text().split() == ["web", "broker", "database"]


def test_a_program_that_cannot_be_started_is_tried_again(
    supervisor: Supervisor, events: list[str], tmp_path: Path
) -> None:
    late = tmp_path / "late"
    supervisor.start(Program("late", (str(late),)))
    wait_until(lambda: events)

    late.with_suffix(".new").write_text("#!/bin/sh\nexec sleep 1000\n")
    late.with_suffix(".new").chmod(0o700)
    late.with_suffix(".new").rename(late)

    assert wait_until(lambda: supervisor.process_id("late"))
    assert "No such file" in events[0]
