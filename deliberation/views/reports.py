from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import visibility
from deliberation.actions.errors import NothingToReport
from deliberation.actions.reporting import make_report
from deliberation.models import PhaseKind, Report, Side
from deliberation.views.consensus_map import texts_for, words_of
from deliberation.views.page import Visit, for_facilitators, in_assembly
from deliberation.views.summaries import summary_shown


@require_safe
@in_assembly
def show(visit: Visit, version: int | None = None) -> HttpResponse:
    """A report as it was frozen; without a version the newest."""
    reports = visibility.reports_for(visit.assembly, visit.participant)
    report = reports.first() if version is None else get_object_or_404(reports, version=version)
    versions = list(reports.values_list("version", flat=True))
    return visit.render(
        "reports/show.html", report=report, versions=versions, snapshot=report and report_shown(report, visit)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def make(visit: Visit) -> HttpResponse:
    if visit.request.method != "POST":
        return redirect("report", slug=visit.assembly.slug)
    try:
        report = make_report(visit.assembly, visit.participant)
    except NothingToReport:
        messages.error(visit.request, _("There is nothing to report yet: the map appears after the first votes."))
        return redirect("report", slug=visit.assembly.slug)
    messages.success(visit.request, _("Report %(version)s is ready.") % {"version": report.version})
    return redirect("report_version", slug=visit.assembly.slug, version=report.version)


def report_shown(report: Report, visit: Visit) -> dict[str, Any]:
    """The frozen numbers with today's words: in the reader's language, and without what was deleted since."""
    frozen = report.snapshot
    texts = texts_for(visit)
    mapped = frozen["map"]
    words = words_of(mapped["snapshot"], texts, mapped["version"], parse_datetime(mapped["made_at"]))
    return {
        "asked": _in_language(frozen["asked"], visit.language),
        "took_part": frozen["took_part"],
        "phases": [_phase(phase, visit.language) for phase in frozen["phases"]],
        "statements": frozen["statements"],
        "map": mapped["snapshot"],
        "texts": texts,
        "words": words,
        "proposals": [_proposal(each, visit.language) for each in frozen["proposals"]],
        "summary": frozen["summary"] and summary_shown(frozen["summary"]["document"], visit),
        "summary_version": frozen["summary"] and frozen["summary"]["version"],
        "models": frozen["summary"]["models"] if frozen["summary"] else [],
        "method": {key: mapped[key] for key in ("version", "input_digest", "code_version", "parameters")},
        "record_entries": frozen["record_entries"],
    }


def _phase(phase: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "name": _in_language(phase["names"], language) or PhaseKind(phase["kind"]).label,
        "starts_on": parse_date(phase["starts_on"]),
        "ends_on": parse_date(phase["ends_on"]),
        "opened_at": _moment(phase["opened_at"]),
        "closed_at": _moment(phase["closed_at"]),
    }


def _proposal(proposal: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "public_id": proposal["id"],
        "number": proposal["number"],
        "title": _in_language(proposal["titles"], language),
        "sides": [(side, side.label, proposal["arguments"][side.value]) for side in Side],
    }


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _in_language(by_language: dict[str, Any], language: str) -> Any:
    return by_language.get(language) or next(iter(by_language.values()), None)
