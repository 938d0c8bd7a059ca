"""Learning material for tests."""

import io
import struct
import zlib

from pypdf import PdfWriter

from deliberation.actions.preparing import Document, StepWords, add_step, publish_step, write_clause, write_clauses
from deliberation.models import Assembly, KitStep, StepKind

LAW = """Article 1. Everybody keeps food waste apart.

Article 2
Whoever burns waste pays Rp50,000.
The village head may forgive it once."""


def a_pdf(**locked_with: str) -> bytes:
    """One empty page."""
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(210, 297)
    if locked_with:
        writer.encrypt(**locked_with)
    writer.write(file)
    return file.getvalue()


def a_packed_pdf(catalogue: bytes) -> bytes:
    """One empty page whose objects are packed (ISO 32000-2, 7.5.7): the bytes of the file do not show what it does."""
    told = [
        b"<</Type /Catalog /Pages 2 0 R " + catalogue + b">>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 210 297]>>",
    ]
    index = " ".join(f"{i} {sum(len(each) + 1 for each in told[: i - 1])}" for i in range(1, 4)).encode() + b" "
    file = b"%PDF-1.5\n"
    places = [(2, 4, 0), (2, 4, 1), (2, 4, 2), (1, len(file), 0)]
    file += _stream(4, b"/Type /ObjStm /N 3 /First %d" % len(index), index + b" ".join(told))
    places.append((1, len(file), 0))
    rows = b"".join(struct.pack(">BHB", *place) for place in [(0, 0, 0), *places])
    start = len(file)
    file += _stream(5, b"/Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R", rows)
    return file + b"startxref\n%d\n%%%%EOF\n" % start


def _stream(number: int, about: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = b"%d 0 obj <<%s /Filter /FlateDecode /Length %d>> stream\n" % (number, about, len(packed))
    return head + packed + b"\nendstream endobj\n"


PDF = a_pdf()


def texts(title: str = "The river", body: str = "It is long.") -> dict[str, dict[str, str]]:
    """The same in both languages of a test's assembly."""
    return {code: {"title": title, "body": body} for code in ("id", "en")}


def a_step(assembly: Assembly, title: str = "The river", body: str = "It is long.", **more: object) -> KitStep:
    """A published step; `kind` and whatever StepWords takes."""
    kind = StepKind(more.pop("kind", StepKind.TEXT))
    step = add_step(assembly, kind, StepWords(texts(title, body), **more))
    publish_step(step)
    step.refresh_from_db()
    return step


def a_published_law(assembly: Assembly, title: str = "The by-law") -> KitStep:
    """With two clauses, the first in plain words, and a document beside."""
    step = a_step(assembly, title, kind=StepKind.LAW, law_language="en", document=Document("by-law.pdf", PDF))
    write_clauses(step, LAW)
    write_clause(step.clauses.first(), "Article 1", "Everybody keeps food waste apart.", {"en": "Two bins, not one."})
    return step
