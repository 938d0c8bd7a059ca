"""The report on paper: typeset by Typst as PDF/UA-1, the standard for PDF that screen readers can read."""

import json
import re
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import segno
import typst
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from deliberation.exports.content.blocks import Code, Document, Picture

TEMPLATE = Path(__file__).parent / "typesetting" / "report.typ"
COLOURS = {"A": "#2e67ac", "B": "#8b5b0c", "C": "#9d3d79", "D": "#1c7666", "E": "#764daa"}
MISSING = re.compile(r'PDF/UA-1 error: the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
PLACEHOLDER = "□"
MOST_ROUNDS = 5  # each finds what the one before let be typeset
PIECE = 4  # characters of a digest between two places where a line may end


def pdf_of(document: Document) -> bytes:
    """The same document gives the same bytes. Characters that no font here has are shown as boxes, and it is said."""
    told = _told(document)
    for _round in range(MOST_ROUNDS):
        try:
            return _typeset(document, told)
        except typst.TypstError as error:
            missing = _missing(error)
            if not missing:
                raise
            told = _without(told, missing, document)
    return _typeset(document, told)


def map_svg(snapshot: dict[str, Any]) -> str:
    """The map as a drawing that stands by itself."""
    return render_to_string("reports/map.svg", {"snapshot": snapshot, "colours": sorted(COLOURS.items())})


def map_png(snapshot: dict[str, Any]) -> bytes:
    """The same for programs that draw no vectors."""
    source = '#set page(width: 160mm, height: auto, margin: 0pt)\n#image("map.svg", width: 100%)'
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "map.svg").write_text(map_svg(snapshot))
        Path(folder, "map.typ").write_text(source)
        return typst.compile(Path(folder, "map.typ"), root=folder, format="png", ppi=220)


def _typeset(document: Document, told: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "report.typ").write_bytes(TEMPLATE.read_bytes())
        Path(folder, "report.json").write_text(json.dumps(told))
        for block in document.blocks():
            if isinstance(block, Picture):
                Path(folder, "map.svg").write_text(map_svg(block.snapshot))
            elif isinstance(block, Code):
                segno.make(block.url, error="m").save(str(Path(folder, "code.svg")), border=0)
        return typst.compile(Path(folder, "report.typ"), root=folder, pdf_standards=["ua-1"])


def _told(document: Document) -> dict[str, Any]:
    told = asdict(document)
    for section in told["sections"]:
        for block in section["blocks"]:
            block.pop("snapshot", None)
    return _prepared({**told, "author": "Majelis"})


def _prepared(told: Any) -> Any:
    """With languages as Typst names them, and places where long digests may be broken."""
    if isinstance(told, dict):
        more = {}
        if "text" in told:
            more["lang"] = told.get("language", "").split("-")[0] or "en"
            more["printed"] = _breakable(told["text"])
        return {key: _prepared(value) for key, value in told.items()} | more
    return [_prepared(each) for each in told] if isinstance(told, list | tuple) else told


def _breakable(text: str) -> str:
    return text if " " in text else "\u200b".join(text[i : i + PIECE] for i in range(0, len(text), PIECE))


def _missing(error: typst.TypstError) -> set[str]:
    found = MISSING.findall(f"{error.message}\n{error.diagnostic}")
    return {ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in found}


def _without(told: dict[str, Any], missing: set[str], document: Document) -> dict[str, Any]:
    text = json.dumps(told, ensure_ascii=False)
    for each in sorted(missing, key=len, reverse=True):
        text = text.replace(each, PLACEHOLDER)
    changed = json.loads(text)
    with override(document.language):
        changed["missing"] = _missing_note(text.count(PLACEHOLDER))
    return changed


def _missing_note(count: int) -> str:
    return ngettext(
        "%(n)s character that no font of this machine has is shown as □; the web page shows it.",
        "%(n)s characters that no font of this machine has are shown as □; the web page shows them.",
        count,
    ) % {"n": count}
