"""The processes of Majelis itself: web, the workers and the scheduler, each a program for the supervisor."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from deliberation.embedded.leash import leashed
from deliberation.embedded.supervisor import Program

PROJECT = Path(__file__).resolve().parent.parent.parent
CELERY = (sys.executable, "-m", "celery", "-A", "deliberation")


def web(host: str, port: int, environment: Mapping[str, str]) -> Program:
    command = [sys.executable, "-m", "uvicorn", "deliberation.asgi:application", "--host", host, "--port", str(port)]
    command += ["--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "3"]
    command += ["--ws-per-message-deflate", "false"]  # compressing for each socket costs eight times the time
    return process("web", command, environment)


def worker(queue: str, environment: Mapping[str, str], include: str = "deliberation.embedded.prefork") -> Program:
    """One process for one kind of work, so that a long summary never delays a map."""
    command = [*CELERY, "worker", "-Q", queue, "-n", f"{queue}@%h", "--pool", "prefork", "--concurrency", "1"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    command += ["--include", include]
    # SIGQUIT puts unfinished work back after a few seconds; SIGTERM would wait for a whole summary.
    return process(queue, command, environment, stop_signal=signal.SIGQUIT)


def reader(environment: Mapping[str, str]) -> Program:
    """Reads drafts while people write; it has the encoder in memory, and one thread is quickest for one sentence."""
    include = "deliberation.embedded.prefork,deliberation.analysis.loaded_encoder"
    return worker("interactive", {**environment, "OMP_NUM_THREADS": "1"}, include)


def sealer(environment: Mapping[str, str]) -> Program:
    """Seals the record every second, in a process of its own that no map holds up; so light that it forks nobody."""
    command = [*CELERY, "worker", "-Q", "record", "-n", "record@%h", "--pool", "solo"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    return process("record", command, environment)


def mailer(environment: Mapping[str, str]) -> Program:
    """Sends e-mail; a mail server that is slow holds up nothing but other mail."""
    command = [*CELERY, "worker", "-Q", "mail", "-n", "mail@%h", "--pool", "solo"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    return process("mail", command, environment)


def exporter(environment: Mapping[str, str]) -> Program:
    """Makes the files of reports, in a process of its own: neither maps nor summaries wait for a large one."""
    command = [*CELERY, "worker", "-Q", "exports", "-n", "exports@%h", "--pool", "solo"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    return process("exports", command, environment)


def scheduler(var: Path, environment: Mapping[str, str]) -> Program:
    command = [*CELERY, "beat", "--schedule", str(var / "beat-schedule"), "--pidfile", "", "--loglevel", "INFO"]
    return process("beat", command, environment)


def web_answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def process(
    name: str, command: list[str], environment: Mapping[str, str], stop_signal: signal.Signals = signal.SIGTERM
) -> Program:
    return Program(
        name,
        tuple(leashed(command)),
        stop_signal=stop_signal,
        environment={**environment, "PYTHONUNBUFFERED": "1"},
        directory=PROJECT,
    )
