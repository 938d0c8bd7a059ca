"""The key that signs a record can be replaced, by itself alone; and what it signed before stays good."""

import json
import shutil

import pytest
from django.conf import settings
from django.core.management import call_command

from deliberation import record
from deliberation.models import Assembly, RecordEntry, RecordKey
from deliberation.record import keys
from deliberation.record.notes import NoteRejectedError, Signer, Tree, kept_key, opened
from deliberation.record.sealing import seal
from tests.people import an_assembly

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RECORD_KEY_FILE", tmp_path / "record_key")


def grow(assembly: Assembly) -> str:
    record.append(assembly, type="config", id="x", n=assembly.record.count() + 1, content={})
    return seal(assembly).key


def content_of(entry: RecordEntry) -> dict[str, str]:
    return json.loads(bytes(entry.opening.content))


def test_the_new_key_goes_on_where_the_old_one_ended_and_the_record_says_so(assembly):
    old = grow(assembly)

    call_command("rotate_record_key")
    new = grow(assembly)

    handover = assembly.record_keys.get()
    last, first = assembly.checkpoints.all()
    assert (handover.before, handover.key) == (old, new)
    assert old != new
    told = next(content for entry in assembly.record.all() if "note" in (content := content_of(entry)))
    assert (told["before"], told["key"], told["note"]) == (old, new, handover.note)
    assert [Tree.parsed(opened(each.note, each.key)).size for each in (first, last)] == [1, 3]


def test_a_key_can_be_replaced_again_and_again(assembly):
    signed = [grow(assembly)]

    for _ in range(3):
        keys.rotate()
        signed.append(grow(assembly))

    assert len(set(signed)) == 4
    assert [row.key for row in assembly.record_keys.all()] == signed[1:]


def test_every_record_changes_its_key_at_once_and_an_empty_one_needs_none(assembly):
    others = [an_assembly() for _ in range(2)]
    grow(assembly)
    grow(others[0])

    handed_on = keys.rotate()

    assert {row.assembly for row in handed_on} == {assembly, others[0]}
    assert grow(others[1]).rpartition("+")[2] == handed_on[0].key.rpartition("+")[2]


def test_a_change_that_was_cut_short_is_finished_by_the_next_call(assembly, tmp_path):
    grow(assembly)
    shutil.copy(tmp_path / "record_key", tmp_path / "old")
    keys.rotate()
    new = (tmp_path / "record_key").read_text()
    shutil.copy(tmp_path / "record_key", tmp_path / "record_key.next")  # as if the power went between two steps
    shutil.copy(tmp_path / "old", tmp_path / "record_key")
    record.append(assembly, type="config", id="x", content={})
    with pytest.raises(NoteRejectedError, match="another key than the one in use"):
        seal(assembly)

    keys.rotate()

    assert ((tmp_path / "record_key").read_text(), RecordKey.objects.count()) == (new, 1)
    assert seal(assembly).key == RecordKey.objects.get().key


def test_the_old_key_signs_nothing_after_it_was_replaced(assembly, tmp_path):
    grow(assembly)
    old = (tmp_path / "record_key").read_bytes()
    keys.rotate()
    grow(assembly)

    (tmp_path / "record_key").write_bytes(old)

    with pytest.raises(NoteRejectedError):
        grow(assembly)


def test_a_handover_by_a_key_that_never_was_ours_is_not_believed(assembly, tmp_path):
    """What somebody with the database's root could write, who has no key."""
    grow(assembly)
    ours = Signer(Tree.parsed(assembly.checkpoints.get().note).origin, kept_key(tmp_path / "record_key"))
    theirs = Signer(ours.name, kept_key(tmp_path / "invented"))
    words = f"{ours.name}/keys\n1\n{ours.verifier_key}\nFrom here on this key signs the record.\n"
    RecordKey.objects.create(
        assembly=assembly, number=1, before=theirs.verifier_key, key=ours.verifier_key, note=theirs.sign(words)
    )

    with pytest.raises(NoteRejectedError, match="did not have"):
        grow(assembly)


def test_a_handover_that_says_something_else_is_not_believed(assembly):
    grow(assembly)
    keys.rotate()
    RecordKey.objects.update(number=2)

    with pytest.raises(NoteRejectedError, match="says something else"):
        grow(assembly)
