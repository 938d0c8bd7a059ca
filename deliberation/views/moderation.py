"""Moderating: the queue with what was written, the decisions on it, and the log that everybody may read."""

from datetime import datetime
from itertools import chain, islice, pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls.converters import StringConverter
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions.errors import Appealed, WordsStay
from deliberation.actions.moderating import moderate
from deliberation.actions.rewording import ask_to_reword, may_be_reworded
from deliberation.forms.moderating import LONGEST_REASON, DecisionForm
from deliberation.models import (
    Appeal,
    Argument,
    Assembly,
    Decision,
    Moderation,
    Objection,
    Participant,
    Rule,
    Statement,
)
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
REWORDABLE = (Statement, Argument)
REFUSED = {
    Appealed: _("The author has asked for another look: decide on the appeal instead. Nothing was changed."),
    WordsStay: _("Others have voted on these words or built on them, so they cannot be reworded. Nothing was changed."),
}
LOOKED_FOR = {
    "waiting": lambda found: found.waiting(),
    "asked": lambda found: found.with_decision(Decision.ASKED),
    "hidden": lambda found: found.with_decision(Decision.REJECTED),
    "all": lambda found: found.all(),
}


class KindOfContribution(StringConverter):
    """`statement`, `argument` or `objection` in an address."""

    regex = "|".join(KINDS)


@require_safe
@for_moderators
def queue(visit: Visit) -> HttpResponse:
    """What was written, newest first: `?show=` waiting, asked, hidden or all; `?before=` goes further back."""
    return _show(visit)


def _show(visit: Visit, status: int = 200) -> HttpResponse:
    wanted = visit.request.GET.get("show", "")
    wanted = wanted if wanted in LOOKED_FOR else "waiting"
    before = _moment(visit.request.GET.get("before", ""))
    found = _newest(visit.assembly, wanted, before)
    askable = _askable(found[:A_PAGE])
    rows = [{**queued(each), "askable": each.public_id in askable} for each in found[:A_PAGE]]
    for row, following in pairwise(rows):
        row["next"] = following["public_id"]
    return visit.render(
        "desk/moderation.html",
        wanted=wanted,
        rows=rows,
        waiting=sum(
            LOOKED_FOR["waiting"](model.objects.filter(assembly=visit.assembly)).count() for model in KINDS.values()
        ),
        appeals=visibility.appeals_of(visit.assembly).waiting().count(),
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
    try:
        _decide(contribution, form.cleaned_data, visit.participant)
    except (Appealed, WordsStay) as refused:
        messages.error(visit.request, REFUSED[type(refused)])
        return _show(visit, status=409)
    visit.request.session[LAST_DECIDED] = [kind, contribution.public_id]
    there = way_back(visit.request)
    return redirect("moderation_queue", slug=visit.assembly.slug) if there == "/" else redirect(there)


def _decide(contribution: Contribution, sent: dict[str, Any], by: Participant) -> None:
    if sent["decision"] == Decision.ASKED and isinstance(contribution, REWORDABLE):
        ask_to_reword(contribution, sent["reason"], by)
    elif sent["decision"] == Decision.ASKED:
        raise WordsStay
    else:
        moderate(contribution, Decision(sent["decision"]), sent["reason"], by, sent["rule"])


def _askable(found: list[Contribution]) -> set[str]:
    """Those whose authors may still find other words."""
    alike = (model.objects.filter(pk__in=[each.pk for each in found if type(each) is model]) for model in REWORDABLE)
    return set().union(*(may_be_reworded(each.filter(author__isnull=False)) for each in alike))


@require_safe
@in_assembly
def log(visit: Visit) -> HttpResponse:
    """What was hidden by which rule and when, for everybody: no text, no author, no moderator."""
    return visit.render("moderation/index.html", rows=log_of(visit.assembly), rules=Rule.choices)


def log_of(assembly: Assembly) -> list[dict[str, Any]]:
    """Whatever was ever hidden or wished otherwise, what its author did, and what came of it; newest first."""
    decided = list(visibility.moderations_of(assembly))
    told = {each.about for each in decided if each.decision in (Decision.REJECTED, Decision.ASKED)}
    rows = [_logged(each) for each in decided if each.about in told]
    rows += [_logged_answer(each) for each in decided if each.answer]
    for appeal in visibility.appeals_of(assembly):
        rows += _logged_appeal(appeal)
    return sorted(rows, key=lambda row: row["when"], reverse=True)


def _logged(moderation: Moderation) -> dict[str, Any]:
    return {
        **named(moderation.about),
        "decision": moderation.decision,
        "rule": moderation.get_rule_display(),
        "when": moderation.created_at,
    }


def _logged_answer(asked: Moderation) -> dict[str, Any]:
    return {**named(asked.about), "decision": asked.answer, "rule": "", "when": asked.lifted_at}


def _logged_appeal(appeal: Appeal) -> list[dict[str, Any]]:
    about = {**named(appeal.moderation.about), "rule": appeal.moderation.get_rule_display()}
    made = {**about, "decision": "appealed", "when": appeal.created_at}
    return [made, {**about, "decision": appeal.outcome, "when": appeal.decided_at}] if appeal.outcome else [made]


def queued(contribution: Contribution) -> dict[str, Any]:
    decided = next(iter(contribution.decided), None)
    appeal = getattr(decided, "appeal", None)
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
        "appealed": appeal is not None and not appeal.outcome,
        "wish": next(iter(contribution.answered), None),
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
