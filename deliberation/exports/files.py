"""From a report to the bytes of one of its files, and where they are kept."""

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from deliberation.exports.content.document import build_document
from deliberation.exports.dataset import dataset_of
from deliberation.exports.html_file import html_file_of
from deliberation.exports.json_file import json_file_of
from deliberation.exports.pdf import pdf_of
from deliberation.exports.tables import tables_of
from deliberation.exports.word_file import word_file_of
from deliberation.models import Redaction, ReportFile, ReportFormat

EXTENSIONS = {ReportFormat.CSV: "csv.zip", ReportFormat.DATASET: "dataset.zip"}
TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportFormat.HTML: "text/html",
    ReportFormat.CSV: "application/zip",
    ReportFormat.JSON: "application/json",
    ReportFormat.DATASET: "application/zip",
}


def reader_of(file: ReportFile) -> Callable[[], bytes]:
    """Reads what the file says, in one moment of the caller's, and gives what writes it: that needs no database."""
    site, level = settings.BASE_URL, Redaction(file.level)
    if file.format == ReportFormat.CSV:
        tables = tables_of(file.report, file.language, level, site)
        return lambda: tables
    if file.format == ReportFormat.DATASET:
        dataset = dataset_of(file.report, file.language, site)
        return lambda: dataset
    document = build_document(file.report, file.language, level, file.sections, site)
    write = {
        ReportFormat.PDF: pdf_of,
        ReportFormat.DOCX: word_file_of,
        ReportFormat.HTML: html_file_of,
        ReportFormat.JSON: lambda told: json_file_of(told, file.report.snapshot, site),
    }[ReportFormat(file.format)]
    return lambda: write(document)


def path_of(file: ReportFile) -> Path:
    """Each order has a name of its own, so that what was ordered anew is never served by mistake."""
    return directory() / f"{file.public_id}.{file.orders}"


def name_of(file: ReportFile) -> str:
    """What a browser saves it as."""
    extension = EXTENSIONS.get(ReportFormat(file.format), file.format)
    return f"{file.report.assembly.slug}-{file.report.version}-{file.language}-{file.level}.{extension}"


def keep(content: bytes, path: Path) -> None:
    """All of it or nothing, for its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    unfinished.replace(path)


def directory() -> Path:
    return settings.VAR_DIR / "reports"
