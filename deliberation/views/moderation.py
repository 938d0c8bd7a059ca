"""Moderating: the queue with what was written, and the decisions on it."""

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
from deliberation.actions.errors import Appealed, CannotMerge, WordsStay
from deliberation.actions.looking_first import look_first
from deliberation.actions.merging import merge
from deliberation.actions.moderating import moderate, moderate_all, undo_all
from deliberation.actions.rewording import ask_to_reword, may_be_reworded
from deliberation.analysis.workload import Workload, workload_of
from deliberation.forms.moderating import LONGEST_REASON, UNDO, BulkForm, DecisionForm, LookingFirstForm
from deliberation.models import (
    Argument,
    Assembly,
    Decision,
    Note,
    Noticed,
    Objection,
    Participant,
    Question,
    Rule,
    Statement,
)
from deliberation.views.deck import problems_of
from deliberation.views.home import way_back
from deliberation.views.noticed import noticed_beside
from deliberation.views.page import Visit, for_facilitators, for_moderators

A_PAGE = 30
LAST_DECIDED = "last_decided_on"  # in the session: kind and public id of each
TICK = "tick"
KINDS = {
    "statement": Statement,
    "argument": Argument,
    "objection": Objection,
    "question": Question,
    "note": Note,
}
WITH_DECISIONS = {
    "statement": visibility.statements_with_decisions,
    "argument": visibility.arguments_with_decisions,
    "objection": visibility.objections_with_decisions,
    "question": visibility.questions_with_decisions,
    "note": visibility.notes_with_decisions,
}
Contribution = Statement | Argument | Objection | Question | Note
REWORDABLE = (Statement, Argument)
REFUSED = {
    Appealed: _("The author has asked for another look: decide on the appeal instead. Nothing was changed."),
    WordsStay: _("Others have voted on these words or built on them, so they cannot be reworded. Nothing was changed."),
    CannotMerge: _(
        "These two cannot be put together: the one that goes on has to be of the same kind and place, shown, and not "
        "put together with a third one. Nothing was changed."
    ),
}
LOOKED_FOR = {
    "waiting": lambda found: found.waiting(),
    "asked": lambda found: found.with_decision(Decision.ASKED),
    "hidden": lambda found: found.with_decision(Decision.REJECTED),
    "merged": lambda found: found.with_decision(Decision.MERGED),
    "all": lambda found: found.all(),
}


class KindOfContribution(StringConverter):
    """`statement`, `argument`, `objection`, `question` or `note` in an address."""

    regex = "|".join(KINDS)


@require_safe
@for_moderators
def queue(visit: Visit) -> HttpResponse:
    """What was written, newest first: `?show=` waiting, asked, hidden, merged or all; `?before=` goes further back."""
    return _show(visit)


def _show(visit: Visit, status: int = 200) -> HttpResponse:
    wanted = visit.request.GET.get("show", "")
    wanted = wanted if wanted in LOOKED_FOR else "waiting"
    before = _moment(visit.request.GET.get("before", ""))
    found = _newest(visit.assembly, wanted, before)
    askable = _askable(found[:A_PAGE])
    alike, noticed = _alike(found[:A_PAGE]), noticed_beside(found[:A_PAGE])
    rows = [
        {**queued(each), "askable": each.public_id in askable, "alike": _beside(each, alike)} for each in found[:A_PAGE]
    ]
    for row in rows:
        row["noticed"] = noticed[row["public_id"]] if row["decision"] in (None, Decision.HELD) else []
        row["same"] = next((each["other"] for each in row["noticed"] if each["what"] == Noticed.SAME), None)
    for row, following in pairwise(rows):
        row["next"] = following["public_id"]
    work = workload_of(visit.assembly)
    return visit.render(
        "desk/moderation.html",
        wanted=wanted,
        rows=rows,
        work=work,
        median=_median_in_words(work),
        looks_first=visit.assembly.looks_first,
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
    except (Appealed, CannotMerge, WordsStay) as refused:
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
        if sent["decision"] == UNDO:
            undo_all(found.values(), visit.participant)
        else:
            moderate_all(found.values(), sent["decision"], sent["reason"], visit.participant, sent["rule"])
    except Appealed:
        messages.error(visit.request, _("An author asks for another look at one of these: decide on the appeal first."))
        return _show(visit, status=409)
    return _decided(visit, list(found.values()))


@require_POST
@for_facilitators
def choices(visit: Visit) -> HttpResponse:
    """Whether moderators read what people write before others do."""
    form = LookingFirstForm(visit.request.POST)
    if not form.is_valid():
        messages.error(visit.request, _("Please choose on or off."))
        return _show(visit, status=400)
    on = form.cleaned_data["looks_first"] == "on"
    look_first(visit.assembly, on, visit.participant)
    if on:
        messages.success(visit.request, _("From now on nobody else reads a new text before one of you has."))
    else:
        messages.success(
            visit.request, _("From now on everybody reads a new text at once. What waits goes on waiting.")
        )
    return redirect("moderation_queue", slug=visit.assembly.slug)


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
    if sent["decision"] == UNDO:
        undo_all([contribution], by)
    elif sent["decision"] == Decision.MERGED:
        merge(contribution, _other(contribution, sent["into"]), by)
    elif sent["decision"] == Decision.ASKED and isinstance(contribution, REWORDABLE):
        ask_to_reword(contribution, sent["reason"], by)
    elif sent["decision"] == Decision.ASKED:
        raise WordsStay
    else:
        language = sent["language"] if sent["decision"] == Decision.SHOWN else ""
        moderate(contribution, Decision(sent["decision"]), sent["reason"], by, sent["rule"], language=language)


def _other(contribution: Contribution, named: str) -> Statement | Argument:
    """What a moderator means: a statement by its number, an argument by its id. Raises CannotMerge."""
    here = {"assembly": contribution.assembly_id}
    if isinstance(contribution, Statement):
        found = Statement.objects.filter(**here, number=int(named) if named.isdecimal() and len(named) < 10 else 0)
    else:
        found = Argument.objects.filter(**here, public_id=named)
    if (other := found.first()) is None:
        raise CannotMerge
    return other


def _alike(found: list[Contribution]) -> list[Argument]:
    """Arguments on the proposals that this page is about: what an argument may be put together with."""
    proposals = {each.proposal_id for each in found if isinstance(each, Argument)}
    return list(Argument.objects.filter(proposal__in=proposals).on_their_own()) if proposals else []


def _beside(contribution: Contribution, alike: list[Argument]) -> list[Argument]:
    if not isinstance(contribution, Argument):
        return []
    place = (contribution.proposal_id, contribution.side)
    return [each for each in alike if (each.proposal_id, each.side) == place and each.pk != contribution.pk]


def _askable(found: list[Contribution]) -> set[str]:
    """Those whose authors may still find other words."""
    alike = (model.objects.filter(pk__in=[each.pk for each in found if type(each) is model]) for model in REWORDABLE)
    return set().union(*(may_be_reworded(each.filter(author__isnull=False)) for each in alike))


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
        "mergeable": isinstance(contribution, REWORDABLE),
        "when": contribution.created_at,
        "withdrawn": contribution.withdrawn_at is not None,
        "decision": decided and decided.decision,
        "rule": decided and decided.get_rule_display(),
        "reason": decided and decided.reason,
        "unread": decided is not None and decided.keeps_back_unread,
        "into": decided and decided.into and {**named(decided.into), "text": decided.into.text},
        "appealed": appeal is not None and not appeal.outcome,
        "wish": next(iter(contribution.answered), None),
    }


def named(contribution: Contribution) -> dict[str, Any]:
    """How people speak of it: a statement by its number, an argument by its proposal's, an objection by its round's."""
    if isinstance(contribution, Statement):
        return {"kind": "statement", "number": contribution.number}
    if isinstance(contribution, Question):
        return {"kind": "question", "number": contribution.number}
    if isinstance(contribution, Note):
        return {"kind": "note", "number": contribution.item.session.number, "table": contribution.table}
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
