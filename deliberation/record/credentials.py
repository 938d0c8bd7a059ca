"""Signed statements about documents: W3C Verifiable Credentials 2.0 with a Data Integrity proof (eddsa-jcs-2022).

https://www.w3.org/TR/vc-di-eddsa/, section 3.3. The issuer is a did:key, which is the public key itself.
"""

import hashlib
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Document = dict[str, Any]

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"  # of the multicodec table


class CredentialRejectedError(ValueError):
    """The proof does not fit the document; the message says what is wrong."""


def multibase(data: bytes) -> str:
    """Base58 as Bitcoin writes it, with the letter that says so."""
    number, letters = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        letters = BASE58[rest] + letters
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + BASE58[0] * zeros + letters


def from_multibase(text: str) -> bytes:
    if not text.startswith("z") or set(text[1:]) - set(BASE58):
        raise CredentialRejectedError("not base58")
    number = 0
    for letter in text[1:]:
        number = number * 58 + BASE58.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip(BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def did_of(key: Ed25519PrivateKey) -> str:
    """The did:key of a key."""
    return f"did:key:{multibase(ED25519_PUBLIC + key.public_key().public_bytes_raw())}"


def method_of(did: str) -> str:
    """The one verification method of a did:key."""
    return f"{did}#{did.removeprefix('did:key:')}"


def with_proof(document: Document, key: Ed25519PrivateKey, created: str, method: str) -> Document:
    """The document with a proof by this key; `created` as XML Schema writes a moment, `method` names the key."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    return {**document, "proof": {**proof, "proofValue": multibase(key.sign(hash_data(document, proof)))}}


def require_proof(secured: Document) -> str:
    """Check the proof of a document, and tell the did:key that gave it. Raises CredentialRejectedError."""
    document = {name: value for name, value in secured.items() if name != "proof"}
    proof = dict(secured["proof"])
    signature = from_multibase(proof.pop("proofValue"))
    did, _, key = str(proof.get("verificationMethod")).partition("#")
    public = from_multibase(key)
    if did != f"did:key:{key}" or public[:2] != ED25519_PUBLIC or proof.get("cryptosuite") != "eddsa-jcs-2022":
        raise CredentialRejectedError("not a proof of this kind by a did:key")
    try:
        Ed25519PublicKey.from_public_bytes(public[2:]).verify(signature, hash_data(document, proof))
    except InvalidSignature as error:
        raise CredentialRejectedError("the proof does not fit the document") from error
    return did


def hash_data(document: Document, proof: Document) -> bytes:
    """What is signed: the hash of the proof's options, then that of the document, both in canonical JSON."""
    return hashlib.sha256(rfc8785.dumps(proof)).digest() + hashlib.sha256(rfc8785.dumps(document)).digest()
