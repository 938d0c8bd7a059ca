"""What an answer carries at once: the promise of what somebody contributed last."""

from typing import Any

from django import template

from deliberation.models import Participant
from deliberation.record.codes import code_of
from deliberation.record.notes import encoded
from deliberation.record.receipts import newest_entry_of, promise

register = template.Library()


@register.inclusion_tag("receipts/_newest.html")
def newest_receipt(participant: Participant | None, *types: str) -> dict[str, Any]:
    """The receipt of one's last contribution, if it is of one of these types; without types, whatever it is."""
    entry = newest_entry_of(participant) if participant else None
    if entry is None or (types and entry.type not in types):
        return {}
    hashed = bytes(entry.leaf_hash)
    return {
        "slug": participant.assembly.slug,
        "code": code_of(hashed),
        "hash": encoded(hashed),
        "with_help": participant.helping is not None,
        "promise": None if entry.sequence is not None else promise(entry),
    }
