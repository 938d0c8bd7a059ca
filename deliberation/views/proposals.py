from collections import Counter
from itertools import chain
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.forms.writing import ArgumentForm
from deliberation.models import Argument, Citation, Note, Proposal, Side
from deliberation.views.page import Visit, in_assembly
from deliberation.views.prose import markdown
from deliberation.views.terms import Terms


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
        {**shown(each, visit), "sides": [(side, counted.get(each.pk, Counter())[side]) for side in Side]}
        for each in visit.assembly.proposals.prefetch_related("translations")
    ]
    return visit.render("proposals/index.html", proposals=rows)


@require_safe
@in_assembly
def proposal(visit: Visit, public_id: str) -> HttpResponse:
    found = get_object_or_404(visit.assembly.proposals, public_id=public_id)
    draft = visit.participant and visit.drafts.filter(proposal=found).first()
    return show_proposal(visit, found, ArgumentForm(assembly=visit.assembly, draft=draft))


def show_proposal(
    visit: Visit, found: Proposal, form: ArgumentForm, status: int = 200, **context: object
) -> HttpResponse:
    said: dict[str, list[dict[str, Any]]] = {side: [] for side in Side}
    merged = visibility.merged_arguments(visit.assembly)
    also: dict[str, list[dict[str, Any]]] = {}
    for argument in found.arguments.shown().select_related("author"):
        into = merged.get(argument.public_id)
        under = said[argument.side] if into is None else also.setdefault(into.public_id, [])
        under.append(argument_shown(argument, visit))
    notes = _notes_named(found)
    for told in chain(*said.values(), *also.values()):
        told["notes"] = notes.get(told["public_id"], [])
    for told in chain(*said.values()):
        told["also"] = also.get(told["public_id"], [])
    sides = [
        {"side": side, "label": side.heading, "arguments": said[side], "n": sum(1 + len(a["also"]) for a in said[side])}
        for side in Side
    ]
    terms = Terms(visit.assembly, visit.language)
    told = {**shown(found, visit), "body_html": terms.render(found.text_in(visit.language).body)}
    return visit.render("proposals/show.html", proposal=told, sides=sides, form=form, status=status, **context)


def _notes_named(proposal: Proposal) -> dict[str, list[str]]:
    """The notes that each argument rests on, by its public id."""
    named: dict[str, list[str]] = {}
    standing = Citation.objects.filter(argument__proposal=proposal, note__in=Note.objects.shown(), stands=True)
    for argument, note in standing.order_by("pk").values_list("argument__public_id", "note__public_id"):
        named.setdefault(argument, []).append(note)
    return named


def argument_shown(argument: Argument, visit: Visit) -> dict[str, Any]:
    return {
        "public_id": argument.public_id,
        "text": argument.text,
        "language": argument.language,
        "pseudonym": argument.author.pseudonym,
        "is_simulated": argument.author.is_simulated,
        "is_mine": visit.participant is not None and argument.author_id == visit.participant.pk,
    }
