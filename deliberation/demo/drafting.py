"""The demo's drafting rounds, led as a facilitator leads them: every step and every ranking is a real one."""

import random
from collections.abc import Callable, Iterator

from django.db import transaction

from deliberation import visibility
from deliberation.actions.drafting import Step, begin_round, pick_statement, revise, take_step, write_draft
from deliberation.actions.ranking import object_to_winner, rank
from deliberation.demo.content import Camp, DraftingContent, drafting_content, statements_content
from deliberation.demo.residents import Resident, draw_residents
from deliberation.demo.seeding import RESIDENTS, SEED
from deliberation.models import Assembly, DraftingRound, Participant, Statement

Liking = dict[Camp, float]
Tell = Callable[[str], None]
DOUBT = 0.2  # how far one person's liking may lie from their camp's
LIVED_WITH = 0.55  # what is liked less gets no place from some
ROUNDED_TO = 0.1  # likings as close as this are equal to a person


@transaction.atomic
def seed_drafting(assembly: Assembly, tell: Tell) -> None:
    """Lead the demo's drafting rounds, unless the assembly has some, or no map to take candidates from."""
    current = visibility.current_map(assembly, None)
    if assembly.drafting_rounds.exists() or current is None:
        return
    rng = random.Random(SEED)  # noqa: S311 - the same demo everywhere
    people = _people(assembly)
    for content in drafting_content().rounds:
        drafting, liked = _prepared(assembly, content)
        take_step(drafting, Step.OPEN)
        _rank(drafting, people, liked, content.rankings, rng)
        if content.revision is not None:
            _decide(drafting, content, people, liked, rng)
    tell(f"{assembly.rankings.count()} rankings were given in {assembly.drafting_rounds.count()} drafting rounds")


def _people(assembly: Assembly) -> list[tuple[Resident, Participant]]:
    """The simulated residents with their camps, which the database does not keep."""
    residents = draw_residents(RESIDENTS, random.Random(SEED))  # noqa: S311
    named = {each.pseudonym: each for each in assembly.participants.filter(route="simulated")}
    found = [(each, named[each.pseudonym]) for each in residents if each.pseudonym in named]
    for _, participant in found:
        participant.assembly = assembly
    return found


def _prepared(assembly: Assembly, content: DraftingContent) -> tuple[DraftingRound, dict[str, Liking]]:
    """A round with its candidates, and how each camp likes them."""
    questions = {language: words.question for language, words in content.translations().items()}
    proposal = assembly.proposals.filter(number=content.proposal).first()
    drafting = begin_round(assembly, questions, proposal)
    current = visibility.current_map(assembly, None)
    leanings = {each.number: each.leaning for each in statements_content().statements}
    liked: dict[str, Liking] = {}
    for number in content.statements:
        statement = Statement.objects.get(assembly=assembly, number=number)
        liked[pick_statement(drafting, statement, current).public_id] = leanings[number]
    for draft in content.drafts:
        liked[write_draft(drafting, draft.translations()).public_id] = draft.leaning
    return drafting, liked


def _decide(
    drafting: DraftingRound,
    content: DraftingContent,
    people: list[tuple[Resident, Participant]],
    liked: dict[str, Liking],
    rng: random.Random,
) -> None:
    """Close, hear objections, revise, and let everybody rank once more."""
    take_step(drafting, Step.CLOSE)
    take_step(drafting, Step.ASK)
    speakers = iter(rng.sample(people, len(people)))
    for each in content.objections:
        author = next(_speaking(speakers, each.camp, each.language))
        object_to_winner(author, drafting, each.text, each.language)
    take_step(drafting, Step.CLOSE)
    revision = revise(drafting, content.revision.translations())
    take_step(drafting, Step.OPEN)
    _rank(drafting, people, {**liked, revision.public_id: content.revision.leaning}, content.rankings_again, rng)
    take_step(drafting, Step.CLOSE)


def _speaking(people: Iterator[tuple[Resident, Participant]], camp: Camp, language: str) -> Iterator[Participant]:
    return (person for resident, person in people if (resident.camp, resident.language) == (camp, language))


def _rank(
    drafting: DraftingRound,
    people: list[tuple[Resident, Participant]],
    liked: dict[str, Liking],
    count: int,
    rng: random.Random,
) -> None:
    turn = drafting.turns.select_related("round").get(closed_at=None)
    for resident, participant in rng.sample(people, count):
        rank(participant, turn, draw_places(resident.camp, liked, rng))


def draw_places(camp: Camp, liked: dict[str, Liking], rng: random.Random) -> dict[str, int]:
    """One person's ranking: near their camp's liking, near likings equal, and no place for what they like least."""
    felt = {public_id: liking[camp] + rng.uniform(-DOUBT, DOUBT) for public_id, liking in liked.items()}
    best = max(felt.values())
    steps = {public_id: round((best - each) / ROUNDED_TO) for public_id, each in felt.items()}
    placed = {public_id: step for public_id, step in steps.items() if felt[public_id] >= LIVED_WITH or not step}
    order = sorted(set(placed.values()))
    return {public_id: order.index(step) + 1 for public_id, step in placed.items()}
