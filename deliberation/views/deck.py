"""The deck: one statement at a time, and the vote on it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deliberation import visibility
from deliberation.actions.errors import PhaseClosed, StaleVote
from deliberation.actions.voting import vote_on
from deliberation.analysis.routing import next_statement
from deliberation.forms.strict import StrictForm
from deliberation.forms.voting import VoteForm
from deliberation.models import Choice, Statement, Vote
from deliberation.views.page import Visit, for_participants
from deliberation.views.rate_limits import limited
from deliberation.views.statements import my_vote, shown

LAST_VOTED = "last_voted"


@require_GET
@for_participants
def deck(visit: Visit) -> HttpResponse:
    """One statement at a time. `?statement=` brings back one that was voted on."""
    return visit.render("statements/deck.html", **card(visit))


def card(visit: Visit, statement: Statement | None = None) -> dict[str, Any]:
    """What a card shows: this statement, the one asked for, or the one to vote on next; and the last one, to undo."""
    everything = visibility.statements_for(visit.assembly)
    on_show = list(everything.values_list("pk", flat=True))
    votes = {vote.statement_id: vote for vote in Vote.objects.filter(participant=visit.participant)}
    voted = {pk for pk in on_show if pk in votes and votes[pk].choice != Choice.WITHDRAWN}
    if statement is None:
        statement = everything.filter(public_id=visit.request.GET.get("statement", "")).first()
    if statement is None:
        following = next_statement(visit.participant, [pk for pk in on_show if pk not in voted])
        statement = everything.filter(pk=following).first()
    last = everything.filter(public_id=visit.request.session.get(LAST_VOTED, ""), pk__in=voted).first()
    return {
        "statement": statement and shown(statement, visit),
        "vote": statement and my_vote(votes.get(statement.pk)),
        "progress": {"voted": len(voted), "total": len(on_show)},
        "last": last and {"statement": shown(last, visit), "vote": my_vote(votes[last.pk])},
    }


@require_POST
@for_participants
@limited("vote", "240/minute")
def vote(visit: Visit, public_id: str) -> HttpResponse:
    """Agree, disagree, pass, or take the vote back. Answers with the next card, or goes on to the next page."""
    statement = get_object_or_404(visibility.statements_for(visit.assembly), public_id=public_id)
    form = VoteForm(visit.request.POST)
    if not form.is_valid():
        return _again(visit, statement, problems_of(form), status=400)
    try:
        vote_on(visit.participant, statement, form.cleaned_data["choice"], replaces=form.cleaned_data["revision"])
    except PhaseClosed:
        return _again(visit, statement, _("Voting is closed now, so this vote was not counted."), status=409)
    except StaleVote:
        told = _(
            "You voted on this statement elsewhere meanwhile. This is your vote as it stands; change it if you like."
        )
        return _again(visit, statement, told, status=409)
    if form.cleaned_data["choice"] == Choice.WITHDRAWN:
        visit.request.session.pop(LAST_VOTED, None)
        return _go_on(visit, statement)
    visit.request.session[LAST_VOTED] = statement.public_id
    return _go_on(visit)


def problems_of(form: StrictForm) -> str:
    return " ".join(problem for problems in form.errors.values() for problem in problems)


def _go_on(visit: Visit, statement: Statement | None = None) -> HttpResponse:
    if visit.request.headers.get("X-Requested-With") == "fetch":
        return visit.render("statements/_card.html", **card(visit, statement))
    if visit.request.POST.get("next") == "votes":
        return redirect("votes", slug=visit.assembly.slug)
    response = redirect("deck", slug=visit.assembly.slug)
    if statement is not None:
        response["Location"] += f"?statement={statement.public_id}"
    return response


def _again(visit: Visit, statement: Statement, problem: str, status: int) -> HttpResponse:
    fetched = visit.request.headers.get("X-Requested-With") == "fetch"
    template = "statements/_card.html" if fetched else "statements/deck.html"
    return visit.render(template, **card(visit, statement), problem=problem, status=status)
