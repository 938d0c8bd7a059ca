"""A report as a W3C Verifiable Credential: the frozen snapshot, with a proof that it is this installation's."""

from datetime import UTC
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.urls import reverse

from deliberation.models import Report, ReportCredential
from deliberation.record import credentials, notes
from deliberation.record.credentials import Document
from deliberation.record.sealing import log_name

# The second context lets a credential hold terms of its own: all below `report` are ours.
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"]


def issuer() -> str:
    """Who signs the reports of this installation, as a did:key."""
    return credentials.did_of(_key())


def sign_report(report: Report) -> ReportCredential:
    """Sign a report in the transaction that freezes it."""
    key, moment = _key(), report.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    did = credentials.did_of(key)
    address = reverse("report_version", args=[report.assembly.slug, report.version])
    subject = {"id": f"{settings.BASE_URL}{address}", "record": log_name(report.assembly), "sha256": report.digest}
    document = {
        "@context": CONTEXTS,
        "type": ["VerifiableCredential", "ConsensusReportCredential"],
        "issuer": did,
        "validFrom": moment,
        "credentialSubject": subject,
    }
    signed = credentials.with_proof(_around(document, report), key, moment, credentials.method_of(did))
    return ReportCredential.objects.create(report=report, document={**document, "proof": signed["proof"]})


def credential_of(report: Report) -> Document:
    """The credential with the snapshot in its place."""
    return _around(report.credential.document, report)


def _around(document: Document, report: Report) -> Document:
    subject: dict[str, Any] = {**document["credentialSubject"], "report": report.snapshot}
    return {**document, "credentialSubject": subject}


def _key() -> Ed25519PrivateKey:
    return notes.kept_key(settings.REPORT_KEY_FILE)
