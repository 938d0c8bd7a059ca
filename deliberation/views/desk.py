"""The facilitator's desk: what is open, what is missing, how it goes, and what to do next."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions.errors import GateShut
from deliberation.actions.gates import checks_before, open_through_gate
from deliberation.actions.phases import close_phase, show_results
from deliberation.analysis.workload import waiting_for_a_look
from deliberation.forms.desk import OpeningForm, ResultsForm
from deliberation.models import Phase, Report, ResultsShown, SummaryState, Vote
from deliberation.views.page import Visit, for_facilitators, place_of_code
from deliberation.views.statements import shown

LEAST_HEARD = 5


@require_safe
@for_facilitators
def desk(visit: Visit) -> HttpResponse:
    """`?phase=` shows what is missing before that phase; without it the one that comes next."""
    return _show(visit, _asked_for(visit) or _next(visit))


@require_POST
@for_facilitators
def openings(visit: Visit, position: int) -> HttpResponse:
    phase = get_object_or_404(visit.assembly.phases, position=position)
    form = OpeningForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, _of_visit(visit, phase), status=400)
    try:
        open_through_gate(phase, anyway=form.cleaned_data["anyway"])
    except GateShut:
        messages.error(visit.request, _("This phase was not opened: something is still missing. See the list below."))
        return _show(visit, _of_visit(visit, phase), status=409)
    messages.success(visit.request, _("“%(phase)s” is open now.") % {"phase": _of_visit(visit, phase).name})
    return redirect("desk", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def closings(visit: Visit, position: int) -> HttpResponse:
    phase = get_object_or_404(visit.assembly.phases.open(), position=position)
    close_phase(phase)
    told = _("“%(phase)s” is closed. If that was too early, open it again below: nothing was lost.")
    messages.success(visit.request, told % {"phase": _of_visit(visit, phase).name})
    return redirect("desk", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def results(visit: Visit, position: int) -> HttpResponse:
    phase = get_object_or_404(visit.assembly.phases.open(), position=position)
    form = ResultsForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, _next(visit), results_form=form, status=400)
    show_results(phase, ResultsShown(form.cleaned_data["results"]), form.cleaned_data["after"] or 0)
    messages.success(visit.request, _("Saved: the results of this phase are shown %(when)s.") % {
        "when": phase.get_results_display()
    })  # fmt: skip
    return redirect("desk", slug=visit.assembly.slug)


def _show(visit: Visit, gate: Phase | None, results_form: ResultsForm | None = None, status: int = 200) -> HttpResponse:
    known = visit.assembly.record.filter(type="summary").aggregate(newest=Max("pk", default=0))["newest"]
    checks = checks_before(gate) if gate else []
    report = visit.assembly.reports.only("version", "created_at").first()
    return visit.render(
        "desk/show.html",
        gate=gate,
        is_due=gate is not None and gate.starts_on <= timezone.localdate(),
        needed=[check for check in checks if check.needed and not check.passed],
        advised=[check for check in checks if not check.needed and not check.passed],
        done=[check for check in checks if check.passed],
        begun=any(phase.state != "coming" for phase in visit.phases),
        is_over=visit.is_over,
        report=report,
        offers_report=_report_comes_next(visit, report),
        results_form=results_form or _results_form(visit.phase),
        numbers=_numbers(visit),
        least_heard=least_heard(visit),
        fallen=_fallen_summary(visit),
        known=known,
        links=[_link(visit, "assembly"), _link(visit, "projector")],
        has_sessions=visit.assembly.sessions.filter(closed_at__isnull=True).exists(),
        sessions_are_over=visit.assembly.sessions.filter(closed_at__isnull=False).exists(),
        code_waits=place_of_code(visit.assembly) in visit.request.session,
        status=status,
    )


def _report_comes_next(visit: Visit, newest: Report | None) -> bool:
    """Everything was asked, there is something to tell, and the newest report is from before that."""
    if not visit.is_over or not visit.assembly.maps.exists():
        return False
    return newest is None or newest.created_at < visit.closed_at


def _asked_for(visit: Visit) -> Phase | None:
    wanted = visit.request.GET.get("phase", "")
    return next((phase for phase in visit.phases if str(phase.position) == wanted and phase.state != "open"), None)


def _next(visit: Visit) -> Phase | None:
    after = visit.phase.position if visit.phase else 0
    coming = [phase for phase in visit.phases if phase.state == "coming"]
    return next((phase for phase in coming if phase.position > after), coming[0] if coming else None)


def _of_visit(visit: Visit, phase: Phase) -> Phase:
    """The same phase as pages show it, with its name in the reader's language."""
    return next(each for each in visit.phases if each.pk == phase.pk)


def _results_form(phase: Phase | None) -> ResultsForm | None:
    return phase and ResultsForm(initial={"results": phase.results, "after": phase.results_after or None})


def _numbers(visit: Visit) -> dict[str, int]:
    votes = Vote.objects.standing().filter(assembly=visit.assembly)
    joined, voted = visit.assembly.participants.present().count(), votes.values("participant").distinct().count()
    return {
        "joined": joined,
        "voted": voted,
        "silent": joined - voted,
        "votes": votes.count(),
        "statements": visit.assembly.statements.shown().count(),
        "arguments": visit.assembly.arguments.shown().count(),
        "waiting": waiting_for_a_look(visit.assembly),
    }


def _fallen_summary(visit: Visit) -> dict[str, Any] | None:
    """The summary that something was taken back from, and what is done about it already."""
    fallen = visit.assembly.summaries.fallen()
    if fallen is None:
        return None
    later = visit.assembly.summaries.filter(version__gt=fallen.version, state=SummaryState.DRAFT)
    run = visit.assembly.summary_runs.defer("inputs", "results").first()
    return {"summary": fallen, "next": later.defer("document").first(), "run": run}


def least_heard(visit: Visit, most: int = LEAST_HEARD) -> list[dict[str, Any]]:
    """The statements that the fewest people have voted on: the deck brings these up first."""
    votes = Vote.objects.standing().filter(assembly=visit.assembly).values_list("statement")
    counted = dict(votes.annotate(count=Count("pk")))
    rows = [
        {**shown(each, visit), "votes": counted.get(each.pk, 0)} for each in visibility.statements_for(visit.assembly)
    ]
    return sorted(rows, key=lambda row: (row["votes"], row["number"]))[:most]


def _link(visit: Visit, page: str) -> dict[str, str]:
    path = reverse(page, args=[visit.assembly.slug])
    address = settings.BASE_URL + path
    return {"page": page, "path": path, "address": address, "qr": qr_of(address)}


def qr_of(address: str) -> str:
    return segno.make(address, error="m").svg_inline(omitsize=True, border=2)
