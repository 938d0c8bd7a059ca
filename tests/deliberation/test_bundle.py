"""The verification bundle: accepted as it is, rejected with anything changed, and checked by a program of its own."""

import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from deliberation import locks
from deliberation.actions.asking import answer, ask
from deliberation.actions.consenting import consent
from deliberation.actions.drafting import Step, begin_round, take_step, write_draft
from deliberation.actions.erasing import erase
from deliberation.actions.helping import begin_helping
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.phases import close_phase
from deliberation.actions.ranking import rank
from deliberation.actions.reporting import make_report
from deliberation.actions.voting import vote_on
from deliberation.actions.withdrawing import withdraw
from deliberation.exports.bundle import ENCLOSED, NothingSealedError, write_bundle
from deliberation.models import (
    Assembly,
    Checkpoint,
    Choice,
    Decision,
    Participant,
    Purpose,
    RecordEntry,
    RecordOwner,
    Statement,
    Vote,
)
from deliberation.record import keys, notes
from deliberation.record.cosigning import Witness
from deliberation.record.notes import Signer, Tree, kept_key
from deliberation.record.receipts import receipts_of
from deliberation.record.sealing import seal
from tests.finished_assembly import (
    RECORDS,
    finish,
    join_all,
    keep_keys_in,
    lines_of,
    program,
    state_all,
    unpacked,
    vote_all,
)
from tests.people import a_facilitator, an_open_phase, browser_of

pytestmark = pytest.mark.django_db(transaction=True)  # a bundle is read as of one moment

verify = program("verify")

ENCLOSED_TOO = ["SHA256SUMS", "VERIFY.md", "VERIFIKASI.md", "verify.py", "cosignatures.jsonl"]


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    keep_keys_in(tmp_path, monkeypatch)


@pytest.fixture
def people(assembly) -> list[Participant]:
    return join_all(assembly)


@pytest.fixture
def statements(people) -> list[Statement]:
    return state_all(people)


@pytest.fixture
def voted(assembly, people, statements) -> Assembly:
    """A finished assembly: everybody voted, some changed or took back a vote, and there is a report."""
    vote_all(people, statements[:4])
    vote_on(people[0], statements[0], Choice.DISAGREE, replaces=1)
    vote_on(people[1], statements[0], Choice.WITHDRAWN, replaces=1)
    vote_on(people[2], statements[4], Choice.AGREE)
    finish(assembly)
    return assembly


def found_in(folder: Path) -> list[str]:
    return list(verify.verify(folder))


def why_not(folder: Path) -> str:
    with pytest.raises(verify.Wrong) as wrong:
        found_in(folder)
    return str(wrong.value)


def test_the_bundle_of_a_finished_assembly_is_accepted_step_by_step(voted, tmp_path):
    steps = found_in(unpacked(voted, tmp_path / "bundle"))

    size = RecordEntry.objects.filter(assembly=voted).count()
    consents = RecordEntry.objects.filter(assembly=voted, type="consent").count()
    report = RecordEntry.objects.get(type="export").sequence
    signed_by = voted.reports.get().credential.document["issuer"]
    assert steps == [
        f"1. ok  checkpoint of {size} entries, signed by {voted.checkpoints.first().key}",
        f"2. ok  all {size} entries lead to the signed root",
        f"3. ok  {size - consents} contents are what their entries commit to\n"
        f"       {consents} not given: what people consented to, which is nobody else's business",
        "4. ok  the key was never replaced; 0 witnesses",
        f"5. ok  {size - 2} contributions, no revision twice or missing, nothing answered by more people than joined",
        f"6. ok  report.json is report-1 of entry {report}, signed by {signed_by}",
        f"7. ok  the votes of the first {size - 2} entries are those of the report, on all 5 statements",
        "8. ok  nothing was ranked",
        "9. ok  10 files are what they were when they were packed",
    ]


def test_the_program_repeats_how_many_votes_were_entered_with_help(assembly, people, statements, tmp_path):
    helper = a_facilitator(assembly)
    consent(people[0], {Purpose.HELP})
    people[0].helping = begin_helping(helper, people[0])
    vote_all(people, statements)
    finish(assembly)

    seventh = found_in(unpacked(assembly, tmp_path / "bundle"))[6]

    assert seventh.endswith(f"on all 5 statements; {len(statements)} votes were entered by helpers (people helped: 1)")


def test_the_program_stands_alone(voted, tmp_path):
    with open(tmp_path / "bundle.zip", "wb") as file:
        write_bundle(voted, None, file)
    zipfile.ZipFile(tmp_path / "bundle.zip").extract("verify.py", tmp_path / "elsewhere")
    command = [sys.executable, "-I", "verify.py", str(tmp_path / "bundle.zip")]

    good = subprocess.run(command, cwd=tmp_path / "elsewhere", capture_output=True, text=True)
    bad = subprocess.run([*command, "--key", "other"], cwd=tmp_path / "elsewhere", capture_output=True, text=True)

    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "Everything that could be checked is right.")
    assert (bad.returncode, bad.stderr) == (1, "WRONG  key.txt: is another key than the one given with --key\n")


def test_a_single_changed_byte_of_any_file_is_rejected_and_its_place_named(voted, tmp_path):
    cosign(voted.checkpoints.first())
    folder = unpacked(voted, tmp_path / "bundle")
    rng = random.Random(19)

    unnoticed, elsewhere = [], []
    for name in [*RECORDS, *ENCLOSED_TOO]:
        untouched = (folder / name).read_bytes()
        for at in [*rng.sample(range(len(untouched)), 30), len(untouched) - 1, 0]:
            (folder / name).write_bytes(with_another_byte(untouched, at, rng))
            try:
                found_in(folder)
                unnoticed.append((name, at))
            except verify.Wrong as wrong:
                if not names_place(str(wrong), name, untouched[:at].count(b"\n") + 1):
                    elsewhere.append((name, at, str(wrong)))
        (folder / name).write_bytes(untouched)

    assert (unnoticed, elsewhere) == ([], [])
    assert sorted(path.name for path in folder.iterdir()) == sorted([*RECORDS, *ENCLOSED_TOO])


def with_another_byte(data: bytes, at: int, rng: random.Random) -> bytes:
    return data[:at] + bytes([rng.choice([byte for byte in range(256) if byte != data[at]])]) + data[at + 1 :]


def names_place(told: str, name: str, line: int) -> bool:
    """Where files are compared with each other, either may be named, with the line."""
    if name in ("entries.jsonl", "hashes.txt"):
        return (
            f"{name} line {line}" in told or f"{name} line {line - 1}" in told or f"entries.jsonl line {line}" in told
        )
    if name in ("openings.jsonl", "cosignatures.jsonl"):
        return f"{name} line {line}" in told
    if name == "SHA256SUMS":  # a sum that does not fit its file: either may be named
        return any(each in told for each in ("SHA256SUMS", *RECORDS, *ENCLOSED_TOO))
    if name == "key.txt":
        return "key.txt" in told or "checkpoint.txt" in told
    return name in told


def test_hundreds_of_changes_one_in_each_kind_of_entry_and_content_are_rejected(voted, people, statements, tmp_path):
    """A byte of each leaf and of each opening, so that no kind of contribution is left out."""
    rank_two_drafts(voted, people)
    moderate(statements[1], Decision.REJECTED, "", None, "personal_data")
    withdraw(statements[2])
    erase(people[3])
    seal(voted)
    folder = unpacked(voted, tmp_path / "bundle")
    rng = random.Random(20)

    elsewhere = []
    for name in ("entries.jsonl", "openings.jsonl"):
        lines = lines_of(folder, name)
        for number, line in enumerate(lines):
            at = rng.randrange(len(line))
            changed = with_another_byte(line, at, rng)
            (folder / name).write_bytes(b"".join([*lines[:number], changed, *lines[number + 1 :]]))
            if f"{name} line" not in why_not(folder):
                elsewhere.append((name, number + 1, at))
        (folder / name).write_bytes(b"".join(lines))

    kinds = {json.loads(line)["type"] for line in lines_of(folder, "entries.jsonl")}
    assert elsewhere == []
    assert kinds >= {"enrol", "statement", "vote", "phase", "map", "export", "moderate", "withdraw", "redact"}
    assert kinds >= {"drafting", "ranking"}
    assert len(lines_of(folder, "entries.jsonl")) + len(lines_of(folder, "openings.jsonl")) > 190


def rank_two_drafts(assembly: Assembly, people: list[Participant]) -> None:
    """One more phase, in which everybody but one ranks."""
    phase = an_open_phase(assembly)
    drafting = begin_round(assembly, {"en": "What should we recommend?"})
    drafts = [write_draft(drafting, {"en": text}).public_id for text in ("Do this.", "Do that.")]
    take_step(drafting, Step.OPEN)
    for person in people[1:]:
        rank(person, drafting.turns.select_related("round").get(), {drafts[0]: 1})
    take_step(drafting, Step.CLOSE)
    close_phase(phase)


def test_a_changed_byte_of_the_zip_file_is_rejected_or_changes_no_content(voted, tmp_path):
    """Dates and such in the container are of no account: what is unpacked from it is."""
    path = tmp_path / "bundle.zip"
    with open(path, "wb") as file:
        write_bundle(voted, None, file)
    untouched = path.read_bytes()
    contents = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    rng = random.Random(21)

    rejected, changed_unnoticed = 0, []
    for at in rng.sample(range(len(untouched)), 150):
        path.write_bytes(untouched[:at] + bytes([untouched[at] ^ 0x55]) + untouched[at + 1 :])
        try:
            found_in(path)
        except (verify.Wrong, zipfile.BadZipFile):
            rejected += 1
            continue
        with zipfile.ZipFile(path) as bundle:
            if {name: bundle.read(name) for name in bundle.namelist()} != contents:
                changed_unnoticed.append(at)

    assert changed_unnoticed == []
    assert rejected > 100


def test_a_file_that_was_not_packed_is_rejected(voted, tmp_path):
    folder = unpacked(voted, tmp_path / "bundle")

    (folder / "more.txt").write_text("Everything is fine.")

    assert why_not(folder) == "more.txt: is not in SHA256SUMS, or stands there twice"


def test_receipts_of_the_first_phase_are_good_after_the_last(assembly, people, statements, tmp_path):
    vote_all(people, statements)
    close_phase(assembly.phases.get())
    seal(assembly)
    receipts = "\n".join(each.as_text() for each in receipts_of(people[0]))
    keys.rotate()
    an_open_phase(assembly)
    vote_on(people[1], statements[0], Choice.PASS, replaces=1)
    promised = receipts_of(people[1])[-1].as_text()
    erase(people[2])
    finish(assembly)
    (tmp_path / "receipts.txt").write_text(receipts)
    (tmp_path / "all.txt").write_text(f"{receipts}\n{promised}")

    program = [sys.executable, "-I", str(ENCLOSED / "verify.py"), str(unpacked(assembly, tmp_path / "bundle"))]
    good = subprocess.run([*program, "--receipts", tmp_path / "all.txt"], capture_output=True, text=True)
    (tmp_path / "forged.txt").write_text(re.sub(r"^index \d+$", "index 0", receipts, flags=re.M))
    bad = subprocess.run([*program, "--receipts", tmp_path / "forged.txt"], capture_output=True, text=True)
    (tmp_path / "stranger.txt").write_text(promised_by_a_stranger(promised, tmp_path))
    stranger = subprocess.run([*program, "--receipts", tmp_path / "stranger.txt"], capture_output=True, text=True)

    count = len(receipts_of(people[0])) + 1
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.splitlines()[-2] == f"10. ok  {count} receipts are of entries of this record"
    assert (bad.returncode, "forged.txt line" in bad.stderr) == (1, True)
    assert (stranger.returncode, stranger.stderr) == (1, "WRONG  stranger.txt line 5: is signed by another key\n")


def promised_by_a_stranger(promise: str, folder: Path) -> str:
    """The same words, signed by a key that this record never named."""
    text = promise.partition("\n\n")[0] + "\n"
    return Signer(text.split("\n")[0], kept_key(folder / "stranger")).sign(text)


def test_the_program_follows_the_record_from_key_to_key(voted, tmp_path):
    first = voted.checkpoints.first().key
    for _ in range(2):
        keys.rotate()
        seal(voted)
    folder = unpacked(voted, tmp_path / "bundle")

    steps = list(verify.verify(folder, first))

    assert steps[3] == "4. ok  the key was replaced 2 times, each time by itself; 0 witnesses"
    with pytest.raises(verify.Wrong, match="another key than the one given"):
        list(verify.verify(folder, Signer("x", kept_key(tmp_path / "stranger")).verifier_key))


def test_a_record_that_goes_on_under_another_key_without_a_handover_is_rejected(voted, tmp_path):
    first = voted.checkpoints.first()
    stranger = Signer(Tree.parsed(first.note).origin, kept_key(tmp_path / "stranger"))
    folder = unpacked(voted, tmp_path / "bundle")
    (folder / "checkpoint.txt").write_text(stranger.sign("\n".join(first.note.split("\n")[:3]) + "\n"))
    (folder / "key.txt").write_text(f"{stranger.verifier_key}\n")
    sums(folder)

    assert list(verify.verify(folder))  # it is signed by the key that it says
    with pytest.raises(verify.Wrong, match="another key than the one given"):
        list(verify.verify(folder, first.key))


def test_a_witness_is_believed_only_if_it_signed_this_checkpoint(voted, tmp_path):
    witness = cosign(voted.checkpoints.first())
    folder = unpacked(voted, tmp_path / "bundle")

    steps = list(verify.verify(folder, None, [witness]))

    assert steps[3] == f"4. ok  the key was never replaced; 1 witnesses\n       seen by {witness}"
    other = Witness("other.example", kept_key(tmp_path / "other")).verifier_key
    with pytest.raises(verify.Wrong, match="nothing of the witness other"):
        list(verify.verify(folder, None, [other]))


def cosign(checkpoint: Checkpoint) -> str:
    """Somebody elsewhere has seen it; their verifier key."""
    witness = Witness("witness.example/w1", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    line = witness.cosign(notes.text_of(checkpoint.note), 1_679_315_147)
    checkpoint.cosignatures.create(key=witness.verifier_key, line=line, witnessed_at=datetime.now(UTC))
    return witness.verifier_key


def sums(folder: Path) -> None:
    """What somebody does who changes a file and knows of the sums."""
    names = sorted(path.name for path in folder.iterdir() if path.name != "SHA256SUMS")
    told = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(told))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_program_writes_numbers_as_rfc_8785_does(value):
    assert verify.spelled([value]).encode() == rfc8785.dumps([value])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.recursive(TEXTS | st.none() | st.booleans(), lambda each: st.lists(each) | st.dictionaries(TEXTS, each)))
def test_the_program_writes_texts_and_names_as_rfc_8785_does(value):
    assert verify.spelled(value).encode() == rfc8785.dumps(value)


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

    left = [line for line in openings if json.loads(line)["sequence"] != vote]
    (folder / "openings.jsonl").write_bytes(b"".join(left))

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

    assert steps[6].startswith("7. ok  NOT COMPARED")


def test_a_vote_is_counted_once_for_each_voter_whatever_was_changed(voted, tmp_path):
    folder = unpacked(voted, tmp_path / "bundle")
    checked = verify.Record(verify.Bundle(folder))
    for step in verify.STEPS:
        step(checked)

    counted = {
        statement: Counter(votes.values()) for statement, votes in verify.latest_votes(checked, checked.size).items()
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
    assert "60 not given: votes, whose results are not open yet" in steps[2]
    assert "votes" not in full[2]


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


def test_the_answer_to_a_hidden_question_is_closed_with_it_and_that_to_a_withdrawn_one_stays(
    assembly, people, tmp_path
):
    eka = a_facilitator(assembly, "Eka")
    asked = [ask(people[0], text, "en") for text in ("Is Rudi a thief?", "What does a truck cost?", "Who drives it?")]
    for question, text in zip(asked, ("Rudi is none.", "Rp900 million.", "The city does."), strict=True):
        answer(question, eka, "en", text, "Myself", 0)
    moderate(asked[0], Decision.REJECTED, "", None, "personal_data")
    withdraw(asked[1])
    seal(assembly)

    folder = unpacked(assembly, tmp_path / "bundle")
    steps = found_in(folder)

    openings = (folder / "openings.jsonl").read_text()
    told = [text in openings for text in ("Rudi", "What does a truck cost?", "Rp900 million.", "Who drives it?")]
    assert told == [False, False, True, True]
    assert "1 not given: answers to questions that moderators hid" in steps[2]


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
    assert erased == 8  # joined, consented, one statement, four votes, one of them changed
    assert f"{erased} not given: erased by those who wrote them" in after[2]
    assert (
        RecordOwner.objects.filter(participant=ana).count(),
        Vote.objects.standing().filter(participant=ana).count(),
    ) == (
        0,
        0,
    )
    assert before[6].split(",")[0] == after[6].split(",")[0]
    assert after[6].endswith("apart from 5 votes erased since")


def test_a_report_made_after_somebody_was_erased_is_compared_exactly(voted, people, tmp_path):
    erase(people[0])
    finish(voted)

    steps = found_in(unpacked(voted, tmp_path / "bundle"))

    assert steps[6].endswith("are those of the report, on all 4 statements")


def test_a_vote_may_be_erased_before_it_was_sealed(assembly, people, statements, tmp_path):
    vote_on(people[0], statements[0], Choice.AGREE)
    erase(people[0])
    seal(assembly)
    early = found_in(unpacked(assembly, tmp_path / "early"))

    close_phase(assembly.phases.get())
    seal(assembly)
    late = found_in(unpacked(assembly, tmp_path / "late"))

    assert "3 not given: erased" in early[2]  # joined, consented, and one statement
    assert "4 not given: erased" in late[2]


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


def test_files_travel_as_they_are_and_words_compressed(voted):
    asks = {"HTTP_ACCEPT_ENCODING": "gzip"}

    page = browser_of(None).get("/a/river/record/", **asks)
    bundle = browser_of(None).get("/a/river/record/bundle.zip", **asks)

    assert page["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in bundle
