"""Drafting rounds for tests: candidates by number, people who rank them, and what came of it."""

from deliberation.actions.drafting import Step, begin_round, take_step, write_draft
from deliberation.actions.ranking import rank
from deliberation.models import Assembly, DraftingRound, Participant, RankingTurn
from tests.people import a_member

QUESTIONS = {"en": "What should we recommend?", "id": "Apa yang kita rekomendasikan?"}


def words(text: str) -> dict[str, str]:
    return {"en": text, "id": f"{text} (id)"}


def a_round(assembly: Assembly, candidates: int = 3, *, opened: bool = True) -> DraftingRound:
    drafting = begin_round(assembly, QUESTIONS)
    for n in range(1, candidates + 1):
        write_draft(drafting, words(f"Do number {n}"))
    return take_step(drafting, Step.OPEN) if opened else drafting


def turn_of(drafting: DraftingRound) -> RankingTurn:
    return drafting.turns.select_related("round").latest("number")


def places(drafting: DraftingRound, *numbers: int) -> dict[str, int]:
    """Candidates by number, the best first."""
    ids = dict(drafting.candidates.values_list("number", "public_id"))
    return {ids[number]: place for place, number in enumerate(numbers, start=1)}


def all_rank(drafting: DraftingRound, *orders: tuple[int, ...]) -> list[Participant]:
    people = [a_member(drafting.assembly) for _ in orders]
    for person, order in zip(people, orders, strict=True):
        rank(person, turn_of(drafting), places(drafting, *order))
    return people


def decided(assembly: Assembly) -> DraftingRound:
    drafting = a_round(assembly)
    all_rank(drafting, *[(2, 1, 3)] * 4, (1, 2, 3))
    return take_step(drafting, Step.CLOSE)


def result(drafting: DraftingRound) -> dict:
    return turn_of(drafting).result
