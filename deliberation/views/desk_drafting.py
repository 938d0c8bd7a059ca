"""Drafting as its facilitator leads it: gather candidates, open and close, revise, and undo the last step."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions import drafting as leading
from deliberation.actions.drafting import FEWEST_CANDIDATES, MOST_CANDIDATES, Step
from deliberation.actions.errors import (
    InUse,
    NotRevised,
    PhaseClosed,
    Refused,
    TooFewCandidates,
    TooLate,
    TooManyCandidates,
    WrongStage,
)
from deliberation.analysis.drafting import LEAST_AGREEMENT, Suggestion, suggestions
from deliberation.forms.drafting import UNDO, PickForm, QuestionForm, StepForm, TextsForm
from deliberation.models import (
    Candidate,
    ConsensusMap,
    DraftingRound,
    Phase,
    RecordEntry,
    Stage,
    SummaryState,
    Verb,
    Wording,
)
from deliberation.views import drafting as citizens
from deliberation.views import statements
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_facilitators

WHY = {
    WrongStage: gettext_lazy("This round has gone on meanwhile, so nothing was changed. This is where it stands."),
    PhaseClosed: gettext_lazy(
        "Nobody can rank in the phase that is open now: first open one of deliberation or drafting."
    ),
    TooFewCandidates: gettext_lazy("There is nothing to choose between yet: please add candidates first."),
    TooManyCandidates: gettext_lazy("Nine candidates are enough to compare. Take one out before you add another."),
    NotRevised: gettext_lazy("Please write the revision first: without it there is nothing new to rank."),
    InUse: gettext_lazy("People have answered since, so this step cannot be undone. Their answers are kept."),
    TooLate: gettext_lazy("The ten minutes in which a step can be undone are over."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def rounds(visit: Visit) -> HttpResponse:
    """All rounds, and a form that begins another."""
    proposals = [(each.public_id, each.text_in(visit.language).title) for each in visit.assembly.proposals.all()]
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = QuestionForm(posted, assembly=visit.assembly, proposals=proposals)
    if posted is not None and form.is_valid():
        proposal = visit.assembly.proposals.filter(public_id=form.cleaned_data["proposal"]).first()
        begun = leading.begin_round(visit.assembly, form.texts, proposal)
        return redirect("desk_drafting_round", slug=visit.assembly.slug, public_id=begun.public_id)
    found = visibility.drafting_rounds_for(visit.assembly, visit.participant)
    rows = [{**citizens.listed(each, visit), "candidates": each.candidates.standing().count()} for each in found]
    return visit.render("drafting/desk_index.html", rounds=rows, form=form, status=400 if form.errors else 200)


@require_safe
@for_facilitators
def drafting_round(visit: Visit, public_id: str) -> HttpResponse:
    return _show(visit, _found(visit, public_id))


@require_POST
@for_facilitators
def steps(visit: Visit, public_id: str) -> HttpResponse:
    """Lead the round on, or undo the last step."""
    drafting, form = _found(visit, public_id), StepForm(visit.request.POST)
    if not form.is_valid():
        return _refused(visit, drafting, problems_of(form), status=400)
    step = form.cleaned_data["step"]
    try:
        if step == UNDO:
            leading.undo_step(drafting)
        else:
            leading.take_step(drafting, Step(step))
    except Refused as refused:
        return _refused(visit, drafting, WHY[type(refused)], status=409)
    return _to(visit, drafting)


@require_POST
@for_facilitators
def candidates(visit: Visit, public_id: str) -> HttpResponse:
    """Make a statement of the map, or a sentence of the summary, a candidate."""
    drafting, form = _found(visit, public_id), PickForm(visit.request.POST)
    if not form.is_valid():
        return _refused(visit, drafting, problems_of(form), status=400)
    try:
        if form.cleaned_data["statement"]:
            _pick_statement(visit, drafting, form.cleaned_data["statement"])
        else:
            leading.pick_wording(drafting, get_object_or_404(_wordings(visit), pk=form.cleaned_data["wording"]))
    except Refused as refused:
        return _refused(visit, drafting, WHY[type(refused)], status=409)
    return _to(visit, drafting, "#candidates")


@require_POST
@for_facilitators
def drafts(visit: Visit, public_id: str) -> HttpResponse:
    """Add words of the facilitator's own."""
    drafting, form = _found(visit, public_id), TextsForm(visit.request.POST, assembly=visit.assembly)
    if (status := _refuses(form, lambda: leading.write_draft(drafting, form.texts))) is not None:
        return _show(visit, drafting, draft_form=form, status=status)
    messages.success(visit.request, _("Your draft is one of the candidates now."))
    return _to(visit, drafting, "#candidates")


@require_POST
@for_facilitators
def removals(visit: Visit, public_id: str, candidate: str) -> HttpResponse:
    return _change(visit, public_id, candidate, leading.drop)


@require_POST
@for_facilitators
def returns(visit: Visit, public_id: str, candidate: str) -> HttpResponse:
    return _change(visit, public_id, candidate, leading.put_back)


@require_POST
@for_facilitators
def revisions(visit: Visit, public_id: str) -> HttpResponse:
    """Write the winner anew, or change the revision while nobody ranks it yet."""
    drafting, form = _found(visit, public_id), TextsForm(visit.request.POST, assembly=visit.assembly)
    if (status := _refuses(form, lambda: leading.revise(drafting, form.texts))) is not None:
        return _show(visit, drafting, revision_form=form, status=status)
    messages.success(visit.request, _("The revision is kept. Below you see what it changes."))
    return _to(visit, drafting, "#revision")


def _refuses(form: TextsForm, keep: Callable[[], object]) -> int | None:
    """Keep the words; where they cannot be kept the form says why, and this is the status of the answer."""
    if not form.is_valid():
        return 400
    try:
        keep()
    except Refused as refused:
        form.add_error(None, WHY[type(refused)])
        return 409
    return None


def _pick_statement(visit: Visit, drafting: DraftingRound, statement_id: str) -> None:
    statement = get_object_or_404(visit.assembly.statements.shown(), public_id=statement_id)
    current = get_object_or_404(visibility.maps_for(visit.assembly, visit.participant)[:1])
    leading.pick_statement(drafting, statement, current)


def _change(visit: Visit, public_id: str, candidate_id: str, change: Any) -> HttpResponse:
    drafting = _found(visit, public_id)
    candidate = get_object_or_404(drafting.candidates, public_id=candidate_id)
    try:
        change(candidate)
    except Refused as refused:
        return _refused(visit, drafting, WHY[type(refused)], status=409)
    return _to(visit, drafting, "#candidates")


def _found(visit: Visit, public_id: str) -> DraftingRound:
    return get_object_or_404(visibility.drafting_rounds_for(visit.assembly, visit.participant), public_id=public_id)


def _to(visit: Visit, drafting: DraftingRound, place: str = "") -> HttpResponse:
    response = redirect("desk_drafting_round", slug=visit.assembly.slug, public_id=drafting.public_id)
    response["Location"] += place
    return response


def _refused(visit: Visit, drafting: DraftingRound, problem: str, status: int) -> HttpResponse:
    messages.error(visit.request, problem)
    return _show(visit, _found(visit, drafting.public_id), status=status)


def _show(visit: Visit, drafting: DraftingRound, status: int = 200, **forms: TextsForm) -> HttpResponse:
    preparing, revising = drafting.stage == Stage.PREPARING, drafting.stage == Stage.REVISING
    answers_known = _newest_answer(visit)  # before the rest is read: what happens meanwhile is news
    told = citizens.shown(drafting, visit)
    answered = _answered(drafting)
    return visit.render(
        "drafting/desk_show.html",
        **told,
        dropped=[_dropped(each, visit) for each in drafting.candidates.filter(dropped_at__isnull=False)],
        suggested=_suggested(visit, drafting) if preparing else [],
        map=visibility.current_map(visit.assembly, visit.participant) if preparing else None,
        wordings=_wordings_shown(visit, drafting) if preparing else [],
        draft_form=forms.get("draft_form") or (TextsForm(assembly=visit.assembly) if preparing else None),
        revision_form=forms.get("revision_form") or (_revision_form(visit, drafting) if revising else None),
        enough=len(told["candidates"]) >= FEWEST_CANDIDATES,
        room=len(told["candidates"]) < MOST_CANDIDATES,
        least_percent=round(100 * LEAST_AGREEMENT),
        ranking_allowed=Phase.objects.filter(assembly=visit.assembly).allowing(Verb.RANK).exists(),
        undoable=leading.may_be_undone(drafting) and not answered,
        answered=answered,
        people=visit.assembly.participants.present().count(),
        answers_known=answers_known,
        status=status,
    )


def _answered(drafting: DraftingRound) -> int:
    """How many people have answered what is asked now."""
    turn = citizens.open_turn(drafting)
    if turn is not None:
        return turn.rankings.standing().count()
    return drafting.objections.shown().count() if drafting.stage == Stage.OBJECTING else 0


def _newest_answer(visit: Visit) -> int:
    """The version of the newest answer that this page counts, as its news are numbered."""
    answers = RecordEntry.objects.filter(assembly=visit.assembly, type__in=["ranking", "objection"])
    return answers.order_by("-pk").values_list("pk", flat=True).first() or 0


def _dropped(candidate: Candidate, visit: Visit) -> dict[str, Any]:
    text, language = candidate.text_in(visit.language)
    return {"public_id": candidate.public_id, "number": candidate.number, "text": text, "language": language}


def _suggested(visit: Visit, drafting: DraftingRound) -> list[dict[str, Any]]:
    """Statements that pass the vote test and are not candidates yet."""
    current: ConsensusMap | None = visibility.current_map(visit.assembly, visit.participant)
    picked = set(drafting.candidates.standing().values_list("statement", flat=True))
    return [_suggestion(each, visit) for each in suggestions(current) if each.statement.pk not in picked]


def _suggestion(suggestion: Suggestion, visit: Visit) -> dict[str, Any]:
    told = suggestion.told
    return {
        **statements.shown(suggestion.statement, visit),
        "agree": told["agree"],
        "disagree": told["disagree"],
        "votes": told["agree"] + told["disagree"] + told["pass"],
        "groups": [{"letter": letter, "shown": rate} for letter, rate in sorted(told["groups"].items())],
    }


def _wordings(visit: Visit) -> Any:
    """Sentences of the published summary that a model or a person worded anew and somebody ticked."""
    ticked = Wording.objects.filter(summary__assembly=visit.assembly, ticked_at__isnull=False)
    return ticked.filter(summary__state=SummaryState.PUBLISHED).select_related("summary")


def _wordings_shown(visit: Visit, drafting: DraftingRound) -> list[dict[str, Any]]:
    picked = drafting.candidates.standing().filter(wording__isnull=False).values("wording")
    return [
        {"pk": each.pk, "text": each.text, "language": each.language, "sources": len(each.cites)}
        for each in _wordings(visit).exclude(pk__in=picked)
    ]


def _revision_form(visit: Visit, drafting: DraftingRound) -> TextsForm:
    """The revision as far as it is written, else the winner's own words to begin with."""
    revised = leading.winner_of(drafting)
    begun = drafting.candidates.filter(revises=revised).first() or revised
    texts = {code: begun.text_in(code)[0] for code in visit.assembly.languages}
    return TextsForm(assembly=visit.assembly, initial=texts)
