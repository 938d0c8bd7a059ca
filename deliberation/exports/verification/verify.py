#!/usr/bin/env python3
"""Checks a verification bundle of a Majelis assembly, without Majelis.

    python verify.py BUNDLE [--key VERIFIER_KEY] [--witness VERIFIER_KEY] [--receipts FILE]

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
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LEAF_KEYS = {"v", "log", "type", "id", "n", "c"}
CHOICES = ("agree", "disagree", "pass")
# What people answer in secret, and what of the content says about what.
SECRETS = {"vote": ("statement",), "ranking": ("round", "turn"), "ratify": ("summary", "point")}
PEOPLE_RANK = ("ranking", "ranking_again")  # the stages of a drafting round
KEPT_BACK = {
    "rejected": "hidden by moderators or withdrawn by their authors",
    "held": "waiting for a moderator to read them first",
}
FEW = 5  # of fewer rankings only their number is told
SUMS, PROOF = "SHA256SUMS", "c2sp.org/tlog-proof@v1"
ED25519, COSIGNATURE, DID_KEY = b"\1", b"\4", b"\xed\1"
UNREADABLE = (EOFError, KeyError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
spell = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class Leaf(NamedTuple):
    """What an entry says: `c` is the commitment to its content."""

    type: str
    id: str
    n: int
    c: str


class Turn(NamedTuple):
    """A time that people ranked: the entry that opened it and, once it is over, the one that tells the result."""

    opened: int
    closed: int | None = None


class Wrong(Exception):
    """What is wrong, and where."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


class Bundle:
    """The files of a bundle, from a zip file or a folder."""

    def __init__(self, path: Path) -> None:
        self._folder = path
        try:
            self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        except UNREADABLE as error:
            raise Wrong(path.name, "is no zip file") from error

    def has(self, name: str) -> bool:
        return name in self.names()

    def names(self) -> list[str]:
        if self._zip:
            return self._zip.namelist()
        files = (path for path in self._folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
        return sorted(path.relative_to(self._folder).as_posix() for path in files)

    def digest(self, name: str) -> str:
        try:
            with self._zip.open(name) if self._zip else open(self._folder / name, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except UNREADABLE as error:
            raise Wrong(name, "is missing or cannot be read") from error

    def bytes(self, name: str) -> bytes:
        try:
            return self._zip.read(name) if self._zip else (self._folder / name).read_bytes()
        except UNREADABLE as error:
            raise Wrong(name, "is missing or cannot be read") from error

    def lines(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Each line without its end, and where it stands."""
        try:
            with self._zip.open(name) if self._zip else open(self._folder / name, "rb") as file:
                for number, line in enumerate(io.BufferedReader(file), start=1):
                    if not line.endswith(b"\n"):
                        raise Wrong(f"{name} line {number}", "the line has no end")
                    yield f"{name} line {number}", line[:-1]
        except UNREADABLE as error:
            raise Wrong(name, "is missing or cannot be read") from error


class Record:
    """What the steps find out one after the other."""

    def __init__(self, bundle: Bundle, key: str | None = None, witnesses: list[str] | None = None) -> None:
        self.bundle, self.known_key, self.witnesses = bundle, key, witnesses or []
        self.note, self.key, self.keys = "", "", [""]
        self.origin, self.size, self.root = "", 0, b""
        self.leaves: list[Leaf] = []
        self.hashes: list[str] = []
        self.opened: dict[int, dict[str, Any]] = {}
        self.report: dict[str, Any] = {}
        self.named: dict[str, Any] = {}  # what the entry of the report says

    def where(self, sequence: int) -> str:
        return f"entries.jsonl line {sequence + 1}"

    def of_type(self, *types: str) -> Iterator[tuple[int, Leaf]]:
        return ((sequence, leaf) for sequence, leaf in enumerate(self.leaves) if leaf.type in types)


def check_signature(record: Record) -> str:
    """1. The checkpoint is signed by the record's key."""
    record.key = text_of(record.bundle.bytes("key.txt"), "key.txt").removesuffix("\n")
    if f"{record.key}\n".encode() != record.bundle.bytes("key.txt"):
        raise Wrong("key.txt", "is not one line")
    note = text_of(record.bundle.bytes("checkpoint.txt"), "checkpoint.txt")
    text = signed_text(note, record.key, "checkpoint.txt")
    lines = text.split("\n")
    record.note, record.origin = text, read_key(record.key, "key.txt")[0]
    if len(lines) != 4 or lines[0] != record.origin or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
        raise Wrong("checkpoint.txt", "is not a checkpoint of this record")
    record.size, record.root = int(lines[1]), base64_of(lines[2], "checkpoint.txt")
    return f"checkpoint of {record.size} entries, signed by {record.key}"


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
    redacted, hidden, begun = redactions(record), hidden_contributions(record), begun_rounds(record)
    uncounted = any(not is_counted(record, turn) for turn in turns_of(record).values())
    unpublished = unpublished_summaries(record)
    reasons: Counter[str] = Counter()
    for sequence, leaf in enumerate(record.leaves):
        if sequence in record.opened:
            if sequence in redacted:
                raise Wrong(record.where(sequence), "was erased, and yet its content is given")
        elif sequence in redacted:
            reasons["erased by those who wrote them"] += 1
        elif leaf.type == "vote" and not votes_open:
            reasons["votes, whose results are not open yet"] += 1
        elif leaf.type in ("statement", "argument", "edit", "objection", "question", "note") and leaf.id in hidden:
            reasons[hidden[leaf.id]] += 1
        elif leaf.type == "answer" and leaf.id.split(" ")[0] in hidden:
            reasons["answers to questions that moderators hid"] += 1
        elif leaf.type == "consent":
            reasons["what people consented to, which is nobody else's business"] += 1
        elif leaf.type == "drafting" and leaf.id not in begun:
            reasons["drafting rounds that are being prepared"] += 1
        elif leaf.type == "ranking" and uncounted:
            reasons["rankings that are not counted, or not yet"] += 1
        elif leaf.type == "ratify" and unpublished:
            reasons["answers about a summary that is not published yet"] += 1
        elif leaf.type == "moderate":
            reasons["decisions of moderators with words for the author alone"] += 1
        elif leaf.type == "appeal":
            reasons["appeals and their outcomes, with words for moderators and authors alone"] += 1
        else:
            raise Wrong(record.where(sequence), "its content is missing, and nothing in the record says why")
    return reasons, votes_open


def redactions(record: Record) -> dict[int, int]:
    """Which entries were erased, and by which; what was erased before it was sealed may come in a later bundle."""
    places = {hashed: sequence for sequence, hashed in enumerate(record.hashes)}
    return {places[leaf.id]: sequence for sequence, leaf in record.of_type("redact") if leaf.id in places}


def hidden_contributions(record: Record) -> dict[str, str]:
    """What moderators hid (or decided about in words that are not public), what waits for them, and what authors
    withdrew, at last, each with its reason."""
    hidden, latest = {}, {}
    for sequence, leaf in record.of_type("moderate"):
        if leaf.n > latest.get(leaf.id, (0, 0))[0]:
            latest[leaf.id] = (leaf.n, sequence)
    for about, (_, sequence) in latest.items():
        decision = record.opened.get(sequence, {}).get("decision", "rejected")
        if decision in KEPT_BACK:
            hidden[about] = KEPT_BACK[decision]
    withdrawn = Counter(leaf.id for _, leaf in record.of_type("withdraw"))
    restored = Counter(leaf.id for _, leaf in record.of_type("restore"))
    return hidden | {about: KEPT_BACK["rejected"] for about in withdrawn if withdrawn[about] > restored[about]}


def begun_rounds(record: Record) -> set[str]:
    """The drafting rounds of which anything is told; those that are being prepared are closed as a whole."""
    return {leaf.id for sequence, leaf in record.of_type("drafting") if sequence in record.opened}


def unpublished_summaries(record: Record) -> set[str]:
    """The versions that participants were asked about and that were never published since."""
    states: dict[str, set[str]] = defaultdict(set)
    for sequence, leaf in record.of_type("summary"):
        states[leaf.id].add(str(record.opened.get(sequence, {}).get("state")))
    return {version for version, known in states.items() if "offered" in known and "published" not in known}


def told_of_missing(record: Record, reasons: Counter[str], votes_open: bool) -> str:
    lines = [f"{len(record.opened)} contents are what their entries commit to"]
    lines += [f"       {count} not given: {reason}" for reason, count in sorted(reasons.items())]
    return "\n".join(lines)


def check_keys(record: Record) -> str:
    """4. The key is the one the record began with, or took over from it; and witnesses saw this checkpoint."""
    record.keys = handed_on(record)
    if record.keys[-1] != record.key:
        raise Wrong("key.txt", "is not the key that the record was handed to last")
    if record.known_key not in (None, *record.keys):
        raise Wrong("key.txt", "is another key than the one given with --key")
    changes = (
        f"replaced {len(record.keys) - 1} times, each time by itself" if len(record.keys) > 1 else "never replaced"
    )
    seen_by = cosigners(record)
    if missing := set(record.witnesses) - set(seen_by):
        raise Wrong("cosignatures.jsonl", f"nothing of the witness {min(missing)}")
    return f"the key was {changes}; {len(seen_by)} witnesses" + "".join(f"\n       seen by {key}" for key in seen_by)


def handed_on(record: Record) -> list[str]:
    """The keys of the record one after the other: each says itself which one follows."""
    keys: list[str] = []
    changes = sorted((leaf.n, sequence) for sequence, leaf in record.of_type("config") if leaf.id == "record-key")
    for number, sequence in changes:
        where, told = record.where(sequence), record.opened.get(sequence, {})
        before, after = str(told.get("before")), str(told.get("key"))
        if keys and keys[-1] != before:
            raise Wrong(where, "hands on a key that was not in use")
        words = f"{record.origin}/keys\n{number}\n{after}\nFrom here on this key signs the record.\n"
        if signed_text(str(told.get("note")), before, where) != words:
            raise Wrong(where, "the key before has not said so")
        keys = keys or [before]
        keys.append(after)
    return keys or [record.key]


def cosigners(record: Record) -> list[str]:
    """The verifier keys of the witnesses that cosigned this checkpoint (c2sp.org/tlog-cosignature, version 1)."""
    found = []
    for where, line in record.bundle.lines("cosignatures.jsonl"):
        told = canonical(line, where)
        key, signature = str(told.get("key")), str(told.get("line"))
        name, hashed, public = read_key(key, where, COSIGNATURE)
        if set(told) != {"key", "line"} or not signature.startswith(f"— {name} "):
            raise Wrong(where, "is not a cosignature")
        raw = base64_of(signature.removeprefix(f"— {name} "), where)
        said = f"cosignature/v1\ntime {int.from_bytes(raw[4:12])}\n{record.note}"
        if raw[:4] != hashed:
            raise Wrong(where, "is signed by another key")
        require_signature(public, raw[12:], said.encode(), where)
        found.append(key)
    return found


def check_revisions(record: Record) -> str:
    """5. Nothing is counted twice: revisions of one contribution are numbered from 1 without a gap."""
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
    for about, count in answers(record).items():
        if count > people:
            raise Wrong("openings.jsonl", f"{about} has {count} answers, but {people} joined")
    return f"{len(revisions)} contributions, no revision twice or missing, nothing answered by more people than joined"


def answers(record: Record) -> Counter[str]:
    """How many people answered about each statement, in each ranking and about each sentence of a summary."""
    counted: Counter[str] = Counter()
    for type, names in SECRETS.items():
        for content in latest(record, type, record.size).values():
            if content is not None:
                counted[" ".join([type, *(str(content.get(name)) for name in names)])] += 1
    return counted


def check_report(record: Record) -> str:
    """6. The report is signed, and it is the one that the record names."""
    if not record.bundle.has("report.json"):
        return "there is no report in this bundle"
    issuer, subject = credential(record.bundle.bytes("report.json"))
    digest = hashlib.sha256(spelled(subject["report"]).encode()).hexdigest()
    if subject.get("sha256") != digest or subject.get("record") != record.origin:
        raise Wrong("report.json", "is not about this record, or about another report than it says")
    for sequence, leaf in record.of_type("export"):
        told = record.opened.get(sequence, {})
        if told.get("sha256") == digest and told.get("issuer") == issuer:
            record.report, record.named = subject["report"], told
            return f"report.json is {leaf.id} of entry {sequence}, signed by {issuer}"
    raise Wrong("report.json", "no entry of the record has its digest and its issuer")


def credential(data: bytes) -> tuple[str, dict[str, Any]]:
    """Issuer and subject of a Verifiable Credential with a proof of the cryptosuite eddsa-jcs-2022, by a did:key."""
    told = parsed(data, "report.json")
    if not isinstance(told, dict) or spelled(told).encode() != data:
        raise Wrong("report.json", "is not canonical JSON")
    try:
        document = {name: value for name, value in told.items() if name != "proof"}
        options = {name: value for name, value in told["proof"].items() if name != "proofValue"}
        issuer, subject, method = told["issuer"], told["credentialSubject"], options["verificationMethod"]
        public, signature = base58(issuer.removeprefix("did:key:")), base58(told["proof"]["proofValue"])
        purpose = (options["type"], options["cryptosuite"], options["proofPurpose"], options["@context"])
        kind = ("DataIntegrityProof", "eddsa-jcs-2022", "assertionMethod", document["@context"])
        if purpose != kind or method != f"{issuer}#{issuer.removeprefix('did:key:')}" or "report" not in subject:
            raise ValueError
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Wrong("report.json", "has no proof of the kind eddsa-jcs-2022 by its issuer") from None
    hashed = b"".join(hashlib.sha256(spelled(each).encode()).digest() for each in (options, document))
    if public[:2] != DID_KEY:
        raise Wrong("report.json", "its issuer is no Ed25519 key")
    require_signature(public[2:], signature, hashed, "report.json")
    return issuer, subject


def check_counts(record: Record) -> str:
    """7. The votes of the record, counted again, are the numbers of the report."""
    if not record.report:
        return "nothing to compare"
    counted = record.named["record"]
    if counted is None:
        return "NOT COMPARED: the report was made while votes still came in; ask for one made after the phase"
    if type(counted) is not int or not 0 <= counted <= record.size:
        raise Wrong("report.json", "rests on a larger record than this one")
    return compared(record, record.report["map"]["snapshot"], counted) + entered_with_help(record)


def entered_with_help(record: Record) -> str:
    """How many votes helpers entered, as the record says where a phase last closed; which ones it never says."""
    told = [record.opened.get(sequence, {}).get("helped") for sequence, _ in record.of_type("phase")]
    if not any(told):
        return ""
    helped = [each for each in told if each][-1]
    if not 0 <= helped["votes"] <= len(latest(record, "vote", record.size)):
        raise Wrong("openings.jsonl", f"{helped['votes']} votes were entered with help, and there are not so many")
    return f"; {helped['votes']} votes were entered by helpers (people helped: {helped['people']})"


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
    votes: dict[str, dict[str, str]] = defaultdict(dict)
    for vote, content in latest(record, "vote", size).items():
        if content is not None:
            votes[content["statement"]][vote] = content["choice"]
    return votes


def latest(record: Record, type: str, size: int) -> dict[str, dict[str, Any] | None]:
    """What each contribution of a type said last, by its id; None where that is not given."""
    last: dict[str, tuple[int, int]] = {}
    for sequence, leaf in record.of_type(type):
        if sequence < size and leaf.n > last.get(leaf.id, (0, 0))[0]:
            last[leaf.id] = (leaf.n, sequence)
    return {id: record.opened.get(sequence) for id, (_, sequence) in last.items()}


def votes_erased_since(record: Record, size: int) -> int:
    redacted = redactions(record)
    return sum(sequence < size <= redacted.get(sequence, -1) for sequence, _ in record.of_type("vote"))


def check_rankings(record: Record) -> str:
    """8. The rankings of the record, counted again, lead to the results that were told."""
    turns, rankings = turns_of(record), rankings_given(record)
    counted = {name: turn for name, turn in turns.items() if is_counted(record, turn)}
    erased, waits = erased_rankings(record), phase_is_open(record)
    for name, turn in counted.items():
        require_result(record, turn, rankings[name], record.size if waits else erased)
    require_few(record, turns, erased, waits)
    require_reported(record)
    if not turns:
        return "nothing was ranked"
    apart = f", apart from {erased} erased" if erased else ""
    apart += ", as far as they are sealed: some may wait for the end of the phase" if waits else ""
    return f"{len(counted)} of {len(turns)} rankings have results, and these follow from what people ranked{apart}"


def turns_of(record: Record) -> dict[tuple[str, int], Turn]:
    """Each time that people ranked, by its round and its number; what was undone did not happen."""
    turns: dict[str, list[Turn]] = defaultdict(list)
    for sequence, leaf in sorted(record.of_type("drafting"), key=lambda each: (each[1].id, each[1].n)):
        told, known = record.opened.get(sequence, {}), turns[leaf.id]
        if told.get("what") == "open":
            known.append(Turn(sequence))
        elif known and "result" in told:
            known[-1] = Turn(known[-1].opened, sequence)
        elif known and told.get("what") == "undo" and told.get("stage") in PEOPLE_RANK:
            known[-1] = Turn(known[-1].opened)
        elif known and told.get("what") == "undo" and known[-1].closed is None:
            known.pop()
    return {(id, number): turn for id, known in turns.items() for number, turn in enumerate(known, start=1)}


def is_counted(record: Record, turn: Turn) -> bool:
    return turn.closed is not None and bool(record.opened[turn.closed]["result"].get("counted"))


def rankings_given(record: Record) -> dict[tuple[str, int], list[dict[str, int]]]:
    """The places that people gave candidates at last, without what was taken back."""
    given: dict[tuple[str, int], list[dict[str, int]]] = defaultdict(list)
    for content in latest(record, "ranking", record.size).values():
        if content is not None and content["places"]:
            given[content["round"], content["turn"]].append(content["places"])
    return given


def erased_rankings(record: Record) -> int:
    """How many rankings were erased, before the count or since: the record does not tell of which turn."""
    redacted = redactions(record)
    return len({leaf.id for sequence, leaf in record.of_type("ranking") if sequence in redacted})


def phase_is_open(record: Record) -> bool:
    """While one is, as far as the record tells, answers that people give in secret may wait to be sealed."""
    steps = [(leaf.n, leaf.id, record.opened.get(place, {}).get("what")) for place, leaf in record.of_type("phase")]
    last = {id: what for _, id, what in sorted(steps) if what in ("open", "close")}
    return "open" in last.values() or not last


def require_result(record: Record, turn: Turn, rankings: list[dict[str, int]], lacking: int) -> None:
    """What was told is what these rankings lead to, and as many more as may be lacking."""
    told, asked = record.opened[turn.closed or 0]["result"], record.opened[turn.opened]["candidates"]
    where, ids = record.where(turn.closed or 0), told["candidates"]
    if sorted(ids) != sorted(asked):
        raise Wrong(where, "counts other candidates than people were asked about")
    found = [[sum(prefers(each, one, other) for each in rankings) for other in ids] for one in ids]
    pairs = [(len(rankings), told["rankings"])]
    pairs += [
        pair for row, claims in zip(found, told["preferred"], strict=True) for pair in zip(row, claims, strict=True)
    ]
    for counted, claimed in pairs:
        if not counted <= claimed <= counted + lacking:
            raise Wrong(where, f"it says {claimed} people, the rankings of the record {counted}")
    if told != {**told, **schulze(ids, told["preferred"], record.hashes[turn.opened])}:
        raise Wrong(where, "its order does not follow from what people prefer")


def prefers(places: dict[str, int], one: str, other: str) -> bool:
    """Whether a ranking puts one before the other; what has no place comes last."""
    last = len(places) + max(places.values()) + 1
    return places.get(one, last) < places.get(other, last)


def schulze(ids: list[str], preferred: list[list[int]], opening: str) -> dict[str, Any]:
    """The strongest chains between candidates and the order that follows (Schulze, 2011), ties by a public rule."""
    ties = sorted(ids, key=lambda id: hashlib.sha256(bytes.fromhex(opening) + id.encode()).digest())
    all = range(len(ids))
    strongest = [[preferred[i][j] if preferred[i][j] > preferred[j][i] else 0 for j in all] for i in all]
    for via in all:
        for i in all:
            for j in all:
                if i != j:
                    strongest[i][j] = max(strongest[i][j], min(strongest[i][via], strongest[via][j]))

    def beaten(one: int, among: list[int]) -> bool:
        return any(strongest[other][one] > strongest[one][other] for other in among)

    left, order = [ids.index(id) for id in ties], []
    winners = [ids[one] for one in left if not beaten(one, left)]
    while left:
        order.append(next(one for one in left if not beaten(one, left)))
        left.remove(order[-1])
    tied = [strongest[one][other] == strongest[other][one] for one, other in pairwise(order)]
    ranked = [ids[one] for one in order]
    return {"ties": ties, "strongest": strongest, "winners": winners, "order": ranked, "tied": tied}


def require_few(record: Record, turns: dict[tuple[str, int], Turn], erased: int, waits: bool) -> None:
    """Rankings stay closed where fewer than five were given, and no others do: those taken back are told."""
    uncounted = [turn.closed for turn in turns.values() if not is_counted(record, turn)]
    told = [record.opened[closed]["result"]["rankings"] for closed in uncounted if closed is not None]
    if max(told, default=0) >= FEW:
        raise Wrong("openings.jsonl", f"{max(told)} people ranked, and yet no result is told")
    missing = sum(content is None for content in latest(record, "ranking", record.size).values())
    if None not in uncounted and not missing - erased <= sum(told) <= missing + (record.size if waits else 0):
        raise Wrong("openings.jsonl", f"{missing} rankings are not given, but only {sum(told)} were too few to count")


def require_reported(record: Record) -> None:
    """What the report says of a ranking stands in the record, unless that was undone since."""
    told = [content["result"] for content in record.opened.values() if type(content.get("result")) is dict]
    for drafted in record.report.get("drafting", []):
        for turn in drafted["turns"]:
            if {name: value for name, value in turn.items() if name != "turn"} not in told:
                where = f"report.json, drafting round {drafted['number']}"
                raise Wrong(where, f"the record tells no such result of ranking {turn['turn']}")


def check_files(record: Record) -> str:
    """9. Every file is the one that was packed, down to this program and its description."""
    listed: dict[str, str] = {}
    for where, line in record.bundle.lines(SUMS):
        digest, _, name = text_of(line, where).partition("  ")
        if name in listed or digest != (record.bundle.digest(name) if name in record.bundle.names() else None):
            raise Wrong(name if record.bundle.has(name) else where, f"is not what {SUMS} says")
        listed[name] = digest
    there = record.bundle.names()
    if surplus := [name for name in there if name not in (*listed, SUMS) or there.count(name) > 1]:
        raise Wrong(surplus[0], f"is not in {SUMS}, or stands there twice")
    return f"{len(listed)} files are what they were when they were packed"


def signed_text(note: str, key: str, where: str) -> str:
    """The text of a note (c2sp.org/signed-note) that this key alone has signed."""
    name, hashed, public = read_key(key, where)
    text, _, signature = note.rpartition("\n\n")
    if not signature.startswith(f"— {name} ") or not signature.endswith("\n") or signature.count("\n") != 1:
        raise Wrong(where, f"is not signed by {name} alone")
    raw = base64_of(signature[len(f"— {name} ") : -1], where)
    if raw[:4] != hashed:
        raise Wrong(where, "is signed by another key")
    require_signature(public, raw[4:], f"{text}\n".encode(), where)
    return f"{text}\n"


def require_signature(public: bytes, signature: bytes, data: bytes, where: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        raise Wrong(where, "the signature does not fit") from None


def read_key(key: str, where: str, kind: bytes = ED25519) -> tuple[str, bytes, bytes]:
    """Name, hash and public half of a verifier key."""
    parts = key.split("+", 2)
    if len(parts) != 3:
        raise Wrong(where, "is not a verifier key")
    name, hashed, encoded = parts
    public = base64_of(encoded, where)
    if hashlib.sha256(f"{name}\n".encode() + public).hexdigest()[:8] != hashed or public[:1] != kind:
        raise Wrong(where, "is not an Ed25519 verifier key")
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
    """A JSON object in the one spelling of RFC 8785; it holds no fractions here, and only plain names."""
    value = parsed(line, where)
    try:
        if spell(value).encode() == line and isinstance(value, dict):
            return value
    except ValueError:
        pass
    raise Wrong(where, "is not canonical JSON")


def parsed(data: bytes, where: str) -> Any:
    try:
        return json.loads(text_of(data, where))
    except (ValueError, RecursionError):
        raise Wrong(where, "is not JSON") from None


def spelled(value: Any) -> str:
    """Any JSON value in the one spelling of RFC 8785."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{spell(name)}:{spelled(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spelled, value)) + "]"
    return fraction(value) if isinstance(value, float) else spell(value)


def fraction(value: float) -> str:
    """A number as ECMAScript writes it."""
    sign, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits, point = "".join(map(str, figures)), len(figures) + int(exponent)
    minus = "-" if sign and value else ""
    if value == 0:
        return "0"
    if 0 < point <= 21:
        whole = digits.ljust(point, "0")
        return f"{minus}{whole[:point]}" + (f".{whole[point:]}" if whole[point:] else "")
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    return f"{minus}{digits[0]}" + (f".{digits[1:]}" if digits[1:] else "") + f"e{point - 1:+d}"


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


def base58(text: str) -> bytes:
    """Base58 as Bitcoin writes it, after the letter z that says so. Raises ValueError."""
    if text[:1] != "z":
        raise ValueError(text)
    number = 0
    for letter in text[1:]:
        number = number * 58 + BASE58.index(letter)
    zeros = len(text) - 1 - len(text[1:].lstrip(BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


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


def is_included(hashed: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether the proof leads from a leaf hash to the root (RFC 9162, section 2.1.3.2)."""
    place, last = index, size - 1
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = hashlib.sha256(b"\1" + step + hashed).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hashed = hashlib.sha256(b"\1" + hashed + step).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and hashed == root


def check_receipts(record: Record, path: Path) -> str:
    """10. What receipts prove or promise is in this record, where they say."""
    proved, waiting, lines = 0, 0, []
    for number, line in enumerate(text_of(path.read_bytes(), path.name).split("\n"), start=1):
        lines.append(line)
        if line.startswith("— "):  # the last line of each
            text = "\n".join(lines).lstrip("\n") + "\n"
            if text.startswith(PROOF):
                check_proof(record, text, f"{path.name} line {number}")
                proved += 1
            else:
                is_kept = promised(record, text, f"{path.name} line {number}") in record.hashes
                proved, waiting = proved + is_kept, waiting + (not is_kept)
            lines = []
    if any(lines):
        raise Wrong(path.name, "ends in the middle of a receipt")
    told = (
        f", {waiting} promised and not in this record: if the phase has ended, a promise was broken" if waiting else ""
    )
    return f"{proved} receipts are of entries of this record{told}"


def promised(record: Record, text: str, where: str) -> str:
    """The hash of the leaf that is promised, signed by a key that somebody was told of who joined."""
    told = (record.opened.get(sequence, {}).get("promises") for sequence, _ in record.of_type("enrol"))
    if keys := sorted({str(key) for key in told if key is not None}):
        signed_by_one_of(keys, text, where)
    return base64_of(text.split("\n")[1], where).hex()


def check_proof(record: Record, text: str, where: str) -> None:
    head, _, note = text.partition("\n\n")
    try:
        _, extra, index, *proof = head.split("\n")
        leaf = json.loads(base64_of(extra.removeprefix("extra "), where))["leaf"].encode()
        place, steps = int(index.removeprefix("index ")), [base64_of(each, where) for each in proof]
        origin, size, root = note.split("\n")[:3]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Wrong(where, "is not a receipt") from None
    signed_by_one_of(record.keys, note, where)
    if origin != record.origin or not size.isdecimal() or not 0 < int(size) <= record.size:
        raise Wrong(where, "is of another record, or of a later state of this one")
    hashed, before = hashlib.sha256(b"\0" + leaf).digest(), base64_of(root, where)
    if not 0 <= place < int(size) or record.hashes[place] != hashed.hex():
        raise Wrong(where, f"entry {place} of this record is another one")
    if root_of_first(record, int(size)) != before or not is_included(hashed, place, int(size), steps, before):
        raise Wrong(where, "does not lead to the record as it was when the receipt was made")


def signed_by_one_of(keys: list[str], note: str, where: str) -> str:
    """The text of a note that one of these keys signed."""
    for key in keys[1:]:
        try:
            return signed_text(note, key, where)
        except Wrong:
            continue
    return signed_text(note, keys[0], where)


def root_of_first(record: Record, size: int) -> bytes:
    peaks: list[tuple[int, bytes]] = []
    for hashed in record.hashes[:size]:
        grow(peaks, bytes.fromhex(hashed))
    return root_of(peaks)


STEPS: tuple[Callable[[Record], str], ...] = (
    check_signature,
    check_tree,
    check_openings,
    check_keys,
    check_revisions,
    check_report,
    check_counts,
    check_rankings,
    check_files,
)


def verify(path: Path, key: str | None = None, witnesses: list[str] | None = None) -> Iterator[str]:
    """What each step found, one after the other. Raises Wrong at the first thing that is not right."""
    return steps_of(Record(Bundle(path), key, witnesses))


def steps_of(record: Record) -> Iterator[str]:
    for number, step in enumerate(STEPS, start=1):
        try:
            yield f"{number}. ok  {step(record)}"
        except (AttributeError, LookupError, TypeError, ValueError) as error:  # signed, and yet of another shape
            raise Wrong(f"step {number}", f"something is not what it should be: {error!r}") from error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", help="the verifier key as you know it from elsewhere: a mail, a printed page")
    parser.add_argument("--witness", action="append", help="the key of a witness that must have seen this checkpoint")
    parser.add_argument("--receipts", type=Path, help="receipts, as text, that must be of this record")
    arguments = parser.parse_args()
    try:
        record = Record(Bundle(arguments.bundle), arguments.key, arguments.witness)
        for line in steps_of(record):
            print(line)
        if arguments.receipts:
            print(f"{len(STEPS) + 1}. ok  {check_receipts(record, arguments.receipts)}")
    except Wrong as wrong:
        sys.exit(f"WRONG  {wrong}")
    print("Everything that could be checked is right.")


if __name__ == "__main__":
    main()
