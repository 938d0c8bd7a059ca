"""The one place that says who may see what: pages, JSON, sockets and exports all ask here."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from deliberation.models import (
    Argument,
    Assembly,
    ConsensusMap,
    Moderation,
    Participant,
    Phase,
    Report,
    ResultsShown,
    Statement,
    Summary,
    Vote,
)


@dataclass(frozen=True)
class Results:
    """Whether somebody sees results now; if not, why, and how many votes of their own are still missing."""

    shown: bool
    reason: str = ""
    votes_missing: int = 0


def results_for(assembly: Assembly, participant: Participant | None) -> Results:
    """The rule of the open phase; between phases that of the last one that closed."""
    phase = _ruling_phase(assembly)
    if phase is None or phase.results == ResultsShown.ALWAYS:
        return Results(shown=True)
    if phase.state == "past" or (participant is not None and participant.is_facilitator):
        return Results(shown=True)
    if phase.results == ResultsShown.AFTER_CLOSE:
        return Results(shown=False, reason=ResultsShown.AFTER_CLOSE)
    own = Vote.objects.standing().filter(participant=participant).count() if participant else 0
    missing = max(phase.results_after - own, 0)
    return Results(shown=not missing, reason=ResultsShown.AFTER_OWN_VOTES if missing else "", votes_missing=missing)


def _ruling_phase(assembly: Assembly) -> Phase | None:
    begun = [phase for phase in assembly.phases.all() if phase.opened_at is not None]
    still_open = next((phase for phase in begun if phase.closed_at is None), None)
    return still_open or max(begun, key=lambda phase: phase.closed_at, default=None)


def current_map(assembly: Assembly, participant: Participant | None) -> ConsensusMap | None:
    if not results_for(assembly, participant).shown:
        return None
    return ConsensusMap.objects.filter(assembly=assembly).first()


def summaries_for(assembly: Assembly, participant: Participant | None) -> QuerySet[Summary]:
    made = Summary.objects.filter(assembly=assembly)
    return made if results_for(assembly, participant).shown else made.none()


def reports_for(assembly: Assembly, participant: Participant | None) -> QuerySet[Report]:
    made = Report.objects.filter(assembly=assembly)
    return made if results_for(assembly, participant).shown else made.none()


def statements_for(assembly: Assembly) -> QuerySet[Statement]:
    """The statements anybody may read, ready to be shown in any language."""
    return Statement.objects.filter(assembly=assembly).shown().select_related("author").prefetch_related("translations")


def statements_with_decisions(assembly: Assembly) -> QuerySet[Statement]:
    """Every statement, hidden and withdrawn ones too: for moderators, and for authors what is their own."""
    return Statement.objects.filter(assembly=assembly).select_related("author").prefetch_related(_decided())


def arguments_with_decisions(assembly: Assembly) -> QuerySet[Argument]:
    """The same for arguments."""
    everything = Argument.objects.filter(assembly=assembly)
    return everything.select_related("author", "proposal").prefetch_related(_decided())


def _decided() -> Prefetch:
    return Prefetch("moderations", Moderation.objects.current(), to_attr="decided")


def moderations_of(assembly: Assembly) -> QuerySet[Moderation]:
    """All decisions ever taken, newest first, with what they are about."""
    here = Q(statement__assembly=assembly) | Q(argument__assembly=assembly)
    return (
        Moderation.objects.filter(here).select_related("statement", "argument__proposal").order_by("-created_at", "-pk")
    )


def record_openings_for(assembly: Assembly, participant: Participant | None) -> Callable[[str, bytes, bytes], bool]:
    """Whether a content of the record (given its type, leaf and content) may leave the house for this reader.

    Votes wait until results are open; what is hidden or withdrawn is hidden here too, and so are the words of a
    moderator to an author, and what somebody consented to. To facilitators all but the last is shown.
    """
    votes = results_for(assembly, participant).shown
    if participant is not None and participant.is_facilitator:
        return lambda type, leaf, content: type != "consent"
    hidden = _hidden_contributions(assembly)

    def shown(type: str, leaf: bytes, content: bytes) -> bool:
        if type == "vote":
            return votes
        if type == "consent":
            return False
        if type in ("statement", "argument"):
            return json.loads(leaf)["id"] not in hidden
        return type != "moderate" or not json.loads(content).get("reason")

    return shown


def _hidden_contributions(assembly: Assembly) -> set[str]:
    found: set[str] = set()
    for model in (Statement, Argument):
        everything = model.objects.filter(assembly=assembly)
        shown = everything.shown().values("pk")
        found |= set(everything.exclude(pk__in=shown).values_list("public_id", flat=True))
    return found
