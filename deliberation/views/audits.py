"""Checking a count: one argument after the other, and whether the key point is in it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deliberation.actions import checking_counts
from deliberation.actions.errors import StaleReview
from deliberation.analysis.auditing import share_of
from deliberation.analysis.standing_review import StandingReview
from deliberation.forms.strict import StrictForm
from deliberation.forms.summary_review import JudgementForm
from deliberation.models import Audit, Judgement, Summary
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_facilitators
from deliberation.views.summary_review import found_version


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def audit(visit: Visit, version: int, key: str) -> HttpResponse:
    """The next card; before the first one why and how, and `POST` draws the sample."""
    summary = found_version(visit, version)
    if visit.request.method == "POST":
        if not StrictForm(visit.request.POST).is_valid():
            return _show(visit, summary, key, status=400)
        try:
            checking_counts.start_audit(summary, key, visit.participant)
        except StaleReview:
            raise Http404 from None
        return _to_cards(visit, summary, key)
    return _show(visit, summary, key)


@require_POST
@for_facilitators
def judgements(visit: Visit, version: int, key: str, place: int) -> HttpResponse:
    summary = found_version(visit, version)
    found, form = _audit(summary, key), JudgementForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _show(visit, summary, key, status=400)
    if not checking_counts.judge(found, place, Judgement(form.cleaned_data["judgement"]), visit.participant):
        messages.info(visit.request, _("Somebody else has read that one meanwhile. Here is the next."))
    return _to_cards(visit, summary, key)


@require_POST
@for_facilitators
def judgements_undone(visit: Visit, version: int, key: str, place: int) -> HttpResponse:
    summary = found_version(visit, version)
    if StrictForm(visit.request.POST).is_valid():
        checking_counts.take_back(_audit(summary, key), place)
    return _to_cards(visit, summary, key)


def _show(visit: Visit, summary: Summary, key: str, status: int = 200) -> HttpResponse:
    standing = StandingReview(summary)
    place = standing.place(key)
    if place is None:
        raise Http404
    found = standing.audits.get(key)
    return visit.render(
        "summaries/review/audit.html",
        summary=summary,
        key=key,
        proposal=place.proposal["id"],
        words=standing.words(place) or standing.quotation(place),
        count=place.point["prevalence"]["text"].get(visit.language, ""),
        prevalence=place.point["prevalence"],
        **(_cards(found, visit) if found else {"audit": None}),
        status=status,
    )


def _cards(found: Audit, visit: Visit) -> dict[str, Any]:
    cards = list(found.cards.select_related("argument__author").order_by("place"))
    judged = [card for card in cards if card.judgement]
    mine = [card for card in judged if card.judged_by_id == visit.participant.pk]
    return {
        "audit": found,
        "card": next((card for card in cards if not card.judgement), None),
        "judged": len(judged),
        "total": len(cards),
        "last": max(mine, key=lambda card: card.judged_at, default=None) if not found.finished_at else None,
        "decided": share_of(found) is not None,
        "found": _found_by_kind(judged) if found.finished_at else None,
    }


def _found_by_kind(judged: list[Any]) -> dict[str, int]:
    counted = [card for card in judged if card.counted]
    others = [card for card in judged if not card.counted]
    return {
        "counted": len(counted),
        "right": sum(card.judgement == Judgement.YES for card in counted),
        "others": len(others),
        "missed": sum(card.judgement == Judgement.YES for card in others),
        "unsure": sum(card.judgement == Judgement.UNSURE for card in judged),
    }


def _audit(summary: Summary, key: str) -> Audit:
    found = summary.audits.filter(point=key).first()
    if found is None:
        raise Http404
    found.summary = summary
    return found


def _to_cards(visit: Visit, summary: Summary, key: str) -> HttpResponse:
    answer = redirect("audit", slug=visit.assembly.slug, version=summary.version, key=key)
    answer["Location"] += "#card"
    return answer
