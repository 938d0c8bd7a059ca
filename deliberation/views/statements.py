import random
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deliberation import visibility
from deliberation.actions.errors import PhaseClosed, StaleVote
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.analysis.consensus_map import UNSEEN, priorities
from deliberation.forms.strict import StrictForm
from deliberation.forms.voting import VoteForm
from deliberation.forms.writing import StatementForm
from deliberation.models import Choice, Statement, Vote
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.rate_limits import limited

LAST_VOTED = "last_voted"


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
        "standing": choice.word != "withdrawn",
    }


@require_GET
@for_participants
def deck(visit: Visit) -> HttpResponse:
    """One statement at a time. `?statement=` brings back one that was voted on."""
    return visit.render("statements/deck.html", **card(visit))


def card(visit: Visit, statement: Statement | None = None) -> dict[str, Any]:
    statements = visibility.statements_for(visit.assembly)
    votes = {vote.statement_id: vote for vote in Vote.objects.filter(participant=visit.participant)}
    voted = {pk for pk, vote in votes.items() if vote.choice != Choice.WITHDRAWN}
    wanted = visit.request.GET.get("statement")
    if statement is None and wanted:
        statement = statements.filter(public_id=wanted).first()
    if statement is None:
        statement = _next(visit, [each for each in statements if each.pk not in voted])
    last = statements.filter(public_id=visit.request.session.get(LAST_VOTED, "")).first()
    return {
        "statement": statement and shown(statement, visit),
        "vote": my_vote(votes.get(statement.pk)) if statement else None,
        "progress": {"voted": len(voted), "total": statements.count()},
        "last": {"statement": shown(last, visit), "vote": my_vote(votes[last.pk])}
        if last and last.pk in voted
        else None,
    }


def _next(visit: Visit, left: list[Statement]) -> Statement | None:
    """The statement whose votes would tell most, drawn by its priority; the same one until it is voted on."""
    if not left:
        return None
    seed = f"{visit.participant.public_id}:{visit.assembly.statements.count()}:{len(left)}"
    rng = random.Random(seed)  # noqa: S311 - a fair order, not a secret
    known = priorities(visit.assembly)
    weights = [known.get(statement.pk, UNSEEN) for statement in left]
    return rng.choices(left, weights)[0]


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


@require_GET
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


@require_GET
@for_participants
def votes(visit: Visit) -> HttpResponse:
    cast = {vote.statement_id: vote for vote in Vote.objects.standing().filter(participant=visit.participant)}
    rows = [
        {"statement": shown(statement, visit), "vote": my_vote(cast[statement.pk])}
        for statement in visibility.statements_for(visit.assembly)
        if statement.pk in cast
    ]
    return visit.render("votes/index.html", rows=rows)


@require_http_methods(["GET", "POST"])
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
        statement = make_statement(visit.participant, form.cleaned_data["text"], form.cleaned_data["language"])
    except PhaseClosed:
        form.add_error(None, _("No statements can be added in this phase. Your text is still here: keep a copy of it."))
        return visit.render("statements/new.html", form=form, status=409)
    messages.success(
        visit.request,
        _("Your statement is number %(number)s. Others can vote on it now.") % {"number": statement.number},
    )
    return redirect("deck", slug=visit.assembly.slug)
