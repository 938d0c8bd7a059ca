"""Simulated people: who they are, and how they lean. Everything is drawn from the generator that is passed in."""

import random
from dataclasses import dataclass

from deliberation.demo.content import Camp, StatementContent, statements_content
from deliberation.demo.names import suggested_pseudonym
from deliberation.models import Choice


@dataclass(frozen=True)
class Resident:
    pseudonym: str
    language: str
    camp: Camp


@dataclass(frozen=True)
class Leaning:
    """The chance that each camp agrees, among those who take a side, and the chance of a pass."""

    camps: dict[Camp, float]
    unsure: float


def draw_residents(count: int, rng: random.Random) -> list[Resident]:
    """People with different pseudonyms, half of them Indonesian, in the camps' shares."""
    shares = statements_content().shares
    camps = rng.choices(list(shares), list(shares.values()), k=count)
    taken: set[str] = set()
    return [
        Resident(new_pseudonym(language, taken, rng), language, camp)
        for camp, language in zip(camps, ["id", "en"] * (count // 2 + 1), strict=False)
    ]


def new_pseudonym(language: str, taken: set[str], rng: random.Random) -> str:
    """One that nobody has yet; it is taken from now on."""
    pseudonym = suggested_pseudonym(language, rng, taken)
    taken.add(pseudonym)
    return pseudonym


def leaning_on(statement: StatementContent) -> Leaning:
    return Leaning(statement.leaning, statement.unsure)


def invented_leaning(name: str) -> Leaning:
    """For a statement that the demo does not know: always the same for the same name."""
    rng = random.Random(name)  # noqa: S311 - an opinion, not a secret
    return Leaning({camp: rng.choice([0.05, 0.5, 0.95]) for camp in statements_content().shares}, unsure=0.15)


def draw_choice(camp: Camp, leaning: Leaning, rng: random.Random) -> Choice:
    if rng.random() < leaning.unsure:
        return Choice.PASS
    return Choice.AGREE if rng.random() < leaning.camps[camp] else Choice.DISAGREE


def home_camp(statement: StatementContent) -> Camp:
    """The camp most likely to have written it."""
    return max(statement.leaning, key=lambda camp: statement.leaning[camp])
