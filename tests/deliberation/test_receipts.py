"""Receipts: promised, then sealed; they prove inclusion to anybody and tell a vote to nobody but its owner."""

import base64
import html
import json
import re

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from deliberation import record
from deliberation.actions.checking import Checked, check_receipts
from deliberation.actions.erasing import erase
from deliberation.actions.phases import close_phase
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.models import Assembly, Choice, Participant, RecordCheck, RecordEntry, RecordOpening, Statement
from deliberation.models.invitation import LETTERS
from deliberation.record import tree
from deliberation.record.codes import code_of
from deliberation.record.notes import Tree, decoded, opened
from deliberation.record.receipts import promise_signer, receipts_of
from deliberation.record.sealing import seal
from tests.people import a_joined_member, a_proposal, a_statement, an_assembly, browser_of, is_named

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RECORD_KEY_FILE", tmp_path / "record_key")
    monkeypatch.setattr(settings, "RECORD_PROMISE_KEY_FILE", tmp_path / "promise_key")


@pytest.fixture
def ana(assembly) -> Participant:
    return a_joined_member(assembly, "Ana")


@pytest.fixture
def statement(assembly) -> Statement:
    return a_statement(assembly, "Plant trees on the bank.")


def end_of_phase(assembly: Assembly) -> None:
    close_phase(assembly.phases.get())
    seal(assembly)


def test_a_vote_is_first_promised_then_sealed(assembly, ana, statement):
    vote_on(ana, statement, Choice.AGREE)
    seal(assembly)
    before = [(receipt.entry.type, receipt.is_sealed) for receipt in receipts_of(ana)]

    end_of_phase(assembly)

    assert before == [("enrol", True), ("vote", False)]
    assert [(receipt.entry.type, receipt.is_sealed) for receipt in receipts_of(ana)] == [
        ("enrol", True),
        ("vote", True),
    ]
    assert all(receipt.holds() for receipt in receipts_of(ana))


def test_a_promise_is_signed_and_names_the_leaf_that_is_sealed_later(assembly, ana, statement):
    vote_on(ana, statement, Choice.AGREE)
    promised = receipts_of(ana)[1].as_text()

    end_of_phase(assembly)

    name, leaf, sentence = opened(promised, promise_signer(assembly).verifier_key).splitlines()
    sealed = [bytes(entry.leaf_hash) for entry in RecordEntry.objects.filter(sequence__isnull=False)]
    assert name == f"127.0.0.1:8000/assembly/{assembly.public_id}/promises"
    assert decoded(leaf) in sealed
    assert sentence.startswith("Promised 2")


def test_a_sealed_receipt_is_a_tlog_proof_that_stands_alone(assembly, ana, statement):
    vote_on(ana, statement, Choice.DISAGREE)
    end_of_phase(assembly)

    text = receipts_of(ana)[1].as_text()

    head, _, note = text.partition("\n\n")
    first, extra, index, *proof = head.split("\n")
    leaf = json.loads(base64.b64decode(extra.removeprefix("extra ")))["leaf"].encode()
    signed = Tree.parsed(opened(note, assembly.checkpoints.first().key))
    place = int(index.removeprefix("index "))
    assert first == "c2sp.org/tlog-proof@v1"
    assert tree.is_included(tree.leaf_hash(leaf), place, signed.size, [decoded(each) for each in proof], signed.root)


def test_a_receipt_of_a_vote_does_not_tell_the_vote(assembly, ana, statement):
    vote_on(ana, statement, Choice.DISAGREE)
    end_of_phase(assembly)

    told = browser_of(ana).get("/a/river/mine/receipts.txt").content.decode()

    extras = [base64.b64decode(line.split(" ")[1]) for line in told.splitlines() if line.startswith("extra ")]
    assert len(extras) == 2
    assert not any(word in extra for extra in extras for word in (b"disagree", statement.public_id.encode()))
    assert "disagree" in browser_of(ana).get("/a/river/mine/receipts.json").content.decode()


def test_a_receipt_of_a_statement_carries_what_it_says(assembly, ana):
    make_statement(ana, "Plant trees on the bank.", "en")
    seal(assembly)

    text = receipts_of(ana)[1].as_text()

    extra = json.loads(base64.b64decode(text.splitlines()[1].removeprefix("extra ")))
    assert json.loads(extra["content"])["text"] == "Plant trees on the bank."


def test_nobody_reads_anybody_elses_receipts(assembly, ana, statement):
    ben = a_joined_member(assembly, "Ben")
    vote_on(ana, statement, Choice.DISAGREE)
    end_of_phase(assembly)

    hers = browser_of(ana).get("/a/river/mine/receipts.json").json()["receipts"]
    his = browser_of(ben).get("/a/river/mine/receipts.json").json()["receipts"]

    assert [each["type"] for each in hers] == ["enrol", "vote"]
    assert [each["type"] for each in his] == ["enrol"]
    assert hers[0]["leaf"] != his[0]["leaf"]


def test_the_page_says_what_was_contributed_and_its_state(assembly, ana, statement):
    make_statement(ana, "Plant <b>trees</b>.", "en")
    seal(assembly)
    vote_on(ana, statement, Choice.AGREE)

    page = browser_of(ana).get("/a/river/mine/receipts/")

    rows = [(row["what"], row["sealed"]) for row in page.context["rows"]]
    assert rows == [("You joined", True), ("Your statement", True), ("Your vote on statement 1: Agree", False)]
    assert "2 contributions of yours are in the sealed record." in page.content.decode()
    assert "1 is promised and waits to be sealed." in page.content.decode()
    assert "Plant &lt;b&gt;trees&lt;/b&gt;." in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_whoever_checks_is_counted_once(assembly, ana):
    a_joined_member(assembly, "Ben")
    seal(assembly)
    browser = browser_of(ana)

    for _ in range(2):
        answer = browser.post("/a/river/record/checks/", follow=True)

    assert "it is in the record." in answer.content.decode()
    assert "1 of 2 participants have checked" in browser.get("/a/river/record/").content.decode()
    assert RecordCheck.objects.get().participant == ana


def test_a_browser_that_has_checked_is_counted_without_further_words(assembly, ana):
    seal(assembly)
    browser = browser_of(ana)

    answer = browser.post("/a/river/record/checks/", headers={"X-Requested-With": "fetch"})

    assert (answer.status_code, RecordCheck.objects.get().size) == (204, 1)
    assert "This machine has checked" not in browser.get("/a/river/record/").content.decode()


def test_nothing_sealed_is_nothing_checked(assembly, ana):
    assert check_receipts(ana) == Checked(sealed=0, waiting=1, wrong=0)
    assert RecordCheck.objects.count() == 0


def test_a_content_that_was_exchanged_behind_ones_back_is_noticed(assembly, ana, statement):
    vote_on(ana, statement, Choice.DISAGREE)
    end_of_phase(assembly)
    opening = RecordOpening.objects.get(entry__type="vote")
    opening.content = bytes(opening.content).replace(b"disagree", b"agree")
    opening.save()

    answer = browser_of(ana).post("/a/river/record/checks/", follow=True)

    assert check_receipts(ana) == Checked(sealed=1, waiting=0, wrong=1)
    assert "1 contribution is not in the record as it should be." in answer.content.decode()
    assert RecordCheck.objects.count() == 0


def test_a_check_with_something_unexpected_is_refused(assembly, ana):
    seal(assembly)

    browser_of(ana).post("/a/river/record/checks/", {"participant": "somebody else"})

    assert RecordCheck.objects.count() == 0


def test_erased_contributions_have_no_receipt(assembly, ana, statement):
    vote_on(ana, statement, Choice.DISAGREE)
    end_of_phase(assembly)

    erase(ana)

    assert receipts_of(ana) == []


@pytest.mark.parametrize("votes", [1, 3])
def test_receipts_take_the_same_number_of_queries(assembly, ana, votes, django_assert_max_num_queries):
    for n in range(votes):
        vote_on(ana, a_statement(assembly, f"Idea {n}."), Choice.AGREE)
    end_of_phase(assembly)

    with django_assert_max_num_queries(3):
        assert all(receipt.holds() for receipt in receipts_of(ana))


def test_the_answer_to_a_vote_carries_the_signed_promise(assembly, ana, statement):
    nonce = "0123456789abcdef" * 2
    vote = {"choice": "agree", "revision": "0", "edition": "0", "nonce": nonce}

    answer = browser_of(ana).post(
        f"/a/river/statements/{statement.public_id}/votes/", vote, headers={"X-Requested-With": "fetch"}
    )

    receipt = receipts_of(ana)[-1]
    promised = html.unescape(re.search('data-promise="([^"]*)"', answer.content.decode())[1])
    said = opened(promised, promise_signer(assembly).verifier_key).splitlines()
    assert decoded(said[1]) == bytes(receipt.entry.leaf_hash)
    assert receipt.code in answer.content.decode()
    assert (json.loads(receipt.content)["nonce"], receipt.nonce_is_own) == (nonce, True)


def test_the_page_after_a_statement_or_an_argument_leads_to_its_receipt(assembly, ana):
    proposal = a_proposal(assembly)
    browser, told = browser_of(ana), []

    for address, values in (
        ("/a/river/statements/new/", {"text": "Plant trees on the bank."}),
        (f"/a/river/proposals/{proposal.public_id}/arguments/", {"text": "It smells less in June.", "side": "for"}),
    ):
        page = browser.post(address, {**values, "language": "en"}, follow=True).content.decode()
        told.append((receipts_of(ana)[-1].entry.type, receipts_of(ana)[-1].code in page))

    assert told == [("statement", True), ("argument", True)]


def test_without_a_number_of_the_browser_the_server_makes_it_and_the_receipt_says_so(assembly, ana, statement):
    vote_on(ana, statement, Choice.AGREE)
    end_of_phase(assembly)

    receipt = receipts_of(ana)[-1]

    extra = json.loads(base64.b64decode(receipt.as_text().splitlines()[1].removeprefix("extra ")))
    page = browser_of(ana).get(f"/a/river/mine/receipts/{receipt.code}/").content.decode()
    assert (extra["nonce_by"], receipt.nonce_is_own, len(json.loads(receipt.content)["nonce"])) == ("server", False, 32)
    assert "was made by this server" in page


@pytest.mark.parametrize("nonce", ["short", "G" * 32, "0" * 33, "0" * 31 + "\n", "ＡＢＣＤ" * 8])
def test_a_number_of_another_shape_is_refused(assembly, ana, statement, nonce):
    vote = {"choice": "agree", "revision": "0", "edition": "0", "nonce": nonce}

    answer = browser_of(ana).post(f"/a/river/statements/{statement.public_id}/votes/", vote)

    assert (answer.status_code, RecordEntry.objects.filter(type="vote").count()) == (400, 0)


def test_who_made_the_number_is_nowhere_in_what_is_published(assembly, ana, statement):
    """Few browsers make none: it would tell their votes from all others."""
    vote_on(ana, statement, Choice.AGREE, nonce="0123456789abcdef" * 2)
    vote_on(ana, a_statement(assembly), Choice.AGREE)

    entries = RecordEntry.objects.filter(type="vote").select_related("opening")
    shapes = {(tuple(json.loads(bytes(e.leaf))), tuple(json.loads(bytes(e.opening.content)))) for e in entries}

    assert len(shapes) == 1


def test_a_receipt_is_found_by_its_short_code_however_it_is_typed(assembly, ana, statement):
    vote_on(ana, statement, Choice.AGREE)
    end_of_phase(assembly)
    receipt = receipts_of(ana)[-1]
    typed = [receipt.code, receipt.code.lower(), receipt.code.replace("-", ""), f" {receipt.code.replace('-', ' ')} "]

    pages = [browser_of(None).get("/a/river/record/check/", {"code": code}).content.decode() for code in typed]

    assert all(f"{receipt.code} is entry {receipt.entry.sequence} of the sealed record." in page for page in pages)
    assert "Agree" not in pages[0]
    assert not is_named(ana.pseudonym, pages[0])


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "x", "'; DROP", "🙂" * 12, "0" * 400, "\x00"])
def test_a_code_of_nothing_finds_nothing(assembly, ana, code):
    page = browser_of(None).get("/a/river/record/check/", {"code": code})

    assert (page.status_code, "Nothing in this record has that code." in page.content.decode()) == (200, True)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_the_beginning_of_the_hash_and_has_no_confusing_letters(hashed):
    code = code_of(hashed)

    letters = code.replace("-", "")
    number = sum(LETTERS.index(letter) << 5 * place for place, letter in enumerate(reversed(letters)))
    assert number == int.from_bytes(hashed) >> (256 - 60)
    assert not set(code) & set("0O1I")


def test_one_assemblys_code_is_nothing_in_another(assembly, ana):
    an_assembly("hills")
    code = receipts_of(ana)[0].code

    page = browser_of(None).get("/a/hills/record/check/", {"code": code}).content.decode()

    assert "Nothing in this record has that code." in page


def test_nobody_reaches_somebody_elses_receipt(assembly, ana):
    ben = a_joined_member(assembly, "Ben")
    code = receipts_of(ana)[0].code

    answers = [browser_of(ben).get(f"/a/river/mine/receipts/{code}{end}").status_code for end in ("/", ".txt")]

    assert answers == [404, 404]
    assert browser_of(ana).get(f"/a/river/mine/receipts/{code}.txt").content.decode().endswith("=\n")


def test_all_receipts_lead_to_one_checkpoint_even_if_another_is_sealed_meanwhile(assembly, ana):
    """What once made a browser say that receipts do not fit: the note was of a moment later than the proofs."""
    seal(assembly)
    record.append(assembly, type="config", id="x", content={})

    def seal_after_the_first_look(execute, sql, parameters, many, context):
        found = execute(sql, parameters, many, context)
        if "deliberation_checkpoint" in sql and not sealed:
            sealed.append(True)
            seal(assembly)
        return found

    sealed: list[bool] = []
    with connection.execute_wrapper(seal_after_the_first_look):
        told = browser_of(ana).get("/a/river/mine/receipts.json").json()

    signed = Tree.parsed(opened(told["checkpoint"], told["key"]))
    receipt = told["receipts"][0]
    proof = [bytes.fromhex(each) for each in receipt["proof"]]
    assert sealed == [True]
    assert tree.is_included(
        tree.leaf_hash(receipt["leaf"].encode()), receipt["sequence"], signed.size, proof, signed.root
    )
