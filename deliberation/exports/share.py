"""The picture that goes along when the address of an assembly is passed on: its name, how things stand, its map."""

import json
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import typst

from deliberation.exports.pdf import map_svg

TEMPLATE = Path(__file__).parent / "typesetting" / "share.typ"


class ShareWords(NamedTuple):
    language: str
    title: str
    asked_by: str
    line: str
    address: str


def share_png(words: ShareWords, snapshot: dict[str, Any] | None) -> bytes:
    """1200 by 630 dots. Without a snapshot, the words alone."""
    told = {**words._asdict(), "has_map": snapshot is not None}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "share.typ").write_bytes(TEMPLATE.read_bytes())
        Path(folder, "share.json").write_text(json.dumps(told))
        if snapshot is not None:
            Path(folder, "map.svg").write_text(map_svg(snapshot))
        return typst.compile(Path(folder, "share.typ"), root=folder, format="png", ppi=72)
