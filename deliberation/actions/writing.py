"""Drafts: what somebody is writing is kept, and read by a worker that knows what others have said."""

from django.db import connection
from django.utils import timezone

from deliberation import enqueue
from deliberation.analysis.similar import reading_of
from deliberation.models import Draft, Participant, Proposal

PATIENCE = 0.6  # seconds; who writes is not kept waiting for a suggestion


def keep_draft(
    participant: Participant, proposal: Proposal | None, text: str, language: str = "", side: str = ""
) -> Draft:
    """Keep what somebody is writing, a statement or an argument on a proposal, in place of what they had before."""
    draft, _ = Draft.objects.update_or_create(
        participant=participant, proposal=proposal, defaults={"text": text, "language": language, "side": side}
    )
    return draft


def forget_draft(participant: Participant, proposal: Proposal | None) -> None:
    Draft.objects.filter(participant=participant, proposal=proposal).delete()


def have_read(draft: Draft) -> Draft:
    """The draft after a worker has read it; as it is where none answers soon enough. Call it outside a transaction."""
    if not draft.is_read:
        if not connection.in_atomic_block:
            connection.close()  # back into the pool: whoever waits needs none
        enqueue.have_draft_read(draft.pk, draft.digest, PATIENCE)
        draft.refresh_from_db()
    return draft


def read_draft(draft_id: int) -> None:
    """Note on a draft what is similar to it, and wake whoever waits for that. One that was posted meanwhile is left."""
    draft = Draft.objects.select_related("participant__assembly").filter(pk=draft_id).first()
    if draft is None or draft.is_read:
        return
    reading = reading_of(draft)
    Draft.objects.filter(pk=draft.pk).update(
        similar=reading.similar, reads_as=reading.language, read_as_of=draft.digest, read_at=timezone.now()
    )
    enqueue.draft_was_read(draft.pk, draft.digest)
