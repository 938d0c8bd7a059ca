"""What an assembly can be made from: one TOML file each, with its phases, rules and agendas in both languages."""

from functools import cache
from pathlib import Path

from deliberation.authored import Bilingual, Content, load

ORDER = ("four-weekends", "town-hall", "three-weeks", "classroom")


class Card(Content, frozen=True):
    """What somebody reads who chooses between blueprints, and what the assembly says of itself from then on."""

    name: str
    what: str
    people: str
    time: str
    duration: str
    rules: list[str]


class Example(Content, frozen=True):
    """Words to begin with where nobody has brought a question."""

    title: str
    remit: str
    asked_by: str
    purpose: str


class PhaseWords(Content, frozen=True):
    name: str
    summary: str


class PhasePlan(Bilingual[PhaseWords], frozen=True):
    """Days are counted from the day on which the assembly begins."""

    kind: str
    starts_in_days: int
    ends_in_days: int
    results: str = "open"
    results_after: int = 0


class ItemPlan(Bilingual[str], frozen=True):
    kind: str
    minutes: int
    options: list[Bilingual[str]] = []


class SessionPlan(Content, frozen=True):
    title: Bilingual[str]
    items: list[ItemPlan]


class StepWords(Content, frozen=True):
    title: str
    body: str


class Blueprint(Bilingual[Card], frozen=True):
    """`notice_in_days` is how long it takes to prepare; Monday is `weekday` 0."""

    is_open: bool
    changed_voters_per_map: int
    phases: list[PhasePlan]
    notice_in_days: int = 0
    weekday: int | None = None
    sessions: list[SessionPlan] = []
    kit: list[Bilingual[StepWords]] = []
    statements: list[Bilingual[str]] = []
    example: Bilingual[Example] | None = None


@cache
def blueprints() -> dict[str, Blueprint]:
    """All of them by name, in the order in which they are offered."""
    return {name: load(Path(__file__).parent / f"{name}.toml", Blueprint) for name in ORDER}
