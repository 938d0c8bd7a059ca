"""To be a witness of records elsewhere, and to ask one (c2sp.org/tlog-witness).

A witness has seen every checkpoint that it signs continue the one before. Whoever trusts it is not shown another past
than everybody else.
"""

import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from deliberation.models import Assembly, Checkpoint, Cosignature, WitnessedLog
from deliberation.record import notes, tree
from deliberation.record.cosigning import Witness, cosigned_at
from deliberation.record.nodes import Nodes
from deliberation.record.notes import NoteRejectedError, Tree

MOST_STEPS = 63
PATIENCE = 20.0  # seconds


class WitnessRefusalError(Exception):
    """Nothing was signed; the status is that of the specification."""

    status = 400


class UnknownLogError(WitnessRefusalError):
    status = 404


class UntrustedKeyError(WitnessRefusalError):
    status = 403


class InconsistentError(WitnessRefusalError):
    status = 422


class OutOfStepError(WitnessRefusalError):
    """The log and the witness do not start from the same size; this is the one that the witness has seen."""

    status = 409

    def __init__(self, size: int) -> None:
        super().__init__(str(size))
        self.size = size


def this_witness() -> Witness:
    return Witness(f"{urlsplit(settings.BASE_URL).netloc}/witness", notes.kept_key(settings.WITNESS_KEY_FILE))


@transaction.atomic
def add_checkpoint(request: str) -> str:
    """Cosign a checkpoint that continues what this server has seen of its log. Raises WitnessRefusalError."""
    old, proof, note = _parsed(request)
    try:
        text = notes.text_of(note)
        new = Tree.parsed(text)
    except NoteRejectedError as error:
        raise WitnessRefusalError(str(error)) from error
    log = WitnessedLog.objects.select_for_update().filter(origin=new.origin).first()
    if log is None:
        raise UnknownLogError(new.origin)
    try:
        notes.opened(note, log.key)
    except NoteRejectedError as error:
        raise UntrustedKeyError(str(error)) from error
    _require_continuation(log, old, new, proof)
    log.size, log.root, log.seen_at = new.size, new.root, timezone.now()
    log.save()
    return this_witness().cosign(text, int(time.time()))


def ask(assembly: Assembly, address: str, key: str) -> Cosignature:
    """Have a witness at this address, known by its verifier key, sign the newest checkpoint.

    Raises WitnessRefusalError, NoteRejectedError, httpx.HTTPError.
    """
    newest = assembly.checkpoints.latest()
    last = Cosignature.objects.filter(checkpoint__assembly=assembly, key=key).order_by("-checkpoint__size").first()
    seen = last.checkpoint.size if last else 0
    answer = _sent(address, newest, seen)
    if answer.status_code == OutOfStepError.status and answer.text.strip().isdecimal():
        answer = _sent(address, newest, int(answer.text))
    if answer.status_code != 200:
        raise WitnessRefusalError(f"{address} answered {answer.status_code}: {answer.text.strip()}")
    for line in answer.text.splitlines(keepends=True):
        if line.startswith(f"{notes.DASH}{key.partition('+')[0]} "):
            at = datetime.fromtimestamp(cosigned_at(f"{newest.note}{line}", key), UTC)
            found = {"line": line, "witnessed_at": at}
            return Cosignature.objects.update_or_create(checkpoint=newest, key=key, defaults=found)[0]
    raise NoteRejectedError(f"{address} did not sign with {key}")


def _sent(address: str, newest: Checkpoint, seen: int) -> httpx.Response:
    steps = Nodes(newest.assembly_id).consistency_proof(seen, newest.size) if 0 < seen < newest.size else []
    lines = "".join(f"{notes.encoded(each)}\n" for each in steps)
    body = f"old {seen}\n{lines}\n{newest.note}"
    return httpx.post(f"{address.rstrip('/')}/add-checkpoint", content=body.encode(), timeout=PATIENCE)


def _parsed(request: str) -> tuple[int, list[bytes], str]:
    head, blank, note = request.partition("\n\n")
    first, *steps = head.split("\n")
    size = first.removeprefix("old ")
    if not blank or not first.startswith("old ") or not size.isdecimal() or str(int(size)) != size:
        raise WitnessRefusalError("not a request to add a checkpoint")
    if len(steps) > MOST_STEPS:
        raise WitnessRefusalError("too long a proof")
    try:
        return int(size), [notes.decoded(step) for step in steps], note
    except NoteRejectedError as error:
        raise WitnessRefusalError(str(error)) from error


def _require_continuation(log: WitnessedLog, old: int, new: Tree, proof: list[bytes]) -> None:
    if old > new.size:
        raise WitnessRefusalError("the old size is larger than the new one")
    if old != log.size or (old == new.size and bytes(log.root) != new.root):
        raise OutOfStepError(log.size)
    if old == 0 or old == new.size:
        consistent = not proof
    else:
        consistent = tree.is_consistent(old, bytes(log.root), new.size, new.root, proof)
    if not consistent:
        raise InconsistentError("the proof does not lead from the old tree to the new one")
