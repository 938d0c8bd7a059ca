"""Scribe's notes: written in a session, read and cited by everybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deliberation import visibility
from deliberation.actions.errors import NotInThisState, Reworded
from deliberation.actions.noting import cite, correct_note, take_note, withdraw_note
from deliberation.forms.moderating import LONGEST_REASON
from deliberation.forms.notes import CitationForm, CorrectionForm, NoteForm
from deliberation.forms.strict import StrictForm
from deliberation.models import AgendaItem, Argument, Note, Rule
from deliberation.views.page import Visit, for_participants, in_assembly
from deliberation.views.rate_limits import limited
from deliberation.views.session import session_now


@require_safe
@in_assembly
def notes(visit: Visit) -> HttpResponse:
    """All notes, under the item of the agenda during which they were taken; the newest first."""
    parts: dict[int, dict[str, Any]] = {}
    for note in visibility.notes_for(visit.assembly):
        part = parts.setdefault(note.item_id, {**_place(note.item, visit), "notes": []})
        part["notes"].append(note_shown(note, visit))
    return visit.render("notes/index.html", parts=list(parts.values()), can_note=takes_notes(visit))


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("note", "60/hour")
def new_note(visit: Visit) -> HttpResponse:
    items = _items(visit)
    if not takes_notes(visit):
        raise Http404
    if visit.request.method != "POST":
        return _write(visit, NoteForm(assembly=visit.assembly, items=_choices(items, visit), initial=_usual(visit)))
    form = NoteForm(visit.request.POST, assembly=visit.assembly, items=_choices(items, visit))
    if not form.is_valid():
        return _write(visit, form, status=400)
    given = form.cleaned_data
    item = next(each for each in items if each.public_id == given["item"])
    try:
        take_note(visit.participant, item, given["text"], given["language"], given["table"], given["nonce"])
    except NotInThisState:
        form.add_error(None, _("The session has gone on meanwhile. Your words are still here."))
        return _write(visit, form, status=409)
    messages.success(visit.request, _("The note is kept. Everybody may read and cite it."), extra_tags="receipt")
    return redirect("new_note", slug=visit.assembly.slug)


@require_safe
@in_assembly
def note(visit: Visit, public_id: str) -> HttpResponse:
    return _show(visit, _found(visit, public_id), CitationForm(arguments=_my_arguments(visit)))


@require_http_methods(["GET", "HEAD", "POST"])
@for_participants
@limited("note", "60/hour")
def note_corrections(visit: Visit, public_id: str) -> HttpResponse:
    own = get_object_or_404(_own(visit), public_id=public_id)
    if visit.request.method != "POST":
        return _correct(visit, own, CorrectionForm(initial={"text": own.text, "edits": own.edits}))
    form = CorrectionForm(visit.request.POST)
    if not form.is_valid():
        return _correct(visit, own, form, status=400)
    try:
        correct_note(own, form.cleaned_data["text"], form.cleaned_data["edits"], form.cleaned_data["nonce"])
    except Reworded:
        form.add_error(None, _("You corrected this note elsewhere meanwhile. It stands above as it is now."))
        form.data = {**form.data.dict(), "edits": own.edits}  # who has read the words above may go on
        return _correct(visit, own, form, status=409)
    messages.success(visit.request, _("Corrected. The words before stay to be read below."), extra_tags="receipt")
    return redirect("note", slug=visit.assembly.slug, public_id=own.public_id)


@require_POST
@for_participants
@limited("note", "60/hour")
def note_withdrawals(visit: Visit, public_id: str) -> HttpResponse:
    """Its scribe takes a note back. Others who should not leave it there hide it, by a rule and in the log."""
    note = get_object_or_404(_own(visit), public_id=public_id)
    if StrictForm(visit.request.POST).is_valid():
        withdraw_note(note)
        messages.success(visit.request, _("The note is taken back. Its words are on no page any more."))
    return redirect("notes", slug=visit.assembly.slug)


@require_POST
@for_participants
@limited("cite", "60/hour")
def citations(visit: Visit, public_id: str) -> HttpResponse:
    """One's own argument rests on this note."""
    return _say_of(visit, public_id, stands=True)


@require_POST
@for_participants
@limited("cite", "60/hour")
def citation_removals(visit: Visit, public_id: str) -> HttpResponse:
    """One's own argument rests on this note no longer."""
    return _say_of(visit, public_id, stands=False)


def _say_of(visit: Visit, public_id: str, stands: bool) -> HttpResponse:
    note = _found(visit, public_id)
    form = CitationForm(visit.request.POST, arguments=_my_arguments(visit))
    if not form.is_valid():
        return _show(visit, note, form, status=400)
    argument = _arguments(visit).get(public_id=form.cleaned_data["argument"])
    cite(argument, note, stands)
    if not stands:
        messages.success(visit.request, _("Your argument names this note no longer."))
        return redirect("note", slug=visit.assembly.slug, public_id=note.public_id)
    messages.success(visit.request, _("Your argument now names this note."))
    address = reverse("proposal", args=[visit.assembly.slug, argument.proposal.public_id])
    return redirect(f"{address}#argument-{argument.public_id}")


def note_shown(note: Note, visit: Visit) -> dict[str, Any]:
    return {
        "public_id": note.public_id,
        "text": note.text,
        "language": note.language,
        "table": note.table,
        "scribe": note.author.pseudonym,
        "is_simulated": note.author.is_simulated,
        "is_mine": visit.participant is not None and note.author_id == visit.participant.pk,
        "when": note.created_at,
        "corrected": note.corrected_at,
    }


def takes_notes(visit: Visit) -> bool:
    """Whether the reader is a scribe, and there is a session to write about."""
    return visit.participant is not None and visit.participant.takes_notes and session_now(visit) is not None


def _place(item: AgendaItem, visit: Visit) -> dict[str, Any]:
    return {"title": item.title_in(visit.language), "session": item.session.title_in(visit.language)}


def _items(visit: Visit) -> list[AgendaItem]:
    session = session_now(visit)
    return list(session.items.select_related("session").prefetch_related("translations")) if session else []


def _choices(items: list[AgendaItem], visit: Visit) -> list[tuple[str, str]]:
    return [(each.public_id, each.title_in(visit.language)) for each in items]


def _usual(visit: Visit) -> dict[str, str]:
    session = session_now(visit)
    return {"language": visit.language, "item": session.item.public_id if session.item else ""}


def _own(visit: Visit) -> Any:
    return visibility.notes_for(visit.assembly).filter(author=visit.participant)


def _found(visit: Visit, public_id: str) -> Note:
    return get_object_or_404(visibility.notes_for(visit.assembly), public_id=public_id)


def _arguments(visit: Visit) -> Any:
    return Argument.objects.filter(assembly=visit.assembly, author=visit.participant).shown().select_related("proposal")


def _my_arguments(visit: Visit) -> list[tuple[str, str]]:
    if visit.participant is None:
        return []
    return [(each.public_id, Truncator(each.text).chars(80)) for each in _arguments(visit)]


def _show(visit: Visit, note: Note, form: CitationForm, status: int = 200) -> HttpResponse:
    shown = Argument.objects.filter(citations__note=note, citations__stands=True).shown()
    return visit.render(
        "notes/show.html",
        note=note_shown(note, visit),
        place=_place(note.item, visit),
        before=list(note.before.all()),
        cited_by=shown.select_related("author", "proposal").order_by("created_at"),
        form=form if form.fields["argument"].choices else None,
        rules=Rule.choices if visit.can["moderate"] else None,
        longest_reason=LONGEST_REASON,
        status=status,
    )


def _write(visit: Visit, form: NoteForm, status: int = 200) -> HttpResponse:
    session = session_now(visit)
    mine = [note_shown(each, visit) for each in _own(visit).filter(item__session=session)]
    return visit.render("notes/new.html", form=form, session=session, mine=mine, status=status)


def _correct(visit: Visit, note: Note, form: CorrectionForm, status: int = 200) -> HttpResponse:
    return visit.render("notes/correct.html", note=note_shown(note, visit), form=form, status=status)
