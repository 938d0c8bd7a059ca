"""What an assembly needs before a phase opens: without some of it the phase is kept shut, the rest is advice."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deliberation.actions.errors import GateShut
from deliberation.actions.phases import open_phase
from deliberation.analysis.workload import waiting_for_a_look
from deliberation.models import Assembly, Phase, PhaseKind, Role, SummaryState

ENOUGH_STATEMENTS = 10
ENOUGH_MODERATORS = 2  # so that somebody else can look again when an author asks for it


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
    kind = PhaseKind(phase.kind)
    checks = [(look, look(phase.assembly)._replace(needed=look in NEEDED[kind])) for look in LOOKED_AT[kind]]
    return [check for look, check in checks if check.needed or check.have or _is_missed(look, phase)]


def _is_missed(look: "Look", phase: Phase) -> bool:
    """Nobody misses a kit or proposals on one evening, a summary where nobody argued, a report where nobody voted."""
    if look in (_kit, _proposals):
        return phase.starts_on != phase.ends_on
    if look is _summary:
        return phase.assembly.arguments.shown().exists()
    return look is not _report or phase.assembly.maps.exists()


def _remit(assembly: Assembly) -> Check:
    written = assembly.translations.exclude(title="").exclude(remit="").filter(language__in=assembly.languages).count()
    return _at_least("remit", written, len(assembly.languages))


def _policy(assembly: Assembly) -> Check:
    """The rules of conversation, in each language."""
    written = assembly.translations.filter(language__in=assembly.languages, rules__len__gte=1).count()
    return _at_least("policy", written, len(assembly.languages))


def _dates(assembly: Assembly) -> Check:
    """Phases still to come whose last day is still to come, too."""
    coming = assembly.phases.filter(opened_at__isnull=True)
    return _at_least("dates", coming.filter(ends_on__gte=timezone.localdate()).count(), coming.count())


def _people(assembly: Assembly) -> Check:
    """Whoever takes part already, and places on invitations that are still good; an open address is enough."""
    joined = assembly.participants.present().filter(roles=[]).count()
    good = assembly.invitations.filter(roles=[], expires_at__gt=timezone.now())
    invited = sum(most - used for most, used in good.values_list("most_uses", "uses"))
    return Check("people", assembly.is_open or joined + invited > 0, joined + invited, 1)


def _moderators(assembly: Assembly) -> Check:
    entrusted = Q(roles__contains=[Role.FACILITATOR]) | Q(roles__contains=[Role.MODERATOR])
    return _at_least("moderators", assembly.participants.present().filter(entrusted).count(), ENOUGH_MODERATORS)


def _kit(assembly: Assembly) -> Check:
    """Each step in each language; at least one step."""
    steps = assembly.kit_steps.published()
    wanted = max(steps.count(), 1) * len(assembly.languages)
    written = steps.filter(translations__language__in=assembly.languages)
    return _at_least("kit", written.values("translations").distinct().count(), wanted)


def _statements(assembly: Assembly) -> Check:
    return _at_least("statements", assembly.statements.shown().count(), ENOUGH_STATEMENTS)


def _proposals(assembly: Assembly) -> Check:
    wanted = max(assembly.proposals.count(), 1) * len(assembly.languages)
    written = assembly.proposals.filter(translations__language__in=assembly.languages)
    return _at_least("proposals", written.values("translations").distinct().count(), wanted)


def _looked_at(assembly: Assembly) -> Check:
    """What participants wrote and no moderator has read yet."""
    waiting = waiting_for_a_look(assembly)
    return Check("looked_at", waiting == 0, waiting, 0)


def _summary(assembly: Assembly) -> Check:
    return _at_least("summary", assembly.summaries.filter(state=SummaryState.PUBLISHED).count(), 1)


def _report(assembly: Assembly) -> Check:
    return _at_least("report", assembly.reports.count(), 1)


def _at_least(name: str, have: int, want: int) -> Check:
    return Check(name, have >= want, have, want)


Look = Callable[[Assembly], Check]
EVERYWHERE: list[Look] = [_remit, _policy, _dates]
LOOKED_AT: dict[PhaseKind, list[Look]] = {
    PhaseKind.LEARNING: [*EVERYWHERE, _kit, _people, _moderators],
    PhaseKind.STATEMENTS: [*EVERYWHERE, _kit, _statements, _people, _moderators, _looked_at],
    PhaseKind.DELIBERATION: [*EVERYWHERE, _kit, _statements, _proposals, _people, _moderators, _looked_at],
    PhaseKind.DRAFTING: [_remit, _dates, _summary, _looked_at],
    PhaseKind.CLOSED: [_looked_at, _summary, _report],
}
NEEDED: dict[PhaseKind, set[Look]] = {
    PhaseKind.LEARNING: {_remit, _kit},
    PhaseKind.STATEMENTS: {_remit},
    PhaseKind.DELIBERATION: {_remit},
    PhaseKind.DRAFTING: {_remit},
    PhaseKind.CLOSED: set(),
}
