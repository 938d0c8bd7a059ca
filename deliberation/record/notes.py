"""Signed notes and checkpoints as C2SP writes them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), with Ed25519."""

import base64
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "— "


class NoteRejectedError(ValueError):
    """The note is not what this key signed; the message says what is wrong."""


@dataclass(frozen=True)
class Tree:
    """What a checkpoint says: this log has so many leaves and this root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def parsed(cls, text: str) -> "Tree":
        lines = text.split("\n")
        if len(lines) < 4 or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise NoteRejectedError("not a checkpoint")
        return cls(lines[0], int(lines[1]), decoded(lines[2]))


class Signer:
    """A private key under a name."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.name, self._key = name, key
        self._public = key.public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        """The public half, as others need it to check notes."""
        return verifier_key(self.name, self._public)

    def sign(self, text: str) -> str:
        signature = key_hash(self.name, self._public) + self._key.sign(text.encode())
        return f"{text}\n{signature_line(self.name, signature)}"


def opened(note: str, key: str) -> str:
    """The text of a note that this verifier key signed. Raises NoteRejectedError."""
    name, public = parsed_key(key)
    text = text_of(note)
    require_signature(public, signature_by(note, name, key_hash(name, public)), text)
    return text


def text_of(note: str) -> str:
    """What a note says, whoever signed it."""
    text, blank, _ = note.rpartition("\n\n")
    if not blank:
        raise NoteRejectedError("no signature")
    return f"{text}\n"


def signature_by(note: str, name: str, hashed: bytes) -> bytes:
    """The signature of the key with this name and hash, among all below a note."""
    for line in note.rpartition("\n\n")[2].splitlines():
        if line.startswith(f"{DASH}{name} "):
            signature = decoded(line.removeprefix(f"{DASH}{name} "))
            if signature[:4] == hashed:
                return signature[4:]
    raise NoteRejectedError(f"no signature by {name}")


def key_hash(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def verifier_key(name: str, public: bytes, kind: bytes = ED25519) -> str:
    """What others need to check what was signed: name, key hash and key."""
    return f"{name}+{key_hash(name, public, kind).hex()}+{encoded(kind + public)}"


def signature_line(name: str, signature: bytes) -> str:
    return f"{DASH}{name} {encoded(signature)}\n"


def kept_key(path: Path) -> Ed25519PrivateKey:
    """The key in this file, made at the first use; of two processes that make it at once both use the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
        with os.fdopen(descriptor, "w") as file:
            file.write(encoded(Ed25519PrivateKey.generate().private_bytes_raw()) + "\n")
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(made)
    return Ed25519PrivateKey.from_private_bytes(decoded(path.read_text().strip()))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """Base64 in its one canonical spelling: what says the same in another way is another note."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise NoteRejectedError("not base64") from error
    if encoded(data) != text:
        raise NoteRejectedError("not canonical base64")
    return data


def parsed_key(key: str, kind: bytes = ED25519) -> tuple[str, bytes]:
    """The name and the public half that a verifier key gives."""
    parts = key.split("+", 2)
    if len(parts) != 3:
        raise NoteRejectedError("not a verifier key")
    name, hashed, encoded_key = parts
    public = decoded(encoded_key)
    if public[:1] != kind or len(public) != 33 or key_hash(name, public[1:], kind).hex() != hashed:
        raise NoteRejectedError("not an Ed25519 verifier key")
    return name, public[1:]


def require_signature(public: bytes, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except InvalidSignature as error:
        raise NoteRejectedError("the signature does not fit the text") from error
