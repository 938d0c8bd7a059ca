"""Moderating: the queue with what was written, the decisions on it, and the log that everybody may read."""

from datetime import datetime
from itertools import chain, islice, pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls.converters import StringConverter
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions.moderating import moderate
from deliberation.forms.moderating import LONGEST_REASON, DecisionForm
from deliberation.models import Argument, Assembly, Decision, Moderation, Objection, Rule, Statement
from deliberation.views.deck import problems_of
from deliberation.views.home import way_back
from deliberation.views.page import Visit, for_moderators, in_assembly

A_PAGE = 30
LAST_DECIDED = "last_decided"
KINDS = {"statement": Statement, "argument": Argument, "objection": Objection}
WITH_DECISIONS = {
    "statement": visibility.statements_with_decisions,
    "argument": visibility.arguments_with_decisions,
    "objection": visibility.objections_with_decisions,
}
Contribution = Statement | Argument | Objection
LOOKED_FOR = {
    "waiting": lambda found: found.waiting(),
    "hidden": lambda found: found.with_decision(Decision.REJECTED),
    "all": lambda found: found.all(),
}


class KindOfContribution(StringConverter):
    """`statement`, `argument` or `objection` in an address."""

    regex = "|".join(KINDS)


@require_safe
@for_moderators
def queue(visit: Visit) -> HttpResponse:
    """What was written, newest first: `?show=` waiting, hidden or all; `?before=` goes further back."""
    return _show(visit)


def _show(visit: Visit, status: int = 200) -> HttpResponse:
    wanted = visit.request.GET.get("show", "")
    wanted = wanted if wanted in LOOKED_FOR else "waiting"
    before = _moment(visit.request.GET.get("before", ""))
    found = _newest(visit.assembly, wanted, before)
    rows = [queued(each) for each in found[:A_PAGE]]
    for row, following in pairwise(rows):
        row["next"] = following["public_id"]
    return visit.render(
        "desk/moderation.html",
        wanted=wanted,
        rows=rows,
        waiting=sum(
            LOOKED_FOR["waiting"](model.objects.filter(assembly=visit.assembly)).count() for model in KINDS.values()
        ),
        older=found[A_PAGE - 1].created_at if len(found) > A_PAGE else None,
        last=_last_decided(visit),
        rules=Rule.choices,
        longest_reason=LONGEST_REASON,
        status=status,
    )


@require_POST
@for_moderators
def decisions(visit: Visit, kind: str, public_id: str) -> HttpResponse:
    contribution = get_object_or_404(KINDS[kind], assembly=visit.assembly, public_id=public_id)
    form = DecisionForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _show(visit, status=400)
    decision = Decision(form.cleaned_data["decision"])
    moderate(contribution, decision, form.cleaned_data["reason"], visit.participant, form.cleaned_data["rule"])
    visit.request.session[LAST_DECIDED] = [kind, contribution.public_id]
    there = way_back(visit.request)
    return redirect("moderation_queue", slug=visit.assembly.slug) if there == "/" else redirect(there)


@require_safe
@in_assembly
def log(visit: Visit) -> HttpResponse:
    """What was hidden by which rule and when, for everybody: no text, no author, no moderator."""
    return visit.render("moderation/index.html", rows=log_of(visit.assembly), rules=Rule.choices)


def log_of(assembly: Assembly) -> list[dict[str, Any]]:
    """Whatever was ever hidden, and whether it was shown again; newest first."""
    decided = visibility.moderations_of(assembly)
    hidden = {_about(each) for each in decided if each.decision == Decision.REJECTED}
    return [_logged(each) for each in decided if _about(each) in hidden]


def _about(moderation: Moderation) -> Contribution:
    return moderation.statement or moderation.argument or moderation.objection


def _logged(moderation: Moderation) -> dict[str, Any]:
    return {
        **named(_about(moderation)),
        "decision": moderation.decision,
        "rule": moderation.get_rule_display(),
        "when": moderation.created_at,
    }


def queued(contribution: Contribution) -> dict[str, Any]:
    decided = next(iter(contribution.decided), None)
    return {
        **named(contribution),
        "public_id": contribution.public_id,
        "text": contribution.text,
        "language": contribution.language,
        "author": contribution.author and contribution.author.pseudonym,
        "is_simulated": contribution.author is not None and contribution.author.is_simulated,
        "is_seed": getattr(contribution, "is_seed", False),
        "when": contribution.created_at,
        "withdrawn": contribution.withdrawn_at is not None,
        "decision": decided and decided.decision,
        "rule": decided and decided.get_rule_display(),
        "reason": decided and decided.reason,
    }


def named(contribution: Contribution) -> dict[str, Any]:
    """How people speak of it: a statement by its number, an argument by its proposal's, an objection by its round's."""
    if isinstance(contribution, Statement):
        return {"kind": "statement", "number": contribution.number}
    if isinstance(contribution, Objection):
        return {"kind": "objection", "number": contribution.round.number, "round": contribution.round.public_id}
    proposal, side = contribution.proposal, contribution.get_side_display()
    return {"kind": "argument", "number": proposal.number, "side": side, "proposal": proposal.public_id}


def _newest(assembly: Assembly, wanted: str, before: datetime | None) -> list[Contribution]:
    """One more than a page of each kind is enough to know a page of all, and whether there is more."""
    found = []
    for each in (with_decisions(assembly) for with_decisions in WITH_DECISIONS.values()):
        older = each if before is None else each.filter(created_at__lt=before)
        found.append(LOOKED_FOR[wanted](older).order_by("-created_at", "-pk")[: A_PAGE + 1])
    newest = sorted(chain(*found), key=lambda each: each.created_at, reverse=True)
    return list(islice(newest, A_PAGE + 1))


def _last_decided(visit: Visit) -> dict[str, Any] | None:
    kind, public_id = visit.request.session.get(LAST_DECIDED, ("", ""))
    if kind not in WITH_DECISIONS:
        return None
    last = WITH_DECISIONS[kind](visit.assembly).filter(public_id=public_id).first()
    return last and queued(last)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
