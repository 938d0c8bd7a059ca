"""Each contribution leaves an entry that commits to it without telling it.

A leaf is the RFC 8785 (canonical JSON) bytes of its type, id, revision and a salted commitment; its hash is that of
RFC 6962. The opening, salt and content, is kept apart so that deleting it erases the content and nothing else; whose
entry it is stands in a third table, which nobody but its owner ever gets to see and which can be dropped as a whole.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Any, NamedTuple

import rfc8785
from django.db import connection

from deliberation.copying import copy_rows, new_ids
from deliberation.models import (
    Assembly,
    Participant,
    RankingTurn,
    RecordEntry,
    RecordOpening,
    RecordOwner,
    Statement,
    Summary,
)
from deliberation.record.tree import leaf_hash

# One journey to the database for all three rows: the entry of a vote must not slow the vote.
INSERT = """
    WITH entry AS (
        INSERT INTO deliberation_recordentry (assembly_id, type, leaf, leaf_hash)
        VALUES (%(assembly)s, %(type)s, %(leaf)s, %(leaf_hash)s) RETURNING id
    ), opening AS (
        INSERT INTO deliberation_recordopening (entry_id, salt, content) SELECT id, %(salt)s, %(content)s FROM entry
    ), owner AS (
        INSERT INTO deliberation_recordowner (entry_id, participant_id, nonce_is_own, helping_id)
        SELECT id, %(by)s::bigint, %(nonce_is_own)s, %(helping)s::bigint FROM entry WHERE %(by)s::bigint IS NOT NULL
    ) SELECT id FROM entry
"""


class Contribution(NamedTuple):
    """What an entry is about: `id` names it within its type, `n` counts its revisions; `by` stays out of the leaf."""

    type: str
    id: str
    content: dict[str, Any]
    n: int = 1
    by: Participant | None = None


def append(
    assembly: Assembly,
    type: str,
    id: str,
    content: dict[str, Any],
    n: int = 1,
    by: Participant | None = None,
    nonce: str = "",
) -> RecordEntry:
    """Add an entry in the transaction that writes what it is about: both are there or neither.

    `nonce` is the number that the participant's browser made, so that nobody else can be shown the same receipt.
    Whether it was the browser or we who made it is kept with the owner alone: published, it would tell apart those few
    whose browsers make none. So is the sitting in which a helper entered it; a number made by a helper's browser is not
    the participant's own.
    """
    leaf, salt, opened = _committed(assembly, Contribution(type, id, content, n), nonce)
    row = {"assembly": assembly.pk, "type": type, "leaf": leaf, "leaf_hash": leaf_hash(leaf)}
    helping = by and by.helping
    owner = {"by": by and by.pk, "nonce_is_own": bool(nonce) and helping is None, "helping": helping and helping.pk}
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {**row, **owner, "salt": salt, "content": opened})
        (entry_id,) = cursor.fetchone()
    return RecordEntry(id=entry_id, assembly=assembly, type=type, leaf=leaf, leaf_hash=row["leaf_hash"])


def append_all(assembly: Assembly, contributions: Iterable[Contribution]) -> None:
    """Add an entry for each, as `append` does for one; for an assembly that comes in whole."""
    made = [(each, *_committed(assembly, each)) for each in contributions]
    numbered = list(zip(new_ids(RecordEntry, len(made)), made, strict=True))
    entries = ((id, assembly.pk, each.type, leaf, leaf_hash(leaf)) for id, (each, leaf, _, _) in numbered)
    copy_rows(RecordEntry, ["id", "assembly", "type", "leaf", "leaf_hash"], entries)
    openings = ((id, salt, opened) for id, (_, _, salt, opened) in numbered)
    copy_rows(RecordOpening, ["entry", "salt", "content"], openings)
    owners = ((id, each.by.pk) for id, (each, _, _, _) in numbered if each.by is not None)
    copy_rows(RecordOwner, ["entry", "participant"], owners)


def _committed(assembly: Assembly, contribution: Contribution, nonce: str = "") -> tuple[bytes, bytes, bytes]:
    """The leaf, and the salt and content that open it."""
    salt = secrets.token_bytes(32)
    opened = rfc8785.dumps({"nonce": nonce or secrets.token_hex(16), **contribution.content})
    named = {"type": contribution.type, "id": contribution.id, "n": contribution.n}
    leaf = rfc8785.dumps({"v": 1, "log": assembly.public_id, **named, "c": commitment(salt, opened)})
    return leaf, salt, opened


def commitment(salt: bytes, content: bytes) -> str:
    return hmac.new(salt, content, hashlib.sha256).hexdigest()


def vote_id(participant: Participant, statement: Statement) -> str:
    """The same for each change of one vote, different for each statement: votes can be counted but not joined."""
    return _unlinked(participant, statement.public_id)


def ranking_id(participant: Participant, turn: RankingTurn) -> str:
    """The same for each change of one ranking, different for each time that people rank."""
    return _unlinked(participant, f"{turn.round.public_id} {turn.number}")


def ratification_id(participant: Participant, summary: Summary, point: str) -> str:
    """The same for each change of one answer, different for each sentence that people are asked about."""
    return _unlinked(participant, f"{summary.version} {point}")


def _unlinked(participant: Participant, about: str) -> str:
    return hmac.new(bytes(participant.record_secret), about.encode(), hashlib.sha256).hexdigest()
