"""The review of a summary: keep or edit each drafted sentence, move arguments, and offer the result to participants."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation.actions import ratifying, reviewing
from deliberation.actions.errors import NothingToSummarise, NotInThisState, RestsOnIt, SourceGone, StaleReview
from deliberation.analysis.review import Place
from deliberation.analysis.standing_review import StandingReview
from deliberation.analysis.summary_document import tells_of_arguments
from deliberation.forms.strict import StrictForm
from deliberation.forms.summary_review import CITE, EditForm, MoveForm, RevisionForm, VerdictForm
from deliberation.models import Argument, Summary, SummaryState, Verdict
from deliberation.views.deck import problems_of
from deliberation.views.page import Visit, for_facilitators
from deliberation.views.review_rows import ReviewRows, progress
from deliberation.views.summaries import nothing_to_summarise

MOST_BOXES = 20  # sources offered for an edit: a form of more could not be sent


@require_safe
@for_facilitators
def newest(visit: Visit) -> HttpResponse:
    """The version to review next; without one, what to do first."""
    found = _reviewable(visit).first()
    if found is None:
        return visit.render("summaries/review/empty.html")
    return redirect("review", slug=visit.assembly.slug, version=found.version)


@require_safe
@for_facilitators
def review(visit: Visit, version: int) -> HttpResponse:
    """`?proposal=` shows its sentences, `?sentence=` those beside it; without both the first with something to read."""
    return _show(visit, found_version(visit, version))


@require_POST
@for_facilitators
def verdicts(visit: Visit, version: int, key: str) -> HttpResponse:
    """Keep the drafted sentence, or quote instead."""
    summary, form = found_version(visit, version), VerdictForm(visit.request.POST)
    if not form.is_valid():
        return _problem(visit, summary, problems_of(form), status=400)
    try:
        reviewing.decide(
            summary, key, Verdict(form.cleaned_data["verdict"]), visit.participant, form.cleaned_data["replaces"]
        )
    except (StaleReview, NotInThisState) as refused:
        return _problem(visit, summary, _why(refused))
    return _to(visit, summary, key)


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def edits(visit: Visit, version: int, key: str) -> HttpResponse:
    """Word a sentence otherwise, on a page of its own; `POST` keeps it."""
    summary = found_version(visit, version)
    standing = StandingReview(summary)
    place = standing.place(key)
    if place is None:
        raise Http404
    if visit.request.method != "POST":
        return _show_edit(visit, standing, place, _edit_form(visit, standing, place))
    form = _edit_form(visit, standing, place, visit.request.POST)
    if not form.is_valid():
        return _show_edit(visit, standing, place, form, status=400)
    sent = form.cleaned_data
    try:
        reviewing.edit(summary, key, sent["words"], sent["language"], form.cites, visit.participant, sent["replaces"])
    except (StaleReview, NotInThisState) as refused:
        form.add_error(None, _why(refused))
        return _show_edit(visit, standing, place, form, status=409)
    messages.success(visit.request, _("The sentence is changed, under your name, with its sources."))
    return _to(visit, summary, key)


@require_POST
@for_facilitators
def moves(visit: Visit, version: int, public_id: str) -> HttpResponse:
    summary, argument = found_version(visit, version), _argument(visit, public_id)
    form = MoveForm(visit.request.POST)
    if not form.is_valid():
        return _problem(visit, summary, problems_of(form), status=400)
    sent = form.cleaned_data
    try:
        reviewing.move(summary, argument, sent["leaves"], sent["joins"], visit.participant, sent["replaces"])
    except (StaleReview, RestsOnIt, NotInThisState) as refused:
        return _problem(visit, summary, _why(refused))
    messages.success(visit.request, _("Moved, and counted anew."))
    return _to(visit, summary, sent["joins"] or sent["leaves"])


@require_POST
@for_facilitators
def undone_reviews(visit: Visit, version: int, key: str) -> HttpResponse:
    summary = found_version(visit, version)
    return _undo(visit, summary, key, lambda replaces: reviewing.undo_review(summary, key, replaces))


@require_POST
@for_facilitators
def undone_moves(visit: Visit, version: int, public_id: str) -> HttpResponse:
    summary, argument = found_version(visit, version), _argument(visit, public_id)
    moved = summary.moves.standing().filter(argument=argument).last()
    there = (moved.leaves or moved.joins) if moved else ""
    return _undo(visit, summary, there, lambda replaces: reviewing.undo_move(summary, argument, replaces))


@require_POST
@for_facilitators
def offers(visit: Visit, version: int) -> HttpResponse:
    """Ask participants about this version with everything that was reviewed."""
    summary = found_version(visit, version)
    if not StrictForm(visit.request.POST).is_valid():
        return _show(visit, summary, status=400)
    try:
        offered = reviewing.offer_reviewed(summary, visit.participant)
    except (SourceGone, NotInThisState, NothingToSummarise) as refused:
        return _problem(visit, summary, _why(refused))
    messages.success(visit.request, _("Participants are asked now whether version %(n)s represents what was said.") % {
        "n": offered.version
    })  # fmt: skip
    return redirect("review", slug=visit.assembly.slug, version=offered.version)


@require_POST
@for_facilitators
def publications(visit: Visit, version: int) -> HttpResponse:
    """Close the question and publish; the answers stand under the summary."""
    summary = found_version(visit, version)
    if not StrictForm(visit.request.POST).is_valid():
        return _show(visit, summary, status=400)
    try:
        ratifying.close(summary, visit.participant)
    except (SourceGone, NotInThisState, NothingToSummarise) as refused:
        return _problem(visit, summary, _why(refused))
    messages.success(visit.request, _("Version %(n)s is published.") % {"n": summary.version})
    return redirect("summary", slug=visit.assembly.slug)


def _show(visit: Visit, summary: Summary, status: int = 200) -> HttpResponse:
    known = _newest_step(visit)  # before the rest is read: what happens meanwhile is news
    standing = StandingReview(summary)
    rows = ReviewRows(standing, visit)
    proposals = rows.proposals()
    wanted = _wanted(visit, proposals)
    return visit.render(
        "summaries/review/show.html",
        summary=summary,
        versions=_reviewable(visit).defer("document"),
        proposals=proposals,
        wanted=wanted,
        sides=rows.sides(wanted["part"]) if wanted else [],
        progress=progress(standing),
        has_changes=standing.has_changes,
        argued=tells_of_arguments(standing.document),
        last=_last_step(standing, visit),
        known=known,
        answered=summary.ratifications.values("participant").distinct().count(),
        status=status,
    )


def _newest_step(visit: Visit) -> int:
    """What this page shows already: only what others do afterwards renews it."""
    steps = visit.assembly.record.filter(type__in=["review", "audit"])
    return int(steps.aggregate(newest=Max("pk", default=0))["newest"])


def _wanted(visit: Visit, proposals: list[dict[str, Any]]) -> dict[str, Any] | None:
    asked, sentence = visit.request.GET.get("proposal", ""), visit.request.GET.get("sentence", "")
    chosen = (each for each in proposals if each["public_id"] == asked or sentence in each["keys"])
    to_read = (each for each in proposals if each["to_read"])
    return next(chosen, None) or next(to_read, None) or next(iter(proposals), None)


def _last_step(standing: StandingReview, visit: Visit) -> dict[str, Any] | None:
    """What this facilitator did last here, so that it can be undone by one key."""
    steps = [*standing.reviews.values(), *standing.moves]
    mine = [step for step in steps if step.by_id == visit.participant.pk]
    if not mine:
        return None
    last = max(mine, key=lambda step: step.created_at)
    subject = last.point if hasattr(last, "point") else last.argument.public_id
    return {
        "step": last,
        "is_move": not hasattr(last, "point"),
        "subject": subject,
        "replaces": standing.changes[subject],
    }


def _edit_form(visit: Visit, standing: StandingReview, place: Place, data: object = None) -> EditForm:
    shown = set(visit.assembly.arguments.shown().values_list("public_id", flat=True))
    cites = [each for each in place.cites if each in shown][:MOST_BOXES]
    words, rewrite = standing.words(place), place.point["rewrite"]
    ticked = rewrite["cites"] if rewrite and rewrite["gate"] is None else place.cites[:1]
    return EditForm(
        data,
        assembly=visit.assembly,
        sources={each: standing.arguments[each].text for each in cites},
        initial={
            "words": words and words.text,
            "language": words.language if words else visit.language,
            "replaces": standing.changes[place.key],
            **{CITE + each: True for each in ticked},
        },
    )


def _show_edit(visit: Visit, standing: StandingReview, place: Place, form: EditForm, status: int = 200) -> HttpResponse:
    rows = ReviewRows(standing, visit)
    return visit.render(
        "summaries/review/edit.html",
        summary=standing.summary,
        row=rows.row(place, []),
        proposal=place.proposal["id"],
        history=standing.summary.reviews.filter(point=place.key).select_related("by").order_by("-revision"),
        replaces=standing.changes[place.key],
        form=form,
        status=status,
    )


def _undo(visit: Visit, summary: Summary, key: str, undo: Any) -> HttpResponse:
    form = RevisionForm(visit.request.POST)
    if not form.is_valid():
        return _problem(visit, summary, problems_of(form), status=400)
    try:
        undo(form.cleaned_data["replaces"])
    except (StaleReview, NotInThisState) as refused:
        return _problem(visit, summary, _why(refused))
    messages.success(visit.request, _("Undone."))
    return _to(visit, summary, key)


def _problem(visit: Visit, summary: Summary, told: str, status: int = 409) -> HttpResponse:
    messages.error(visit.request, told)
    return _show(visit, summary, status=status)


def _why(refused: Exception) -> str:
    return {
        StaleReview: _(
            "Somebody else changed this meanwhile, so nothing was overwritten. This is how it stands now; look again."
        ),
        RestsOnIt: _("The sentence is made from this argument. Change the sentence first, then move the argument."),
        NothingToSummarise: nothing_to_summarise(),
        NotInThisState: _("This version is past: a newer one has taken its place, or nothing has changed in it."),
        SourceGone: _(
            "Something this version cites was changed, hidden or taken back. Move it out, or write a new summary."
        ),
    }[type(refused)]


def _reviewable(visit: Visit) -> Any:
    return Summary.objects.filter(assembly=visit.assembly, document__format=2).exclude(state=SummaryState.SUPERSEDED)


def found_version(visit: Visit, version: int) -> Summary:
    found = get_object_or_404(_reviewable(visit).select_related("map", "run", "revised_from"), version=version)
    found.assembly = visit.assembly
    return found


def _argument(visit: Visit, public_id: str) -> Argument:
    return get_object_or_404(Argument, assembly=visit.assembly, public_id=public_id)


def _to(visit: Visit, summary: Summary, key: str) -> HttpResponse:
    """Back to the sentence, on the page of its proposal."""
    address = reverse("review", args=[visit.assembly.slug, summary.version])
    places = StandingReview(summary).place(key)
    proposal = f"?proposal={places.proposal['id']}" if places else ""
    return redirect(f"{address}{proposal}#item-{key}")
