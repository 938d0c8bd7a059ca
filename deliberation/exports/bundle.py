"""The verification bundle: everything somebody needs to check the record without us, in one zip file."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import rfc8785

from deliberation import locks, visibility
from deliberation.exports.audit import linked_votes
from deliberation.exports.credential import credential_of
from deliberation.exports.report import digest_of
from deliberation.models import Assembly, Checkpoint, Participant, RecordEntry, RecordOpening, Report

ENCLOSED = Path(__file__).parent / "verification"  # what each bundle carries along: how to check it
FOR_AUDITORS = ("audit.py",)
AT_A_TIME = 2_000


class NothingSealedError(Exception):
    """The record has no checkpoint yet."""


class BundleBeingMadeError(Exception):
    """Somebody else is being given a bundle of this assembly just now: one at a time, for it is real work."""


class Pack:
    """A zip file that ends with the SHA-256 of everything in it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._sums: dict[str, str] = {}

    def write(self, name: str, data: bytes) -> None:
        self._write_pieces(name, [data])

    def write_lines(self, name: str, lines: Iterable[bytes]) -> None:
        """Line by line, so that a long record never stands in memory."""
        self._write_pieces(name, (line + b"\n" for line in lines))

    def close(self) -> None:
        sums = [f"{digest}  {name}\n" for name, digest in sorted(self._sums.items())]
        self._zip.writestr("SHA256SUMS", "".join(sums))
        self._zip.close()

    def _write_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self._sums[name] = digest.hexdigest()


def write_bundle(
    assembly: Assembly, reader: Participant | None, file: IO[bytes], for_auditors: bool = False
) -> Checkpoint:
    """Write the bundle as this reader may see it, row by row. Raises NothingSealedError, BundleBeingMadeError.

    `for_auditors` adds which votes are of one person: only for a facilitator, who hands it on.
    """
    with locks.one_moment():
        if not locks.try_lock_until_commit(locks.BUNDLING, assembly.pk):
            raise BundleBeingMadeError
        checkpoint = Checkpoint.objects.filter(assembly=assembly).first()
        if checkpoint is None:
            raise NothingSealedError
        pack = Pack(file)
        _write_record(pack, checkpoint, reader)
        report = _sealed_report(checkpoint, reader)
        if report is not None:
            pack.write("report.json", rfc8785.dumps(credential_of(report)))
        if for_auditors and report is not None and reader is not None and reader.is_facilitator:
            pack.write_lines("voters.jsonl", map(rfc8785.dumps, linked_votes(checkpoint, report)))
        for enclosed in sorted(ENCLOSED.glob("*.*")):
            if for_auditors or enclosed.name not in FOR_AUDITORS:
                pack.write(enclosed.name, enclosed.read_bytes())
        pack.close()
    return checkpoint


def _write_record(pack: Pack, checkpoint: Checkpoint, reader: Participant | None) -> None:
    pack.write("checkpoint.txt", checkpoint.note.encode())
    pack.write("key.txt", f"{checkpoint.key}\n".encode())
    pack.write_lines("cosignatures.jsonl", _cosignatures(checkpoint))
    pack.write_lines("entries.jsonl", _column(checkpoint, "leaf"))
    pack.write_lines("hashes.txt", (each.hex().encode() for each in _column(checkpoint, "leaf_hash")))
    pack.write_lines("openings.jsonl", _openings(checkpoint, reader))


def _cosignatures(checkpoint: Checkpoint) -> Iterator[bytes]:
    for each in checkpoint.cosignatures.all():
        yield rfc8785.dumps({"key": each.key, "line": each.line.removesuffix("\n")})


def _column(checkpoint: Checkpoint, name: str) -> Iterator[bytes]:
    entries = RecordEntry.objects.filter(assembly=checkpoint.assembly_id, sequence__lt=checkpoint.size)
    rows = entries.order_by("sequence").values_list(name, flat=True)
    return (bytes(value) for value in rows.iterator(chunk_size=AT_A_TIME))


def _openings(checkpoint: Checkpoint, reader: Participant | None) -> Iterator[bytes]:
    shown = visibility.record_openings_for(checkpoint.assembly, reader)
    openings = RecordOpening.objects.filter(
        entry__assembly=checkpoint.assembly_id, entry__sequence__lt=checkpoint.size
    ).order_by("entry__sequence")
    columns = ("entry__sequence", "entry__type", "entry__leaf", "salt", "content")
    for sequence, type, leaf, salt, content in openings.values_list(*columns).iterator(chunk_size=AT_A_TIME):
        if shown(type, bytes(leaf), bytes(content)):
            opening = {"sequence": sequence, "salt": bytes(salt).hex(), "content": bytes(content).decode()}
            yield rfc8785.dumps(opening)


def _sealed_report(checkpoint: Checkpoint, reader: Participant | None) -> Report | None:
    """The newest report that the record names and somebody signed, if it is still what was frozen."""
    reports = visibility.reports_for(checkpoint.assembly, reader).filter(credential__isnull=False)
    report = reports.select_related("credential", "assembly").first()
    if report is None or not _is_sealed(checkpoint, report):
        return None
    if digest_of(report.snapshot) != report.digest:
        raise ValueError(f"report {report.version} of assembly {checkpoint.assembly_id} is not what was frozen")
    return report


def _is_sealed(checkpoint: Checkpoint, report: Report) -> bool:
    exports = RecordEntry.objects.filter(assembly=checkpoint.assembly_id, type="export", sequence__isnull=False)
    return any(report.digest.encode() in bytes(entry.opening.content) for entry in exports.select_related("opening"))
