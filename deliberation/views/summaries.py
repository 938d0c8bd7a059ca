from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions import summarising
from deliberation.actions.errors import AlreadyBeingWritten, NothingToSummarise, NotInThisState
from deliberation.analysis.summary_inputs import changed_since
from deliberation.models import Summary, SummaryRun, SummaryState
from deliberation.views.challenges import said_about
from deliberation.views.page import Visit, for_facilitators, in_assembly
from deliberation.views.summary_words import represented, summary_shown


@require_safe
@in_assembly
def show(visit: Visit, version: int | None = None) -> HttpResponse:
    """The published summary; with a version, one that was public once, as much of it as still holds."""
    return _show(visit, version)


def _show(visit: Visit, version: int | None = None, status: int = 200) -> HttpResponse:
    # Before the rest is read: what happens meanwhile is news.
    known = visit.assembly.record.filter(type="summary").aggregate(newest=Max("pk", default=0))["newest"]
    versions = list(visibility.summaries_for(visit.assembly, visit.participant).select_related("run"))
    published = next((each for each in versions if each.state == SummaryState.PUBLISHED), None)
    withdrawn = None if published else next((each for each in versions if each.published_at), None)
    summary = published if version is None else _of_version(visit, version)
    return visit.render(
        "summaries/show.html",
        summary=summary,
        heard=summary and summary_shown(summary.document, visit, summary.version),
        withdrawn=withdrawn if version is None else None,
        is_current=version is None,
        versions=[each for each in versions if each.published_at],
        mine=represented(summary, visit) if summary and summary.run else [],
        changed=changed_since(summary.run) if summary and summary.run else 0,
        said_about=summary and said_about(summary, visit),
        run=_newest_run(visit),
        argued=_is_argued(visit),
        known=known,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def write(visit: Visit) -> HttpResponse:
    """Ask the language worker for a new summary; the last one stays until a newer is published."""
    if visit.request.method == "POST":
        try:
            summarising.start(visit.assembly, visit.participant)
        except NothingToSummarise:
            return _nothing(visit)
        except AlreadyBeingWritten:
            messages.error(visit.request, _("A summary is being written already. You see below how far it is."))
    return redirect("summary", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def stop(visit: Visit, public_id: str) -> HttpResponse:
    summarising.cancel(_run(visit, public_id))
    messages.success(visit.request, _("Stopped. What was found so far is kept; you can go on later."))
    return redirect("summary", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def resume(visit: Visit, public_id: str) -> HttpResponse:
    try:
        summarising.go_on(_run(visit, public_id))
    except NothingToSummarise:
        return _nothing(visit)
    except (AlreadyBeingWritten, NotInThisState):
        messages.error(
            visit.request, _("That cannot be gone on with: a summary is being written already, or it is done.")
        )
    return redirect("summary", slug=visit.assembly.slug)


@require_safe
@for_facilitators
def progress(visit: Visit) -> HttpResponse:
    """How far the run is, for pages that are open."""
    return visit.render("summaries/_run.html", run=_newest_run(visit), argued=_is_argued(visit))


def _nothing(visit: Visit) -> HttpResponse:
    messages.error(visit.request, nothing_to_summarise())
    return _show(visit, status=409)


def nothing_to_summarise() -> str:
    return _(
        "A summary is made of arguments on proposals, and there is none to read. What people think of the statements "
        "stands on the map and in the report."
    )


def _is_argued(visit: Visit) -> bool:
    return visit.assembly.arguments.shown().exists()


def _of_version(visit: Visit, version: int) -> Summary:
    return get_object_or_404(visibility.summaries_for(visit.assembly, visit.participant), version=version)


def _run(visit: Visit, public_id: str) -> SummaryRun:
    return get_object_or_404(SummaryRun, assembly=visit.assembly, public_id=public_id)


def _newest_run(visit: Visit) -> SummaryRun | None:
    return SummaryRun.objects.filter(assembly=visit.assembly).first() if visit.can["facilitate"] else None
