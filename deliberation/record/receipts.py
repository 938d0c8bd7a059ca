"""Receipts: what somebody holds to show that their contribution is in the record, or was promised to be.

A sealed receipt is a proof as C2SP writes it (c2sp.org/tlog-proof). Its extra data carry the leaf, and for texts what
opens it; for votes and rankings they do not, so that the receipt itself never tells what somebody chose.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import rfc8785
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from deliberation.models import SECRET_TYPES, Assembly, Checkpoint, Participant, RecordEntry
from deliberation.record import codes, notes, tree
from deliberation.record.leaves import commitment
from deliberation.record.nodes import Nodes
from deliberation.record.sealing import log_name

PROOF = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Receipt:
    """One entry of one's own; `checkpoint` and `proof` are there once it is sealed."""

    entry: RecordEntry
    checkpoint: Checkpoint | None = None
    proof: list[bytes] = field(default_factory=list)
    promised_by: notes.Signer | None = None

    @property
    def is_sealed(self) -> bool:
        return self.checkpoint is not None

    @property
    def code(self) -> str:
        return codes.code_of(bytes(self.entry.leaf_hash))

    @property
    def nonce_is_own(self) -> bool:
        """Whether the browser that sent it made its number, so that nobody else can have been shown this receipt."""
        return self.entry.owner.nonce_is_own

    @property
    def with_help(self) -> bool:
        """Whether a helper entered it."""
        return self.entry.owner.helping_id is not None

    @cached_property
    def leaf(self) -> bytes:
        return bytes(self.entry.leaf)

    @cached_property
    def salt(self) -> bytes:
        return bytes(self.entry.opening.salt)

    @cached_property
    def content(self) -> bytes:
        return bytes(self.entry.opening.content)

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
            return promise(self.entry, self.promised_by)
        lines = [PROOF, f"extra {notes.encoded(self._extra())}", f"index {self.entry.sequence}"]
        return "\n".join([*lines, *map(notes.encoded, self.proof), "", self.checkpoint.note])

    def as_data(self) -> dict[str, Any]:
        """What a browser needs to check it. It holds the opening: for the owner's eyes alone."""
        return {
            "type": self.entry.type,
            "leaf": self.leaf.decode(),
            "salt": self.salt.hex(),
            "content": self.content.decode(),
            "nonce_is_own": self.nonce_is_own,
            "with_help": self.with_help,
            "sequence": self.entry.sequence if self.is_sealed else None,
            "proof": [each.hex() for each in self.proof],
            "promise": None if self.is_sealed else promise(self.entry, self.promised_by),
        }

    def _extra(self) -> bytes:
        secret = self.entry.type in SECRET_TYPES
        opening = {} if secret else {"salt": self.salt.hex(), "content": self.content.decode()}
        by = "participant" if self.nonce_is_own else "helper" if self.with_help else "server"
        return rfc8785.dumps({"leaf": self.leaf.decode(), "nonce_by": by, **opening})


def receipts_of(participant: Participant) -> list[Receipt]:
    """One's own entries in the order they were written; erased ones have no receipt any more.

    All proofs lead to one checkpoint, so that whoever shows several shows them with the same signed note.
    """
    checkpoint = Checkpoint.objects.filter(assembly=participant.assembly_id).first()
    nodes, signer = Nodes(participant.assembly_id), promise_signer(participant.assembly, checkpoint)
    return [_receipt(entry, checkpoint, nodes, signer) for entry in _own(participant).order_by("pk")]


def receipt_of(participant: Participant, code: str) -> Receipt | None:
    """One's own receipt with this short code."""
    found = codes.find(participant.assembly, code)
    entry = found and _own(participant).filter(pk=found.pk).first()
    if entry is None:
        return None
    checkpoint = Checkpoint.objects.filter(assembly=participant.assembly_id).first()
    signer = promise_signer(participant.assembly, checkpoint)
    return _receipt(entry, checkpoint, Nodes(participant.assembly_id), signer)


def newest_entry_of(participant: Participant) -> RecordEntry | None:
    """What somebody contributed last: its promise goes out with the answer."""
    entry = _own(participant).order_by("-owner__entry_id").first()
    if entry is not None:
        entry.assembly = participant.assembly
    return entry


def _own(participant: Participant) -> QuerySet[RecordEntry]:
    entries = RecordEntry.objects.filter(owner__participant=participant, opening__isnull=False)
    return entries.select_related("opening", "owner", "assembly")


def _receipt(entry: RecordEntry, checkpoint: Checkpoint | None, nodes: Nodes, signer: notes.Signer) -> Receipt:
    if checkpoint is None or entry.sequence is None or entry.sequence >= checkpoint.size:
        return Receipt(entry, promised_by=signer)
    return Receipt(entry, checkpoint, nodes.inclusion_proof(entry.sequence, checkpoint.size))


def promise(entry: RecordEntry, signer: notes.Signer | None = None) -> str:
    """A signed note that this leaf will be sealed: whoever holds it and finds no such leaf can prove it was broken."""
    signer = signer or promise_signer(entry.assembly)
    now = timezone.now().isoformat(timespec="seconds")
    text = f"{signer.name}\n{notes.encoded(bytes(entry.leaf_hash))}\n"
    text += f"Promised {now}: this leaf will be in the record, at the latest when the open phase has ended.\n"
    return signer.sign(text)


def promise_signer(assembly: Assembly, last: Checkpoint | None = None) -> notes.Signer:
    return notes.Signer(f"{log_name(assembly, last)}/promises", notes.kept_key(settings.RECORD_PROMISE_KEY_FILE))
