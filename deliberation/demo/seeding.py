"""The demo assembly, written into the database as if it had been going on for some weeks."""

import random
import secrets
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from deliberation import locks, record
from deliberation.actions.mapping import refresh_map
from deliberation.copying import copy_rows
from deliberation.demo.content import (
    ArgumentContent,
    PhaseContent,
    StatementContent,
    assembly_content,
    kit_content,
    proposals_content,
    statements_content,
)
from deliberation.demo.residents import Resident, draw_choice, draw_residents, home_camp, leaning_on
from deliberation.models import (
    Argument,
    Assembly,
    AssemblyText,
    Choice,
    ConsensusMap,
    GlossaryEntry,
    KitStep,
    KitStepText,
    Participant,
    Phase,
    PhaseText,
    Proposal,
    ProposalText,
    Route,
    Statement,
    StatementText,
    Verb,
    Vote,
    kinds_allowing,
)
from deliberation.record import Contribution

RESIDENTS = 240
SEED = 2026
VOTES_ON = (0.60, 0.95)  # of the statements, each person: enough for the map to tell the camps apart
WAVES = 6  # in which people came to vote, so that there is a history of maps to look back on
DOORS_OPEN = time(9)
EVENING = time(19, 30)
VOTING = kinds_allowing(Verb.VOTE)

People = list[tuple[Resident, Participant]]
Statements = list[tuple[StatementContent, Statement]]
Tell = Callable[[str], None]


@transaction.atomic
def seed_demo(tell: Tell) -> Assembly:
    """The demo assembly, made where it does not exist yet."""
    locks.lock_until_commit(locks.IMPORTING, 0)
    if earlier := Assembly.objects.filter(slug=assembly_content().slug).first():
        return earlier
    rng = random.Random(SEED)  # noqa: S311 - the same demo everywhere
    assembly = _make_assembly()
    _make_phases(assembly)
    _make_kit(assembly)
    tell("The assembly, its phases and its information kit are written")
    people = _make_people(assembly, rng)
    statements = _make_statements(assembly, people, rng)
    arguments = _make_arguments(assembly, people, rng)
    tell(f"{len(people)} simulated people have {len(statements)} statements and {arguments} arguments before them")
    return assembly


def vote_in_waves(assembly: Assembly, tell: Tell) -> None:
    """Let everybody vote who has not yet, some at a time, with a map after each wave; dated back like the phases."""
    residents = draw_residents(RESIDENTS, random.Random(SEED))  # noqa: S311 - the same demo everywhere
    simulated = {each.pseudonym: each for each in assembly.participants.filter(route=Route.SIMULATED)}
    people = [(resident, simulated[resident.pseudonym]) for resident in residents if resident.pseudonym in simulated]
    voted = set(Vote.objects.filter(assembly=assembly).values_list("participant", flat=True))
    dates = _dates_of_waves(assembly)
    for wave, at in enumerate(dates):
        coming = [(resident, person) for resident, person in people[wave::WAVES] if person.pk not in voted]
        if not coming:
            continue
        _make_votes(assembly, coming, at)
        made = refresh_map(assembly)
        if made is not None:
            ConsensusMap.objects.filter(pk=made.pk).update(created_at=at)
            tell(f"Map {made.version}: {made.participants} people, {made.votes:,} votes, {_groups(made)}")


def _groups(made: ConsensusMap) -> str:
    return f"{len(made.snapshot['groups'])} groups" if made.snapshot["stable"] else "no groups yet"


def _dates_of_waves(assembly: Assembly) -> list[datetime]:
    """Evenings from the day on which voting began until today, and now."""
    began = min(phase.opened_at for phase in assembly.phases.all() if phase.opened_at and phase.kind in VOTING)
    now = timezone.now()
    days = [timezone.localtime(began + (now - began) * wave / WAVES) for wave in range(WAVES - 1)]
    return [*(day.replace(hour=EVENING.hour, minute=EVENING.minute) for day in days), now]


def _make_assembly() -> Assembly:
    content = assembly_content()
    assembly = Assembly.objects.create(
        slug=content.slug,
        languages=content.languages,
        changed_voters_per_map=1,
        record_secret=secrets.token_bytes(32),
    )
    for language, words in content.translations().items():
        AssemblyText.objects.create(
            assembly=assembly,
            language=language,
            title=words.title,
            remit=words.remit,
            asked_by=words.asked_by,
            purpose=words.purpose,
            duration=words.duration,
            simulated_notice=words.simulated_notice,
            rules=words.rules,
        )
    return assembly


def _make_phases(assembly: Assembly) -> None:
    today = timezone.localdate()
    for position, content in enumerate(assembly_content().phases, start=1):
        phase = Phase.objects.create(
            assembly=assembly,
            position=position,
            kind=content.kind,
            starts_on=today + timedelta(days=content.starts_in_days),
            ends_on=today + timedelta(days=content.ends_in_days),
            opened_at=_happened(content.starts_in_days),
            closed_at=_happened(content.ends_in_days),
        )
        for language, words in content.translations().items():
            PhaseText.objects.create(phase=phase, language=language, name=words.name, summary=words.summary)
        record.append_all(assembly, _record_of_phase(phase, content))


def _happened(in_days: int) -> datetime | None:
    """When the doors opened that day, if the day is past."""
    if in_days >= 0:
        return None
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=in_days), DOORS_OPEN))


def _record_of_phase(phase: Phase, content: PhaseContent) -> list[Contribution]:
    happened = {"open": phase.opened_at, "close": phase.closed_at}
    return [
        Contribution("phase", f"{phase.position}-{what}", {"phase": phase.position, "kind": content.kind, "what": what})
        for what, at in happened.items()
        if at is not None
    ]


def _make_kit(assembly: Assembly) -> None:
    for position, step in enumerate(kit_content().steps, start=1):
        made = KitStep.objects.create(assembly=assembly, position=position)
        for language, words in step.translations().items():
            KitStepText.objects.create(step=made, language=language, title=words.title, body=words.body)
    GlossaryEntry.objects.bulk_create(
        GlossaryEntry(assembly=assembly, language=language, term=words.term, meaning=words.meaning)
        for entry in kit_content().glossary
        for language, words in entry.translations().items()
    )


def _make_people(assembly: Assembly, rng: random.Random) -> People:
    residents = draw_residents(RESIDENTS, rng)
    participants = Participant.objects.bulk_create(
        Participant(
            assembly=assembly,
            pseudonym=resident.pseudonym,
            route=Route.SIMULATED,
            language=resident.language,
        )
        for resident in residents
    )
    record.append_all(
        assembly,
        (Contribution("enrol", person.public_id, {"route": person.route}, by=person) for person in participants),
    )
    return list(zip(residents, participants, strict=True))


def _make_statements(assembly: Assembly, people: People, rng: random.Random) -> Statements:
    """Seed statements first, then those of people who would say so. All were written for the demo in both languages."""
    content = statements_content().statements
    authors = [None if each.seed else _author(people, rng, home_camp(each)) for each in content]
    statements = Statement.objects.bulk_create(
        Statement(
            assembly=assembly,
            number=each.number,
            author=author,
            language=author.language if author else assembly.languages[0],
            text=each.translations()[author.language if author else assembly.languages[0]],
            is_seed=each.seed,
            is_meta=each.meta,
        )
        for each, author in zip(content, authors, strict=True)
    )
    written = list(zip(content, statements, strict=True))
    StatementText.objects.bulk_create(
        StatementText(statement=statement, language=language, text=text)
        for each, statement in written
        for language, text in each.translations().items()
        if language != statement.language
    )
    record.append_all(
        assembly,
        (
            Contribution("statement", each.public_id, {"text": each.text, "language": each.language}, by=each.author)
            for each in statements
        ),
    )
    return written


def _make_arguments(assembly: Assembly, people: People, rng: random.Random) -> int:
    made: list[Argument] = []
    for content in proposals_content().proposals:
        proposal = Proposal.objects.create(assembly=assembly, number=content.number)
        for language, words in content.translations().items():
            ProposalText.objects.create(proposal=proposal, language=language, title=words.title, body=words.body)
        voices = list(people)
        for each in content.arguments:
            author = _author(voices, rng, each.camp, each.language)
            voices = [voice for voice in voices if voice[1] is not author]  # one argument each on one proposal
            made.append(_argument(proposal, author, each))
    Argument.objects.bulk_create(made)
    record.append_all(assembly, (_record_of_argument(argument) for argument in made))
    return len(made)


def _argument(proposal: Proposal, author: Participant, content: ArgumentContent) -> Argument:
    return Argument(
        assembly=proposal.assembly,
        proposal=proposal,
        author=author,
        side=content.side,
        text=content.text,
        language=content.language,
    )


def _record_of_argument(argument: Argument) -> Contribution:
    content = {
        "proposal": argument.proposal.public_id,
        "side": argument.side,
        "text": argument.text,
        "language": argument.language,
    }
    return Contribution("argument", argument.public_id, content, by=argument.author)


def _author(people: People, rng: random.Random, camp: str, language: str | None = None) -> Participant:
    fitting = [
        participant
        for resident, participant in people
        if resident.camp == camp and language in (None, resident.language)
    ]
    return rng.choice(fitting)


@transaction.atomic
def _make_votes(assembly: Assembly, people: People, at: datetime) -> None:
    contents = {each.number: each for each in statements_content().statements}
    statements = [(contents[each.number], each) for each in assembly.statements.all() if each.number in contents]
    votes = [
        (participant, statement, choice)
        for resident, participant in people
        for statement, choice in _votes_of(resident, statements)
    ]
    rows = ((assembly.pk, voter.pk, statement.pk, int(choice), 1, at, at) for voter, statement, choice in votes)
    copy_rows(Vote, ["assembly", "participant", "statement", "choice", "revision", "created_at", "changed_at"], rows)
    record.append_all(assembly, (_record_of_vote(*vote) for vote in votes))


def _votes_of(resident: Resident, statements: Statements) -> list[tuple[Statement, Choice]]:
    rng = random.Random(f"{SEED} {resident.pseudonym}")  # noqa: S311 - whoever votes first, everybody votes the same
    answered = rng.sample(statements, round(rng.uniform(*VOTES_ON) * len(statements)))
    return [(statement, draw_choice(resident.camp, leaning_on(content), rng)) for content, statement in answered]


def _record_of_vote(voter: Participant, statement: Statement, choice: Choice) -> Contribution:
    content = {"statement": statement.public_id, "choice": choice.word}
    return Contribution("vote", record.vote_id(voter, statement), content, by=voter)
