"""Which key signs a record, and how another one takes its place: the old key says so, in an entry of the record."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from deliberation import locks
from deliberation.models import Assembly, Checkpoint, RecordKey
from deliberation.record import notes
from deliberation.record.leaves import append
from deliberation.record.notes import NoteRejectedError, Signer

ALL_RECORDS = 0  # in place of an assembly's id: whoever holds this lock has all sealing to themselves


def key_of_last(assembly: Assembly, last: Checkpoint | None, signer: Signer) -> str:
    """The verifier key that the last checkpoint has to be signed with, if now it is this signer's turn.

    Raises NoteRejectedError where the record has been handed to another key, or by a key that never was ours.
    """
    handed_on = list(RecordKey.objects.filter(assembly=assembly))
    for earlier, later in zip([None, *handed_on], handed_on, strict=False):
        _require_handover(later, signer.name, earlier)
    if not handed_on:
        return signer.verifier_key
    if handed_on[-1].key != signer.verifier_key:
        raise NoteRejectedError(f"the record of assembly {assembly.pk} was handed to another key than the one in use")
    if last is None or last.key not in (handed_on[-1].before, handed_on[-1].key):
        raise NoteRejectedError(f"the last checkpoint of assembly {assembly.pk} is signed by a key out of turn")
    return last.key


def rotate() -> list[RecordKey]:
    """Put a new key in the place of the old one, in every record. What was cut short is finished by the next call."""
    file = settings.RECORD_KEY_FILE
    new_file = file.with_name(f"{file.name}.next")
    old, new = notes.kept_key(file), notes.kept_key(new_file)
    with locks.locked(locks.SEALING, ALL_RECORDS):
        _remember(old)
        with transaction.atomic():
            sealed = Assembly.objects.filter(checkpoints__isnull=False).distinct().order_by("pk")
            handed_on = [_hand_on(assembly, old, new) for assembly in sealed]
        os.replace(new_file, file)
    return handed_on


def _hand_on(assembly: Assembly, old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> RecordKey:
    origin = notes.Tree.parsed(assembly.checkpoints.latest().note).origin
    before, after = Signer(origin, old), Signer(origin, new).verifier_key
    number = assembly.record_keys.count() + 1
    if number > 1 and assembly.record_keys.last().key == after:
        return assembly.record_keys.last()
    note = before.sign(_words(origin, number, after))
    content = {"key": after, "before": before.verifier_key, "note": note}
    append(assembly, type="config", id="record-key", n=number, content=content)
    return RecordKey.objects.create(assembly=assembly, number=number, key=after, before=before.verifier_key, note=note)


def _require_handover(row: RecordKey, origin: str, earlier: RecordKey | None) -> None:
    """A key that was never in our file may not hand anything on, whatever the database says."""
    public = notes.parsed_key(row.before)[1]
    follows = earlier is None or earlier.key == row.before
    if not follows or notes.encoded(public) not in _remembered():
        raise NoteRejectedError(f"{row} follows a key that this record did not have")
    if notes.opened(row.note, row.before) != _words(origin, row.number, row.key):
        raise NoteRejectedError(f"the handover of {row} says something else")


def _words(origin: str, number: int, key: str) -> str:
    return f"{origin}/keys\n{number}\n{key}\nFrom here on this key signs the record.\n"


def _remember(old: Ed25519PrivateKey) -> None:
    """Keep the public half of a key, so that the database cannot invent one that we had."""
    public = notes.encoded(old.public_key().public_bytes_raw())
    if public not in _remembered():
        with open(_before(), "a") as file:
            file.write(f"{public}\n")


def _remembered() -> set[str]:
    return set(_before().read_text().split()) if _before().exists() else set()


def _before() -> Path:
    return settings.RECORD_KEY_FILE.with_name(f"{settings.RECORD_KEY_FILE.name}.before")
