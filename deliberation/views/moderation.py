"""Moderating: the queue with what was written, the decisions on it, and the log that everybody may read."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice, pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls.converters import StringConverter
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from deliberation import visibility
from deliberation.actions.errors import Appealed, WordsStay
from deliberation.actions.moderating import moderate, moderate_all
from deliberation.actions.rewording import ask_to_reword, may_be_reworded
from deliberation.analysis.workload import Workload, workload_of
from deliberation.exports.tables import csv_of
from deliberation.forms.moderating import LONGEST_REASON, BulkForm, DecisionForm
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
LAST_DECIDED = "last_decided_on"  # in the session: kind and public id of each
TICK = "tick"
LOG_COLUMNS = ["kind", "number", "decision", "rule", "when"]
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
    work = workload_of(visit.assembly)
    return visit.render(
        "desk/moderation.html",
        wanted=wanted,
        rows=rows,
        work=work,
        median=_median_in_words(work),
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
    return _decided(visit, [contribution])


@require_POST
@for_moderators
def bulk_decisions(visit: Visit) -> HttpResponse:
    """One decision about everything that is ticked, or about nothing of it."""
    found = _ticked(visit.assembly, visit.request)
    form = BulkForm(visit.request.POST, ticked=list(found))
    if not form.is_valid():
        messages.error(visit.request, problems_of(form))
        return _show(visit, status=400)
    sent = form.cleaned_data
    try:
        moderate_all(found.values(), sent["decision"], sent["reason"], visit.participant, sent["rule"])
    except Appealed:
        messages.error(visit.request, _("An author asks for another look at one of these: decide on the appeal first."))
        return _show(visit, status=409)
    return _decided(visit, list(found.values()))


def _ticked(assembly: Assembly, request: HttpRequest) -> dict[str, Contribution]:
    """What the boxes stand for, by their names: `tick_KIND_ID`."""
    found: dict[str, Contribution] = {}
    for kind, model in KINDS.items():
        before = f"{TICK}_{kind}_"
        ids = [name.removeprefix(before) for name in request.POST if name.startswith(before)]
        here = model.objects.filter(assembly=assembly, public_id__in=ids)
        found |= {before + each.public_id: each for each in here}
    return found


def _decided(visit: Visit, contributions: list[Contribution]) -> HttpResponse:
    """Back to the queue, which offers to undo it."""
    visit.request.session[LAST_DECIDED] = [[each._meta.model_name, each.public_id] for each in contributions]
    there = way_back(visit.request)
    return redirect("moderation_queue", slug=visit.assembly.slug) if there == "/" else redirect(there)


def _median_in_words(work: Workload) -> str:
    now = timezone.now()
    return timesince(now - work.median, now) if work.median is not None else ""


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


@require_safe
@in_assembly
def log_csv(visit: Visit) -> HttpResponse:
    """The same as a table, for whoever wants to count."""
    rows = ([row[column] for column in LOG_COLUMNS] for row in _with_moments(log_of(visit.assembly)))
    answer = HttpResponse(csv_of([LOG_COLUMNS, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{visit.assembly.slug}-moderation.csv"'
    return answer


def _with_moments(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({**row, "when": row["when"].isoformat(timespec="seconds")} for row in rows)


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


def _last_decided(visit: Visit) -> list[dict[str, Any]]:
    ids: dict[str, list[str]] = {}
    for kind, public_id in visit.request.session.get(LAST_DECIDED, []):
        ids.setdefault(kind, []).append(public_id)
    found = (WITH_DECISIONS[kind](visit.assembly).filter(public_id__in=some) for kind, some in ids.items())
    return [queued(each) for each in chain(*found)]


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
