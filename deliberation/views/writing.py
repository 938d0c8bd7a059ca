"""Writing a statement or an argument: the draft that is kept, what stands beside it, and posting it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deliberation import visibility
from deliberation.actions.arguing import argue
from deliberation.actions.errors import PhaseClosed
from deliberation.actions.stating import make_statement
from deliberation.actions.writing import forget_draft, have_read, keep_draft
from deliberation.forms.advice import is_long, seems_two_ideas
from deliberation.forms.writing import SHORTEST, ArgumentForm, DraftForm, StatementForm, WritingForm
from deliberation.models import Argument, Draft, Proposal, Side, Statement
from deliberation.views.page import Visit, for_participants
from deliberation.views.proposals import argument_shown, show_proposal
from deliberation.views.rate_limits import limited
from deliberation.views.statements import my_vote, shown

Page = Callable[..., HttpResponse]  # shows the form again, with what it is given


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("state", "40/hour")
def new_statement(visit: Visit) -> HttpResponse:
    if visit.request.method != "POST":
        draft = visit.drafts.filter(proposal=None).first()
        return _statement_page(visit, StatementForm(assembly=visit.assembly, draft=draft))
    return _post(visit, StatementForm(visit.request.POST, assembly=visit.assembly), None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("argue", "60/hour")
def arguments(visit: Visit, public_id: str) -> HttpResponse:
    proposal = get_object_or_404(visit.assembly.proposals, public_id=public_id)
    if visit.request.method != "POST":
        return redirect("proposal", slug=visit.assembly.slug, public_id=proposal.public_id)
    return _post(visit, ArgumentForm(visit.request.POST, assembly=visit.assembly), proposal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("draft", "120/minute")
def statement_draft(visit: Visit) -> HttpResponse:
    """Keep a draft and show what stands beside it: a part of the page to a script, the whole page otherwise."""
    if visit.request.method != "POST":
        return redirect("new_statement", slug=visit.assembly.slug)
    return _keep(visit, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("draft", "120/minute")
def argument_draft(visit: Visit, public_id: str) -> HttpResponse:
    proposal = get_object_or_404(visit.assembly.proposals, public_id=public_id)
    if visit.request.method != "POST":
        return redirect("proposal", slug=visit.assembly.slug, public_id=proposal.public_id)
    return _keep(visit, proposal)


def _post(visit: Visit, form: WritingForm, proposal: Proposal | None) -> HttpResponse:
    page = _page_of(visit, proposal)
    if not form.is_valid():
        return page(form, status=400)
    given = form.cleaned_data
    draft = keep_draft(visit.participant, proposal, given["text"], given["language"], given.get("side", ""))
    if not given["anyway"] and _allowed(visit, proposal):
        beside = _beside(visit, have_read(draft))
        if {each["public_id"] for each in beside["similar"]} - set(given["seen"].split()):
            return page(form, beside=beside, asked=True)
    try:
        return _publish(visit, draft, form)
    except PhaseClosed:
        form.add_error(None, _("Nothing can be added in this phase. Your text is kept here as your draft."))
        return page(form, status=409)


def _publish(visit: Visit, draft: Draft, form: WritingForm) -> HttpResponse:
    words = (form.cleaned_data["text"], _language_of(visit, draft), form.cleaned_data["nonce"])
    if draft.proposal is None:
        statement = make_statement(visit.participant, *words)
        _tell(visit, _said_of(statement) % {"number": statement.number}, statement.public_id)
        return redirect("deck", slug=visit.assembly.slug)
    argument = argue(visit.participant, draft.proposal, Side(draft.side), *words)
    if _waits(argument):
        _tell(visit, _("Sent. A moderator reads it before others do. Thank you."), argument.public_id)
        return redirect("proposal", slug=visit.assembly.slug, public_id=draft.proposal.public_id)
    _tell(visit, _("Your argument is published. Thank you."), argument.public_id)
    address = reverse("proposal", args=[visit.assembly.slug, draft.proposal.public_id])
    return redirect(f"{address}#argument-{argument.public_id}")


def _said_of(statement: Statement) -> str:
    if _waits(statement):
        return _("Your statement is number %(number)s. A moderator reads it first; then others can vote on it.")
    return _("Your statement is number %(number)s. Others can vote on it now.")


def _waits(written: Statement | Argument) -> bool:
    return type(written).objects.filter(pk=written.pk).held().exists()


def _tell(visit: Visit, told: str, public_id: str) -> None:
    address = f"{reverse('mine', args=[visit.assembly.slug])}#item-{public_id}"
    link = format_html('<a href="{}">{}</a>', address, _("What becomes of it"))
    messages.success(visit.request, format_html("{} {}", told, link), extra_tags="receipt")


def _keep(visit: Visit, proposal: Proposal | None) -> HttpResponse:
    form = DraftForm(visit.request.POST, assembly=visit.assembly)
    fetched = visit.request.headers.get("X-Requested-With") == "fetch"
    page = _page_of(visit, proposal)
    if not form.is_valid():
        return HttpResponse(status=400) if fetched else page(_as_typed(visit, proposal), status=400)
    if not form.cleaned_data["text"]:
        forget_draft(visit.participant, proposal)
        return HttpResponse(status=204) if fetched else redirect("assembly", slug=visit.assembly.slug)
    given = form.cleaned_data
    draft = keep_draft(visit.participant, proposal, given["text"], given["language"], given["side"])
    if _allowed(visit, proposal) and len(draft.text) >= SHORTEST:
        draft = have_read(draft)
    beside = _beside(visit, draft)
    if fetched:
        return visit.render("writing/_beside.html", beside=beside)
    return page(_whole(visit, proposal, draft), beside=beside)


def _beside(visit: Visit, draft: Draft) -> dict[str, Any]:
    """What somebody sees beside their draft."""
    names = dict(settings.LANGUAGES)
    return {
        "kind": "statement" if draft.proposal_id is None else "argument",
        "similar": _similar_statements(visit, draft) if draft.proposal_id is None else _similar_arguments(visit, draft),
        "preview": {"text": draft.text, "language": _language_of(visit, draft)},
        "is_read": draft.is_read or len(draft.text) < SHORTEST,
        "reads_as": names.get(draft.reads_as, "") if draft.is_read else "",
        "two_ideas": draft.proposal_id is None and seems_two_ideas(draft.text),
        "long": draft.proposal_id is None and is_long(draft.text),
    }


def _similar_statements(visit: Visit, draft: Draft) -> list[dict[str, Any]]:
    """Those that a worker found and that are still shown, with the reader's own votes and never anybody else's."""
    found = visibility.statements_for(visit.assembly).on_their_own().filter(public_id__in=_found(draft))
    votes = {vote.statement_id: vote for vote in visit.votes.filter(statement__in=found)}
    rows = {each.public_id: {**shown(each, visit), "vote": my_vote(votes.get(each.pk), visit)} for each in found}
    return [rows[public_id] for public_id in _found(draft) if public_id in rows]


def _similar_arguments(visit: Visit, draft: Draft) -> list[dict[str, Any]]:
    found = draft.proposal.arguments.on_their_own().select_related("author").filter(public_id__in=_found(draft))
    more = {"proposal": draft.proposal.public_id}
    rows = {each.public_id: {**argument_shown(each, visit), **more, "side": each.get_side_display()} for each in found}
    return [rows[public_id] for public_id in _found(draft) if public_id in rows]


def _found(draft: Draft) -> list[str]:
    return draft.similar if draft.is_read else []


def _language_of(visit: Visit, draft: Draft) -> str:
    """As chosen, else as the words seem to be, else that of the pages the writer reads."""
    guessed = draft.language or (draft.reads_as if draft.is_read else "") or visit.language
    return guessed if guessed in visit.assembly.languages else visit.assembly.languages[0]


def _allowed(visit: Visit, proposal: Proposal | None) -> bool:
    return visit.can["state" if proposal is None else "argue"]


def _whole(visit: Visit, proposal: Proposal | None, draft: Draft | None = None) -> WritingForm:
    return (StatementForm if proposal is None else ArgumentForm)(assembly=visit.assembly, draft=draft)


def _as_typed(visit: Visit, proposal: Proposal | None) -> WritingForm:
    return (StatementForm if proposal is None else ArgumentForm)(visit.request.POST, assembly=visit.assembly)


def _page_of(visit: Visit, proposal: Proposal | None) -> Page:
    if proposal is None:
        return lambda form, **context: _statement_page(visit, form, **context)
    return lambda form, **context: show_proposal(visit, proposal, form, **context)


def _statement_page(visit: Visit, form: WritingForm, **context: Any) -> HttpResponse:
    return visit.render("statements/new.html", form=form, **context)
