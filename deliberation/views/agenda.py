"""Changing one item of an agenda; where it stands is changed in the cockpit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deliberation import visibility
from deliberation.actions.agenda import edit_item, remove_item
from deliberation.actions.errors import InUse
from deliberation.actions.running import NewItem
from deliberation.forms.session import ItemForm
from deliberation.forms.strict import StrictForm
from deliberation.models import AgendaItem, ItemKind
from deliberation.views.page import Visit, for_facilitators


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
            remove_item(found)
    except InUse:
        told = _("This is on now, people were asked it, or notes were taken of it: it stays on the agenda.")
        messages.error(visit.request, told)
        return _show(visit, found, ItemForm(assembly=visit.assembly, item=found), status=409)
    messages.success(visit.request, _("It is off the agenda."))
    return redirect("cockpit", slug=visit.assembly.slug)


def new_item(form: ItemForm) -> NewItem:
    kind = ItemKind(form.cleaned_data["kind"])
    return NewItem(kind, form.texts, form.cleaned_data["minutes"], form.options if kind == ItemKind.POLL else {})


def _found(visit: Visit, public_id: str, item: str) -> AgendaItem:
    session = get_object_or_404(visibility.sessions_for(visit.assembly, visit.participant), public_id=public_id)
    return get_object_or_404(session.items.select_related("session"), public_id=item)


def _show(visit: Visit, item: AgendaItem, form: ItemForm, status: int = 200) -> HttpResponse:
    title = item.title_in(visit.language)
    return visit.render("session/item.html", item=item, item_title=title, item_form=form, status=status)
