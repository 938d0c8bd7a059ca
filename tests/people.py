"""People and assemblies for tests: Ana the member, Ben the facilitator, Chidi the stranger."""

import itertools
import re
import secrets
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from deliberation import record
from deliberation.models import (
    Account,
    Assembly,
    AssemblyText,
    Consent,
    Participant,
    Phase,
    PhaseKind,
    Proposal,
    ProposalText,
    Purpose,
    Role,
    Route,
    Statement,
    Vote,
)

numbers = itertools.count(1)


def an_assembly(slug: str = "", phase: PhaseKind | None = PhaseKind.DELIBERATION, **values: object) -> Assembly:
    """An assembly in English and Indonesian, whose one phase is open."""
    assembly = Assembly.objects.create(
        slug=slug or f"assembly-{next(numbers)}",
        languages=["id", "en"],
        record_secret=secrets.token_bytes(32),
        **{"changed_voters_per_map": 1, **values},
    )
    AssemblyText.objects.create(assembly=assembly, language="en", title="Clean river", remit="How do we keep it clean?")
    AssemblyText.objects.create(assembly=assembly, language="id", title="Sungai bersih", remit="Bagaimana menjaganya?")
    if phase is not None:
        an_open_phase(assembly, phase)
    return assembly


def an_open_phase(assembly: Assembly, kind: PhaseKind = PhaseKind.DELIBERATION, **values: object) -> Phase:
    return Phase.objects.create(
        assembly=assembly,
        position=assembly.phases.count() + 1,
        kind=kind,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 1, 1) + timedelta(days=14),
        opened_at=timezone.now(),
        **values,
    )


def a_member(assembly: Assembly, name: str = "", *roles: Role) -> Participant:
    """Somebody who takes part and may be quoted."""
    member = Participant.objects.create(
        assembly=assembly,
        account=Account.objects.create(),
        pseudonym=name or f"Member {next(numbers)}",
        route=Route.LINK,
        language="en",
        roles=list(roles),
    )
    Consent.objects.bulk_create(
        Consent(participant=member, purpose=each) for each in (Purpose.TAKE_PART, Purpose.QUOTE)
    )
    return member


def a_joined_member(assembly: Assembly, name: str = "") -> Participant:
    """Somebody whose joining is the first entry of theirs in the record, and so far the only one."""
    member = a_member(assembly, name)
    record.append(assembly, type="enrol", id=member.public_id, content={"route": member.route}, by=member)
    return member


def a_facilitator(assembly: Assembly, name: str = "Ben") -> Participant:
    return a_member(assembly, name, Role.FACILITATOR)


def a_statement(assembly: Assembly, text: str = "", **values: object) -> Statement:
    number = assembly.statements.count() + 1
    return Statement.objects.create(
        assembly=assembly, number=number, text=text or f"We should try idea {number}.", language="en", **values
    )


def a_proposal(assembly: Assembly, title: str = "Collect waste twice a week") -> Proposal:
    proposal = Proposal.objects.create(assembly=assembly, number=assembly.proposals.count() + 1)
    ProposalText.objects.create(proposal=proposal, language="en", title=title, body="From **January** on.")
    return proposal


def browser_of(participant: Participant | None) -> Client:
    """A browser in which this person is signed in; None is a stranger."""
    client = Client(headers={"accept-language": "en"})
    if participant is not None:
        client.force_login(participant.account)
    return client


def is_named(name: str, page: str) -> bool:
    """Whether the name stands there as a word. Its three letters alone stand in many a token drawn at random."""
    return re.search(rf"\b{re.escape(name)}\b", page) is not None


def two_camps(assembly: Assembly, people: int = 20, statements: int = 8) -> tuple[list[Participant], list[Statement]]:
    """Two groups who vote the opposite way on most statements and agree on the first two; nobody is unsure."""
    members = [a_member(assembly) for _ in range(people)]
    made = [a_statement(assembly) for _ in range(statements)]
    Vote.objects.bulk_create(
        Vote(assembly=assembly, participant=member, statement=statement, choice=1 if j < 2 or i % 2 == j % 2 else -1)
        for i, member in enumerate(members)
        for j, statement in enumerate(made)
    )
    return members, made
