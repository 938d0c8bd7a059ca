"""Does this summary represent what was said? Asked of everybody who takes part, sentence by sentence."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import visibility
from deliberation.actions.errors import NotInThisState, StaleVote
from deliberation.actions.ratifying import ratify
from deliberation.analysis.review import Place, places
from deliberation.analysis.summary_changes import Told, told
from deliberation.forms.ratification import RatificationForm
from deliberation.models import Argument, Ratification, Ratified, Side, Summary
from deliberation.views.page import Visit, for_participants
from deliberation.views.proposals import argument_shown
from deliberation.views.proposals import shown as proposal_shown
from deliberation.views.rate_limits import limited


@require_safe
@for_participants
def show(visit: Visit) -> HttpResponse:
    return _show(visit, visibility.offered_summary(visit.assembly, visit.participant))


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("ratify", "120/minute")
def answers(visit: Visit, version: int, key: str) -> HttpResponse:
    """One answer about one sentence; then the next that is not answered yet."""
    offered = visibility.offered_summary(visit.assembly, visit.participant)
    if visit.request.method != "POST":
        return redirect("ratification", slug=visit.assembly.slug)
    if offered is None or offered.version != version:
        told_why = _("This question is closed, so your answer was not counted. What was said stands in the summary.")
        return _show(visit, offered, problem=told_why, status=409)
    form = RatificationForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit, offered, wrong={key: form}, status=400)
    sent = form.cleaned_data
    try:
        ratify(
            visit.participant,
            offered,
            key,
            Ratified(sent["answer"]),
            form.fix_given,
            visit.language,
            replaces=sent["replaces"],
            nonce=sent["nonce"],
        )
    except NotInThisState:
        raise Http404 from None
    except StaleVote:
        told_why = _("You answered this elsewhere meanwhile. This is your answer as it stands; change it if you like.")
        return _show(visit, offered, problem=told_why, status=409)
    return _to_next(visit, offered, key)


def waiting_for(visit: Visit) -> dict[str, int] | None:
    """How much of a summary waits for this person's word; None where nothing is asked."""
    if visit.participant is None:
        return None
    offered = visibility.offered_summary(visit.assembly, visit.participant)
    if offered is None:
        return None
    asked = {place.key for place in places(offered.document)}
    given = set(offered.ratifications.filter(participant=visit.participant).values_list("point", flat=True))
    return {"version": offered.version, "total": len(asked), "answered": len(asked & given)}


def _show(
    visit: Visit,
    offered: Summary | None,
    wrong: dict[str, RatificationForm] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = _rows(visit, offered, wrong or {}) if offered else []
    return visit.render(
        "summaries/ratification.html",
        summary=offered,
        before=offered and visibility.published_summary(visit.assembly, visit.participant),
        mine=[row for row in rows if row["is_source"]],
        others=[row for row in rows if not row["is_source"]],
        answered=sum(row["given"] is not None for row in rows),
        total=len(rows),
        problem=problem,
        status=status,
    )


def _rows(visit: Visit, offered: Summary, wrong: dict[str, RatificationForm]) -> list[dict[str, Any]]:
    arguments = quotable_arguments(visit)
    sentences = told(offered, arguments, visit.language)
    mine = set(visit.participant.arguments.values_list("public_id", flat=True))
    given = {each.point: each for each in offered.ratifications.filter(participant=visit.participant)}
    titles = {
        each.public_id: proposal_shown(each, visit)
        for each in visit.assembly.proposals.prefetch_related("translations")
    }
    return [
        {
            **_row(place, sentences[place.key], arguments, visit),
            "proposal": titles[place.proposal["id"]],
            "is_source": bool(mine & {*place.cites}),
            "given": given.get(place.key),
            "form": wrong.get(place.key) or _form(given.get(place.key)),
            "is_wrong": place.key in wrong,
        }
        for place in places(offered.document)
        if place.proposal["id"] in titles and sentences[place.key].text
    ]


def _row(place: Place, told: Told, arguments: dict[str, Argument], visit: Visit) -> dict[str, Any]:
    return {
        "key": place.key,
        "words": told,
        "side": Side(place.side["side"]).label,
        "count": place.point["prevalence"]["text"].get(visit.language, ""),
        "prevalence": place.point["prevalence"],
        "sources": [argument_shown(arguments[each], visit) for each in place.cites if each in arguments],
    }


def quotable_arguments(visit: Visit) -> dict[str, Argument]:
    found = Argument.objects.filter(assembly=visit.assembly).shown().quotable().select_related("author", "proposal")
    return {argument.public_id: argument for argument in found}


def _form(given: Ratification | None) -> RatificationForm:
    return RatificationForm(initial={"fix": given.fix if given else "", "replaces": given.revision if given else 0})


def _to_next(visit: Visit, offered: Summary, key: str) -> HttpResponse:
    """On to the first sentence after this one without an answer, in the order of the page."""
    rows = sorted(_rows(visit, offered, {}), key=lambda row: not row["is_source"])
    keys = [row["key"] for row in rows]
    open_after = [row["key"] for row in rows[keys.index(key) + 1 :] if row["given"] is None] if key in keys else []
    address = reverse("ratification", args=[visit.assembly.slug])
    return redirect(f"{address}#item-{open_after[0]}" if open_after else f"{address}#progress")
