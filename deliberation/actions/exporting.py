"""Files of a report: ordered, made by a worker, and made anew whenever words must go out of them."""

import hashlib
import logging
import time
from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from deliberation import enqueue, live, locks
from deliberation.actions.errors import NotClosedYet
from deliberation.exports import files
from deliberation.models import (
    Assembly,
    FileState,
    Participant,
    PhaseKind,
    Redaction,
    Report,
    ReportFile,
    ReportFormat,
)

logger = logging.getLogger(__name__)

STEPS = 3  # read, written, kept
TOPIC = "exports"
UNFINISHED = (FileState.WAITING, FileState.BUILDING)
NOTHING_YET = {"state": FileState.WAITING, "done": 0, "digest": "", "size": 0, "built_at": None}
PAUSE = 2  # seconds: one who moderates decides on several
STRAY_AFTER = 60  # seconds


@transaction.atomic
def order_file(
    report: Report,
    format: ReportFormat,
    language: str,
    level: Redaction,
    sections: Sequence[str],
    by: Participant | None,
) -> ReportFile:
    """Have a file made; the same order twice is one file. Raises NotClosedYet for a dataset before the close."""
    if format == ReportFormat.DATASET and not is_closed(report.assembly):
        raise NotClosedYet
    file, is_new = ReportFile.objects.get_or_create(
        report=report,
        format=format,
        language=language,
        level=level,
        sections=list(sections),
        defaults={"asked_by": by},
    )
    if not is_new and file.state == FileState.FAILED:
        ReportFile.objects.filter(pk=file.pk).update(orders=F("orders") + 1, **NOTHING_YET)
    enqueue.report_file_on_commit(file.pk)
    return file


def is_closed(assembly: Assembly) -> bool:
    """Whether the voting and the arguing are over: people agreed to sharing after that."""
    working = [phase for phase in assembly.phases.all() if phase.kind != PhaseKind.CLOSED]
    return bool(working) and all(phase.state == "past" for phase in working)


def make_anew(assembly: Assembly) -> None:
    """What may be shown has changed: from this commit on no file made before is served, and each is made anew."""
    changed = ReportFile.objects.filter(report__assembly=assembly)
    if not changed.update(orders=F("orders") + 1, **NOTHING_YET):
        return
    ids = list(changed.values_list("pk", flat=True))
    transaction.on_commit(lambda: _remove_older(ids), robust=True)
    transaction.on_commit(lambda: live.announce(assembly.pk, TOPIC, version_now()), robust=True)
    for file_id in ids:
        enqueue.report_file_on_commit(file_id, after=PAUSE)


def make_file(file_id: int) -> ReportFile | None:
    """Make a file that waits. None if it is there already, or was ordered anew meanwhile: that order makes it."""
    with locks.locked(locks.EXPORTING, file_id):
        file = ReportFile.objects.select_related("report__assembly").filter(pk=file_id, state__in=UNFINISHED).first()
        if file is None:
            return None
        _tell(file, FileState.BUILDING, done=0)
        try:
            content = _content(file)
        except Exception:
            logger.exception("file %s of a report could not be made", file_id)
            _tell(file, FileState.FAILED, done=0)
            return None
        return _kept(file, content)


def _content(file: ReportFile) -> bytes:
    with locks.one_moment():
        write = files.reader_of(file)
    _tell(file, FileState.BUILDING, done=1)
    content = write()
    _tell(file, FileState.BUILDING, done=2)
    return content


def _kept(file: ReportFile, content: bytes) -> ReportFile | None:
    path = files.path_of(file)
    files.keep(content, path)
    digest = hashlib.sha256(content).hexdigest()
    made = {"done": STEPS, "digest": digest, "size": len(content), "built_at": timezone.now()}
    if not _tell(file, FileState.READY, **made):
        path.unlink(missing_ok=True)
        return None
    return file


def _tell(file: ReportFile, state: FileState, **values: object) -> bool:
    """Note how far the file is and tell the desk; False if it was ordered anew meanwhile."""
    is_current = ReportFile.objects.filter(pk=file.pk, orders=file.orders).update(state=state, **values)
    for name, value in {"state": state, **values}.items():
        setattr(file, name, value)
    live.announce(file.report.assembly_id, TOPIC, version_now())
    return bool(is_current)


def version_now() -> int:
    """Of news about files: later news has a larger one."""
    return time.time_ns() // 1_000_000


def waiting() -> list[int]:
    """Files that are ordered and not there: nobody makes them if a message was lost or a worker died."""
    return list(ReportFile.objects.filter(state__in=UNFINISHED).values_list("pk", flat=True))


def remove_strays() -> None:
    """Remove what somebody who was killed left behind; a file that is being written is young."""
    youngest = time.time() - STRAY_AFTER
    current = {files.path_of(file).name for file in ReportFile.objects.exclude(state__in=UNFINISHED)}
    for path in files.directory().glob("*.*"):
        with suppress(FileNotFoundError):
            if path.name not in current and path.stat().st_mtime < youngest:
                path.unlink()


def _remove_older(ids: list[int]) -> None:
    """Remove what these files were before their last order."""
    for file in ReportFile.objects.filter(pk__in=ids):
        for path in files.directory().glob(f"{file.public_id}.*"):
            if path.suffix[1:].isdigit() and int(path.suffix[1:]) < file.orders:
                path.unlink(missing_ok=True)
