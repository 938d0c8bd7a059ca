"""The versions of the summary: when each was published, what it was made from, and what changed."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.analysis.ratification import rates
from deliberation.analysis.summary_changes import changes_between
from deliberation.analysis.summary_document import digest_of_document
from deliberation.models import Summary, SummaryState
from deliberation.views.challenges import challenge_shown, sources_of
from deliberation.views.page import Visit, in_assembly


@require_safe
@in_assembly
def versions(visit: Visit) -> HttpResponse:
    return visit.render("summaries/versions.html", versions=[_listed(each) for each in _public(visit)])


@require_safe
@in_assembly
def changes(visit: Visit, version: int) -> HttpResponse:
    """What this version, public or waiting for the word of participants, says otherwise than the public one before."""
    after = get_object_or_404(_told(visit), version=version)
    before = _public(visit).filter(version__lt=version).first()
    found = changes_between(before, after, sources_of(visit), visit.language) if before else []
    sentences, numbers = [], []
    for each in found:
        (numbers if each.kind == "statistic" else sentences).append(each)
    settled = visibility.challenges_for(visit.assembly, visit.participant).filter(corrected_in=after)
    return visit.render(
        "summaries/changes.html",
        summary=_listed(after),
        before=before,
        added=[each for each in sentences if each.before is None],
        gone=[each for each in sentences if each.after is None],
        changed=[each for each in sentences if each.before and each.after],
        numbers=[each for each in numbers if each.before and each.after],
        settled=[challenge_shown(each) for each in settled],
    )


def _public(visit: Visit) -> Any:
    return _told(visit).filter(published_at__isnull=False)


def _told(visit: Visit) -> Any:
    public_or_offered = Q(published_at__isnull=False) | Q(state=SummaryState.OFFERED)
    seen = visibility.summaries_for(visit.assembly, visit.participant).filter(public_or_offered, document__format=2)
    return seen.select_related("run", "made_by", "map").prefetch_related("wordings")


def _listed(summary: Summary) -> dict[str, Any]:
    return {
        "summary": summary,
        "digest": digest_of_document(summary.document),
        "points": sum(len(side["points"]) for proposal in summary.document["proposals"] for side in proposal["sides"]),
        "rates": rates(summary.ratifications.all()),
        "models": summary.run.models_used if summary.run else [],
    }
