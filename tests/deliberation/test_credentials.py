"""Data Integrity proofs against the vectors of the W3C (https://www.w3.org/TR/vc-di-eddsa/#representation-eddsa-jcs-2022)."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from deliberation.exports.credential import credential_of
from deliberation.models import Assembly
from deliberation.record.credentials import (
    CredentialRejectedError,
    did_of,
    from_multibase,
    hash_data,
    method_of,
    multibase,
    require_proof,
    with_proof,
)
from tests.finished_assembly import finish, join_all, keep_keys_in, state_all, vote_all
from tests.people import an_assembly, browser_of

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
METHOD = f"https://vc.example/issuers/5678#{PUBLIC}"
MOMENT = "2023-02-24T23:36:38Z"
ALUMNI = {
    "@context": CONTEXTS,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
HASHED = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
PROOF = "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4"


@pytest.fixture
def reported(tmp_path, monkeypatch) -> Assembly:
    keep_keys_in(tmp_path, monkeypatch)
    assembly = an_assembly("river")
    people = join_all(assembly)
    vote_all(people, state_all(people))
    finish(assembly)
    return assembly


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def the_key_of_the_vectors() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(from_multibase(PRIVATE)[2:])


def test_a_document_has_the_hash_that_the_w3c_says():
    assert hash_data(ALUMNI, {"@context": CONTEXTS})[32:].hex() == HASHED


def test_the_key_is_written_as_the_w3c_writes_it():
    assert did_of(the_key_of_the_vectors()) == f"did:key:{PUBLIC}"


def test_the_signature_is_that_of_the_vectors():
    signed = with_proof(ALUMNI, the_key_of_the_vectors(), MOMENT, METHOD)

    assert signed["proof"]["proofValue"] == PROOF


@given(st.binary(max_size=40))
def test_base58_leads_back(data):
    assert from_multibase(multibase(data)) == data


def test_a_proof_is_accepted_for_what_it_was_given_for_alone(key):
    did = did_of(key)
    signed = with_proof(ALUMNI, key, MOMENT, method_of(did))

    assert require_proof(signed) == did
    for changed in (
        {**signed, "name": "Another"},
        {**signed, "more": 1},
        {**signed, "proof": {**signed["proof"], "created": "2024-02-24T23:36:38Z"}},
        {**signed, "proof": {**signed["proof"], "proofValue": PROOF}},
    ):
        with pytest.raises(CredentialRejectedError):
            require_proof(changed)


@pytest.mark.django_db(transaction=True)
def test_a_report_is_a_credential_that_the_record_names(reported):
    report = reported.reports.get()

    credential = credential_of(report)

    export = reported.record.get(type="export")
    assert credential["credentialSubject"]["report"] == report.snapshot
    assert credential["credentialSubject"]["sha256"] == report.digest
    assert credential["issuer"] == require_proof(credential)
    assert credential["issuer"].encode() in bytes(export.opening.content)


@pytest.mark.django_db(transaction=True)
def test_a_credential_is_downloaded_where_the_report_is_seen(reported):
    answer = browser_of(None).get("/a/river/reports/1/credential.json")
    reported.phases.update(results="after_close", closed_at=None)

    assert answer["Content-Type"] == "application/vc"
    assert require_proof(json.loads(answer.content)) == json.loads(answer.content)["issuer"]
    assert browser_of(None).get("/a/river/reports/1/credential.json").status_code == 404
