"""Delete a participant, and look everywhere: every column of every table, Redis, files, pages and downloads."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from redis import Redis

from deliberation.actions.leaving import leave_for_good
from deliberation.actions.phases import close_phase, open_phase
from deliberation.models import Assembly, Participant
from deliberation.record.sealing import seal
from tests.crawler import reachable, write_everywhere
from tests.finished_assembly import keep_keys_in, program, unpacked
from tests.people import a_facilitator, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

PLANTED = "marigold-lighthouse-47"
WRITTEN = f"We need a {PLANTED} by the river."
WITHIN = "/a/sungai-bersih/"
# Kept while anybody's record lasts, and never anybody's words: PostgreSQL's own files, and what `collectstatic` copies.
NOT_WRITTEN_BY_PEOPLE = {"static", "locale", "models", "run"}
# Logs of the servers, dead rows and dead keys: gone after the time that docs/operating.md says.
WITH_A_LIFETIME = {"postgres", "redis", "log"}


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    keep_keys_in(tmp_path, monkeypatch)


def tables_that_hold(words: str) -> set[str]:
    """Every table of the database, Django's and other packages' too, with a row in which these words stand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = set()
        for table in tables:
            # As text, arrays and JSON included; bytes are written in hexadecimal.
            row = f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(table)} t WHERE t::text ~* %s)"
            cursor.execute(row, [f"{words}|{words.encode().hex()}"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found | {"a session" for session in Session.objects.all() if words in str(session.get_decoded())}


def redis_keys_that_hold(words: str) -> list[bytes]:
    client = Redis.from_url(settings.REDIS_URL)
    return [key for key in client.scan_iter() if words.encode() in key or words.encode() in (client.dump(key) or b"")]


def files_that_hold(words: str) -> list[Path]:
    below = (path for path in settings.VAR_DIR.rglob("*") if path.is_file())
    others = NOT_WRITTEN_BY_PEOPLE | WITH_A_LIFETIME
    written = (path for path in below if path.relative_to(settings.VAR_DIR).parts[0] not in others)
    return [path for path in written if words.encode() in path.read_bytes()]


def served_that_hold(words: str, browser: Client) -> list[str]:
    answers = reachable(browser, WITHIN, WITHIN)
    answers[f"{WITHIN}record/bundle.zip"] = b"".join(browser.get(f"{WITHIN}record/bundle.zip").streaming_content)
    return [address for address, data in answers.items() if any(words.encode() in part for part in parts_of(data))]


def parts_of(data: bytes) -> Iterator[bytes]:
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from parts_of(packed.read(name))


@pytest.mark.timeout(900)  # a demo assembly, and every page of it several times
def test_nothing_of_somebody_who_left_is_in_any_table_key_file_page_or_download(tmp_path):
    call_command("seed_demo")
    assembly = Assembly.objects.get()
    ana = join_under_planted_name(assembly)
    sent = write_in_every_phase(assembly, ana)
    seal(assembly)
    before = tables_that_hold(PLANTED)
    facilitator = a_facilitator(assembly)
    served_before = served_that_hold(PLANTED, browser_of(facilitator))

    leave_for_good(ana)
    seal(assembly)

    assert {"deliberation_participant", "deliberation_statement", "deliberation_argument"} < before, sent
    assert "deliberation_recordopening" in before
    assert served_before
    assert tables_that_hold(PLANTED) == set()
    assert redis_keys_that_hold(PLANTED) == []
    assert files_that_hold(PLANTED) == []
    for browser in (browser_of(None), browser_of(facilitator)):
        assert served_that_hold(PLANTED, browser) == []
    steps = list(program("verify").verify(unpacked(assembly, tmp_path / "bundle")))
    assert "erased by those who wrote them" in steps[2]


def join_under_planted_name(assembly: Assembly) -> Participant:
    browser = browser_of(None)
    joined = {"pseudonym": PLANTED, "consent_take_part": "on", "consent_quote": "on"}
    answer = browser.post(f"{WITHIN}join/", joined)
    assert answer.status_code == 302, answer.content.decode()[:5000]
    return Participant.objects.select_related("account", "assembly").get(pseudonym=PLANTED)


def write_in_every_phase(assembly: Assembly, person: Participant) -> dict[str, list[tuple[str, int]]]:
    """What somebody can write differs from phase to phase."""
    sent = {}
    for phase in assembly.phases.all():
        for other in assembly.phases.open():
            close_phase(other)
        open_phase(phase)
        cache.clear()
        sent[phase.kind] = write_everywhere(browser_of(person), WITHIN, WITHIN, WRITTEN)
    return sent
