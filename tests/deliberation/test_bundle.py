"""The verification bundle: accepted as it is, rejected with anything changed, and checked by a program of its own."""

import importlib.util
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from deliberation import locks
from deliberation.actions.erasing import erase
from deliberation.actions.joining import join
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.phases import close_phase
from deliberation.actions.reporting import make_report
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.actions.withdrawing import withdraw
from deliberation.exports.bundle import ENCLOSED, NothingSealedError, write_bundle
from deliberation.models import Assembly, Choice, Decision, Participant, RecordEntry, RecordOwner, Statement, Vote
from deliberation.record.sealing import seal
from tests.people import a_facilitator, an_assembly, browser_of

pytestmark = pytest.mark.django_db(transaction=True)  # a bundle is read as of one moment

spec = importlib.util.spec_from_file_location("verify", ENCLOSED / "verify.py")
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)

RECORDS = ["checkpoint.txt", "key.txt", "entries.jsonl", "hashes.txt", "openings.jsonl", "report.json"]


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RECORD_KEY_FILE", tmp_path / "record_key")


@pytest.fixture
def assembly() -> Assembly:
    return an_assembly("river")


@pytest.fixture
def people(assembly) -> list[Participant]:
    return [join(assembly, f"Member {n}", "en")[0] for n in range(12)]


@pytest.fixture
def statements(people) -> list[Statement]:
    return [make_statement(people[n], f"We should try the {n}th way to clean the river.", "en") for n in range(5)]


def vote_all(people: list[Participant], statements: list[Statement]) -> None:
    for i, person in enumerate(people):
        for j, statement in enumerate(statements):
            vote_on(person, statement, [Choice.AGREE, Choice.DISAGREE, Choice.PASS][(i * j + i) % 3])


@pytest.fixture
def voted(assembly, people, statements) -> Assembly:
    """A finished assembly: everybody voted, some changed or took back a vote, and there is a report."""
    vote_all(people, statements[:4])
    vote_on(people[0], statements[0], Choice.DISAGREE, replaces=1)
    vote_on(people[1], statements[0], Choice.WITHDRAWN, replaces=1)
    vote_on(people[2], statements[4], Choice.AGREE)
    finish(assembly)
    return assembly


def finish(assembly: Assembly) -> None:
    for phase in assembly.phases.open():
        close_phase(phase)
    seal(assembly)
    refresh_map(assembly)
    make_report(assembly, None)
    seal(assembly)


def unpacked(assembly: Assembly, folder: Path, reader: Participant | None = None) -> Path:
    file = io.BytesIO()
    write_bundle(assembly, reader, file)
    zipfile.ZipFile(file).extractall(folder)
    return folder


def found_in(folder: Path) -> list[str]:
    return list(verify.verify(folder))


def why_not(folder: Path) -> str:
    with pytest.raises(verify.Wrong) as wrong:
        found_in(folder)
    return str(wrong.value)


def test_the_bundle_of_a_finished_assembly_is_accepted_step_by_step(voted, tmp_path):
    steps = found_in(unpacked(voted, tmp_path / "bundle"))

    size = RecordEntry.objects.filter(assembly=voted).count()
    report = RecordEntry.objects.get(type="export").sequence
    assert steps == [
        f"1. ok  checkpoint of {size} entries, signed by {voted.checkpoints.first().key}",
        f"2. ok  all {size} entries lead to the signed root",
        f"3. ok  {size} contents are what their entries commit to",
        f"4. ok  {size - 2} contributions, no revision twice or missing, no statement with more voters than joined",
        f"5. ok  report.json is report-1 of entry {report}",
        f"6. ok  the votes of the first {size - 2} entries are those of the report, on all 5 statements",
    ]


def test_the_program_stands_alone(voted, tmp_path):
    with open(tmp_path / "bundle.zip", "wb") as file:
        write_bundle(voted, None, file)
    zipfile.ZipFile(tmp_path / "bundle.zip").extract("verify.py", tmp_path / "elsewhere")
    command = [sys.executable, "-I", "verify.py", str(tmp_path / "bundle.zip")]

    good = subprocess.run(command, cwd=tmp_path / "elsewhere", capture_output=True, text=True)
    bad = subprocess.run([*command, "--key", "other"], cwd=tmp_path / "elsewhere", capture_output=True, text=True)

    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "Everything that could be checked is right.")
    assert (bad.returncode, bad.stderr) == (1, "WRONG  key.txt: is another key than the one given with --key\n")


@pytest.mark.parametrize("name", RECORDS)
def test_a_single_changed_byte_is_rejected_and_its_place_named(voted, tmp_path, name):
    folder = unpacked(voted, tmp_path / "bundle")
    untouched = (folder / name).read_bytes()
    rng = random.Random(name)
    places = rng.sample(range(len(untouched)), 70)
    places += [len(untouched) - 1, 0]

    unnoticed, elsewhere = [], []
    for at in places:
        changed = bytearray(untouched)
        changed[at] = rng.choice([byte for byte in range(256) if byte != untouched[at]])
        (folder / name).write_bytes(changed)
        try:
            found_in(folder)
            unnoticed.append(at)
        except verify.Wrong as wrong:
            line = untouched[:at].count(b"\n") + 1
            if not names_place(str(wrong), name, line):
                elsewhere.append((at, line, str(wrong)))

    assert (unnoticed, elsewhere) == ([], [])


def names_place(told: str, name: str, line: int) -> bool:
    """Where files are compared with each other, either may be named, with the line."""
    if name in ("entries.jsonl", "hashes.txt"):
        return (
            f"{name} line {line}" in told or f"{name} line {line - 1}" in told or f"entries.jsonl line {line}" in told
        )
    if name == "openings.jsonl":
        return f"{name} line {line}" in told
    if name == "key.txt":
        return "key.txt" in told or "checkpoint.txt" in told
    return name in told


def lines_of(folder: Path, name: str) -> list[bytes]:
    return (folder / name).read_bytes().splitlines(keepends=True)


def test_a_vote_left_out_added_or_moved_is_rejected(voted, tmp_path):
    folder = unpacked(voted, tmp_path / "bundle")
    entries, hashes = lines_of(folder, "entries.jsonl"), lines_of(folder, "hashes.txt")

    def with_lines(order: list[int]) -> str:
        (folder / "entries.jsonl").write_bytes(b"".join(entries[n] for n in order))
        (folder / "hashes.txt").write_bytes(b"".join(hashes[n] for n in order))
        return why_not(folder)

    everything = list(range(len(entries)))
    assert with_lines(everything[:-1]).startswith("entries.jsonl: has")
    assert with_lines([*everything, 3]).startswith("entries.jsonl: has")
    assert with_lines([1, 0, *everything[2:]]).startswith("entries.jsonl: does not lead to the root")


def test_a_content_left_out_is_rejected_by_name(voted, tmp_path):
    folder = unpacked(voted, tmp_path / "bundle")
    openings = lines_of(folder, "openings.jsonl")
    vote = next(n for n, leaf in enumerate(lines_of(folder, "entries.jsonl")) if b'"type":"vote"' in leaf)

    (folder / "openings.jsonl").write_bytes(b"".join(openings[:vote] + openings[vote + 1 :]))

    assert why_not(folder).startswith(f"entries.jsonl line {vote + 1}: its content is missing")


def test_a_report_that_says_other_numbers_is_rejected(voted, tmp_path):
    report = voted.reports.get()
    report.snapshot["map"]["snapshot"]["statements"][0]["agree"] += 1
    report.save()

    with pytest.raises(ValueError, match="not what was frozen"):
        unpacked(voted, tmp_path / "bundle")


def test_numbers_that_the_record_does_not_bear_are_rejected_even_in_a_sealed_report(
    assembly, people, statements, tmp_path
):
    vote_all(people, statements)
    for phase in assembly.phases.open():
        close_phase(phase)
    seal(assembly)
    made = refresh_map(assembly)
    made.snapshot["statements"][0]["agree"] += 1
    made.save()
    make_report(assembly, None)
    seal(assembly)

    told = why_not(unpacked(assembly, tmp_path / "bundle"))

    number = made.snapshot["statements"][0]["number"]
    assert told.startswith(f"report.json, statement {number}: it says")


def test_a_report_made_while_votes_wait_is_not_compared_and_says_so(assembly, people, statements, tmp_path):
    vote_all(people, statements)
    refresh_map(assembly)
    make_report(assembly, None)
    seal(assembly)

    steps = found_in(unpacked(assembly, tmp_path / "bundle"))

    assert steps[-1].startswith("6. ok  NOT COMPARED")


def test_a_vote_is_counted_once_for_each_voter_whatever_was_changed(voted, tmp_path):
    folder = unpacked(voted, tmp_path / "bundle")
    record = verify.Record(verify.Bundle(folder), None)
    for step in verify.STEPS:
        step(record)

    counted = {
        statement: Counter(votes.values()) for statement, votes in verify.latest_votes(record, record.size).items()
    }

    expected: dict[str, Counter[str]] = {}
    for vote in Vote.objects.select_related("statement"):
        expected.setdefault(vote.statement.public_id, Counter())[Choice(vote.choice).word] += 1
    assert counted == expected


def test_nothing_in_the_public_bundle_says_whose_vote_it_was(voted, people, tmp_path):
    folder = unpacked(voted, tmp_path / "bundle")

    everything = b"".join((folder / name).read_bytes() for name in RECORDS)
    votes = [line for line in lines_of(folder, "entries.jsonl") if b'"type":"vote"' in line]

    assert RecordOwner.objects.filter(participant=people[0]).count() > 4
    assert people[0].pseudonym.encode() not in everything
    assert bytes(people[0].record_secret).hex().encode() not in everything
    assert not any(people[0].public_id.encode() in line for line in votes)


def test_votes_stay_closed_until_results_are_open(assembly, people, statements, tmp_path):
    assembly.phases.update(results="after_close")
    vote_all(people, statements)
    seal(assembly)
    ben = a_facilitator(assembly)

    closed = unpacked(assembly, tmp_path / "closed")
    steps = found_in(closed)
    full = found_in(unpacked(assembly, tmp_path / "full", ben))

    assert b"agree" not in (closed / "openings.jsonl").read_bytes()
    assert steps[2].endswith("60 not given: votes, whose results are not open yet")
    assert "not given" not in full[2]


def test_a_few_votes_left_closed_among_open_ones_are_rejected(voted, tmp_path):
    folder = unpacked(voted, tmp_path / "bundle")
    kept = [line for line in lines_of(folder, "openings.jsonl") if b"disagree" not in line]

    (folder / "openings.jsonl").write_bytes(b"".join(kept))

    assert "its content is missing, and nothing in the record says why" in why_not(folder)


def test_what_is_hidden_or_withdrawn_is_not_in_the_bundle_and_the_record_says_why(
    assembly, people, statements, tmp_path
):
    moderate(statements[0], Decision.REJECTED, "It names Mrs Tan.", None, "personal_data")
    withdraw(statements[1])
    moderate(statements[2], Decision.REJECTED, "", None)
    moderate(statements[2], Decision.SHOWN, "", None)
    seal(assembly)

    folder = unpacked(assembly, tmp_path / "bundle")
    steps = found_in(folder)

    openings = (folder / "openings.jsonl").read_text()
    told = [statement.text in openings for statement in statements]
    assert told == [False, False, True, True, True]
    assert "Mrs Tan" not in openings
    assert "2 not given: hidden by moderators or withdrawn by their authors" in steps[2]


def test_a_hidden_statement_that_nobody_decided_about_is_rejected(assembly, people, statements, tmp_path):
    seal(assembly)
    folder = unpacked(assembly, tmp_path / "bundle")
    kept = [line for line in lines_of(folder, "openings.jsonl") if statements[0].text.encode() not in line]

    (folder / "openings.jsonl").write_bytes(b"".join(kept))

    assert "its content is missing" in why_not(folder)


def test_erasing_empties_the_record_everywhere_and_it_still_verifies(voted, people, statements, tmp_path):
    ana, text = people[0], statements[0].text
    before = found_in(unpacked(voted, tmp_path / "before"))

    erased = erase(ana)
    seal(voted)
    folder = unpacked(voted, tmp_path / "after")
    after = found_in(folder)

    assert text in (tmp_path / "before" / "openings.jsonl").read_text()
    assert text not in "".join((folder / name).read_text() for name in RECORDS)
    assert erased == 7  # joined, one statement, four votes, one of them changed
    assert f"{erased} not given: erased by those who wrote them" in after[2]
    assert (
        RecordOwner.objects.filter(participant=ana).count(),
        Vote.objects.standing().filter(participant=ana).count(),
    ) == (
        0,
        0,
    )
    assert before[5].split(",")[0] == after[5].split(",")[0]
    assert after[5].endswith("apart from 5 votes erased since")


def test_a_report_made_after_somebody_was_erased_is_compared_exactly(voted, people, tmp_path):
    erase(people[0])
    finish(voted)

    steps = found_in(unpacked(voted, tmp_path / "bundle"))

    assert steps[5].endswith("are those of the report, on all 4 statements")


def test_a_vote_may_be_erased_before_it_was_sealed(assembly, people, statements, tmp_path):
    vote_on(people[0], statements[0], Choice.AGREE)
    erase(people[0])
    seal(assembly)
    early = found_in(unpacked(assembly, tmp_path / "early"))

    close_phase(assembly.phases.get())
    seal(assembly)
    late = found_in(unpacked(assembly, tmp_path / "late"))

    assert "2 not given: erased" in early[2]  # joined, and one statement
    assert "3 not given: erased" in late[2]


def test_one_bundle_is_made_at_a_time(voted, tmp_path):
    def meanwhile() -> int:
        try:
            return browser_of(None).get("/a/river/record/bundle.zip").status_code
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as hands:
        assert locks.try_lock_until_commit(locks.BUNDLING, voted.pk)
        during = hands.submit(meanwhile).result()

    assert (during, browser_of(None).get("/a/river/record/bundle.zip").status_code) == (429, 200)


def test_an_erased_content_that_is_given_all_the_same_is_rejected(voted, people, tmp_path):
    before = unpacked(voted, tmp_path / "before")
    erase(people[0])
    seal(voted)
    after = unpacked(voted, tmp_path / "after")

    older = {json.loads(line)["sequence"]: line for line in lines_of(before, "openings.jsonl")}
    newer = {json.loads(line)["sequence"]: line for line in lines_of(after, "openings.jsonl")}
    merged = older | newer
    (after / "openings.jsonl").write_bytes(b"".join(merged[sequence] for sequence in sorted(merged)))

    assert why_not(after).endswith("was erased, and yet its content is given")


def test_there_is_no_bundle_before_the_first_checkpoint(assembly):
    with pytest.raises(NothingSealedError):
        write_bundle(assembly, None, io.BytesIO())


def test_a_missing_file_is_named(voted, tmp_path):
    whole = unpacked(voted, tmp_path / "bundle")

    for name in RECORDS[:-1]:
        folder = tmp_path / f"without {name}"
        shutil.copytree(whole, folder)
        (folder / name).unlink()
        assert name in why_not(folder)
