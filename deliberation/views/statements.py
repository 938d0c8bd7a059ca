from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.models import Choice, Statement, Vote
from deliberation.views.page import Visit, for_participants, in_assembly


def shown(statement: Statement, visit: Visit) -> dict[str, Any]:
    """A statement as templates read it, in the reader's language where it was written in several."""
    text, language = statement.text_in(visit.language)
    return {
        "public_id": statement.public_id,
        "number": statement.number,
        "text": text,
        "language": language,
        "edits": statement.edits,
        "is_seed": statement.is_seed,
        "is_simulated": statement.author is not None and statement.author.is_simulated,
        "is_mine": visit.participant is not None and statement.author_id == visit.participant.pk,
    }


def my_vote(vote: Vote | None) -> dict[str, Any] | None:
    if vote is None:
        return None
    choice = Choice(vote.choice)
    return {
        "choice": choice.word,
        "label": choice.label,
        "revision": vote.revision,
        "undo": (Choice.WITHDRAWN if vote.choice_before is None else Choice(vote.choice_before)).word,
        "standing": choice.word != "withdrawn",
        "important": vote.important,
    }


@require_safe
@in_assembly
def statements(visit: Visit) -> HttpResponse:
    votes = (
        {vote.statement_id: vote for vote in Vote.objects.filter(participant=visit.participant)}
        if visit.participant
        else {}
    )
    important = visibility.importance_for(visit.assembly, visit.participant)
    merged = visibility.merged_statements(visit.assembly)
    rows = [
        {
            **shown(statement, visit),
            "vote": my_vote(votes.get(statement.pk)),
            "importance": important.get(statement.pk),
            "into": merged.get(statement.public_id),
        }
        for statement in visibility.statements_for(visit.assembly)
    ]
    return visit.render("statements/index.html", statements=rows)


@require_safe
@for_participants
def votes(visit: Visit) -> HttpResponse:
    cast = {vote.statement_id: vote for vote in Vote.objects.standing().filter(participant=visit.participant)}
    rows = [
        {"statement": shown(statement, visit), "vote": my_vote(cast[statement.pk])}
        for statement in visibility.statements_for(visit.assembly)
        if statement.pk in cast
    ]
    return visit.render("votes/index.html", rows=rows)
