"""A document that somebody uploads for everybody to read: a PDF that is nothing more than that."""

import io
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

from deliberation.actions.preparing import Document

LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_OBJECTS = 200_000
# ISO 32000-2, 12.6.4 and 7.11.4: what runs, sends, or carries other files. Something to read has no need of it.
MORE_THAN_TO_READ = {
    "/EmbeddedFile",
    "/GoToE",
    "/ImportData",
    "/JavaScript",
    "/JS",
    "/Launch",
    "/RichMedia",
    "/SubmitForm",
}


def document_of(file: UploadedFile) -> Document:
    """The file, if it is a PDF that only can be read. Raises ValidationError."""
    if file.size > LARGEST_FILE:
        raise ValidationError(_("This file is larger than 5 MB. Make its pictures smaller, or split it."))
    content = file.read()
    try:
        only_to_read = _is_only_to_read(PdfReader(io.BytesIO(content)))
    except Exception:  # a file made by anybody breaks a reader in any way
        only_to_read = None
    if only_to_read is None or not content.startswith(b"%PDF-"):
        raise ValidationError(_("This is not a whole PDF file. Save it as PDF and try again."))
    if not only_to_read:
        raise ValidationError(
            _("This PDF is locked, or holds programs or other files. Print it into a new PDF and upload that.")
        )
    stem = slugify(file.name.rsplit(".", 1)[0]) or "document"
    return Document(f"{stem[:80]}.pdf", content)


def _is_only_to_read(reader: PdfReader) -> bool:
    """Whether nothing that its catalogue leads to does more, wherever in the file that is packed."""
    if reader.is_encrypted or not len(reader.pages):
        return False
    waiting: list[PdfObject] = [reader.trailer["/Root"]]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < MOST_OBJECTS:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            place = (found.idnum, found.generation)
            if place in seen:
                continue
            seen.add(place)
            found = found.get_object()
        if isinstance(found, NameObject) and found in MORE_THAN_TO_READ:
            return False
        waiting += _parts(found)
    return not waiting


def _parts(found: PdfObject) -> Iterable[PdfObject]:
    if isinstance(found, DictionaryObject):
        return [*found.keys(), *dict.values(found)]
    return list.__iter__(found) if isinstance(found, ArrayObject) else ()
