from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deliberation.forms.writing import ArgumentForm
from deliberation.models import Argument, Proposal, Side
from deliberation.views.page import Visit, in_assembly
from deliberation.views.prose import markdown


def shown(proposal: Proposal, visit: Visit) -> dict[str, Any]:
    text = proposal.text_in(visit.language)
    return {
        "public_id": proposal.public_id,
        "number": proposal.number,
        "title": text.title,
        "body_html": markdown.render(text.body),
        "language": text.language,
    }


@require_safe
@in_assembly
def proposals(visit: Visit) -> HttpResponse:
    counted: dict[int, Counter[str]] = {}
    for proposal_id, side in visit.assembly.arguments.shown().values_list("proposal", "side"):
        counted.setdefault(proposal_id, Counter())[side] += 1
    rows = [
        {**shown(each, visit), "sides": [(side, side.label, counted.get(each.pk, Counter())[side]) for side in Side]}
        for each in visit.assembly.proposals.prefetch_related("translations")
    ]
    return visit.render("proposals/index.html", proposals=rows)


@require_safe
@in_assembly
def proposal(visit: Visit, public_id: str) -> HttpResponse:
    found = get_object_or_404(visit.assembly.proposals, public_id=public_id)
    draft = visit.participant and visit.participant.drafts.filter(proposal=found).first()
    return show_proposal(visit, found, ArgumentForm(assembly=visit.assembly, draft=draft))


def show_proposal(
    visit: Visit, found: Proposal, form: ArgumentForm, status: int = 200, **context: object
) -> HttpResponse:
    said: dict[str, list[dict[str, Any]]] = {side: [] for side in Side}
    for argument in found.arguments.shown().select_related("author"):
        said[argument.side].append(argument_shown(argument, visit))
    sides = [{"side": side, "label": side.label, "arguments": said[side]} for side in Side]
    return visit.render(
        "proposals/show.html", proposal=shown(found, visit), sides=sides, form=form, status=status, **context
    )


def argument_shown(argument: Argument, visit: Visit) -> dict[str, Any]:
    return {
        "public_id": argument.public_id,
        "text": argument.text,
        "language": argument.language,
        "pseudonym": argument.author.pseudonym,
        "is_simulated": argument.author.is_simulated,
        "is_mine": visit.participant is not None and argument.author_id == visit.participant.pk,
    }
