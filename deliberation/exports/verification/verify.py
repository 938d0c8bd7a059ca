#!/usr/bin/env python3
"""Checks a verification bundle of a Majelis assembly, without Majelis.

    python verify.py BUNDLE [--key VERIFIER_KEY]

BUNDLE is the zip file or the folder it was unpacked into. Python 3.11 and the package `cryptography` are enough. Each
step prints what it found; the first thing that is wrong is named by file and line, and the exit status is 1. VERIFY.md
says in plain words what each step means.
"""

import argparse
import base64
import hashlib
import hmac
import io
import json
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LEAF_KEYS = {"v", "log", "type", "id", "n", "c"}
CHOICES = ("agree", "disagree", "pass")
spell = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class Leaf(NamedTuple):
    """What an entry says: `c` is the commitment to its content."""

    type: str
    id: str
    n: int
    c: str


class Wrong(Exception):
    """What is wrong, and where."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


class Bundle:
    """The files of a bundle, from a zip file or a folder."""

    def __init__(self, path: Path) -> None:
        self._folder = path
        self._zip = None if path.is_dir() else zipfile.ZipFile(path)

    def has(self, name: str) -> bool:
        return name in self._zip.namelist() if self._zip else (self._folder / name).exists()

    def bytes(self, name: str) -> bytes:
        try:
            return self._zip.read(name) if self._zip else (self._folder / name).read_bytes()
        except (KeyError, OSError, zipfile.BadZipFile) as error:
            raise Wrong(name, "is missing or cannot be read") from error

    def lines(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Each line without its end, and where it stands."""
        try:
            with self._zip.open(name) if self._zip else open(self._folder / name, "rb") as file:
                for number, line in enumerate(io.BufferedReader(file), start=1):
                    if not line.endswith(b"\n"):
                        raise Wrong(f"{name} line {number}", "the line has no end")
                    yield f"{name} line {number}", line[:-1]
        except (KeyError, OSError, zipfile.BadZipFile) as error:
            raise Wrong(name, "is missing or cannot be read") from error


class Record:
    """What the steps find out one after the other."""

    def __init__(self, bundle: Bundle, key: str | None) -> None:
        self.bundle, self.key = bundle, key
        self.origin, self.size, self.root = "", 0, b""
        self.leaves: list[Leaf] = []
        self.hashes: list[str] = []
        self.opened: dict[int, dict[str, Any]] = {}

    def where(self, sequence: int) -> str:
        return f"entries.jsonl line {sequence + 1}"

    def of_type(self, *types: str) -> Iterator[tuple[int, Leaf]]:
        return ((sequence, leaf) for sequence, leaf in enumerate(self.leaves) if leaf.type in types)


def check_signature(record: Record) -> str:
    """1. The checkpoint is signed by the record's key."""
    key = text_of(record.bundle.bytes("key.txt"), "key.txt").removesuffix("\n")
    if f"{key}\n".encode() != record.bundle.bytes("key.txt"):
        raise Wrong("key.txt", "is not one line")
    if record.key not in (None, key):
        raise Wrong("key.txt", "is another key than the one given with --key")
    name, hashed, public = read_key(key)
    note = text_of(record.bundle.bytes("checkpoint.txt"), "checkpoint.txt")
    text, _, signature = note.rpartition("\n\n")
    lines = f"{text}\n".split("\n")
    if not signature.startswith(f"— {name} ") or not signature.endswith("\n") or signature.count("\n") != 1:
        raise Wrong("checkpoint.txt", f"is not signed by {name} alone")
    raw = base64_of(signature[len(f"— {name} ") : -1], "checkpoint.txt")
    if raw[:4] != hashed:
        raise Wrong("checkpoint.txt", "is signed by another key")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], f"{text}\n".encode())
    except InvalidSignature:
        raise Wrong("checkpoint.txt", "the signature does not fit") from None
    if len(lines) != 4 or lines[0] != name or not lines[1].isdecimal():
        raise Wrong("checkpoint.txt", "is not a checkpoint of this record")
    record.origin, record.size, record.root = name, int(lines[1]), base64_of(lines[2], "checkpoint.txt")
    return f"checkpoint of {record.size} entries, signed by {key}"


def check_tree(record: Record) -> str:
    """2. The entries are exactly those that the checkpoint was signed over."""
    hashes = record.bundle.lines("hashes.txt")
    peaks: list[tuple[int, bytes]] = []
    for where, line in record.bundle.lines("entries.jsonl"):
        hashed = hashlib.sha256(b"\0" + line).digest()
        there, named = next(hashes, ("hashes.txt", b"nothing"))
        if named.decode("utf-8", "replace") != hashed.hex():
            raise Wrong(where, f"does not have the hash of {there}")
        record.hashes.append(hashed.hex())
        record.leaves.append(read_leaf(line, where, record.origin))
        grow(peaks, hashed)
    if (surplus := next(hashes, None)) is not None:
        raise Wrong(surplus[0], "belongs to no entry")
    if len(record.leaves) != record.size:
        raise Wrong("entries.jsonl", f"has {len(record.leaves)} entries, the checkpoint {record.size}")
    if root_of(peaks) != record.root:
        raise Wrong("entries.jsonl", "does not lead to the root that checkpoint.txt signs")
    return f"all {record.size} entries lead to the signed root"


def check_openings(record: Record) -> str:
    """3. Every content is what its entry commits to; none is missing without a reason in the record itself."""
    last = -1
    for where, line in record.bundle.lines("openings.jsonl"):
        opening = canonical(line, where)
        if set(opening) != {"sequence", "salt", "content"} or type(opening["sequence"]) is not int:
            raise Wrong(where, "is not an opening")
        sequence, content = opening["sequence"], str(opening["content"])
        if not last < sequence < record.size:
            raise Wrong(where, f"does not follow in order, or entry {sequence} does not exist")
        try:
            salt = bytes.fromhex(opening["salt"])
        except (TypeError, ValueError):
            raise Wrong(where, "has no salt") from None
        committed = hmac.digest(salt, content.encode(), "sha256").hex()
        if committed != record.leaves[sequence].c or salt.hex() != opening["salt"]:
            raise Wrong(where, f"is not what {record.where(sequence)} commits to")
        record.opened[sequence] = read_content(content, where)
        last = sequence
    return told_of_missing(record, *missing_openings(record))


def missing_openings(record: Record) -> tuple[Counter[str], bool]:
    """How many contents are missing for which reason, and whether votes are not shown yet at all."""
    votes = [sequence for sequence, _ in record.of_type("vote")]
    votes_open = not votes or any(sequence in record.opened for sequence in votes)
    redacted = redactions(record)
    hidden = hidden_contributions(record)
    reasons: Counter[str] = Counter()
    for sequence, leaf in enumerate(record.leaves):
        if sequence in record.opened:
            if sequence in redacted:
                raise Wrong(record.where(sequence), "was erased, and yet its content is given")
        elif sequence in redacted:
            reasons["erased by those who wrote them"] += 1
        elif leaf.type == "vote" and not votes_open:
            reasons["votes, whose results are not open yet"] += 1
        elif leaf.type in ("statement", "argument", "edit") and leaf.id in hidden:
            reasons["hidden by moderators or withdrawn by their authors"] += 1
        elif leaf.type == "moderate":
            reasons["decisions of moderators with words for the author alone"] += 1
        else:
            raise Wrong(record.where(sequence), "its content is missing, and nothing in the record says why")
    return reasons, votes_open


def redactions(record: Record) -> dict[int, int]:
    """Which entries were erased, and by which; what was erased before it was sealed may come in a later bundle."""
    places = {hashed: sequence for sequence, hashed in enumerate(record.hashes)}
    return {places[leaf.id]: sequence for sequence, leaf in record.of_type("redact") if leaf.id in places}


def hidden_contributions(record: Record) -> set[str]:
    """What moderators hid (or decided about in words that are not public) or authors withdrew, at last."""
    hidden, latest = set(), {}
    for sequence, leaf in record.of_type("moderate"):
        if leaf.n > latest.get(leaf.id, (0, 0))[0]:
            latest[leaf.id] = (leaf.n, sequence)
    for about, (_, sequence) in latest.items():
        if record.opened.get(sequence, {}).get("decision", "rejected") == "rejected":
            hidden.add(about)
    withdrawn = Counter(leaf.id for _, leaf in record.of_type("withdraw"))
    restored = Counter(leaf.id for _, leaf in record.of_type("restore"))
    return hidden | {about for about in withdrawn if withdrawn[about] > restored[about]}


def told_of_missing(record: Record, reasons: Counter[str], votes_open: bool) -> str:
    lines = [f"{len(record.opened)} contents are what their entries commit to"]
    lines += [f"       {count} not given: {reason}" for reason, count in sorted(reasons.items())]
    return "\n".join(lines)


def check_revisions(record: Record) -> str:
    """4. Nothing is counted twice: revisions of one contribution are numbered from 1 without a gap."""
    revisions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for sequence, leaf in enumerate(record.leaves):
        numbers = revisions[leaf.type, leaf.id]
        if leaf.n in numbers:
            raise Wrong(record.where(sequence), f"revision {leaf.n} of this {leaf.type} stands there twice")
        numbers.append(leaf.n)
    for sequence, leaf in enumerate(record.leaves):
        if leaf.n > len(revisions[leaf.type, leaf.id]):
            raise Wrong(record.where(sequence), f"is revision {leaf.n}, but an earlier one is missing")
    people = sum(1 for _ in record.of_type("enrol"))
    for statement, votes in latest_votes(record, record.size).items():
        if len(votes) > people:
            raise Wrong("openings.jsonl", f"statement {statement} has {len(votes)} voters, but {people} joined")
    return f"{len(revisions)} contributions, no revision twice or missing, no statement with more voters than joined"


def check_report(record: Record) -> str:
    """5. The report is the one that the record names."""
    if not record.bundle.has("report.json"):
        return "there is no report in this bundle"
    digest = hashlib.sha256(record.bundle.bytes("report.json")).hexdigest()
    for sequence, leaf in record.of_type("export"):
        if record.opened.get(sequence, {}).get("sha256") == digest:
            return f"report.json is {leaf.id} of entry {sequence}"
    raise Wrong("report.json", "no entry of the record has its digest")


def check_counts(record: Record) -> str:
    """6. The votes of the record, counted again, are the numbers of the report."""
    if not record.bundle.has("report.json"):
        return "nothing to compare"
    data = record.bundle.bytes("report.json")
    digest = hashlib.sha256(data).hexdigest()
    counted = next(each["record"] for each in record.opened.values() if each.get("sha256") == digest)
    if counted is None:
        return "NOT COMPARED: the report was made while votes still came in; ask for one made after the phase"
    if type(counted) is not int or not 0 <= counted <= record.size:
        raise Wrong("report.json", "rests on a larger record than this one")
    return compared(record, json.loads(data)["map"]["snapshot"], counted)


def compared(record: Record, shown: dict[str, Any], counted: int) -> str:
    votes, erased_since = latest_votes(record, counted), votes_erased_since(record, counted)
    for told in shown["statements"]:
        found = Counter(choice for choice in votes.get(told["id"], {}).values())
        for choice in CHOICES:
            if not found[choice] <= told[choice] <= found[choice] + erased_since:
                where = f"report.json, statement {told['number']}"
                raise Wrong(where, f"it says {told[choice]} {choice}, the record has {found[choice]}")
    for told in shown["waiting"]:
        found_here = sum(choice in CHOICES for choice in votes.get(told["id"], {}).values())
        if not found_here <= told["votes"] <= found_here + erased_since:
            where = f"report.json, statement {told['number']}"
            raise Wrong(where, f"it says {told['votes']} votes, the record has {found_here}")
    statements = len(shown["statements"]) + len(shown["waiting"])
    since = f", apart from {erased_since} votes erased since" if erased_since else ""
    return f"the votes of the first {counted} entries are those of the report, on all {statements} statements{since}"


def latest_votes(record: Record, size: int) -> dict[str, dict[str, str]]:
    """Of each statement: who (by the vote's id) chose what last, as far as it was not erased."""
    last: dict[str, tuple[int, int]] = {}
    for sequence, leaf in record.of_type("vote"):
        if sequence < size and leaf.n > last.get(leaf.id, (0, 0))[0]:
            last[leaf.id] = (leaf.n, sequence)
    votes: dict[str, dict[str, str]] = defaultdict(dict)
    for vote, (_, sequence) in last.items():
        if sequence in record.opened:
            content = record.opened[sequence]
            votes[content["statement"]][vote] = content["choice"]
    return votes


def votes_erased_since(record: Record, size: int) -> int:
    redacted = redactions(record)
    return sum(sequence < size <= redacted.get(sequence, -1) for sequence, _ in record.of_type("vote"))


def read_key(key: str) -> tuple[str, bytes, bytes]:
    parts = key.split("+", 2)
    if len(parts) != 3:
        raise Wrong("key.txt", "is not a verifier key")
    name, hashed, encoded = parts
    public = base64_of(encoded, "key.txt")
    if hashlib.sha256(f"{name}\n".encode() + public).hexdigest()[:8] != hashed or public[:1] != b"\x01":
        raise Wrong("key.txt", "is not an Ed25519 verifier key")
    return name, bytes.fromhex(hashed), public[1:]


def read_leaf(line: bytes, where: str, origin: str) -> Leaf:
    told = canonical(line, where)
    texts = [told.get(name) for name in ("log", "type", "id", "c")]
    if set(told) != LEAF_KEYS or told["v"] != 1 or not all(isinstance(each, str) for each in texts):
        raise Wrong(where, "is not an entry")
    if told["log"] != origin.rpartition("/")[2]:
        raise Wrong(where, "belongs to another record")
    if type(told["n"]) is not int or told["n"] < 1:
        raise Wrong(where, "has no revision")
    return Leaf(sys.intern(told["type"]), told["id"], told["n"], told["c"])


def read_content(content: str, where: str) -> dict[str, Any]:
    """A content without its nonce. Another spelling would not matter: its entry commits to this one."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise Wrong(where, "has a content that is not JSON") from None
    if not isinstance(told, dict):
        raise Wrong(where, "has a content that is no object")
    return {
        name: sys.intern(value) if isinstance(value, str) else value for name, value in told.items() if name != "nonce"
    }


def canonical(line: bytes, where: str) -> dict[str, Any]:
    """A JSON object in the one spelling of RFC 8785; it holds no fractions here."""
    try:
        value = json.loads(text_of(line, where))
        spelled = spell(value).encode()
    except (ValueError, RecursionError):
        raise Wrong(where, "is not JSON") from None
    if spelled != line or not isinstance(value, dict):
        raise Wrong(where, "is not canonical JSON")
    return value


def text_of(data: bytes, where: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Wrong(where, "is not UTF-8") from None


def base64_of(text: str, where: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(where, "is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Wrong(where, "is not canonical base64")
    return data


def grow(peaks: list[tuple[int, bytes]], hashed: bytes) -> None:
    """Add a leaf to the tree of RFC 6962, known by its complete subtrees: (number of leaves, root)."""
    count = 1
    while peaks and peaks[-1][0] == count:
        hashed = hashlib.sha256(b"\1" + peaks.pop()[1] + hashed).digest()
        count *= 2
    peaks.append((count, hashed))


def root_of(peaks: list[tuple[int, bytes]]) -> bytes:
    if not peaks:
        return hashlib.sha256(b"").digest()
    reached = peaks[-1][1]
    for _, root in reversed(peaks[:-1]):
        reached = hashlib.sha256(b"\1" + root + reached).digest()
    return reached


STEPS: tuple[Callable[[Record], str], ...] = (
    check_signature,
    check_tree,
    check_openings,
    check_revisions,
    check_report,
    check_counts,
)


def verify(path: Path, key: str | None = None) -> Iterator[str]:
    """What each step found, one after the other. Raises Wrong at the first thing that is not right."""
    record = Record(Bundle(path), key)
    for number, step in enumerate(STEPS, start=1):
        yield f"{number}. ok  {step(record)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", help="the verifier key as you know it from elsewhere: a mail, a printed page")
    arguments = parser.parse_args()
    try:
        for line in verify(arguments.bundle, arguments.key):
            print(line)
    except Wrong as wrong:
        sys.exit(f"WRONG  {wrong}")
    print("Everything that could be checked is right.")


if __name__ == "__main__":
    main()
