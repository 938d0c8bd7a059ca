"""Receipts: what somebody holds to show that their contribution is in the record, or was promised to be.

A sealed receipt is a proof as C2SP writes it (c2sp.org/tlog-proof). Its extra data carry the leaf, and for texts what
opens it; for a vote they do not, so that the receipt itself never tells how somebody voted.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import rfc8785
from django.conf import settings
from django.utils import timezone

from deliberation.models import Assembly, Checkpoint, Participant, RecordEntry
from deliberation.record import notes, tree
from deliberation.record.leaves import commitment
from deliberation.record.nodes import Nodes
from deliberation.record.sealing import log_name

PROOF = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Receipt:
    """One entry of one's own; `checkpoint` and `proof` are there once it is sealed."""

    entry: RecordEntry
    salt: bytes
    content: bytes
    checkpoint: Checkpoint | None = None
    proof: list[bytes] = field(default_factory=list)

    @property
    def is_sealed(self) -> bool:
        return self.checkpoint is not None

    @cached_property
    def leaf(self) -> bytes:
        return bytes(self.entry.leaf)

    @cached_property
    def told(self) -> dict[str, Any]:
        """What the leaf says and what it commits to."""
        return {**json.loads(self.leaf), "content": json.loads(self.content)}

    def holds(self) -> bool:
        """Whether the content is what the leaf commits to, and the leaf is where the checkpoint says."""
        if self.told["c"] != commitment(self.salt, self.content) or self.checkpoint is None:
            return False
        signed = notes.Tree.parsed(notes.opened(self.checkpoint.note, self.checkpoint.key))
        place = (self.entry.sequence, signed.size)
        return tree.is_included(tree.leaf_hash(self.leaf), *place, self.proof, signed.root)

    def as_text(self) -> str:
        """The proof, or while the entry waits, the promise."""
        if self.checkpoint is None:
            return promise(self.entry)
        lines = [PROOF, f"extra {notes.encoded(self._extra())}", f"index {self.entry.sequence}"]
        return "\n".join([*lines, *map(notes.encoded, self.proof), "", self.checkpoint.note])

    def as_data(self) -> dict[str, Any]:
        """What a browser needs to check it. It holds the opening: for the owner's eyes alone."""
        return {
            "type": self.entry.type,
            "leaf": self.leaf.decode(),
            "salt": self.salt.hex(),
            "content": self.content.decode(),
            "sequence": self.entry.sequence if self.is_sealed else None,
            "proof": [each.hex() for each in self.proof],
            "promise": None if self.is_sealed else promise(self.entry),
        }

    def _extra(self) -> bytes:
        opening = {"salt": self.salt.hex(), "content": self.content.decode()} if self.entry.type != "vote" else {}
        return rfc8785.dumps({"leaf": self.leaf.decode(), **opening})


def receipts_of(participant: Participant) -> list[Receipt]:
    """One's own entries in the order they were written; erased ones have no receipt any more."""
    checkpoint = Checkpoint.objects.filter(assembly=participant.assembly_id).first()
    size = checkpoint.size if checkpoint else 0
    nodes = Nodes(participant.assembly_id)
    entries = RecordEntry.objects.filter(owner__participant=participant, opening__isnull=False)
    found = []
    for entry in entries.select_related("opening", "assembly").order_by("pk"):
        opening = (bytes(entry.opening.salt), bytes(entry.opening.content))
        if entry.sequence is not None and entry.sequence < size:
            proof = nodes.inclusion_proof(entry.sequence, size)
            found.append(Receipt(entry, *opening, checkpoint, proof))
        else:
            found.append(Receipt(entry, *opening))
    return found


def promise(entry: RecordEntry) -> str:
    """A signed note that this leaf will be sealed: whoever holds it and finds no such leaf can prove it was broken."""
    log = log_name(entry.assembly)
    now = timezone.now().isoformat(timespec="seconds")
    text = f"{log}/promises\n{notes.encoded(bytes(entry.leaf_hash))}\n"
    text += f"Promised {now}: this leaf will be in the record, at the latest when the open phase has ended.\n"
    return promise_signer(entry.assembly).sign(text)


def promise_signer(assembly: Assembly) -> notes.Signer:
    return notes.Signer(f"{log_name(assembly)}/promises", notes.kept_key(settings.RECORD_PROMISE_KEY_FILE))
