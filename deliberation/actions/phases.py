from django.db import transaction
from django.utils import timezone

from deliberation import enqueue, live, record
from deliberation.actions.errors import PhaseClosed
from deliberation.models import Participant, Phase, Verb


def require(participant: Participant, verb: Verb) -> None:
    """Raise PhaseClosed unless the open phase allows this; call it in the transaction that writes."""
    if not Phase.objects.filter(assembly=participant.assembly_id).allowing(verb).exists():
        raise PhaseClosed


@transaction.atomic
def open_phase(phase: Phase) -> None:
    """Open a phase, closing the one that is open."""
    for earlier in Phase.objects.filter(assembly=phase.assembly_id).open().exclude(pk=phase.pk):
        close_phase(earlier)
    phase.opened_at, phase.closed_at = timezone.now(), None
    phase.save(update_fields=["opened_at", "closed_at"])
    _tell(phase, "open")


@transaction.atomic
def close_phase(phase: Phase) -> None:
    phase.closed_at = timezone.now()
    phase.save(update_fields=["closed_at"])
    _tell(phase, "close")


def _tell(phase: Phase, what: str) -> None:
    record.append(
        phase.assembly,
        type="phase",
        id=f"{phase.position}-{what}",
        content={"phase": phase.position, "kind": phase.kind, "what": what},
    )
    transaction.on_commit(lambda: live.announce(phase.assembly_id, "phase", phase.position), robust=True)
    enqueue.map_refresh_on_commit(phase.assembly_id)
