"""Scribe's notes: written down in a session, corrected by a newer version, taken back."""

from django.db import transaction
from django.utils import timezone

from deliberation import record
from deliberation.actions.errors import NotInThisState, Reworded
from deliberation.actions.running import locked, tell
from deliberation.models import AgendaItem, Argument, Citation, Note, NoteBefore, Participant
from deliberation.models.drafting import GONE


@transaction.atomic
def take_note(
    scribe: Participant, item: AgendaItem, text: str, language: str, table: int | None = None, nonce: str = ""
) -> Note:
    """Write down what was said. The same words sent twice by a bad line are one note. Raises NotInThisState."""
    session = locked(item.session)
    if session.opened_at is None:
        raise NotInThisState
    if earlier := item.notes.shown().filter(author=scribe, table=table, text=text).first():
        return earlier
    note = item.notes.create(assembly=scribe.assembly, author=scribe, table=table, text=text, language=language)
    content = {"session": session.public_id, "item": item.public_id, "text": text, "language": language}
    if table is not None:
        content["table"] = table
    record.append(scribe.assembly, type="note", id=note.public_id, content=content, by=scribe, nonce=nonce)
    if session.is_open:
        tell(session)
    return note


@transaction.atomic
def correct_note(note: Note, text: str, edits: int, nonce: str = "") -> Note:
    """Put other words in place of a note's, and keep those before. Raises Reworded where that was done meanwhile."""
    current = _locked(note)
    if current.edits != edits or current.withdrawn_at is not None:
        raise Reworded
    if current.text == text:
        return current
    written_at = current.corrected_at or current.created_at
    NoteBefore.objects.create(
        note=current, author=current.author, number=edits + 1, text=current.text, written_at=written_at
    )
    current.text, current.edits, current.corrected_at = text, edits + 1, timezone.now()
    current.save(update_fields=["text", "edits", "corrected_at"])
    content = {"text": text, "language": current.language}
    record.append(
        current.assembly,
        type="edit",
        id=current.public_id,
        n=current.edits,
        content=content,
        by=current.author,
        nonce=nonce,
    )
    return current


@transaction.atomic
def withdraw_note(note: Note) -> None:
    """Take it back for good: what was noted wrongly, or should not have been. Its words are gone from every page."""
    current = _locked(note)
    if current.withdrawn_at is not None:
        return
    Note.objects.filter(pk=current.pk).update(withdrawn_at=timezone.now())
    record.append(current.assembly, type="withdraw", id=current.public_id, content={}, by=current.author)


@transaction.atomic
def cite(argument: Argument, note: Note, stands: bool = True) -> Citation:
    """Say that one's argument rests on a note, or no longer. Saying the same twice is saying it once."""
    Citation.objects.get_or_create(argument=argument, note=note, defaults={"stands": False, "changes": 0})
    citation = Citation.objects.select_for_update().get(argument=argument, note=note)
    if citation.stands == stands:
        return citation
    citation.stands, citation.changes = stands, citation.changes + 1
    citation.save(update_fields=["stands", "changes"])
    content = {"argument": argument.public_id, "note": note.public_id, **({} if stands else {"withdrawn": True})}
    cited = f"{argument.public_id} {note.public_id}"
    record.append(argument.assembly, type="cite", id=cited, n=citation.changes, content=content, by=argument.author)
    return citation


def forget_notes(participant: Participant) -> None:
    """Erase what a participant noted; the empty rows hold citations together."""
    NoteBefore.objects.filter(author=participant).delete()
    participant.notes.update(text=GONE, withdrawn_at=timezone.now())


def _locked(note: Note) -> Note:
    return (
        Note.objects.select_for_update(no_key=True, of=("self",)).select_related("author", "assembly").get(pk=note.pk)
    )
