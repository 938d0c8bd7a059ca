import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from deliberation.embedded import binaries, postgres
from deliberation.embedded.addresses import LONGEST_SOCKET_DIRECTORY, database_url, redis_url, run_directory
from deliberation.embedded.errors import CannotStartError
from deliberation.embedded.servers import start_servers, wait_for_servers
from deliberation.embedded.supervisor import Supervisor
from tests.stack import PATIENCE, at_work, wait_until

EXEC = [sys.executable, "-m", "deliberation.embedded", "exec", "--"]


@contextmanager
def servers(var: Path) -> Iterator[Supervisor]:
    with Supervisor(var / "log") as supervisor:
        start_servers(supervisor, var, environment={})
        wait_for_servers(supervisor, var, environment={})
        yield supervisor


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    # pytest's directory is deep, so the sockets were elsewhere
    for directory in sorted(run_directory(tmp_path / "var").rglob("*"), reverse=True):
        directory.rmdir()
    if run_directory(tmp_path / "var").exists():
        run_directory(tmp_path / "var").rmdir()


def test_a_command_meets_both_servers_and_its_exit_code_comes_back() -> None:
    code = """
import os, psycopg, redis, sys
with psycopg.connect(os.environ["DATABASE_URL"]) as server:
    print(*server.execute("SELECT current_user, current_database()").fetchone())
print(redis.Redis.from_url(os.environ["REDIS_URL"]).ping(), os.path.isdir(os.environ["MAJELIS_VAR"]))
sys.exit(7)
"""

    result = subprocess.run([*EXEC, sys.executable, "-c", code], env=without_var(), capture_output=True, text=True)

    assert (result.returncode, result.stdout, result.stderr) == (7, "majelis majelis\nTrue True\n", "")


def test_a_temporary_directory_is_gone_afterwards() -> None:
    result = subprocess.run(
        [*EXEC, "sh", "-c", "echo $MAJELIS_VAR"], env=without_var(), capture_output=True, text=True, check=True
    )

    var = Path(result.stdout.strip())
    assert var.name.startswith("majelis-")
    assert not var.exists()
    assert not run_directory(var).exists()


def test_the_role_of_the_application_owns_its_database_and_little_else(var: Path) -> None:
    with servers(var), psycopg.connect(database_url(var)) as majelis:
        role = majelis.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        owner = majelis.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert role == (False, True, False, False, False)
    assert owner == ("majelis",)


def test_servers_listen_on_sockets_in_private_directories_and_nowhere_else(var: Path) -> None:
    with servers(var) as supervisor:
        processes = [psutil.Process(supervisor.process_id(name)) for name in ("postgres", "redis")]
        inet = [process.net_connections("inet") for process in processes]
        sockets = {name: list((run_directory(var) / name).iterdir()) for name in ("postgres", "redis")}
        rights = {stat.S_IMODE((run_directory(var) / name).stat().st_mode) for name in ("postgres", "redis")}
        data_rights = {stat.S_IMODE((var / name).stat().st_mode) for name in ("postgres", "redis", "log")}

    assert inet == [[], []]
    assert all(sockets.values())
    assert rights == data_rights == {0o700}


def test_postgres_never_runs_as_root(var: Path) -> None:
    with servers(var) as supervisor:
        uids = psutil.Process(supervisor.process_id("postgres")).uids()

    assert 0 not in {uids.real, uids.effective, uids.saved}


def test_what_was_written_is_there_after_a_stop_and_a_start(var: Path) -> None:
    with servers(var), psycopg.connect(database_url(var)) as majelis:
        majelis.execute("CREATE TABLE note AS SELECT 'hello' AS text")
        majelis.commit()
        redis.Redis.from_url(redis_url(var)).set("greeting", "hello")

    with servers(var), psycopg.connect(database_url(var)) as majelis:
        assert majelis.execute("SELECT text FROM note").fetchone() == ("hello",)
        assert redis.Redis.from_url(redis_url(var)).get("greeting") == b"hello"


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_server_that_is_killed_comes_back_with_what_it_acknowledged(var: Path, name: str) -> None:
    with servers(var) as supervisor:
        with psycopg.connect(database_url(var)) as majelis:
            majelis.execute("CREATE TABLE note AS SELECT 'hello' AS text")
        killed = supervisor.kill(name)
        wait_until(lambda: supervisor.process_id(name) not in {killed, None})
        wait_for_servers(supervisor, var, environment={})

        with psycopg.connect(database_url(var)) as majelis:
            assert majelis.execute("SELECT text FROM note").fetchone() == ("hello",)


def test_no_server_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "MAJELIS_VAR": str(tmp_path)}
    with subprocess.Popen(
        [*EXEC, "sh", "-c", "echo ready; exec sleep 1000"], env=environment, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "ready\n"
        family = psutil.Process(supervisor.pid).children(recursive=True)
        names = {process.name() for process in family}
        supervisor.kill()

    assert {"postgres", "redis-server", "sleep"} <= names
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []


def test_a_supervisor_that_is_asked_to_stop_takes_the_command_along() -> None:
    with subprocess.Popen(
        [*EXEC, "sh", "-c", "echo ready; exec sleep 1000"], env=without_var(), stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        supervisor.stdout.readline()
        family = psutil.Process(supervisor.pid).children(recursive=True)
        supervisor.terminate()

        assert supervisor.wait(PATIENCE) == 128 + signal.SIGTERM
    wait_until(lambda: at_work(family) == [])


def test_a_clone_below_a_directory_closed_to_others_works(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    environment = {**os.environ, "MAJELIS_VAR": str(home / "var")}

    result = subprocess.run([*EXEC, "echo", "works"], env=environment, capture_output=True, text=True)

    assert (result.returncode, result.stdout, result.stderr) == (0, "works\n", "")


def test_a_second_supervisor_of_the_same_directory_is_refused_in_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "MAJELIS_VAR": str(tmp_path)}
    second = " ".join([*EXEC, "true"])

    result = subprocess.run([*EXEC, "sh", "-c", second], env=environment, capture_output=True, text=True)

    assert result.returncode == 1
    assert result.stderr.startswith(f"Majelis runs already in {tmp_path} (process ")
    assert len(result.stderr.splitlines()) == 1


def test_postgres_starts_though_its_stale_lock_names_a_living_process(var: Path) -> None:
    with servers(var):
        pass
    lock = var / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n1795414743\n5432\n\n\n")

    with servers(var), psycopg.connect(database_url(var)) as majelis:
        assert majelis.execute("SELECT 1").fetchone() == (1,)


def test_a_cluster_that_was_never_finished_is_made_again(var: Path) -> None:
    unfinished = var / "postgres" / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with servers(var), psycopg.connect(database_url(var)) as majelis:
        assert majelis.execute("SELECT 1").fetchone() == (1,)
    assert not unfinished.exists()


def test_a_cluster_of_another_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("12\n")

    with pytest.raises(CannotStartError, match="made by PostgreSQL 12, and PostgreSQL 18 is installed"):
        postgres.check_version(tmp_path)


def test_sockets_move_where_the_path_would_be_too_long() -> None:
    near, far = Path("/srv/majelis/var"), Path("/srv") / ("far" * 40) / "var"

    assert run_directory(near) == near / "run"
    assert len(str(run_directory(far))) <= LONGEST_SOCKET_DIRECTORY
    assert run_directory(far) != run_directory(far.with_name("other"))


def test_a_socket_directory_of_somebody_else_is_refused(var: Path) -> None:
    somebody_elses = run_directory(var)
    somebody_elses.mkdir(parents=True)
    target = var.parent / "elsewhere"
    target.mkdir()
    (somebody_elses / "redis").symlink_to(target)

    with Supervisor(var / "log") as supervisor, pytest.raises(CannotStartError, match="belongs to somebody else"):
        start_servers(supervisor, var, environment={})

    (somebody_elses / "redis").unlink()


def test_addresses_in_the_environment_replace_the_embedded_servers(var: Path) -> None:
    given = {"DATABASE_URL": os.environ["DATABASE_URL"], "REDIS_URL": os.environ["REDIS_URL"]}

    with Supervisor(var / "log") as supervisor:
        start_servers(supervisor, var, given)
        wait_for_servers(supervisor, var, given)

        assert supervisor.children == {}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, "DATABASE_URL is set, but no database answers there"),
        ({"DATABASE_URL": os.environ.get("DATABASE_URL", ""), "REDIS_URL": "redis://127.0.0.1:1"}, "no Redis answers"),
    ],
)
def test_an_address_where_nobody_answers_is_one_sentence(var: Path, given: dict[str, str], sentence: str) -> None:
    given = {"REDIS_URL": os.environ["REDIS_URL"], **given}

    with Supervisor(var / "log") as supervisor, pytest.raises(CannotStartError, match=sentence):
        wait_for_servers(supervisor, var, given)


@pytest.mark.parametrize("find", [binaries.postgres_binaries, binaries.redis_server])
def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch, find) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setenv("PATH", "")

    with pytest.raises(CannotStartError) as caught:
        find()

    assert "run `make demo`" in str(caught.value)
    assert "\n" not in str(caught.value)


def without_var() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "MAJELIS_VAR"}
