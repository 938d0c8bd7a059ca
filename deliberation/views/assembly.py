from django.http import HttpResponse
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from deliberation import visibility
from deliberation.models import ConsensusMap, Vote, in_language
from deliberation.views.contributions import hidden_from
from deliberation.views.page import Visit, in_assembly

markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")


@require_safe
@in_assembly
def assembly(visit: Visit) -> HttpResponse:
    """The first screen for a stranger; for a participant what they can do now."""
    return visit.render(
        "assembly/show.html", counts=_counts(visit), tasks=_tasks(visit), hidden_from_you=hidden_from(visit)
    )


def _counts(visit: Visit) -> dict[str, int]:
    newest = ConsensusMap.objects.filter(assembly=visit.assembly).only("votes", "version").first()
    return {
        "participants": visit.assembly.participants.count(),
        "statements": visibility.statements_for(visit.assembly).count(),
        "proposals": visit.assembly.proposals.count(),
        "votes": newest.votes if newest else 0,
    }


def _tasks(visit: Visit) -> dict[str, int] | None:
    if visit.participant is None:
        return None
    shown = visibility.statements_for(visit.assembly)
    mine = Vote.objects.standing().filter(participant=visit.participant, statement__in=shown).count()
    total = shown.count()
    return {
        "statements_total": total,
        "my_votes": mine,
        "statements_left": total - mine,
        "proposals": visit.assembly.proposals.count(),
        "my_statements": visit.participant.statements.count(),
        "my_arguments": visit.participant.arguments.shown().count(),
    }


@require_safe
@in_assembly
def kit(visit: Visit) -> HttpResponse:
    steps = []
    for step in visit.assembly.kit_steps.prefetch_related("translations"):
        words = in_language(step.translations.all(), visit.language)
        if words is not None:
            steps.append({"position": step.position, "title": words.title, "html": markdown.render(words.body)})
    return visit.render("kit/show.html", steps=steps, glossary=visit.assembly.glossary.filter(language=visit.language))
