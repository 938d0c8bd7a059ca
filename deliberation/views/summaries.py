from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation import enqueue, visibility
from deliberation.analysis.summary import quoted
from deliberation.models import Argument, Side
from deliberation.views.consensus_map import texts_for
from deliberation.views.page import Visit, for_facilitators, in_assembly
from deliberation.views.proposals import argument_shown
from deliberation.views.proposals import shown as proposal_shown


@require_safe
@in_assembly
def show(visit: Visit) -> HttpResponse:
    summary = visibility.summaries_for(visit.assembly, visit.participant).first()
    return visit.render(
        "summaries/show.html", summary=summary, heard=summary and summary_shown(summary.document, visit)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def write(visit: Visit) -> HttpResponse:
    """Ask the language worker for a new summary; the last one stays until it is there."""
    if visit.request.method != "POST":
        return redirect("summary", slug=visit.assembly.slug)
    if enqueue.ask_for_summary(visit.assembly.pk):
        messages.success(
            visit.request,
            _("If anything new was said, a summary is being written. This page shows it as soon as it is there."),
        )
    else:
        messages.error(visit.request, _("The summary cannot be written right now. Please try again in a minute."))
    return redirect("summary", slug=visit.assembly.slug)


def summary_shown(document: dict[str, Any], visit: Visit) -> dict[str, Any]:
    """The document with today's words; a sentence whose source was changed or deleted is not shown."""
    arguments = {
        argument.public_id: argument
        for argument in Argument.objects.filter(assembly=visit.assembly).shown().select_related("author", "proposal")
    }
    proposals = {proposal.public_id: proposal for proposal in visit.assembly.proposals.prefetch_related("translations")}
    texts = texts_for(visit)
    return {
        "groups": [_group(group, texts) for group in document["groups"]],
        "proposals": [
            {
                "proposal": proposal_shown(proposals[each["id"]], visit),
                "sides": [_side(side, arguments, visit) for side in each["sides"]],
            }
            for each in document["proposals"]
            if each["id"] in proposals
        ],
    }


def _group(group: dict[str, Any], texts: dict[str, Any]) -> dict[str, Any]:
    told = [{**texts[each["id"]], **each} for each in group["statements"] if each["id"] in texts]
    return {**group, "statements": told}


def _side(side: dict[str, Any], arguments: dict[str, Argument], visit: Visit) -> dict[str, Any]:
    sentences = [told for point in side["points"] if (told := _sentence(point, arguments, visit)) is not None]
    return {
        **side,
        "label": Side(side["side"]).label,
        "sentences": sentences,
        "voices": [told for quote in side["voices"] if (told := _voice(quote, arguments, visit)) is not None],
        "unmatched": [_cited(arguments[each], visit) for each in side["unmatched"] if each in arguments],
    }


def _sentence(point: dict[str, Any], arguments: dict[str, Argument], visit: Visit) -> dict[str, Any] | None:
    source = arguments.get(point["quote"]["argument"])
    text = source and quoted(source.text, point["quote"])
    if not text:
        return None
    cites = [_cited(arguments[each], visit) for each in point["cites"] if each in arguments]
    return {
        "text": text,
        "language": source.language,
        "kind": "quote",
        "source": _cited(source, visit),
        "cites": cites,
        "n": point["people"],
        "denominator": point["of"],
    }


def _voice(quote: dict[str, Any], arguments: dict[str, Argument], visit: Visit) -> dict[str, Any] | None:
    source = arguments.get(quote["argument"])
    text = source and quoted(source.text, quote)
    return {"text": text, "language": source.language, "source": _cited(source, visit)} if text else None


def _cited(argument: Argument, visit: Visit) -> dict[str, Any]:
    address = reverse("proposal", args=[visit.assembly.slug, argument.proposal.public_id])
    return {**argument_shown(argument, visit), "url": f"{address}#argument-{argument.public_id}"}
