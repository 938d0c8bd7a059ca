from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deliberation.actions.choosing_models import let_a_model_draft
from deliberation.analysis.language_models import (
    known_models,
    languages,
    rewriter_is_offered,
    rewriting_is_on,
    where_it_drafts,
)
from deliberation.forms.desk import RewriterForm
from deliberation.models import RunState
from deliberation.views.page import Visit, for_facilitators, in_assembly


@require_safe
@in_assembly
def show(visit: Visit) -> HttpResponse:
    """What reads and drafts in this assembly, what it sees, and what it decides: nothing."""
    found = _models(visit)
    return visit.render(
        "language_models/show.html",
        encoder=found.get("encoder"),
        rewriter=found.get("rewriter"),
        rewriter_is_offered=rewriter_is_offered(),
        rewriting_is_on=rewriting_is_on(visit.assembly),
        drafted=_drafted_last(visit),
        endpoint=where_it_drafts(),
        languages=sorted(languages()),
        choices=visit.assembly.model_choices.select_related("by"),
    )


@require_POST
@for_facilitators
def choose(visit: Visit) -> HttpResponse:
    form = RewriterForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, _("Please choose on or off."))
        return redirect("models", slug=visit.assembly.slug)
    on = form.cleaned_data["rewriter"] == "on"
    let_a_model_draft(visit.assembly, on, visit.participant)
    if on:
        messages.success(visit.request, _("From the next summary on, a model may draft shorter sentences."))
    else:
        messages.success(visit.request, _("From the next summary on, every line is a quotation or a count."))
    return redirect("models", slug=visit.assembly.slug)


def _drafted_last(visit: Visit) -> dict[str, Any] | None:
    """How the newest run that had drafts fared with them, in counts."""
    drafted = visit.assembly.summary_runs.filter(state=RunState.DONE, account__rewriter="on").first()
    return drafted and drafted.account


def _models(visit: Visit) -> dict[str, dict[str, Any]]:
    """What the newest run was read by, with what ran it; where the weights are others by now, what the worker found."""
    newest = visit.assembly.summary_runs.exclude(models_used=[]).first()
    found = {each["job"]: each for each in (newest.models_used if newest else []) if "job" in each}
    for each in known_models():
        same = found.get(each["job"], {}).get("weights_sha256") == each.get("weights_sha256")
        if "unavailable" in each or not same:
            found[each["job"]] = each
    return found
