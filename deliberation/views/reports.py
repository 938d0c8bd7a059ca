from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import locks, visibility
from deliberation.actions.errors import NotClosedYet, NothingToReport
from deliberation.actions.exporting import STEPS, TOPIC, is_closed, order_file, version_now
from deliberation.actions.reporting import make_report
from deliberation.exports.content.document import PICKABLE, build_document
from deliberation.exports.files import TYPES, name_of, path_of
from deliberation.exports.json_file import SCHEMA
from deliberation.forms.reports import WITHOUT_SECTIONS, ReportFileForm
from deliberation.models import FileState, Redaction, Report, ReportFile, ReportFormat
from deliberation.views.page import Visit, for_commissioners, for_facilitators, in_assembly


@require_safe
@in_assembly
def show(visit: Visit, version: int | None = None) -> HttpResponse:
    """A report as it was frozen, in today's words; without a version the newest."""
    reports = visibility.reports_for(visit.assembly, visit.participant)
    report = reports.first() if version is None else get_object_or_404(reports, version=version)
    levels = visibility.redactions_for(visit.participant)
    level = next((each for each in levels if each == visit.request.GET.get("level")), Redaction.PUBLIC)
    return visit.render(
        "reports/show.html",
        report=report,
        versions=list(reports.values_list("version", flat=True)),
        document=report and _document(report, visit, level),
        files=report and visibility.report_files_for(report, visit.participant).filter(state=FileState.READY).count(),
        levels=[(each, each == level) for each in levels] if len(levels) > 1 else [],
    )


def _document(report: Report, visit: Visit, level: Redaction):
    report.assembly = visit.assembly
    with locks.one_moment():
        return build_document(report, visit.language, level)


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


@require_safe
@in_assembly
def files(visit: Visit, version: int) -> HttpResponse:
    """What can be downloaded of a report, and how far the rest is."""
    known = version_now()  # before the rest is read: what happens meanwhile is news
    report = _found(visit, version)
    listed = visibility.report_files_for(report, visit.participant).order_by("-pk")
    if not visit.can["commission"]:
        listed = listed.exclude(state=FileState.FAILED)
    return visit.render(
        "reports/files.html",
        report=report,
        files=[_listed(file) for file in listed],
        steps=STEPS,
        topic=TOPIC,
        known=known,
    )


def _found(visit: Visit, version: int) -> Report:
    return get_object_or_404(visibility.reports_for(visit.assembly, visit.participant), version=version)


def _listed(file: ReportFile) -> dict[str, object]:
    return {
        "file": file,
        "language": dict(settings.LANGUAGES).get(file.language, file.language),
        "is_whole": file.format in WITHOUT_SECTIONS or len(file.sections) == len(PICKABLE),
        "is_ready": file.state == FileState.READY,
        "has_failed": file.state == FileState.FAILED,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_commissioners
def new_file(visit: Visit, version: int) -> HttpResponse:
    """Choose what to have made of a report, at the levels that one may be given."""
    report = _found(visit, version)
    posted = visit.request.POST if visit.request.method == "POST" else None
    first = {"format": ReportFormat.PDF, "language": visit.language, "level": Redaction.PUBLIC}
    first |= dict.fromkeys(PICKABLE, True)
    levels = visibility.redactions_for(visit.participant)
    form = ReportFileForm(posted, languages=visit.assembly.languages, levels=levels, initial=first)
    if posted is None:
        return _asked(visit, report, form)
    if not form.is_valid():
        return _asked(visit, report, form, status=400)
    chosen = form.cleaned_data
    try:
        order_file(
            report,
            ReportFormat(chosen["format"]),
            chosen["language"],
            Redaction(chosen["level"]),
            form.sections,
            visit.participant,
        )
    except NotClosedYet:
        form.add_error("format", _("People agreed to open data after the close: a dataset can be made then."))
        return _asked(visit, report, form, status=409)
    messages.success(visit.request, _("It is being made. This page shows it as soon as it is there."))
    return redirect("report_files", slug=visit.assembly.slug, version=version)


def _asked(visit: Visit, report: Report, form: ReportFileForm, status: int = 200) -> HttpResponse:
    return visit.render(
        "reports/new_file.html", report=report, form=form, closed=is_closed(visit.assembly), status=status
    )


@require_safe
@in_assembly
def file(visit: Visit, version: int, public_id: str) -> HttpResponse:
    """The file itself; what may not be shown any more is not there any more."""
    ready = visibility.report_files_for(_found(visit, version), visit.participant).filter(state=FileState.READY)
    found = get_object_or_404(ready.select_related("report__assembly"), public_id=public_id)
    tag = f'"{found.digest}"'
    if visit.request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = FileResponse(
        _opened(path_of(found)),
        as_attachment=True,
        filename=name_of(found),
        content_type=TYPES[ReportFormat(found.format)],
    )
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    return response


def _opened(path: Path):
    try:
        return path.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """What the JSON of a report holds, as JSON Schema."""
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/schema+json")
