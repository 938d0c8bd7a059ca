"""What an assembly needs before a phase opens: without some of it the phase is kept shut, the rest is advice."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction

from deliberation.actions.errors import GateShut
from deliberation.actions.phases import open_phase
from deliberation.models import Assembly, Phase, PhaseKind, SummaryState

ENOUGH_STATEMENTS = 10


class Check(NamedTuple):
    """One thing looked at: whether it is there, how much of it, and whether the phase may open without it."""

    name: str
    passed: bool
    have: int
    want: int
    needed: bool = False


@transaction.atomic
def open_through_gate(phase: Phase, anyway: bool = False) -> None:
    """Open a phase if nothing is missing; `anyway` goes on without what is only advised. Raises GateShut."""
    missing = [check for check in checks_before(phase) if not check.passed]
    if any(check.needed for check in missing) or (missing and not anyway):
        raise GateShut
    open_phase(phase)


def checks_before(phase: Phase) -> list[Check]:
    return [
        look(phase.assembly)._replace(needed=look in NEEDED[PhaseKind(phase.kind)])
        for look in LOOKED_AT[PhaseKind(phase.kind)]
    ]


def _remit(assembly: Assembly) -> Check:
    written = assembly.translations.exclude(title="").exclude(remit="").filter(language__in=assembly.languages).count()
    return _at_least("remit", written, len(assembly.languages))


def _kit(assembly: Assembly) -> Check:
    """Each step in each language; at least one step."""
    wanted = max(assembly.kit_steps.count(), 1) * len(assembly.languages)
    written = assembly.kit_steps.filter(translations__language__in=assembly.languages)
    return _at_least("kit", written.values("translations").distinct().count(), wanted)


def _statements(assembly: Assembly) -> Check:
    return _at_least("statements", assembly.statements.shown().count(), ENOUGH_STATEMENTS)


def _proposals(assembly: Assembly) -> Check:
    wanted = max(assembly.proposals.count(), 1) * len(assembly.languages)
    written = assembly.proposals.filter(translations__language__in=assembly.languages)
    return _at_least("proposals", written.values("translations").distinct().count(), wanted)


def _looked_at(assembly: Assembly) -> Check:
    """What participants wrote and no moderator has read yet."""
    waiting = sum(each.waiting().count() for each in (assembly.statements, assembly.arguments))
    return Check("looked_at", waiting == 0, waiting, 0)


def _summary(assembly: Assembly) -> Check:
    return _at_least("summary", assembly.summaries.filter(state=SummaryState.PUBLISHED).count(), 1)


def _at_least(name: str, have: int, want: int) -> Check:
    return Check(name, have >= want, have, want)


Look = Callable[[Assembly], Check]
LOOKED_AT: dict[PhaseKind, list[Look]] = {
    PhaseKind.LEARNING: [_remit, _kit],
    PhaseKind.STATEMENTS: [_remit, _kit, _statements, _looked_at],
    PhaseKind.DELIBERATION: [_remit, _kit, _statements, _proposals, _looked_at],
    PhaseKind.DRAFTING: [_remit, _summary, _looked_at],
    PhaseKind.CLOSED: [_looked_at, _summary],
}
NEEDED: dict[PhaseKind, set[Look]] = {
    PhaseKind.LEARNING: {_remit, _kit},
    PhaseKind.STATEMENTS: {_remit},
    PhaseKind.DELIBERATION: {_remit},
    PhaseKind.DRAFTING: {_remit},
    PhaseKind.CLOSED: set(),
}
