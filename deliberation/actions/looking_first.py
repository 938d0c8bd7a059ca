"""Whether moderators read what people write before others do, or after."""

from django.db import transaction

from deliberation import live, record
from deliberation.models import Assembly, ModerationChoice, Participant


@transaction.atomic
def look_first(assembly: Assembly, on: bool, by: Participant) -> None:
    """It counts for what is written from now on: what is shown stays, and what waits goes on waiting."""
    Assembly.objects.select_for_update(no_key=True).get(pk=assembly.pk)
    if on == assembly.looks_first:
        return
    ModerationChoice.objects.create(assembly=assembly, looks_first=on, by=by)
    n = ModerationChoice.objects.filter(assembly=assembly).count()
    entry = record.append(assembly, type="config", id="moderation", n=n, content={"looks_first": on})
    transaction.on_commit(lambda: live.announce(assembly.pk, "moderation", entry.pk), robust=True)
