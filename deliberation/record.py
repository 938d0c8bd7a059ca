"""The record: each contribution leaves an entry that commits to it without telling it.

A leaf is the RFC 8785 (canonical JSON) bytes of its type, id, revision and a salted commitment; its hash is that of
RFC 6962. The opening, salt and content, is kept apart so that deleting it erases the content and nothing else.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple

import rfc8785

from deliberation.models import Assembly, Participant, RecordEntry, RecordOpening, Statement

LEAF = b"\x00"
BATCH = 2_000  # rows an INSERT


class Contribution(NamedTuple):
    """What an entry is about: `id` names it within its type, `n` counts its revisions."""

    type: str
    id: str
    content: dict[str, Any]
    n: int = 1


def append(assembly: Assembly, type: str, id: str, content: dict[str, Any], n: int = 1) -> RecordEntry:
    """Add an entry in the transaction that writes what it is about: both are there or neither."""
    return append_all(assembly, [Contribution(type, id, content, n)])[0]


def append_all(assembly: Assembly, contributions: Iterable[Contribution]) -> list[RecordEntry]:
    """Add an entry for each, as `append` does for one."""
    opened = [_opened(assembly, contribution) for contribution in contributions]
    entries = RecordEntry.objects.bulk_create((entry for entry, _ in opened), batch_size=BATCH)
    RecordOpening.objects.bulk_create((opening for _, opening in opened), batch_size=BATCH)
    return entries


def _opened(assembly: Assembly, contribution: Contribution) -> tuple[RecordEntry, RecordOpening]:
    salt = secrets.token_bytes(32)
    content = rfc8785.dumps({"nonce": secrets.token_hex(16), **contribution.content})
    named = {"type": contribution.type, "id": contribution.id, "n": contribution.n}
    leaf = rfc8785.dumps({"v": 1, "log": assembly.public_id, **named, "c": commitment(salt, content)})
    entry = RecordEntry(assembly=assembly, type=contribution.type, leaf=leaf, leaf_hash=leaf_hash(leaf))
    return entry, RecordOpening(entry=entry, salt=salt, content=content)


def commitment(salt: bytes, content: bytes) -> str:
    return hmac.new(salt, content, hashlib.sha256).hexdigest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF + leaf).digest()


def vote_id(participant: Participant, statement: Statement) -> str:
    """The same for each change of one vote, different for each statement: votes can be counted but not joined."""
    return hmac.new(bytes(participant.record_secret), statement.public_id.encode(), hashlib.sha256).hexdigest()
