"""The report as a Word document, to be worked on: real headings, a table of contents, no macro, nothing embedded."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import docx
import segno
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from deliberation.exports.content import blocks
from deliberation.exports.content.blocks import Document
from deliberation.exports.pdf import map_png

SOFT, ACCENT = RGBColor(0x4D, 0x52, 0x5F), RGBColor(0x95, 0x21, 0x09)
SERIF = "Cambria"
TEXT_WIDTH, MARGIN = 16, 2.5  # centimetres
BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, for zip files: the same report gives the same bytes
NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 65534, 65535])


class File:
    """A Word document that is being written, quickly: python-docx looks through everything for a style or a link."""

    def __init__(self) -> None:
        self.file: Any = docx.Document()
        self.links: dict[str, str] = {}

    def add(self, text: str = "", style: str = "Normal") -> WordParagraph:
        """A paragraph at the end, in the style with this id."""
        paragraph = self.file.add_paragraph(clean(text))
        paragraph._p.style = style
        return paragraph

    def link(self, url: str) -> str:
        """The name by which the document knows an address."""
        if url not in self.links:
            self.links[url] = f"link{len(self.links) + 1}"
            self.file.part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, url, self.links[url], is_external=True)
        return self.links[url]


def word_file_of(document: Document) -> bytes:
    file = File()
    _set_up(file.file, document)
    _first_page(file, document)
    for number, section in enumerate(document.sections, start=1):
        file.add(f"{number}  {section.title}", "Heading1")
        for block in section.blocks:
            DRAWN[block.kind](file, block)
    return _saved(file.file)


def _set_up(file: Any, document: Document) -> None:
    known = file.core_properties
    known.title, known.author, known.language = document.title, "Majelis", document.language
    known.created = known.modified = datetime(*BEGINNING)  # noqa: DTZ001 - python-docx wants it without a zone
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = SERIF, Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), document.language)
    normal.element.get_or_add_rPr().append(language)
    for level, size in ((1, 18), (2, 13), (3, 11)):
        style = file.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.color.rgb = SERIF, Pt(size), RGBColor(0x1C, 0x21, 0x2E)
        style.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"), None)
    for name, italic, size in (("Soft", False, 9), ("Speech", True, 11.5)):
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.italic, style.font.size = normal, italic, Pt(size)
        style.font.color.rgb = SOFT if name == "Soft" else None
    cell = file.styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style, cell.font.size, cell.paragraph_format.space_after = normal, Pt(9), Pt(0)
    file.styles["Speech"].paragraph_format.left_indent = Cm(0.8)
    file.styles["Speech"].paragraph_format.keep_with_next = True
    page = file.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(MARGIN)
    _footer(page.footer.paragraphs[0], document)


def _footer(paragraph: WordParagraph, document: Document) -> None:
    before, between, after = document.page_of.replace("{pages}", "{page}").split("{page}")
    paragraph._p.style = "Soft"
    paragraph.add_run(f"{document.footer}    {before}")
    _field(paragraph, "PAGE", "1")
    paragraph.add_run(between)
    _field(paragraph, "NUMPAGES", "1")
    paragraph.add_run(after)


def _first_page(file: File, document: Document) -> None:
    file.add(document.eyebrow, "Soft")
    file.add(document.title, "Title")
    file.add(document.remit, "Speech")
    _facts(file, blocks.Facts(document.facts))
    if document.warning:
        file.add().add_run(clean(document.warning)).bold = True
    _linked(file, file.add(f"{document.level_line} ", "Soft"), document.url, document.url)
    file.add(document.contents, "Heading1").paragraph_format.page_break_before = True
    contents = "\n".join(f"{n}  {section.title}" for n, section in enumerate(document.sections, start=1))
    _field(file.add(), 'TOC \\o "1-1" \\h \\z \\u', contents)
    file.file.add_page_break()


def _paragraph(file: File, block: blocks.Paragraph) -> None:
    paragraph = file.add(style="Soft" if block.tone == "soft" else "Normal")
    paragraph.paragraph_format.keep_with_next = block.tone == "soft"
    paragraph.add_run(clean(block.text)).bold = block.tone == "warning"


def _heading(file: File, block: blocks.Heading) -> None:
    file.add(block.text, f"Heading{block.level}")


def _facts(file: File, block: blocks.Facts) -> None:
    for fact in block.facts:
        term = file.add(fact.term, "Soft")
        term.paragraph_format.space_after, term.paragraph_format.keep_with_next = Pt(0), True
        _linked(file, file.add(), fact.text, fact.url)


def _said(file: File, block: blocks.Said) -> None:
    words = f"“{block.text}”" if block.is_quote else block.text
    _speech(file, file.add(style="Speech"), words, block.language, block.url)
    about = " · ".join(each for each in (block.by, block.note) if each)
    if not about and not block.sources:
        return
    paragraph = file.add(style="Soft")
    paragraph.paragraph_format.left_indent = Cm(0.8)
    _linked(file, paragraph, about, "")
    for place, source in enumerate(block.sources):
        _linked(file, paragraph, " [" if place == 0 else ", ", "")
        _linked(file, paragraph, str(source.number), source.url)
    _linked(file, paragraph, "]" if block.sources else "", "")


def _voted(file: File, block: blocks.Voted) -> None:
    paragraph = file.add(style="Speech")
    _linked(file, paragraph, str(block.number), block.url)
    _speech(file, paragraph, f"  {block.text}", block.language, "")
    for place, share in enumerate(block.shares, start=1):
        told = file.add(style="Soft")
        told.paragraph_format.keep_with_next = place < len(block.shares)
        told.paragraph_format.left_indent, told.paragraph_format.space_after = Cm(0.8), Pt(2)
        told.add_run(f"{share.letter}  " if share.letter else "").bold = True
        told.add_run(share.text)


def _table(file: File, block: blocks.Table) -> None:
    caption = file.add(block.caption, "Soft")
    caption.paragraph_format.keep_with_next = True
    table = file.file.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    widths = _widths(block)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    _row(file, table, [blocks.Cell(word) for word in block.head], block.numeric, widths, is_head=True)
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    for row in block.rows:
        _row(file, table, list(row), block.numeric, widths)
    file.add()


def _widths(block: blocks.Table) -> list[Length]:
    """Numbers take what they need; words share the rest."""
    small = 1.6 if len(block.head) > 6 else 2.5
    numbers = [1.1 if place == 0 else small for place, is_number in enumerate(block.numeric) if is_number]
    texts = (TEXT_WIDTH - sum(numbers)) / max(len(block.head) - len(numbers), 1)
    return [Cm(numbers.pop(0) if is_number else texts) for is_number in block.numeric]


def _row(
    file: File,
    table: Any,
    cells: list[blocks.Cell],
    numeric: Sequence[bool],
    widths: list[Length],
    is_head: bool = False,
) -> None:
    # The XML row by itself: python-docx looks through the whole table for every cell it is asked for.
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, (element, cell) in enumerate(zip(row._tr.tc_lst, cells, strict=True)):
        element.width = widths[place]
        paragraph = WordParagraph(element.p_lst[0], row)
        paragraph._p.style = "Cell"
        if numeric[place]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if cell.is_speech:
            _speech(file, paragraph, cell.text, cell.language, cell.url)
        else:
            _linked(file, paragraph, cell.text, cell.url)
        for run in paragraph.runs if is_head else []:
            run.font.bold = True


def _items(file: File, block: blocks.Items) -> None:
    for item in block.items:
        file.add(item, "ListNumber" if block.is_numbered else "ListBullet")


def _picture(file: File, block: blocks.Picture) -> None:
    shape = file.file.add_picture(io.BytesIO(map_png(block.snapshot)), width=Cm(15.5))
    _describe(shape, block.alternative)
    file.add(f"⊙ {block.keys[0]}   ◇ {block.keys[1]}. {block.keys[2]}", "Soft")


def _lines(file: File, block: blocks.Lines) -> None:
    file.add(block.label, "Soft")
    run = file.add().add_run(clean(block.text))
    run.font.name, run.font.size = "Courier New", Pt(8)


def _code(file: File, block: blocks.Code) -> None:
    picture = io.BytesIO()
    segno.make(block.url, error="m").save(picture, kind="png", scale=8, border=1)
    _describe(file.file.add_picture(picture, width=Cm(3)), f"{block.label}: {block.url}")
    _linked(file, file.add(), block.url, block.url)


DRAWN: dict[str, Callable[[File, Any], None]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "facts": _facts,
    "said": _said,
    "voted": _voted,
    "table": _table,
    "items": _items,
    "picture": _picture,
    "lines": _lines,
    "code": _code,
}


def _speech(file: File, paragraph: WordParagraph, text: str, language: str, url: str) -> None:
    run = _linked(file, paragraph, text, url)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    run.get_or_add_rPr().append(spoken)


def _linked(file: File, paragraph: WordParagraph, text: str, url: str) -> Any:
    """Add text, as a link where there is an address. Gives the XML run."""
    run = paragraph.add_run(clean(text))
    if url:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), file.link(url))
        run.font.underline, run.font.color.rgb = True, ACCENT
        paragraph._p.replace(run._r, link)
        link.append(run._r)
    return run._r


def _field(paragraph: WordParagraph, instruction: str, until_updated: str) -> None:
    """What Word computes itself; it shows the given text until it does."""
    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "begin":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = instruction
            run._r.append(code)
        elif kind == "separate":
            for place, line in enumerate(until_updated.split("\n")):
                if place:
                    run.add_break()
                run.add_text(line)


def _describe(shape: Any, alternative: str) -> None:
    shape._inline.docPr.set("descr", clean(alternative))


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return text.translate(NOT_XML)


def _saved(file: Any) -> bytes:
    """With the same date on every part, so that the same report gives the same bytes."""
    made, kept = io.BytesIO(), io.BytesIO()
    file.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as again:
        for part in parts.infolist():
            again.writestr(zipfile.ZipInfo(part.filename, BEGINNING), parts.read(part), zipfile.ZIP_DEFLATED)
    return kept.getvalue()
