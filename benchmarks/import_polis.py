"""How long a Polis export takes to come in, beside a plain COPY of its votes, and how soon its map is there.

    python -m deliberation.embedded exec -- python -m benchmarks.import_polis [--conversation vtaiwan.uberx] [--quick]

The import is everything `manage.py import_polis` does after Django has started: reading, checking, guessing the
language, writing. The plain COPY writes the same vote rows into a table without keys, indexes or checks. The map is
made by a real worker that was asked through Redis when the import committed.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported
from django.db import connection  # noqa: E402

from benchmarks.conversations import FOLDER  # noqa: E402
from deliberation.actions.importing import PolisExport, import_export  # noqa: E402
from deliberation.embedded import processes  # noqa: E402
from deliberation.embedded.supervisor import Supervisor  # noqa: E402
from deliberation.forms.polis import read_export, read_files  # noqa: E402
from deliberation.management.commands.import_polis import language_of  # noqa: E402
from deliberation.models import Assembly, ConsensusMap, PolisImport  # noqa: E402

T = TypeVar("T")
LEAST_VOTES_A_SECOND = 20_000
LONGEST_WAIT = 120.0
COLUMNS = "assembly_id, participant_id, statement_id, choice, revision, created_at, changed_at"
TYPES = ["int8", "int8", "int8", "int2", "int4", "timestamptz", "timestamptz"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversation", default="vtaiwan.uberx")
    parser.add_argument("--quick", action="store_true", help="once instead of five times")
    arguments = parser.parse_args()
    folder = FOLDER / arguments.conversation
    if not folder.exists():
        sys.exit(f"The real conversations are not there: put the folders of Polis' open data into {FOLDER}.")
    call_command("migrate", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as logs, Supervisor(Path(logs)) as supervisor:
        supervisor.start(processes.worker("maps", os.environ))
        run(folder)  # the worker has started and loaded what it needs when its first map is there
        runs = [run(folder) for _ in range(1 if arguments.quick else 5)]
    importing, copying, mapping = (min(times) for times in zip(*runs, strict=True))  # others' work only adds
    votes = PolisImport.objects.latest("pk").counts["votes"]
    print(f"{votes:,} votes of {folder.name} in {importing:.2f} s: {votes / importing:,.0f} a second")
    print(f"plain COPY of the same rows in {copying:.2f} s: the import takes {importing / copying:.1f} times as long")
    print(f"its map is stored {mapping:.2f} s after the import has ended")
    if votes / importing < LEAST_VOTES_A_SECOND:
        sys.exit(f"MISSED: fewer than {LEAST_VOTES_A_SECOND:,} votes a second")


def run(folder: Path) -> tuple[float, float, float]:
    """Seconds of the import, of the plain COPY and of the wait for the map."""
    importing, imported = timed(lambda: imported_anew(folder))
    mapping, _ = timed(lambda: wait_for_map(imported.assembly))
    copying = plain_copy(imported.assembly)
    return importing, copying, mapping


def imported_anew(folder: Path) -> PolisImport:
    export = read_export(read_files(folder), folder.name)
    language = language_of(comment.text for comment in export.comments)
    return import_export(under_another_digest(export), language)


def under_another_digest(export: PolisExport) -> PolisExport:
    """So that the same files come in more than once."""
    return replace(export, digest=secrets.token_hex(32))


def wait_for_map(assembly: Assembly) -> None:
    deadline = time.perf_counter() + LONGEST_WAIT
    while not ConsensusMap.objects.filter(assembly=assembly).exists():
        if time.perf_counter() > deadline:
            sys.exit(f"No map was there after {LONGEST_WAIT:.0f} s; did the worker start?")
        time.sleep(0.01)


def plain_copy(assembly: Assembly) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM deliberation_vote WHERE assembly_id = %s", [assembly.pk])
        rows = cursor.fetchall()
        cursor.execute(f"CREATE TABLE plain_copy AS SELECT {COLUMNS} FROM deliberation_vote WITH NO DATA")
        try:
            began = time.perf_counter()
            with cursor.copy(f"COPY plain_copy ({COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(TYPES)
                for row in rows:
                    copy.write_row(row)
            return time.perf_counter() - began
        finally:
            cursor.execute("DROP TABLE plain_copy")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
