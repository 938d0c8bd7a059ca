from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.models import ConsensusMap, Rule, Vote
from deliberation.news import news_of
from deliberation.views.contributions import hidden_from
from deliberation.views.page import Visit, in_assembly
from deliberation.views.tasks import tasks_for


@require_safe
@in_assembly
def assembly(visit: Visit) -> HttpResponse:
    """The first screen for a stranger; for a participant what is new and what they can do now."""
    if visit.participant is None:
        return visit.render("assembly/show.html", counts=_counts(visit))
    return visit.render(
        "assembly/show.html",
        tasks=tasks_for(visit),
        given=_given(visit),
        news=_news(visit),
        hidden_from_you=hidden_from(visit),
    )


@require_safe
@in_assembly
def conversation(visit: Visit) -> HttpResponse:
    """The rules of conversation: what the assembly asks of everybody, and all that moderators may hide for."""
    return visit.render("assembly/conversation.html", reasons=Rule.choices)


def _counts(visit: Visit) -> dict[str, int]:
    newest = ConsensusMap.objects.filter(assembly=visit.assembly).only("votes", "version").first()
    return {
        "participants": visit.assembly.participants.present().count(),
        "statements": visibility.statements_for(visit.assembly).count(),
        "votes": newest.votes if newest else 0,
    }


def _given(visit: Visit) -> dict[str, int]:
    return {
        "votes": Vote.objects.standing().filter(participant=visit.participant).count(),
        "statements": visit.participant.statements.count(),
        "arguments": visit.participant.arguments.count(),
    }


def _news(visit: Visit) -> dict[str, Any] | None:
    """What is new since the visit before this one; None where this is the first."""
    before = getattr(getattr(visit.participant, "last_visit", None), "before", None)
    if before is None:
        return None
    return {"since": before, "rows": news_of(visit.participant, before, visit.language)}
