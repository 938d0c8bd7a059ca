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

from deliberation.copying import copy_rows, new_ids
from deliberation.models import Assembly, Participant, RecordEntry, RecordOpening, Statement

LEAF = b"\x00"


class Contribution(NamedTuple):
    """What an entry is about: `id` names it within its type, `n` counts its revisions."""

    type: str
    id: str
    content: dict[str, Any]
    n: int = 1


def append(assembly: Assembly, type: str, id: str, content: dict[str, Any], n: int = 1) -> RecordEntry:
    """Add an entry in the transaction that writes what it is about: both are there or neither."""
    leaf, salt, opened = _committed(assembly, Contribution(type, id, content, n))
    entry = RecordEntry.objects.create(assembly=assembly, type=type, leaf=leaf, leaf_hash=leaf_hash(leaf))
    RecordOpening.objects.create(entry=entry, salt=salt, content=opened)
    return entry


def append_all(assembly: Assembly, contributions: Iterable[Contribution]) -> None:
    """Add an entry for each, as `append` does for one; for an assembly that comes in whole."""
    made = [(each.type, *_committed(assembly, each)) for each in contributions]
    ids = new_ids(RecordEntry, len(made))
    entries = ((id, assembly.pk, type, leaf, leaf_hash(leaf)) for id, (type, leaf, _, _) in zip(ids, made, strict=True))
    copy_rows(RecordEntry, ["id", "assembly", "type", "leaf", "leaf_hash"], entries)
    openings = ((id, salt, opened) for id, (_, _, salt, opened) in zip(ids, made, strict=True))
    copy_rows(RecordOpening, ["entry", "salt", "content"], openings)


def _committed(assembly: Assembly, contribution: Contribution) -> tuple[bytes, bytes, bytes]:
    """The leaf, and the salt and content that open it."""
    salt = secrets.token_bytes(32)
    opened = rfc8785.dumps({"nonce": secrets.token_hex(16), **contribution.content})
    named = {"type": contribution.type, "id": contribution.id, "n": contribution.n}
    leaf = rfc8785.dumps({"v": 1, "log": assembly.public_id, **named, "c": commitment(salt, opened)})
    return leaf, salt, opened


def commitment(salt: bytes, content: bytes) -> str:
    return hmac.new(salt, content, hashlib.sha256).hexdigest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF + leaf).digest()


def vote_id(participant: Participant, statement: Statement) -> str:
    """The same for each change of one vote, different for each statement: votes can be counted but not joined."""
    return hmac.new(bytes(participant.record_secret), statement.public_id.encode(), hashlib.sha256).hexdigest()
