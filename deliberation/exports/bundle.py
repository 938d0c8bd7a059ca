"""The verification bundle: everything somebody needs to check the record without us, in one zip file."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import rfc8785

from deliberation import locks, visibility
from deliberation.exports.report import digest_of
from deliberation.models import Assembly, Checkpoint, Participant, RecordEntry, RecordOpening, Report

ENCLOSED = Path(__file__).parent / "verification"  # what each bundle carries along: how to check it
AT_A_TIME = 2_000


class NothingSealedError(Exception):
    """The record has no checkpoint yet."""


class BundleBeingMadeError(Exception):
    """Somebody else is being given a bundle of this assembly just now: one at a time, for it is real work."""


def write_bundle(assembly: Assembly, reader: Participant | None, file: IO[bytes]) -> Checkpoint:
    """Write the bundle as this reader may see it, row by row. Raises NothingSealedError, BundleBeingMadeError."""
    with locks.one_moment(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        if not locks.try_lock_until_commit(locks.BUNDLING, assembly.pk):
            raise BundleBeingMadeError
        checkpoint = Checkpoint.objects.filter(assembly=assembly).first()
        if checkpoint is None:
            raise NothingSealedError
        bundle.writestr("checkpoint.txt", checkpoint.note)
        bundle.writestr("key.txt", f"{checkpoint.key}\n")
        _write_lines(bundle, "entries.jsonl", _column(checkpoint, "leaf"))
        _write_lines(bundle, "hashes.txt", (each.hex().encode() for each in _column(checkpoint, "leaf_hash")))
        _write_lines(bundle, "openings.jsonl", _openings(checkpoint, reader))
        _write_report(bundle, checkpoint, visibility.reports_for(assembly, reader).first())
        for enclosed in sorted(ENCLOSED.glob("*.*")):
            bundle.write(enclosed, enclosed.name)
    return checkpoint


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


def _write_report(bundle: zipfile.ZipFile, checkpoint: Checkpoint, report: Report | None) -> None:
    """The newest report that the record names, in the exact bytes that its digest was made of."""
    if report is None or not _is_sealed(checkpoint, report):
        return
    if digest_of(report.snapshot) != report.digest:
        raise ValueError(f"report {report.version} of assembly {checkpoint.assembly_id} is not what was frozen")
    bundle.writestr("report.json", rfc8785.dumps(report.snapshot))


def _is_sealed(checkpoint: Checkpoint, report: Report) -> bool:
    exports = RecordEntry.objects.filter(assembly=checkpoint.assembly_id, type="export", sequence__isnull=False)
    return any(report.digest.encode() in bytes(entry.opening.content) for entry in exports.select_related("opening"))


def _write_lines(bundle: zipfile.ZipFile, name: str, lines: Iterator[bytes]) -> None:
    with bundle.open(name, "w", force_zip64=True) as file:
        for line in lines:
            file.write(line + b"\n")
