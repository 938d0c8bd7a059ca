"""A dataset for research: what people agreed to share after the close, described as Croissant and by a datasheet.

Croissant is MLCommons' vocabulary for datasets (https://docs.mlcommons.org/croissant/docs/croissant-spec.html); the
questions of the datasheet are those of Gebru et al., Datasheets for Datasets, 2021.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from deliberation.exports.content.words import in_language, sha256
from deliberation.exports.tables import csv_of, entry
from deliberation.models import Argument, Note, Participant, Purpose, Report, Statement

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "statements.csv": {
        "statement": ("sc:Integer", "The statement's number in the assembly."),
        "language": ("sc:Text", "The language it was written in."),
        "from_organisers": ("sc:Boolean", "Whether the organisers wrote it, to begin with."),
        "text": ("sc:Text", "The statement."),
    },
    "statement_votes.csv": {
        "statement": ("sc:Integer", "The statement's number in the assembly."),
        "group": ("sc:Text", "The letter of an opinion group; empty for everybody."),
        "agree": ("sc:Integer", "How many agreed."),
        "disagree": ("sc:Integer", "How many disagreed."),
        "pass": ("sc:Integer", "How many passed."),
    },
    "arguments.csv": {
        "argument": ("sc:Text", "A random name of the argument."),
        "proposal": ("sc:Integer", "The number of the proposal it is about."),
        "side": ("sc:Text", "for, against, concern or condition."),
        "language": ("sc:Text", "The language it was written in."),
        "text": ("sc:Text", "The argument."),
    },
    "notes.csv": {
        "note": ("sc:Text", "A random name of the note."),
        "session": ("sc:Integer", "The number of the session in which it was taken."),
        "item": ("sc:Integer", "The place of the agenda item during which it was taken."),
        "table": ("sc:Integer", "The table it is about; empty for the whole room."),
        "language": ("sc:Text", "The language it was written in."),
        "text": ("sc:Text", "The note, as it was last corrected."),
    },
}
# The vocabulary as its specification prints it: readers compare it word for word.
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def dataset_of(report: Report, language: str, site: str) -> bytes:
    """A zip file of tables and of what describes them. Call it in one moment."""
    rows: dict[str, Callable[[Report], list[list[object]]]] = {
        "statements.csv": _statements,
        "statement_votes.csv": _votes,
        "arguments.csv": _arguments,
        "notes.csv": _notes,
    }
    files = {name: csv_of([list(COLUMNS[name]), *table(report)]).encode() for name, table in rows.items()}
    with override(language):
        sheet = render_to_string("reports/datasheet.md", _described(report, language, files)).encode()
    files = {"datasheet.md": sheet, "LICENSE.txt": f"CC BY 4.0\n{LICENCE}\n".encode(), **files}
    files["croissant.json"] = json.dumps(
        _croissant(report, language, files, site), ensure_ascii=False, indent=1
    ).encode()
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(entry(name), content)
    return kept.getvalue()


def _consenting(report: Report) -> set[int]:
    people = Participant.objects.filter(assembly=report.assembly).consenting_to(Purpose.REUSE)
    return set(people.values_list("pk", flat=True))


def _shared_statements(report: Report) -> list[Statement]:
    """Those of the organisers, and of authors who agreed."""
    agreed = _consenting(report)
    shown = Statement.objects.filter(assembly=report.assembly).shown()
    return [each for each in shown if each.author_id in agreed or (each.author_id is None and each.is_seed)]


def _statements(report: Report) -> list[list[object]]:
    return [[each.number, each.language, each.is_seed, each.text] for each in _shared_statements(report)]


def _votes(report: Report) -> list[list[object]]:
    """Counts of the frozen map, for everybody and for each group that is large enough."""
    shared = {each.public_id for each in _shared_statements(report)}
    rows: list[list[object]] = []
    for row in report.snapshot["map"]["snapshot"]["statements"]:
        if row["id"] in shared:
            rows.append([row["number"], "", row["agree"], row["disagree"], row["pass"]])
            for letter, counts in sorted(row["groups"].items()):
                if counts:
                    passed = counts["votes"] - counts["agree"] - counts["disagree"]
                    rows.append([row["number"], letter, counts["agree"], counts["disagree"], passed])
    return rows


def _arguments(report: Report) -> list[list[object]]:
    agreed = _consenting(report)
    shown = Argument.objects.filter(assembly=report.assembly).shown().select_related("proposal").order_by("public_id")
    return [
        [sha256(each.public_id)[:12], each.proposal.number, each.side, each.language, each.text]
        for each in shown
        if each.author_id in agreed
    ]


def _notes(report: Report) -> list[list[object]]:
    agreed = _consenting(report)
    shown = Note.objects.filter(assembly=report.assembly).shown().select_related("item__session").order_by("public_id")
    return [
        [
            sha256(each.public_id)[:12],
            each.item.session.number,
            each.item.position,
            "" if each.table is None else each.table,
            each.language,
            each.text,
        ]
        for each in shown
        if each.author_id in agreed
    ]


def _described(report: Report, language: str, files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "report": report,
        "asked": in_language(report.snapshot["asked"], language),
        "took": report.snapshot["took_part"],
        "statements": len(_statements(report)),
        "arguments": len(_arguments(report)),
        "notes": len(_notes(report)),
        "people": len(_consenting(report)),
        "columns": COLUMNS,
        "licence": LICENCE,
        "files": sorted(files),
    }


def _croissant(report: Report, language: str, files: dict[str, bytes], site: str) -> dict[str, Any]:
    text = in_language(report.snapshot["asked"], language)
    tables = {name: content for name, content in files.items() if name in COLUMNS}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": report.assembly.slug,
        "description": f"{text['title']}. {text['remit']}",
        "inLanguage": report.assembly.languages,
        "license": LICENCE,
        "url": f"{site}/a/{report.assembly.slug}/",
        "version": f"{report.version}.0.0",
        "datePublished": report.created_at.date().isoformat(),
        "creator": {"@type": "sc:Organization", "name": text["asked_by"] or text["title"]},
        "citeAs": f"{text['title']}, report {report.version}, SHA-256 {report.digest}",
        "distribution": [_file_object(name, content) for name, content in tables.items()],
        "recordSet": [_record_set(name) for name in tables],
    }


def _file_object(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _record_set(name: str) -> dict[str, Any]:
    stem = name.removesuffix(".csv")
    return {
        "@type": "cr:RecordSet",
        "@id": stem,
        "name": stem,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{stem}/{column}",
                "name": column,
                "description": description,
                "dataType": type,
                "source": {"fileObject": {"@id": name}, "extract": {"column": column}},
            }
            for column, (type, description) in COLUMNS[name].items()
        ],
    }
