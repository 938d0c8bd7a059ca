"""An assembly that has voted, closed and reported, and its bundle: what tests of the record begin with."""

import importlib.util
import io
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings

from deliberation.actions.joining import join
from deliberation.actions.mapping import refresh_map
from deliberation.actions.phases import close_phase
from deliberation.actions.reporting import make_report
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.exports.bundle import ENCLOSED, write_bundle
from deliberation.models import Assembly, Choice, Participant, Statement
from deliberation.record.sealing import seal

KEY_FILES = ("RECORD_KEY_FILE", "RECORD_PROMISE_KEY_FILE", "REPORT_KEY_FILE", "WITNESS_KEY_FILE")
RECORDS = ["checkpoint.txt", "key.txt", "entries.jsonl", "hashes.txt", "openings.jsonl", "report.json"]


def program(name: str) -> ModuleType:
    """A program that the bundle carries along, as a module. It knows nothing of ours."""
    spec = importlib.util.spec_from_file_location(name, ENCLOSED / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keep_keys_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEY_FILES:
        monkeypatch.setattr(settings, name, folder / name.lower())


def join_all(assembly: Assembly, count: int = 12) -> list[Participant]:
    return [join(assembly, f"Member {n}", "en")[0] for n in range(count)]


def state_all(people: list[Participant], count: int = 5) -> list[Statement]:
    return [make_statement(people[n], f"We should try the {n}th way to clean the river.", "en") for n in range(count)]


def vote_all(people: list[Participant], statements: list[Statement]) -> None:
    for i, person in enumerate(people):
        for j, statement in enumerate(statements):
            vote_on(person, statement, [Choice.AGREE, Choice.DISAGREE, Choice.PASS][(i * j + i) % 3])


def finish(assembly: Assembly) -> None:
    for phase in assembly.phases.open():
        close_phase(phase)
    seal(assembly)
    refresh_map(assembly)
    make_report(assembly, None)
    seal(assembly)


def unpacked(assembly: Assembly, folder: Path, reader: Participant | None = None, for_auditors: bool = False) -> Path:
    file = io.BytesIO()
    write_bundle(assembly, reader, file, for_auditors=for_auditors)
    zipfile.ZipFile(file).extractall(folder)
    return folder


def lines_of(folder: Path, name: str) -> list[bytes]:
    return (folder / name).read_bytes().splitlines(keepends=True)
