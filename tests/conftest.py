import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from tests.stack import Stack

CI = os.environ.get("CI", "").lower() in {"1", "true"}

hypothesis.settings.load_profile("ci")  # the same examples each time, however busy the machine is


def pytest_report_header() -> list[str]:
    return [f"servers: PostgreSQL {postgres_version()}, Redis {redis_version()}"]


def postgres_version() -> str:
    try:
        with psycopg.connect(os.environ.get("DATABASE_URL", ""), connect_timeout=2) as server:
            return str(server.info.parameter_status("server_version"))
    except psycopg.Error:
        return "not running (use `make test`, or put `python -m deliberation.embedded exec --` before the command)"


def redis_version() -> str:
    try:
        return str(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).info("server")["redis_version"])
    except redis.RedisError:
        return "not running"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    return failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    return failed_if_skipped((yield))


def failed_if_skipped(report):
    """Where nobody looks, a skipped test is a test that stopped protecting anything."""
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        where, line, reason = report.longrepr
        report.outcome, report.longrepr = "failed", f"{where}:{line}: skipped, which CI=true forbids: {reason}"
    return report


@pytest.fixture(scope="session")
def files_for_browsers() -> None:
    """What `make demo` prepares before the web server starts: compiled texts and fingerprinted static files."""
    call_command("translations", compile=True)
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _files_where_pages_are_rendered(request: pytest.FixtureRequest) -> None:
    if not request.path.is_relative_to(Path(__file__).parent / "summarizer"):
        request.getfixturevalue("files_for_browsers")


@pytest.fixture(scope="session")
def stack(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """One running machine for all tests that leave it as whole as they found it."""
    with django_db_blocker.unblock(), Stack() as running:
        yield running


@pytest.fixture
def fresh_stack(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A running machine of its own for a test that breaks it."""
    with django_db_blocker.unblock(), Stack() as running:
        yield running
