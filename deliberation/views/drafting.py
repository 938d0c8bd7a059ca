"""A drafting round as everybody sees it: rank the candidates, object to the winner, read what came of it."""

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import visibility
from deliberation.actions.drafting import winner_of
from deliberation.actions.errors import AlreadyObjected, PhaseClosed, StaleVote, WrongStage
from deliberation.actions.ranking import object_to_winner, rank
from deliberation.analysis.drafting import FEWEST_RANKINGS, WITHOUT_GROUP, told_by_map
from deliberation.analysis.word_changes import word_changes
from deliberation.forms.drafting import ObjectionForm, RankingForm
from deliberation.models import Candidate, DraftingRound, Origin, Participant, Ranking, RankingTurn, Stage
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.ranking_result import result_shown, ties_shown
from deliberation.views.rate_limits import limited

Told = dict[str, Any]


@require_safe
@in_assembly
def rounds(visit: Visit) -> HttpResponse:
    found = visibility.drafting_rounds_for(visit.assembly, visit.participant)
    return visit.render("drafting/index.html", rounds=[listed(each, visit) for each in found])


@require_safe
@in_assembly
def drafting_round(visit: Visit, public_id: str) -> HttpResponse:
    return _show(visit, _found(visit, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("rank", "60/minute")
def rankings(visit: Visit, public_id: str) -> HttpResponse:
    """Rank the candidates, change one's ranking, or take it back."""
    drafting = _found(visit, public_id)
    turn = open_turn(drafting)
    if visit.request.method != "POST":
        return _to(drafting, visit)
    if turn is None:
        return _show(visit, drafting, problem=_("This ranking is closed, so yours was not counted."), status=409)
    form = RankingForm(visit.request.POST, candidates=list(turn.candidates))
    if not form.is_valid():
        return _show(visit, drafting, ranking_form=form, status=400)
    sent = form.cleaned_data
    try:
        rank(visit.participant, turn, form.places, replaces=sent["revision"], nonce=sent["nonce"])
    except PhaseClosed:
        return _show(visit, drafting, problem=_("This ranking is closed, so yours was not counted."), status=409)
    except StaleVote:
        told = _("You ranked these elsewhere meanwhile. This is your ranking as it stands; change it if you like.")
        return _show(visit, drafting, problem=told, status=409)
    taken_back = _("Your ranking is taken back. You may rank again until this closes.")
    kept = _("Your ranking is kept. You may change it until this closes.")
    messages.success(visit.request, kept if form.places else taken_back, extra_tags="receipt")
    return _to(drafting, visit)


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("object", "20/hour")
def objections(visit: Visit, public_id: str) -> HttpResponse:
    """Object to what came first: once, in one's own words."""
    drafting = _found(visit, public_id)
    if visit.request.method != "POST":
        return _to(drafting, visit)
    form = ObjectionForm(visit.request.POST, assembly=visit.assembly)
    if not form.is_valid():
        return _show(visit, drafting, objection_form=form, status=400)
    sent = form.cleaned_data
    try:
        object_to_winner(visit.participant, drafting, sent["text"], sent["language"], sent["nonce"])
    except (PhaseClosed, WrongStage):
        form.add_error(None, _("No objections can be added now. Your text is still here: keep a copy of it."))
        return _show(visit, drafting, objection_form=form, status=409)
    except AlreadyObjected:
        form.add_error(None, _("You have objected already, and each person may do so once."))
        return _show(visit, drafting, objection_form=form, status=409)
    if visit.assembly.looks_first:
        told = _("Sent. A moderator reads it before others do; it will stand here without your name. Thank you.")
    else:
        told = _("Your objection is published, without your name. Thank you.")
    messages.success(visit.request, told, extra_tags="receipt")
    return redirect(f"{_to(drafting, visit)['Location']}#objections")


def _found(visit: Visit, public_id: str) -> DraftingRound:
    return get_object_or_404(visibility.drafting_rounds_for(visit.assembly, visit.participant), public_id=public_id)


def _to(drafting: DraftingRound, visit: Visit) -> HttpResponse:
    return redirect("drafting_round", slug=visit.assembly.slug, public_id=drafting.public_id)


def _show(visit: Visit, drafting: DraftingRound, status: int = 200, problem: str = "", **forms: Any) -> HttpResponse:
    turn = open_turn(drafting)
    return visit.render(
        "drafting/show.html",
        **shown(drafting, visit),
        ranking=turn and _ranking(visit, turn, forms.get("ranking_form")),
        objection_form=forms.get("objection_form") or _objection_form(visit, drafting),
        problem=problem,
        status=status,
    )


def listed(drafting: DraftingRound, visit: Visit) -> Told:
    question = drafting.question_in(visit.language)
    proposal = drafting.proposal
    return {
        "public_id": drafting.public_id,
        "number": drafting.number,
        "question": question.question,
        "language": question.language,
        "stage": drafting.stage,
        "stage_label": drafting.get_stage_display(),
        "asks": drafting.asks,
        "changes": drafting.changes,
        "proposal": proposal
        and {
            "public_id": proposal.public_id,
            "number": proposal.number,
            "title": proposal.text_in(visit.language).title,
        },
    }


def shown(drafting: DraftingRound, visit: Visit) -> Told:
    """Everything that the round's pages tell; the desk shows the same parts."""
    candidates = {each.public_id: each for each in drafting.candidates.standing().select_related(*SOURCES)}
    readable = set(visibility.statements_for(visit.assembly).values_list("pk", flat=True))
    told = {key: candidate_shown(each, visit, readable) for key, each in candidates.items()}
    closed = visibility.counted_turns(visit.assembly).filter(round=drafting).order_by("number")
    revision = next((each for each in candidates.values() if each.origin == Origin.REVISION), None)
    turn = open_turn(drafting)
    return {
        "drafting": listed(drafting, visit),
        "candidates": list(told.values()),
        "results": [result_shown(each, told) for each in closed],
        "winner": told.get(winner.public_id) if (winner := winner_of(drafting)) else None,
        "revision": revision and revision_shown(revision, told, visit),
        "objections": [_objection(each, visit) for each in drafting.objections.shown()],
        "objectors": _objectors(drafting) if visit.results.shown else [],
        "ties": turn and ties_shown(bytes(turn.opening), [each.public_id for each in turn.candidates], told),
        "fewest": FEWEST_RANKINGS,
    }


SOURCES = ("statement__author", "wording", "map", "revises")


def candidate_shown(candidate: Candidate, visit: Visit, readable: set[int]) -> Told:
    """A candidate in the reader's language; words that were withdrawn, hidden or erased since are gone here too."""
    text, language = candidate.text_in(visit.language)
    statement = candidate.statement
    told = told_by_map(candidate) if visit.results.shown else None
    return {
        "public_id": candidate.public_id,
        "number": candidate.number,
        "text": text,
        "language": language,
        "gone": statement is not None and statement.pk not in readable,
        "origin": candidate.origin,
        "origin_label": candidate.get_origin_display(),
        "statement": statement and statement.number,
        "is_seed": statement is not None and statement.is_seed,
        "is_simulated": statement is not None and statement.author is not None and statement.author.is_simulated,
        "revises": candidate.revises and candidate.revises.number,
        "groups": told and [{"letter": letter, "shown": rate} for letter, rate in sorted(told["groups"].items())],
        "agree": told and told["agree"],
        "votes": told and told["agree"] + told["disagree"] + told["pass"],
        "map_version": told and candidate.map.version,
    }


def revision_shown(revision: Candidate, told: dict[str, Told], visit: Visit) -> Told:
    """The winner as it was and as it is now, with what was changed."""
    before, language = revision.revises.text_in(visit.language)
    after, _language = revision.text_in(visit.language)
    return {
        "before": told.get(revision.revises.public_id),
        "after": told[revision.public_id],
        "changes": word_changes(before, after),
        "language": language,
    }


def open_turn(drafting: DraftingRound) -> RankingTurn | None:
    return drafting.turns.filter(closed_at__isnull=True).first()


def _ranking(visit: Visit, turn: RankingTurn, form: RankingForm | None) -> Told | None:
    """The form with one's ranking as it stands. Each reader finds the candidates in an order of their own."""
    if visit.participant is None:
        return None
    candidates = list(turn.candidates)
    mine = Ranking.objects.filter(turn=turn, participant=visit.participant).first()
    if form is None:
        places = mine.places if mine else {}
        initial = {RankingForm.name_of(each): places.get(each.public_id) for each in candidates}
        form = RankingForm(candidates=candidates, initial={**initial, "revision": mine.revision if mine else 0})
    readable = set(visibility.statements_for(visit.assembly).values_list("pk", flat=True))
    own_order = sorted(candidates, key=lambda each: _by_lot(visit.participant, each))
    return {
        "form": form,
        "rows": [{"candidate": candidate_shown(each, visit, readable), "box": form.box_of(each)} for each in own_order],
        "stands": mine is not None and bool(mine.places),
        "order": _in_order(mine.places, candidates) if mine else [],
        "last": [each.number for each in candidates if mine and each.public_id not in mine.places],
        "people": turn.rankings.standing().count(),
        "number": turn.number,
    }


def _by_lot(participant: Participant, candidate: Candidate) -> bytes:
    return hashlib.sha256(bytes(participant.record_secret) + candidate.public_id.encode()).digest()


def _in_order(places: dict[str, int], candidates: list[Candidate]) -> list[list[int]]:
    """Candidates' numbers, best first, equals together."""
    given = sorted(set(places.values()))
    return [[each.number for each in candidates if places.get(each.public_id) == place] for place in given]


def _objection_form(visit: Visit, drafting: DraftingRound) -> ObjectionForm | None:
    if visit.participant is None or drafting.stage != Stage.OBJECTING:
        return None
    if drafting.objections.filter(author=visit.participant).exists():
        return None
    return ObjectionForm(assembly=visit.assembly, initial={"language": visit.language})


def _objection(objection: Any, visit: Visit) -> Told:
    return {
        "public_id": objection.public_id,
        "text": objection.text,
        "language": objection.language,
        "is_mine": visit.participant is not None and objection.author_id == visit.participant.pk,
    }


def _objectors(drafting: DraftingRound) -> list[Told]:
    counts = drafting.objectors or {}
    return [{"letter": letter, "n": n} for letter, n in sorted(counts.items()) if letter != WITHOUT_GROUP]


def tasks_in(visit: Visit) -> list[Told]:
    """What drafting asks of this participant now, for their home page."""
    if visit.participant is None or not visit.can["rank"]:
        return []
    found = visibility.drafting_rounds_for(visit.assembly, visit.participant)
    asking = [each for each in found if each.asks]
    return [{**listed(each, visit), "done": _has_answered(each, visit.participant)} for each in asking]


def _has_answered(drafting: DraftingRound, participant: Participant) -> bool:
    if drafting.stage == Stage.OBJECTING:
        return drafting.objections.filter(author=participant).exists()
    turn = open_turn(drafting)
    return turn is not None and turn.rankings.standing().filter(participant=participant).exists()
