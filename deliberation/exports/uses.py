"""Where a contribution was used: from what somebody wrote to the maps, summaries and reports that rest on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from deliberation import visibility
from deliberation.models import Argument, Participant, Report, Statement

QUOTED, COUNTED = "quoted", "counted"
MAPPED, COMMON_GROUND, DIVIDES, TYPICAL = "mapped", "common_ground", "divides", "typical"


@dataclass(frozen=True)
class Use:
    """One place: a map, a summary or a report of some version, and what the contribution does there."""

    where: str  # map, summary or report
    version: int
    how: str  # quoted, counted, mapped, common_ground, divides or typical
    url: str


def uses_of(contribution: Statement | Argument, reader: Participant | None) -> list[Use]:
    """Every use that this reader may see: the newest map and summary, and each report, the newest first."""
    assembly, public_id = contribution.assembly, contribution.public_id
    uses = []
    current = visibility.current_map(assembly, reader)
    if current is not None:
        url = reverse("map", args=[assembly.slug])
        uses += [Use("map", current.version, how, url) for how in _on_map(public_id, current.snapshot)]
    for summary in visibility.summaries_for(assembly, reader).filter(state="published"):
        url = reverse("summary", args=[assembly.slug])
        uses += [Use("summary", summary.version, how, url) for how in _in_summary(public_id, summary.document)]
    for report in visibility.reports_for(assembly, reader):
        uses += _in_report(public_id, report)
    return uses


def _in_report(public_id: str, report: Report) -> list[Use]:
    frozen = report.snapshot
    found = [*_on_map(public_id, frozen["map"]["snapshot"])]
    if frozen["summary"]:
        found += _in_summary(public_id, frozen["summary"]["document"])
    url = reverse("report_version", args=[report.assembly.slug, report.version])
    return [Use("report", report.version, how, url) for how in found]


def _on_map(public_id: str, snapshot: dict[str, Any]) -> Iterator[str]:
    if any(row["id"] == public_id for row in snapshot["statements"]):
        yield MAPPED
    if public_id in snapshot["common_ground"]:
        yield COMMON_GROUND
    if public_id in snapshot["divides"]:
        yield DIVIDES
    if any(each["id"] == public_id for group in snapshot["groups"] for each in group["representative"]):
        yield TYPICAL


def _in_summary(public_id: str, document: dict[str, Any]) -> Iterator[str]:
    sentences = [sentence for sentence in _sentences(document) if public_id in sentence["cites"]]
    if any(sentence["kind"] == "quote" and sentence["place"]["id"] == public_id for sentence in sentences):
        yield QUOTED
    elif sentences:
        yield COUNTED


def _sentences(told: Any) -> Iterator[dict[str, Any]]:
    """Every sentence, wherever it stands: it is what names its kind and what it cites."""
    if isinstance(told, dict):
        if "cites" in told and "kind" in told:
            yield told
        else:
            for each in told.values():
                yield from _sentences(each)
    elif isinstance(told, list):
        for each in told:
            yield from _sentences(each)
