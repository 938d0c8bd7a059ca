"""Cosignatures as C2SP writes them (c2sp.org/tlog-cosignature, version 1): a witness says that it saw a checkpoint, and
none before that contradicts it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deliberation.record import notes
from deliberation.record.notes import NoteRejectedError

COSIGNATURE = b"\x04"
TIME_BYTES = 8


class Witness:
    """A private key under the name of a witness."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.name, self._key = name, key
        self._public = key.public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        return notes.verifier_key(self.name, self._public, COSIGNATURE)

    def cosign(self, text: str, at: int) -> str:
        """The line for below a checkpoint of this text; `at` is in seconds since 1970."""
        signature = self._key.sign(_said(text, at).encode())
        hashed = notes.key_hash(self.name, self._public, COSIGNATURE)
        return notes.signature_line(self.name, hashed + at.to_bytes(TIME_BYTES) + signature)


def cosigned_at(note: str, key: str) -> int:
    """When the witness with this verifier key cosigned a checkpoint. Raises NoteRejectedError."""
    name, public = notes.parsed_key(key, COSIGNATURE)
    stamped = notes.signature_by(note, name, notes.key_hash(name, public, COSIGNATURE))
    at = int.from_bytes(stamped[:TIME_BYTES])
    if len(stamped) != TIME_BYTES + 64:
        raise NoteRejectedError("not a cosignature")
    notes.require_signature(public, stamped[TIME_BYTES:], _said(notes.text_of(note), at))
    return at


def _said(text: str, at: int) -> str:
    return f"cosignature/v1\ntime {at}\n{text}"
