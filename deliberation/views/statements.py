from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deliberation import record, visibility
from deliberation.models import Choice, Statement, Vote
from deliberation.record.helped import entered_for
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


def my_vote(vote: Vote | None, visit: Visit) -> dict[str, Any] | None:
    """The reader's own vote. To a helper one from before is not told, only that a new answer would take its place."""
    if vote is None:
        return None
    choice = Choice(vote.choice)
    if not visit.may_read(vote):
        untold = dict.fromkeys(("choice", "label", "undo"), "")
        return {**untold, "revision": vote.revision, "standing": False, "answered": choice != Choice.WITHDRAWN}
    before = Choice.WITHDRAWN if vote.choice_before is None else Choice(vote.choice_before)
    return {
        "choice": choice.word,
        "label": choice.label,
        "revision": vote.revision,
        "undo": before.word if visit.may_undo(vote) else "",
        "standing": choice.word != "withdrawn",
        "important": vote.important,
    }


@require_safe
@in_assembly
def statements(visit: Visit) -> HttpResponse:
    votes = {vote.statement_id: vote for vote in visit.votes.all()} if visit.participant else {}
    important = visibility.importance_for(visit.assembly, visit.participant)
    merged = visibility.merged_statements(visit.assembly)
    rows = [
        {
            **shown(statement, visit),
            "vote": my_vote(votes.get(statement.pk), visit),
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
    helped = entered_for(visit.participant) if visit.participant.helpings.exists() else set()
    rows = [
        {
            "statement": shown(statement, visit),
            "vote": my_vote(cast[statement.pk], visit),
            "with_help": bool(helped) and record.vote_id(visit.participant, statement) in helped,
        }
        for statement in visibility.statements_for(visit.assembly)
        if statement.pk in cast
    ]
    return visit.render("votes/index.html", rows=rows)
