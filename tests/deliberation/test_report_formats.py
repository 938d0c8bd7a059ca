"""The formats of a report say the same numbers, hold nothing that runs, and are what their standards ask for."""

import csv
import html
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import docx
import jsonschema
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from deliberation import locks
from deliberation.actions.erasing import erase
from deliberation.actions.importing import import_export
from deliberation.actions.mapping import refresh_map
from deliberation.actions.phases import close_phase
from deliberation.exports.content.blocks import (
    Code,
    Document,
    Fact,
    Facts,
    Heading,
    Items,
    Lines,
    Paragraph,
    Said,
    Section,
    Table,
    Voted,
)
from deliberation.exports.content.document import build_document
from deliberation.exports.dataset import COLUMNS, dataset_of
from deliberation.exports.html_file import html_file_of
from deliberation.exports.json_file import SCHEMA, json_file_of
from deliberation.exports.pdf import pdf_of
from deliberation.exports.report import digest_of
from deliberation.exports.tables import safe_cell, tables_of
from deliberation.exports.word_file import word_file_of
from deliberation.forms.polis import read_export, read_files
from deliberation.models import Assembly, Purpose, Redaction, Report, Vote
from tests.people import a_statement, browser_of
from tests.reporting import a_deliberated_assembly, a_report

pytestmark = pytest.mark.django_db(transaction=True)

SITE = "https://assembly.example"
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


@pytest.fixture
def assembly() -> Assembly:
    return a_deliberated_assembly()


@pytest.fixture
def report(assembly) -> Report:
    return a_report(assembly)


def told(report: Report, language: str = "en", level: Redaction = Redaction.ARCHIVE) -> Document:
    with locks.one_moment():
        return build_document(report, language, level, site=SITE)


def texts_of(block) -> list[str]:
    """What a block says to somebody who reads it from its beginning to its end."""
    match block:
        case Paragraph() | Heading():
            return [block.text]
        case Facts():
            return [part for fact in block.facts if not fact.is_code for part in (fact.term, fact.text)]
        case Said():
            return [block.text, block.by, block.note, *(str(source.number) for source in block.sources)]
        case Voted():
            return [block.text, *(share.text for share in block.shares)]
        case Table():
            return [block.caption, *block.head, *(cell.text for row in block.rows for cell in row)]
        case Items():
            return list(block.items)
        case Code():
            return [block.label]
        case _:
            return []


def numbers_of(document: Document) -> list[str]:
    """Every number the report says, in order; those of digests and ids are compared as a whole elsewhere."""
    sections = [section for section in document.sections if section.key != "sources"]
    return [
        number
        for section in sections
        for block in section.blocks
        for text in texts_of(block)
        for number in NUMBER.findall(text)
    ]


def missing_from(text: str, numbers: list[str]) -> list[str]:
    """Numbers that do not stand in the text in this order; what stands between them does not matter."""
    found, missing = iter(NUMBER.findall(text)), []
    for number in numbers:
        if not any(each == number for each in found):
            missing.append(number)
    return missing


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def text_of_word_file(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(text.text for text in part.iter(qn("w:t"))) for part in body.iter(qn("w:p")))


def text_of_html(content: bytes) -> str:
    article = re.search(rb"<article.*</article>", content, re.DOTALL)[0].decode()
    return html.unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", article, flags=re.DOTALL))


def not_in_json(content: bytes, document: Document) -> list[str]:
    """Texts of the document that its JSON does not hold, how often each stands there included."""

    def strings(value) -> list[str]:
        if isinstance(value, dict | list):
            return [text for inner in (value.values() if isinstance(value, dict) else value) for text in strings(inner)]
        return [str(value)]

    said = Counter(text for block in document.blocks() for text in texts_of(block))
    return sorted((said - Counter(strings(json.loads(content)["sections"]))).elements())


def table(content: bytes, name: str) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return list(csv.reader(io.StringIO(files.read(name).decode(), newline="")))


@pytest.mark.parametrize("language", ["en", "id"])
def test_screen_pdf_word_web_page_and_json_say_every_number_in_the_same_order(report, language):
    document = told(report, language)
    numbers = numbers_of(document)
    browser = browser_of(None)
    browser.cookies["language"] = language
    screen = browser.get(f"/a/{report.assembly.slug}/reports/{report.version}/").content

    missing = {
        "screen": missing_from(text_of_html(screen), numbers_of(told(report, language, Redaction.PUBLIC))),
        "pdf": missing_from(text_of_pdf(pdf_of(document)), numbers),
        "word": missing_from(text_of_word_file(word_file_of(document)), numbers),
        "web page": missing_from(text_of_html(html_file_of(document)), numbers),
        "json": not_in_json(json_file_of(document, report.snapshot, SITE), document),
    }

    assert len(numbers) > 100
    assert missing == {format: [] for format in missing}


def test_a_number_changed_in_one_format_would_be_noticed(report):
    document = told(report)
    section = document.sections[1]
    changed = replace(
        document, sections=(replace(section, blocks=(Paragraph("19 of 20 people"), *section.blocks[1:])),)
    )

    assert missing_from(text_of_pdf(pdf_of(changed)), numbers_of(document)) != []


def test_tables_hold_the_numbers_of_the_report(report):
    content = tables_of(report, "en", Redaction.PUBLIC, SITE)
    rows = report.snapshot["map"]["snapshot"]["statements"]
    letters = [group["letter"] for group in report.snapshot["map"]["snapshot"]["groups"]]

    comments, groups = table(content, "comments.csv")[1:], table(content, "comment-groups.csv")

    assert [[int(each[2]), int(each[4]), int(each[5])] for each in comments] == [
        [row["number"], row["agree"], row["disagree"]] for row in rows
    ]
    assert letters == ["A", "B"]
    assert [[int(cell) for cell in (each[0], *each[2:])] for each in groups[1:]] == [
        [row["number"], row["agree"] + row["disagree"] + row["pass"], row["agree"], row["disagree"], row["pass"]]
        + [
            count
            for letter in letters
            for counts in [row["groups"][letter]]
            for count in (
                counts["votes"],
                counts["agree"],
                counts["disagree"],
                counts["votes"] - counts["agree"] - counts["disagree"],
            )
        ]
        for row in rows
    ]


def test_tables_have_the_columns_of_polis(report):
    content = tables_of(report, "en", Redaction.ARCHIVE, SITE)

    heads = {name: table(content, name)[0] for name in ("comments.csv", "votes.csv", "participants-votes.csv")}

    assert heads == {
        "comments.csv": [
            "timestamp",
            "datetime",
            "comment-id",
            "author-id",
            "agrees",
            "disagrees",
            "moderated",
            "comment-body",
        ],
        "votes.csv": ["timestamp", "datetime", "comment-id", "voter-id", "vote"],
        "participants-votes.csv": [
            "participant",
            "group-id",
            "n-comments",
            "n-votes",
            "n-agree",
            "n-disagree",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
        ],
    }


def test_who_voted_how_is_in_the_archive_alone(report):
    linked = {"votes.csv", "participants-votes.csv"}

    contents = [io.BytesIO(tables_of(report, "en", level, SITE)) for level in Redaction]
    held = [linked & set(zipfile.ZipFile(content).namelist()) for content in contents]

    assert held == [set(), set(), linked]
    authors = [row[3] for row in table(tables_of(report, "en", Redaction.PUBLIC, SITE), "comments.csv")[1:]]
    assert set(authors) == {""}


def test_the_archive_can_be_imported_and_gives_the_same_map(report, tmp_path):
    with zipfile.ZipFile(io.BytesIO(tables_of(report, "en", Redaction.ARCHIVE, SITE))) as files:
        files.extractall(tmp_path)

    imported = import_export(read_export(read_files(tmp_path), "archive"), "en").assembly

    def counted(assembly: Assembly) -> list[tuple[int, int, int]]:
        votes = Vote.objects.filter(assembly=assembly).values_list("statement__number", "choice")
        return sorted((number, choice, list(votes).count((number, choice))) for number, choice in set(votes))

    assert counted(imported) == counted(report.assembly)
    made, before = refresh_map(imported).snapshot, report.snapshot["map"]["snapshot"]
    assert [group["size"] for group in made["groups"]] == [group["size"] for group in before["groups"]]
    assert [(row["number"], row["agree"]) for row in made["statements"]] == [
        (row["number"], row["agree"]) for row in before["statements"]
    ]


def test_votes_that_were_erased_since_are_not_in_the_archive(report):
    member = report.assembly.participants.first()
    before = table(tables_of(report, "en", Redaction.ARCHIVE, SITE), "participants-votes.csv")

    erase(member)

    after = table(tables_of(report, "en", Redaction.ARCHIVE, SITE), "participants-votes.csv")
    assert (len(before) - 1, len(after) - 1) == (20, 19)


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_a_formula(beginning):
    assert safe_cell(f"{beginning}HYPERLINK(1)") == f"'{beginning}HYPERLINK(1)"


def test_numbers_stay_numbers_and_words_stay_words():
    assert [safe_cell(each) for each in (-1, "a = b", "", "'quoted'")] == [-1, "a = b", "", "'quoted'"]


def test_formulas_scripts_and_markup_that_people_write_do_nothing_in_any_format(assembly):
    evil = '=HYPERLINK("http://evil.example","x") <script>alert(1)</script> #panic("x") \\u{202e} <b>&amp;</b>'
    statement = a_statement(assembly, evil)
    for member in assembly.participants.all()[:12]:
        statement.votes.create(assembly=assembly, participant=member, choice=1)
    refresh_map(assembly)
    report = a_report(assembly)
    document = told(report)

    comments = table(tables_of(report, "en", Redaction.PUBLIC, SITE), "comments.csv")
    page, pdf, word = html_file_of(document), PdfReader(io.BytesIO(pdf_of(document))), word_file_of(document)

    assert comments[-1][-1] == f"'{evil}"
    assert b"<script" not in page
    assert html.escape(evil) in page.decode()
    assert "alert(1)" in "".join(each.extract_text() for each in pdf.pages).replace("\n", "")
    root = pdf.trailer["/Root"]
    assert [key for key in ("/OpenAction", "/AA", "/AcroForm") if key in root] == []
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        names = parts.namelist()
        assert [name for name in names if "vba" in name.lower() or "embed" in name or "activeX" in name] == []
        assert evil in "".join(ElementTree.fromstring(parts.read("word/document.xml")).itertext())


def test_the_pdf_can_be_read_by_a_screen_reader(report):
    root = PdfReader(io.BytesIO(pdf_of(told(report, "id")))).trailer["/Root"]

    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "id")
    assert "/StructTreeRoot" in root
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    alternatives = [value for value in alternatives_in(root["/StructTreeRoot"]) if value]
    assert any(value.startswith("Peta pendapat") for value in alternatives)


def alternatives_in(element, seen=None):
    """The /Alt of every element of a PDF's structure."""
    for kid in kids_of(element):
        if isinstance(kid, dict):
            yield kid.get("/Alt", "")
            yield from alternatives_in(kid)


def kids_of(element) -> list:
    kids = element.get("/K", [])
    found = [
        each.get_object() if hasattr(each, "get_object") else each
        for each in (kids if isinstance(kids, list) else [kids])
    ]
    return [each for each in found if isinstance(each, dict) and each.get("/Type") != "/MCR"]


def test_every_page_after_the_first_says_where_it_belongs(report):
    document = told(report)

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(document))).pages]

    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1)] == [False] + [True] * (
        len(pages) - 1
    )
    assert all(report.digest[:12] in page for page in pages)


def test_characters_without_a_font_are_boxes_and_it_is_said(report):
    document = replace(told(report), title="River \U000f0123 talks")

    text = text_of_pdf(pdf_of(document))

    assert "River □ talks" in text
    assert "1 character that no font of this machine has is shown as □" in " ".join(text.split())


def test_the_word_document_has_headings_contents_and_words_for_pictures(report):
    file = docx.Document(io.BytesIO(word_file_of(told(report))))

    headings = [
        each.text.split("  ")[1] for each in file.paragraphs if each.style.name == "Heading 1" and "  " in each.text
    ]
    fields = [each.text for each in file.element.body.iter(qn("w:instrText"))]
    described = [each.get("descr") for each in file.element.body.iter(qn("wp:docPr"))]
    tables_with_headers = [bool(list(each._tbl.iter(qn("w:tblHeader")))) for each in file.tables]

    assert headings == [section.title for section in told(report).sections]
    assert fields == ['TOC \\o "1-1" \\h \\z \\u']
    assert len(described) == 2
    assert all(described)
    assert all(tables_with_headers)
    assert file.core_properties.language == "en"


def test_the_json_follows_its_published_schema_and_names_its_digest(report):
    published = json.loads(browser_of(None).get("/schemas/report-1.json").content)
    for level in Redaction:
        content = json.loads(json_file_of(told(report, level=level), report.snapshot, SITE))

        jsonschema.Draft202012Validator(published, format_checker=jsonschema.FormatChecker()).validate(content)

        assert digest_of(content["frozen"]) == content["digest"] == report.digest
    assert published == json.loads(SCHEMA.read_text())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**content, "sections": [{"key": 1}]}, published)


def test_the_web_page_is_one_file_that_loads_and_runs_nothing(report):
    page = html_file_of(told(report)).decode()

    assert re.findall(r"<(?:script|link|img|iframe|object|embed)\b|@import|url\((?!#)", page) == []
    assert "default-src 'none'" in page


def test_the_dataset_is_described_as_croissant(assembly):
    assembly.participants.first().consents.create(purpose=Purpose.REUSE)
    close_phase(assembly.phases.get())
    report = a_report(assembly)

    with zipfile.ZipFile(io.BytesIO(dataset_of(report, "en", SITE))) as files:
        croissant, names = json.loads(files.read("croissant.json")), files.namelist()
        heads = {name: next(csv.reader(io.StringIO(files.read(name).decode()))) for name in COLUMNS}

    assert croissant["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert {each["name"] for each in croissant["distribution"]} == set(COLUMNS)
    assert {
        each["name"]: [field["source"]["extract"]["column"] for field in each["field"]]
        for each in croissant["recordSet"]
    } == {name.removesuffix(".csv"): head for name, head in heads.items()}
    assert {"datasheet.md", "LICENSE.txt"} < set(names)


def test_an_empty_section_is_drawn_by_every_format():
    document = Document(
        title="A", remit="B", eyebrow="C", language="en", level="public", level_line="D", version=1, day="E",
        facts=(Fact("F", "G"),), warning="", footer="H", contents="I", page_of="Page {page} of {pages}", url=SITE,
        digest="0" * 64, sections=(Section("asked", "J", (Lines("K", "L"), Code(SITE, "M"))),),
    )  # fmt: skip

    assert all(write(document) for write in (pdf_of, word_file_of, html_file_of))
