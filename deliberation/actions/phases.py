from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from deliberation import enqueue, live, record
from deliberation.actions.errors import NotInThisState, OnlyWatching, OutOfOrder, PhaseClosed
from deliberation.models import Participant, Phase, PhaseKind, ResultsShown, Verb
from deliberation.record.helped import counted


def require(participant: Participant, verb: Verb) -> None:
    """Raise PhaseClosed unless the open phase allows this; call it in the transaction that writes."""
    require_voice(participant)
    if not Phase.objects.filter(assembly=participant.assembly_id).allowing(verb).exists():
        raise PhaseClosed


def require_voice(participant: Participant) -> None:
    """Raise OnlyWatching for whoever came to read alone."""
    if participant.only_watches:
        raise OnlyWatching


def is_closed(assembly_id: int) -> bool:
    """Whether the assembly has come to its end: then nothing is added any more."""
    return Phase.objects.filter(assembly=assembly_id, kind=PhaseKind.CLOSED, opened_at__isnull=False).exists()


@transaction.atomic
def open_phase(phase: Phase) -> None:
    """Open a phase, or open it again, closing the one that is open. Opening it twice is opening it once."""
    phases = Phase.objects.select_for_update().filter(assembly=phase.assembly_id)
    now_open = [each for each in phases if each.state == "open"]
    if phase in now_open:
        return
    for earlier in now_open:
        close_phase(earlier)
    phase.opened_at, phase.closed_at = phase.opened_at or timezone.now(), None
    _save(phase, "opened_at", "closed_at")
    _tell(phase, "open")


@transaction.atomic
def close_phase(phase: Phase) -> None:
    """The record then tells how much helpers have entered so far, for how many people: never which, or for whom."""
    phase.closed_at = timezone.now()
    _save(phase, "closed_at")
    helped = counted(phase.assembly)
    _tell(phase, "close", **({"helped": helped} if helped else {}))


@transaction.atomic
def show_results(phase: Phase, results: ResultsShown, after: int = 0) -> None:
    """Set from when on the results of a phase are seen; `after` is the number of own votes that it takes."""
    phase.results = results
    phase.results_after = after if results == ResultsShown.AFTER_OWN_VOTES else 0
    _save(phase, "results", "results_after")
    _tell(phase, "results", results=phase.results, after=phase.results_after)


@transaction.atomic
def move_phase(phase: Phase, starts_on: date, ends_on: date, with_later: bool = False) -> None:
    """Plan a phase for other days; `with_later` moves what comes after it by as many days as its end.

    Raises OutOfOrder where it would overlap another, NotInThisState where it is over or its beginning is past.
    """
    phases = list(Phase.objects.select_for_update().filter(assembly=phase.assembly_id))
    current = next(each for each in phases if each.pk == phase.pk)
    if current.state == "past" or (current.state == "open" and starts_on != current.starts_on):
        raise NotInThisState
    by = ends_on - current.ends_on
    plan = {current: (starts_on, ends_on)}
    if with_later:
        plan |= {each: (each.starts_on + by, each.ends_on + by) for each in phases if each.position > current.position}
    _require_order(phases, plan)
    for each, (first, last) in plan.items():
        if (each.starts_on, each.ends_on) != (first, last):
            each.starts_on, each.ends_on = first, last
            _save(each, "starts_on", "ends_on")
            _tell(each, "dates", **{"from": str(first), "to": str(last)})


def _require_order(phases: list[Phase], plan: dict[Phase, tuple[date, date]]) -> None:
    """A phase may begin on the day on which the one before it ends."""
    days = {each: (each.starts_on, each.ends_on) for each in phases} | plan
    for before, after in pairwise(phases):
        if (before in plan or after in plan) and days[before][1] > days[after][0]:
            raise OutOfOrder(after if before in plan else before)


def _save(phase: Phase, *fields: str) -> None:
    """Save and count the change; whoever changes the same phase waits until this commits."""
    Phase.objects.filter(pk=phase.pk).update(changes=F("changes") + 1)
    phase.changes = Phase.objects.values_list("changes", flat=True).get(pk=phase.pk)
    phase.save(update_fields=fields)


def _tell(phase: Phase, what: str, **more: object) -> None:
    entry = record.append(
        phase.assembly,
        type="phase",
        id=str(phase.position),
        n=phase.changes,
        content={"phase": phase.position, "kind": phase.kind, "what": what, **more},
    )
    transaction.on_commit(lambda: live.announce(phase.assembly_id, "phase", entry.pk), robust=True)
    enqueue.map_refresh_on_commit(phase.assembly_id)
