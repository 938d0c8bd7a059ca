from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import visibility
from deliberation.actions.errors import PhaseClosed
from deliberation.actions.stating import make_statement
from deliberation.forms.writing import StatementForm
from deliberation.models import Choice, Statement, Vote
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.rate_limits import limited


def shown(statement: Statement, visit: Visit) -> dict[str, Any]:
    """A statement as templates read it, in the reader's language where it was written in several."""
    text, language = statement.text_in(visit.language)
    return {
        "public_id": statement.public_id,
        "number": statement.number,
        "text": text,
        "language": language,
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
    }


@require_safe
@in_assembly
def statements(visit: Visit) -> HttpResponse:
    votes = (
        {vote.statement_id: vote for vote in Vote.objects.filter(participant=visit.participant)}
        if visit.participant
        else {}
    )
    rows = [
        {**shown(statement, visit), "vote": my_vote(votes.get(statement.pk))}
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


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("state", "20/hour")
def new_statement(visit: Visit) -> HttpResponse:
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = StatementForm(posted, assembly=visit.assembly, initial={"language": visit.language})
    if posted is None:
        return visit.render("statements/new.html", form=form)
    if not form.is_valid():
        return visit.render("statements/new.html", form=form, status=400)
    try:
        statement = make_statement(
            visit.participant, form.cleaned_data["text"], form.cleaned_data["language"], form.cleaned_data["nonce"]
        )
    except PhaseClosed:
        form.add_error(None, _("No statements can be added in this phase. Your text is still here: keep a copy of it."))
        return visit.render("statements/new.html", form=form, status=409)
    messages.success(
        visit.request,
        _("Your statement is number %(number)s. Others can vote on it now.") % {"number": statement.number},
        extra_tags="receipt",
    )
    return redirect("deck", slug=visit.assembly.slug)
