"""The record: each contribution leaves an entry that commits to it without telling it.

A leaf is the RFC 8785 (canonical JSON) bytes of its type, id, revision and a salted commitment; its hash is that of
RFC 6962. The opening, salt and content, is kept apart so that deleting it erases the content and nothing else.
"""

import hashlib
import hmac
import secrets
from typing import Any

import rfc8785

from deliberation.models import Assembly, Participant, RecordEntry, RecordOpening, Statement

LEAF = b"\x00"


def append(assembly: Assembly, type: str, id: str, content: dict[str, Any], n: int = 1) -> RecordEntry:
    """Add an entry in the transaction that writes what it is about: both are there or neither."""
    salt = secrets.token_bytes(32)
    opened = rfc8785.dumps({"nonce": secrets.token_hex(16), **content})
    leaf = rfc8785.dumps(
        {"v": 1, "log": assembly.public_id, "type": type, "id": id, "n": n, "c": commitment(salt, opened)}
    )
    entry = RecordEntry.objects.create(assembly=assembly, type=type, leaf=leaf, leaf_hash=leaf_hash(leaf))
    RecordOpening.objects.create(entry=entry, salt=salt, content=opened)
    return entry


def commitment(salt: bytes, content: bytes) -> str:
    return hmac.new(salt, content, hashlib.sha256).hexdigest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF + leaf).digest()


def vote_id(participant: Participant, statement: Statement) -> str:
    """The same for each change of one vote, different for each statement: votes can be counted but not joined."""
    return hmac.new(bytes(participant.record_secret), statement.public_id.encode(), hashlib.sha256).hexdigest()
