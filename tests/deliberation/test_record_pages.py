"""What anybody may read of the record, over the pages of the site."""

import io
import json
import zipfile

import pytest
from django.conf import settings

from deliberation import record
from deliberation.actions.joining import join
from deliberation.actions.phases import close_phase
from deliberation.actions.voting import vote_on
from deliberation.models import Assembly, Choice
from deliberation.record import tree
from deliberation.record.notes import Tree, decoded, opened
from deliberation.record.sealing import seal
from tests.people import a_joined_member, a_statement, an_assembly, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RECORD_KEY_FILE", tmp_path / "record_key")
    monkeypatch.setattr(settings, "RECORD_PROMISE_KEY_FILE", tmp_path / "promise_key")


def config_entries(assembly: Assembly, count: int) -> None:
    record.append_all(assembly, (record.Contribution("config", f"{n}", {"n": n}) for n in range(count)))


def read(path: str) -> object:
    answer = browser_of(None).get(f"/a/river/record/{path}")
    assert answer.status_code == 200
    return answer.json() if path.partition("?")[0].endswith("json") else answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_empty_record_says_so(assembly):
    assert "Nothing is sealed yet." in read("")
    assert browser_of(None).get("/a/river/record/bundle.zip").status_code == 404


def test_the_page_shows_the_checkpoint_and_places_but_no_contents(assembly):
    ana = a_joined_member(assembly, "Ana")
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.DISAGREE)
    seal(assembly)

    page = read("")

    checkpoint = assembly.checkpoints.get()
    assert checkpoint.note.split("\n")[2] in page
    assert bytes(checkpoint.root).hex() in page  # one entry: its hash is the root
    assert "1 entry is sealed" in page
    assert "1 vote waits for others." in page
    assert "disagree" not in page


def test_old_checkpoints_stay_as_they_were(assembly):
    for _ in range(2):
        config_entries(assembly, 3)
        seal(assembly)

    newest, older = assembly.checkpoints.all()

    assert (read("checkpoints/3.txt"), read("checkpoints/6.txt")) == (older.note, newest.note)
    assert browser_of(None).get("/a/river/record/checkpoints/4.txt").status_code == 404


def test_the_first_page_prints_the_checkpoint_once_no_phase_is_open(assembly):
    ana = a_joined_member(assembly, "Ana")
    seal(assembly)
    during = [browser_of(person).get("/a/river/").content.decode() for person in (None, ana)]

    close_phase(assembly.phases.get())
    seal(assembly)
    after = [browser_of(person).get("/a/river/").content.decode() for person in (None, ana)]

    root = assembly.checkpoints.first().note.split("\n")[2]
    assert [root in page for page in after] == [True, True]
    assert not any("The record has" in page for page in during)


def test_a_newer_checkpoint_is_shown_to_continue_an_older_one(assembly):
    for _ in range(2):
        config_entries(assembly, 3)
        seal(assembly)
    newest, older = assembly.checkpoints.all()

    told = read("consistency/3.json")

    proof = [decoded(each) for each in told["proof"]]
    assert told["checkpoint"] == newest.note
    assert tree.is_consistent(3, bytes(older.root), 6, bytes(newest.root), proof)
    assert browser_of(None).get("/a/river/record/consistency/0.json").status_code == 404
    assert browser_of(None).get("/a/river/record/consistency/7.json").status_code == 404


def test_an_entry_is_found_by_its_whole_hash(assembly):
    config_entries(assembly, 2)
    seal(assembly)
    waiting = record.append(assembly, type="config", id="x", content={})

    places = [read(f"places/{bytes(each.leaf_hash).hex()}.json") for each in assembly.record.order_by("sequence")]

    assert places == [{"sequence": 0}, {"sequence": 1}, {"sequence": None}]
    for nothing in ("0" * 64, bytes(waiting.leaf_hash).hex()[:-2], bytes(waiting.leaf_hash).hex().upper()):
        assert browser_of(None).get(f"/a/river/record/places/{nothing}.json").status_code == 404


def test_the_leaves_lead_to_the_root_of_the_checkpoint(assembly):
    config_entries(assembly, 2_500)
    seal(assembly)

    leaves, answer = [], {"size": 1}
    while len(leaves) < answer["size"]:
        answer = read(f"entries.json?from={len(leaves)}")
        leaves += answer["entries"]

    signed = Tree.parsed(opened(assembly.checkpoints.get().note, assembly.checkpoints.get().key))
    assert (len(leaves), signed.size) == (2_500, 2_500)
    assert tree.root_of([tree.leaf_hash(leaf.encode()) for leaf in leaves]) == signed.root
    assert read("entries.json?from=7&to=9")["entries"] == leaves[7:9]
    assert read("entries.json?from=9999")["entries"] == []


@pytest.mark.parametrize("query", ["from=-1", "from=x", "to=1e3", f"from={'9' * 5000}", "from=٣", "to=%00"])
def test_a_place_that_is_no_number_is_nowhere(assembly, query):
    assert browser_of(None).get(f"/a/river/record/entries.json?{query}").status_code == 404


def test_a_proof_leads_from_the_leaf_to_the_signed_root(assembly):
    config_entries(assembly, 700)
    seal(assembly)

    for sequence in (0, 256, 699):
        told = read(f"proof/{sequence}.json")
        signed = Tree.parsed(opened(told["checkpoint"], told["key"]))
        hashed = tree.leaf_hash(told["leaf"].encode())
        proof = [decoded(each) for each in told["proof"]]
        assert decoded(told["leaf_hash"]) == hashed
        assert tree.is_included(hashed, sequence, signed.size, proof, signed.root)
    for nowhere in ("700", "9" * 40):
        assert browser_of(None).get(f"/a/river/record/proof/{nowhere}.json").status_code == 404


def test_entries_are_shown_page_by_page(assembly):
    config_entries(assembly, 60)
    seal(assembly)

    pages = [browser_of(None).get(f"/a/river/record/?page={n}").context["entries"] for n in (1, 2, 3)]

    assert [[entry.sequence for entry in page] for page in pages] == [
        list(range(59, 34, -1)),
        list(range(34, 9, -1)),
        list(range(9, -1, -1)),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_bundle_comes_as_a_zip_file_without_votes_that_are_not_open(assembly):
    assembly.phases.update(results="after_close")
    people = [join(assembly, f"Member {n}", "en")[0] for n in range(10)]
    statement = a_statement(assembly)
    for person in people:
        vote_on(person, statement, Choice.DISAGREE)
    seal(assembly)

    def votes_told() -> int:
        answer = browser_of(None).get("/a/river/record/bundle.zip")
        files = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        contents = [json.loads(json.loads(line)["content"]) for line in files.open("openings.jsonl")]
        return sum(content.get("choice") == "disagree" for content in contents)

    before = votes_told()
    close_phase(assembly.phases.get())
    seal(assembly)

    assert (before, votes_told()) == (0, 10)


def test_one_assemblys_record_is_not_anothers(assembly):
    other = an_assembly("hills")
    config_entries(assembly, 5)
    config_entries(other, 3)
    seal(assembly)
    seal(other)

    sizes = [browser_of(None).get(f"/a/{slug}/record/entries.json").json()["size"] for slug in ("river", "hills")]

    assert sizes == [5, 3]
    assert browser_of(None).get("/a/hills/record/proof/4.json").status_code == 404
