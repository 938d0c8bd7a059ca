"""Changing one item of an agenda, or taking it off; where it stands is changed in the cockpit."""

import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deliberation import visibility
from deliberation.actions.agenda import edit_item, put_back, remove_item
from deliberation.actions.errors import InUse
from deliberation.actions.running import NewItem
from deliberation.actions.withdrawing import UNDO_WITHIN
from deliberation.forms.session import ItemForm
from deliberation.forms.strict import StrictForm
from deliberation.models import AgendaItem, ItemKind, Session
from deliberation.views.page import Visit, for_facilitators

LAST_REMOVED = "last_removed_item"  # in the browser's session


@require_http_methods(["GET", "HEAD", "POST"])
@for_facilitators
def agenda_item(visit: Visit, public_id: str, item: str) -> HttpResponse:
    found = _found(visit, public_id, item)
    if visit.request.method != "POST":
        return _show(visit, found, ItemForm(assembly=visit.assembly, item=found))
    form = ItemForm(visit.request.POST, assembly=visit.assembly)
    if not form.is_valid():
        return _show(visit, found, form, status=400)
    try:
        edit_item(found, new_item(form))
    except InUse:
        form.add_error(
            None, _("This is on now, or people were asked it: what it is and what it asks stay as they are.")
        )
        return _show(visit, found, form, status=409)
    messages.success(visit.request, _("The agenda is changed."))
    return redirect("cockpit", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def agenda_item_removals(visit: Visit, public_id: str, item: str) -> HttpResponse:
    found, form = _found(visit, public_id, item), StrictForm(visit.request.POST)
    try:
        if form.is_valid():
            _remember(visit, public_id, *remove_item(found))
    except InUse:
        told = _("This is on now, people were asked it, or notes were taken of it: it stays on the agenda.")
        messages.error(visit.request, told)
        return _show(visit, found, ItemForm(assembly=visit.assembly, item=found), status=409)
    return redirect("cockpit", slug=visit.assembly.slug)


@require_POST
@for_facilitators
def agenda_removals_undone(visit: Visit, public_id: str) -> HttpResponse:
    """Put back what this browser took off the agenda last."""
    session = get_object_or_404(visibility.sessions_for(visit.assembly, visit.participant), public_id=public_id)
    removed = last_removed(visit, session)
    if not StrictForm(visit.request.POST).is_valid() or removed is None:
        messages.error(visit.request, _("There is nothing to put back any more."))
        return redirect("cockpit", slug=visit.assembly.slug)
    put_back(session, _item_of(visit, removed), removed["position"])
    del visit.request.session[LAST_REMOVED]
    messages.success(visit.request, _("It is on the agenda again."))
    return redirect("cockpit", slug=visit.assembly.slug)


def last_removed(visit: Visit, session: Session) -> dict[str, Any] | None:
    """What this browser took off this agenda last, for ten minutes."""
    removed = visit.request.session.get(LAST_REMOVED)
    if removed is None or removed["session"] != session.public_id or time.time() > removed["until"]:
        return None
    return {**removed, "title": removed["titles"].get(visit.language) or next(iter(removed["titles"].values()))}


def _remember(visit: Visit, session: str, was: NewItem, position: int) -> None:
    visit.request.session[LAST_REMOVED] = {
        "session": session,
        "until": time.time() + UNDO_WITHIN.total_seconds(),
        "position": position,
        "kind": was.kind.value,
        "titles": was.titles,
        "minutes": was.minutes,
        "options": was.options,
        "proposal": was.proposal and was.proposal.public_id,
        "kit_step": was.kit_step and was.kit_step.public_id,
    }


def _item_of(visit: Visit, removed: dict[str, Any]) -> NewItem:
    return NewItem(
        ItemKind(removed["kind"]),
        removed["titles"],
        removed["minutes"],
        removed["options"],
        visit.assembly.proposals.filter(public_id=removed["proposal"]).first(),
        visit.assembly.kit_steps.filter(public_id=removed["kit_step"]).first(),
    )


def new_item(form: ItemForm) -> NewItem:
    kind = ItemKind(form.cleaned_data["kind"])
    return NewItem(kind, form.texts, form.cleaned_data["minutes"], form.options if kind == ItemKind.POLL else {})


def _found(visit: Visit, public_id: str, item: str) -> AgendaItem:
    session = get_object_or_404(visibility.sessions_for(visit.assembly, visit.participant), public_id=public_id)
    return get_object_or_404(session.items.select_related("session"), public_id=item)


def _show(visit: Visit, item: AgendaItem, form: ItemForm, status: int = 200) -> HttpResponse:
    title = item.title_in(visit.language)
    return visit.render("session/item.html", item=item, item_title=title, item_form=form, status=status)
