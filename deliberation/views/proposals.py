from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deliberation.actions.arguing import argue
from deliberation.actions.errors import PhaseClosed
from deliberation.forms.writing import ArgumentForm
from deliberation.models import Argument, Proposal, Side
from deliberation.views.assembly import markdown
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.rate_limits import limited


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
    form = ArgumentForm(assembly=visit.assembly, initial={"language": visit.language})
    return _show(visit, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("argue", "30/hour")
def arguments(visit: Visit, public_id: str) -> HttpResponse:
    found = get_object_or_404(visit.assembly.proposals, public_id=public_id)
    if visit.request.method != "POST":
        return redirect("proposal", slug=visit.assembly.slug, public_id=found.public_id)
    form = ArgumentForm(visit.request.POST, assembly=visit.assembly)
    if not form.is_valid():
        return _show(visit, found, form, status=400)
    try:
        argument = argue(
            visit.participant,
            found,
            Side(form.cleaned_data["side"]),
            form.cleaned_data["text"],
            form.cleaned_data["language"],
            form.cleaned_data["nonce"],
        )
    except PhaseClosed:
        form.add_error(None, _("No arguments can be added in this phase. Your text is still here: keep a copy of it."))
        return _show(visit, found, form, status=409)
    messages.success(visit.request, _("Your argument is published. Thank you."), extra_tags="receipt")
    return redirect(f"{reverse('proposal', args=[visit.assembly.slug, found.public_id])}#argument-{argument.public_id}")


def _show(visit: Visit, found: Proposal, form: ArgumentForm, status: int = 200) -> HttpResponse:
    said: dict[str, list[dict[str, Any]]] = {side: [] for side in Side}
    for argument in found.arguments.shown().select_related("author"):
        said[argument.side].append(argument_shown(argument, visit))
    sides = [{"side": side, "label": side.label, "arguments": said[side]} for side in Side]
    return visit.render("proposals/show.html", proposal=shown(found, visit), sides=sides, form=form, status=status)


def argument_shown(argument: Argument, visit: Visit) -> dict[str, Any]:
    return {
        "public_id": argument.public_id,
        "text": argument.text,
        "language": argument.language,
        "pseudonym": argument.author.pseudonym,
        "is_simulated": argument.author.is_simulated,
        "is_mine": visit.participant is not None and argument.author_id == visit.participant.pk,
    }
