"""The deck: one statement at a time, and the vote on it."""

import time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions.errors import PhaseClosed, Reworded, StaleVote
from deliberation.actions.voting import vote_on
from deliberation.analysis.routing import next_statements
from deliberation.forms.strict import StrictForm
from deliberation.forms.voting import VoteForm
from deliberation.models import Choice, Statement, Vote
from deliberation.views.page import Visit, for_participants
from deliberation.views.rate_limits import limited
from deliberation.views.statements import my_vote, shown

ON_THE_DEVICE = 12  # statements that go along with each card


@require_safe
@for_participants
def deck(visit: Visit) -> HttpResponse:
    """One statement at a time. `?statement=` brings back one that was voted on."""
    sessions = visibility.sessions_for(visit.assembly, visit.participant)
    in_session = sessions.filter(opened_at__isnull=False, closed_at=None).exists()
    return visit.render("statements/deck.html", **card(visit), in_session=in_session)


def card(visit: Visit, statement: Statement | None = None) -> dict[str, Any]:
    """What a card shows: this statement, the one asked for, or the one to vote on next; the last one, to undo; and
    those that come after, with which a browser goes on while it has no line."""
    on_show = list(visit.assembly.statements.on_their_own().values_list("pk", flat=True))
    votes = {vote.statement_id: vote for vote in visit.votes.all()}
    voted = [pk for pk in on_show if pk in votes and votes[pk].choice != Choice.WITHDRAWN]
    told = [pk for pk in voted if visit.may_read(votes[pk])]
    last = max(told, key=lambda pk: votes[pk].changed_at, default=None)
    instead = _instead(visit, votes)
    coming = _coming(visit, sorted({*on_show} - {*voted}), instead)
    wanted = statement.pk if statement else _asked_for(visit) or next(iter(coming), None)
    statements = visibility.statements_for(visit.assembly).in_bulk({wanted, last, *coming} - {None})

    def paper(pk: int) -> dict[str, Any]:
        return {
            "statement": {**shown(statements[pk], visit), "instead_of": instead.get(pk)},
            "vote": my_vote(votes.get(pk), visit),
        }

    return {
        **(paper(wanted) if wanted else {"statement": None, "vote": None}),
        "progress": {"voted": len(voted), "total": len(on_show)},
        "last": last and paper(last),
        "coming": [paper(pk) for pk in coming if pk != wanted],
        "made": time.time_ns() // 1_000_000,
    }


def _coming(visit: Visit, left: list[int], instead: dict[int, int]) -> list[int]:
    """The next of the statements left: first those that go on for one that was answered; those put off come last, the
    one put off longest first."""
    put_off = [pk for pk in visit.request.session.get(_place_of_put_off(visit), []) if pk in left]
    first = [pk for pk in instead if pk in left and pk not in put_off]
    fresh = next_statements(visit.participant, [pk for pk in left if pk not in {*put_off, *first}], ON_THE_DEVICE)
    return [*first, *fresh, *put_off][:ON_THE_DEVICE]


def _instead(visit: Visit, votes: dict[int, Vote]) -> dict[int, int]:
    """Statements that go on for merged ones which the reader has answered, with the number of such a one."""
    merged = visibility.merged_statements(visit.assembly)
    answered = visit.assembly.statements.filter(pk__in=votes, public_id__in=merged) if merged else []
    return {merged[each.public_id].pk: each.number for each in answered if votes[each.pk].choice != Choice.WITHDRAWN}


def _place_of_put_off(visit: Visit) -> str:
    for_whom = f":{visit.participant.public_id}" if visit.helping else ""
    return f"put_off:{visit.assembly.slug}{for_whom}"


def _asked_for(visit: Visit) -> int | None:
    wanted = visit.request.GET.get("statement")
    if wanted is None:
        return None
    return visibility.statements_for(visit.assembly).filter(public_id=wanted).values_list("pk", flat=True).first()


@require_POST
@for_participants
def postponements(visit: Visit, public_id: str) -> HttpResponse:
    """Let a statement come again after all others. Only this device remembers it: it is no vote and no entry."""
    statement = get_object_or_404(visit.assembly.statements.shown(), public_id=public_id)
    place = _place_of_put_off(visit)
    before = visit.request.session.get(place, [])
    visit.request.session[place] = [*(pk for pk in before if pk != statement.pk), statement.pk]
    return _go_on(visit)


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("vote", "240/minute")
def vote(visit: Visit, public_id: str) -> HttpResponse:
    """Agree, disagree, pass, or take the vote back. Answers with the next card, or goes on to the next page."""
    statement = get_object_or_404(visit.assembly.statements.shown(), public_id=public_id)
    if visit.request.method != "POST":
        return _to_deck(visit, statement)
    form = VoteForm(visit.request.POST)
    if not form.is_valid():
        return _again(visit, statement, problems_of(form), status=400)
    goes_on = visibility.goes_on_as(statement)
    if goes_on is not None and not _has_voted(visit, statement):
        told = _("A moderator put that statement together with this one, which says the same. Please vote here.")
        return _again(visit, goes_on, told, status=409)
    try:
        vote_on(
            visit.participant,
            statement,
            form.cleaned_data["choice"],
            replaces=form.cleaned_data["revision"],
            nonce=form.cleaned_data["nonce"],
            edition=form.cleaned_data["edition"],
            important=form.cleaned_data["important"],
        )
    except PhaseClosed:
        return _again(visit, statement, _("Voting is closed now, so this vote was not counted."), status=409)
    except Reworded:
        told = _(
            "Its author has changed these words since you read them, so your vote was not counted. Please read them."
        )
        return _again(visit, statement, told, status=409)
    except StaleVote:
        told = _(
            "You voted on this statement elsewhere meanwhile. This is your vote as it stands; change it if you like."
        )
        return _again(visit, statement, told, status=409)
    return _go_on(visit, statement if form.cleaned_data["choice"] == Choice.WITHDRAWN else None)


def _has_voted(visit: Visit, statement: Statement) -> bool:
    """Who has voted on a merged statement may still change that vote."""
    return Vote.objects.standing().filter(participant=visit.participant, statement=statement).exists()


def problems_of(form: StrictForm) -> str:
    return " ".join(problem for problems in form.errors.values() for problem in problems)


def _go_on(visit: Visit, statement: Statement | None = None) -> HttpResponse:
    if visit.request.headers.get("X-Requested-With") == "fetch":
        return visit.render("statements/_card.html", **card(visit, statement))
    if (page := visit.request.POST.get("next")) in ("votes", "new_statement"):
        return redirect(page, slug=visit.assembly.slug)
    return _to_deck(visit, statement)


def _to_deck(visit: Visit, statement: Statement | None) -> HttpResponse:
    response = redirect("deck", slug=visit.assembly.slug)
    if statement is not None:
        response["Location"] += f"?statement={statement.public_id}"
    return response


def _again(visit: Visit, statement: Statement, problem: str, status: int) -> HttpResponse:
    fetched = visit.request.headers.get("X-Requested-With") == "fetch"
    template = "statements/_card.html" if fetched else "statements/deck.html"
    return visit.render(template, **card(visit, statement), problem=problem, status=status)
