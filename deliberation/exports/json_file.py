"""The report for programs: its sections as they stand on paper, and the frozen numbers that its digest is made of."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.urls import reverse

from deliberation.exports.content.blocks import Document
from deliberation.exports.report import Snapshot

SCHEMA = Path(__file__).parent / "report.schema.json"


def json_file_of(document: Document, frozen: Snapshot, site: str) -> bytes:
    told: dict[str, Any] = asdict(document)
    for section in told["sections"]:
        for block in section["blocks"]:
            block.pop("snapshot", None)  # it stands among the frozen numbers
    told = {"$schema": site + reverse("report_schema"), "format": 1, **told, "frozen": frozen}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
