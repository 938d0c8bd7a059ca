"""Everything on this machine, started with one command, and a demo assembly to walk through."""

import contextlib
import io
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import segno
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from deliberation.embedded import binaries, processes
from deliberation.embedded.errors import CannotStartError
from deliberation.embedded.servers import hold, start_servers, wait_for_servers
from deliberation.embedded.supervisor import Supervisor
from deliberation.settings import env, env_bool, env_int

EVERYWHERE = "0.0.0.0"  # noqa: S104 (only when the operator asks for it with LAN=1)


class Command(BaseCommand):
    help = "Starts Majelis with its own PostgreSQL and Redis and a demo assembly; Ctrl-C stops everything."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        signal.signal(signal.SIGTERM, interrupt)
        signal.signal(signal.SIGHUP, interrupt)
        self.began = time.monotonic()
        try:
            with hold(settings.VAR_DIR):
                self._run()
        except CannotStartError as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            self._say("Stopped. `make demo` goes on where this ended.")

    def _run(self) -> None:
        port, lan = env_int("PORT", 8000), env_bool("LAN")
        host = EVERYWHERE if lan else "127.0.0.1"
        check_installation()
        check_port(host, port)
        if lan and not env("BASE_URL"):
            start_again_with_base_url(f"http://{lan_address()}:{port}")
        with Supervisor(settings.VAR_DIR / "log", self._say) as supervisor:
            try:
                self._start(supervisor, host, port)
                self._show_links(lan)
                supervisor.join()
                raise CannotStartError(f"The supervisor failed; see {supervisor.logs}.")
            except KeyboardInterrupt:
                self._say("Stopping …")
                raise

    def _start(self, supervisor: Supervisor, host: str, port: int) -> None:
        start_servers(supervisor, settings.VAR_DIR)
        call_command("translations", compile=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        self._say("Texts and files are ready")
        wait_for_servers(supervisor, settings.VAR_DIR)
        self._say("PostgreSQL and Redis answer")
        call_command("migrate", interactive=False, verbosity=0)
        self._say("The database has its tables")
        supervisor.start(*programs(host, port, settings.VAR_DIR))
        call_command("seed_demo", stdout=self.stdout)
        connection.close_pool()
        self._say("The demo assembly is there")
        supervisor.wait_for("web", lambda: processes.web_answers(port))
        self._say("The web server answers")

    def _show_links(self, lan: bool) -> None:
        self.stdout.write("")
        call_command("demo_links", stdout=self.stdout)
        if lan:
            self.stdout.write(qr_code(settings.BASE_URL))
        self.stdout.write("\nCtrl-C stops everything.")
        self.stdout.flush()

    def _say(self, line: str) -> None:
        # The terminal may be what ended us; the processes still have to be stopped.
        with contextlib.suppress(OSError):
            self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {line}")
            self.stdout.flush()


def programs(host: str, port: int, var: Path) -> list[processes.Program]:
    environment = {**os.environ, "MAJELIS_VAR": str(var), "PORT": str(port), "BASE_URL": settings.BASE_URL}
    return [
        processes.web(host, port, environment),
        processes.worker("maps", environment),
        processes.worker("language", environment),
        processes.reader(environment),
        processes.sealer(environment),
        processes.mailer(environment),
        processes.exporter(environment),
        processes.scheduler(var, environment),
    ]


def check_installation() -> None:
    if not env("DATABASE_URL"):
        binaries.postgres_binaries()
    if not env("REDIS_URL"):
        binaries.redis_server()
    binaries.package("torch", "torch")


def check_port(host: str, port: int) -> None:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except PermissionError:
            raise CannotStartError(f"Port {port} needs more rights: choose one above 1023, as PORT=8001.") from None
        except (OSError, OverflowError):
            raise CannotStartError(f"Port {port} is taken or not valid: choose another, as PORT=8001.") from None


def qr_code(text: str) -> str:
    lines = io.StringIO()
    segno.make(text).terminal(lines, compact=True)
    return lines.getvalue()


def lan_address() -> str:
    """This machine's address in the local network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation: only the route to it is asked
        except OSError:
            raise CannotStartError("LAN=1 needs a network, and this machine is in none.") from None
        return str(probe.getsockname()[0])


def start_again_with_base_url(base_url: str) -> NoReturn:
    """Settings were read before the address was known."""
    os.environ["BASE_URL"] = base_url
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 (this very command)


def interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
