"""Witnesses: the format of C2SP, and a server that signs nothing but what continues what it has seen."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from deliberation import record
from deliberation.models import Assembly, Cosignature, WitnessedLog
from deliberation.record import notes, witnessing
from deliberation.record.cosigning import Witness, cosigned_at
from deliberation.record.nodes import Nodes
from deliberation.record.notes import NoteRejectedError, Signer, Tree
from deliberation.record.sealing import seal
from tests.finished_assembly import keep_keys_in
from tests.people import an_assembly, browser_of

pytestmark = pytest.mark.django_db

# The example of c2sp.org/tlog-cosignature: its checkpoint, as a witness would sign it.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    keep_keys_in(tmp_path, monkeypatch)


@pytest.fixture
def witness() -> Witness:
    return Witness("witness.example/w1", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def grow(assembly: Assembly, count: int = 3) -> str:
    """Seal some more; the checkpoint as others read it."""
    record.append_all(assembly, (record.Contribution("config", f"{n}", {}) for n in range(count)))
    return seal(assembly).note


def watched(assembly: Assembly) -> str:
    call_command("watch_record", assembly.checkpoints.latest().key)
    return witnessing.this_witness().verifier_key


def added(old: int, note: str, proof: list[bytes] = ()) -> tuple[int, str]:
    lines = "".join(f"{notes.encoded(each)}\n" for each in proof)
    answer = Client().post("/witness/add-checkpoint", f"old {old}\n{lines}\n{note}", content_type="text/plain")
    return answer.status_code, answer.content.decode()


def test_a_cosignature_is_a_stamped_signature_over_two_lines_and_the_checkpoint(witness):
    line = witness.cosign(CHECKPOINT, 1_679_315_147)

    name, encoded = line.removeprefix("— ").rstrip("\n").split(" ")
    raw = notes.decoded(encoded)
    said = f"cosignature/v1\ntime 1679315147\n{CHECKPOINT}"
    public = notes.decoded(witness.verifier_key.split("+", 2)[2])
    assert (name, len(raw), public[:1]) == ("witness.example/w1", 4 + 8 + 64, b"\x04")
    assert raw[4:12].hex() == "000000006418" + "50cb"
    notes.require_signature(public[1:], raw[12:], said)
    assert raw[:4].hex() == witness.verifier_key.split("+")[1]


def test_a_cosignature_is_good_for_its_checkpoint_alone(witness):
    signed = f"{CHECKPOINT}\n{witness.cosign(CHECKPOINT, 12)}"

    assert cosigned_at(signed, witness.verifier_key) == 12
    for changed in (signed.replace("20852163", "20852164"), signed.replace("w1 ", "w2 ")):
        with pytest.raises(NoteRejectedError):
            cosigned_at(changed, witness.verifier_key)
    log = Signer("witness.example/w1", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    with pytest.raises(NoteRejectedError):  # the key of a log is of another kind
        cosigned_at(signed, log.verifier_key)


def test_a_witness_signs_what_continues_what_it_has_seen(assembly):
    first = grow(assembly)
    key = watched(assembly)

    status, line = added(0, first)
    second = grow(assembly)
    again, next_line = added(3, second, Nodes(assembly.pk).consistency_proof(3, 6))

    assert (status, again, WitnessedLog.objects.get().size) == (200, 200, 6)
    assert cosigned_at(first + line, key) > 1_600_000_000
    assert cosigned_at(second + next_line, key) >= cosigned_at(first + line, key)


def test_a_witness_refuses_in_the_words_of_the_specification(assembly):
    first = grow(assembly)
    other = an_assembly("hills")
    elsewhere = grow(other)
    watched(assembly)
    assert added(0, first)[0] == 200
    second = grow(assembly)
    proof = Nodes(assembly.pk).consistency_proof(3, 6)
    forged = Signer(Tree.parsed(first).origin, Ed25519PrivateKey.generate()).sign(notes.text_of(second))

    assert added(0, elsewhere)[0] == 404
    assert added(3, forged, proof)[0] == 403
    assert added(7, second)[0] == 400
    assert added(0, second) == (409, "3\n")
    assert added(3, second, proof[:-1])[0] == 422
    assert added(3, second, [*proof[:-1], bytes(32)])[0] == 422
    assert added(3, "not a checkpoint")[0] == 400
    assert Client().post("/witness/add-checkpoint", "\x00\xff", content_type="text/plain").status_code == 400
    assert WitnessedLog.objects.get().size == 3


def test_a_witness_refuses_a_second_past_of_the_same_size(assembly):
    first = grow(assembly)
    watched(assembly)
    assert added(0, first)[0] == 200
    signer = Signer(Tree.parsed(first).origin, notes.kept_key(settings.RECORD_KEY_FILE))
    split = signer.sign(str(Tree(signer.name, 3, bytes(32))))

    assert added(3, split)[0] == 409
    assert added(3, first)[0] == 200  # the same once more does no harm


def test_what_a_witness_signed_is_shown_below_the_checkpoint(assembly, witness):
    note = grow(assembly)
    line = witness.cosign(notes.text_of(note), 1_679_315_147)
    checkpoint = assembly.checkpoints.get()
    checkpoint.cosignatures.create(key=witness.verifier_key, line=line, witnessed_at="2023-03-20T12:25:47Z")

    page = browser_of(None).get("/a/river/record/").content.decode()
    text = browser_of(None).get("/a/river/record/checkpoints/3.txt").content.decode()

    assert text == note + line
    assert cosigned_at(text, witness.verifier_key) == 1_679_315_147
    assert "witness.example/w1" in page


@pytest.mark.django_db(transaction=True)
def test_a_running_server_is_asked_and_what_it_signed_is_kept(assembly, live_server):
    for _ in range(2):  # the second time it has seen the first
        note = grow(assembly)
        key = watched(assembly)

        call_command("ask_witness", "river", f"{live_server.url}/witness", key)

        assert cosigned_at(note + Cosignature.objects.last().line, key) > 1_600_000_000
    Cosignature.objects.all().delete()  # this server has forgotten how far the witness was; it asks and goes on
    grow(assembly)
    call_command("ask_witness", "river", f"{live_server.url}/witness", key)

    assert Cosignature.objects.get().checkpoint.size == 9


@pytest.mark.django_db(transaction=True)
def test_a_witness_with_another_key_is_not_believed(assembly, witness, live_server):
    grow(assembly)
    watched(assembly)

    with pytest.raises(CommandError, match="did not sign with"):
        call_command("ask_witness", "river", f"{live_server.url}/witness", witness.verifier_key)
    with pytest.raises(CommandError, match="not cosigned"):
        call_command("ask_witness", "river", "http://127.0.0.1:9", witness.verifier_key)

    assert not Cosignature.objects.exists()
