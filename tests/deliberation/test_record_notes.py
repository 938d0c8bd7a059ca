"""Signed notes as C2SP describes them: the format byte for byte, and nothing accepted that was not signed."""

import base64
import hashlib
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from deliberation.record.notes import NoteRejectedError, Signer, Tree, decoded, encoded, kept_key, opened

ROOT = hashlib.sha256(b"root").digest()
TREE = Tree("majelis.example/assembly/x", 12, ROOT)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer("majelis.example/assembly/x", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def test_a_checkpoint_is_three_lines_and_a_signature_line(signer):
    text, _, signature = signer.sign(str(TREE)).partition("\n\n")

    assert text == f"majelis.example/assembly/x\n12\n{base64.b64encode(ROOT).decode()}"
    name, key_hash, public = signer.verifier_key.split("+", 2)
    assert signature.startswith(f"— {name} ")
    assert signature.endswith("\n")
    raw = base64.b64decode(signature.split(" ")[2])
    assert (len(raw), raw[:4].hex()) == (68, key_hash)
    key = base64.b64decode(public)
    assert hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_hash
    assert key[:1] == b"\x01"


def test_a_signed_note_opens_to_its_text(signer):
    assert Tree.parsed(opened(signer.sign(str(TREE)), signer.verifier_key)) == TREE


def test_other_signatures_beside_it_do_no_harm(signer):
    witness = Signer("witness.example", Ed25519PrivateKey.generate())
    cosigned = signer.sign(str(TREE)) + witness.sign(str(TREE)).splitlines()[-1] + "\n"

    assert opened(cosigned, signer.verifier_key) == str(TREE) == opened(cosigned, witness.verifier_key)


def test_another_key_opens_nothing(signer):
    another = Signer(signer.name, Ed25519PrivateKey.generate())

    with pytest.raises(NoteRejectedError):
        opened(signer.sign(str(TREE)), another.verifier_key)


@given(st.data())
def test_a_changed_character_is_noticed_wherever_it_is(data):
    signer = Signer("majelis.example/assembly/x", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    note = signer.sign(str(TREE))
    at = data.draw(st.integers(0, len(note) - 2))
    changed = note[:at] + data.draw(st.characters(codec="utf-8").filter(lambda c: c != note[at])) + note[at + 1 :]

    with pytest.raises(NoteRejectedError):
        opened(changed, signer.verifier_key)


def test_base64_has_one_spelling():
    assert decoded(encoded(b"ab")) == b"ab" == base64.b64decode("YWK=")
    with pytest.raises(NoteRejectedError):
        decoded("YWK=")


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    file = tmp_path / "keys" / "record_key"

    first, second = kept_key(file), kept_key(file)

    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
