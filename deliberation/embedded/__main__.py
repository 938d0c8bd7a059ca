"""`python -m deliberation.embedded exec -- COMMAND …` runs a command with a PostgreSQL and a Redis of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deliberation.embedded.addresses import run_directory
from deliberation.embedded.binaries import postgres_binaries
from deliberation.embedded.errors import CannotStartError
from deliberation.embedded.leash import leashed
from deliberation.embedded.servers import addresses_of, hold, start_servers, wait_for_servers
from deliberation.embedded.supervisor import Supervisor

USAGE = "Usage: python -m deliberation.embedded exec -- COMMAND …"


def main(arguments: list[str]) -> int:
    if arguments[:2] != ["exec", "--"] or len(arguments) < 3:
        sys.exit(USAGE)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with var_directory() as var:
            return run_beside_servers(arguments[2:], var)
    except CannotStartError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def run_beside_servers(command: list[str], var: Path) -> int:
    with hold(var), Supervisor(var / "log", lambda line: print(line, file=sys.stderr)) as supervisor:
        start_servers(supervisor, var, environment={})
        wait_for_servers(supervisor, var, environment={})
        # psql and pg_dump of the server's own version come first: an older pg_dump refuses a newer server.
        path = os.pathsep.join([str(postgres_binaries()), os.environ.get("PATH", os.defpath)])
        environment = {**os.environ, **addresses_of(var), "PATH": path}
        with subprocess.Popen(leashed(command, signal.SIGTERM), env=environment) as process:  # noqa: S603 (the caller's own)
            try:
                code = process.wait()
                return code if code >= 0 else 128 - code  # as a shell says by which signal a command ended
            except BaseException:  # Ctrl-C reached the command too; SIGTERM did not
                process.terminate()
                process.wait()
                raise


@contextmanager
def var_directory() -> Iterator[Path]:
    """MAJELIS_VAR where it is set, else a directory that is gone afterwards."""
    if named := os.environ.get("MAJELIS_VAR"):
        yield Path(named).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="majelis-") as temporary:
        var = Path(temporary).resolve()
        try:
            yield var
        finally:
            shutil.rmtree(run_directory(var), ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
