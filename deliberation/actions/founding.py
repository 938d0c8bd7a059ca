"""An assembly is set up from a blueprint by somebody whom the operator let."""

import secrets
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from deliberation import enqueue, locks, record
from deliberation.actions.errors import CodeExpired, CodeUnknown, CodeUsedUp, MayNotFound
from deliberation.actions.joining import find_invitation, join
from deliberation.actions.running import NewItem, plan_session
from deliberation.actions.setting_up import Words, tell
from deliberation.actions.trusting import invite
from deliberation.authored import Bilingual
from deliberation.blueprints import Blueprint, PhasePlan, SessionPlan, StepWords
from deliberation.models import (
    Account,
    Assembly,
    AssemblyText,
    FoundingCode,
    ItemKind,
    KitStep,
    KitStepText,
    Participant,
    Phase,
    PhaseText,
    Role,
    Statement,
    StatementText,
    hash_of_code,
    new_code,
)
from deliberation.record import Contribution

LONGEST_SLUG = 60
AN_HOUR = timedelta(hours=1)


@transaction.atomic
def found(
    account: Account, blueprint: Blueprint, texts: dict[str, Words], starts_on: date, language: str, name: str
) -> tuple[Participant, str]:
    """Make an assembly whose facilitator is this account, under this name. Its languages are those of its texts.

    Returns the facilitator, and their code to come back with. Raises MayNotFound.
    """
    if account.founds_since is None:
        raise MayNotFound
    assembly = Assembly.objects.create(
        slug=free_slug(next(iter(texts.values())).title),
        languages=list(texts),
        is_open=blueprint.is_open,
        changed_voters_per_map=blueprint.changed_voters_per_map,
        record_secret=secrets.token_bytes(32),
    )
    cards = blueprint.translations()
    AssemblyText.objects.bulk_create(
        AssemblyText(
            assembly=assembly,
            language=code,
            **{**asdict(words), "duration": words.duration or cards[code].duration},
            rules=cards[code].rules,
        )
        for code, words in texts.items()
    )
    _make_phases(assembly, blueprint.phases, starts_on)
    _make_kit(assembly, blueprint.kit)
    _make_statements(assembly, blueprint.statements)
    _plan_sessions(assembly, blueprint.sessions)
    tell_founding(assembly)
    return lead(assembly, account, language, name)


def lead(assembly: Assembly, account: Account, language: str, name: str) -> tuple[Participant, str]:
    """Let somebody in as the facilitator of an assembly that has nobody yet, by an invitation like any other."""
    _, (code,) = invite(assembly, {Role.FACILITATOR}, AN_HOUR)
    return join(assembly, name, language, account=account, invitation=find_invitation(code))


def tell_founding(assembly: Assembly, **more: object) -> None:
    """The question as it was first asked, and when what was to happen."""
    texts = {
        each.language: {part: getattr(each, part) for part in ("title", "remit", "asked_by", "purpose", "rules")}
        for each in assembly.translations.all()
    }
    phases = [
        {"phase": each.position, "kind": each.kind, "from": str(each.starts_on), "to": str(each.ends_on)}
        for each in assembly.phases.all()
    ]
    tell(assembly, "founding", texts=texts, phases=phases, open=assembly.is_open, **more)


def free_slug(title: str) -> str:
    """The title as an address; with a number where somebody was earlier."""
    locks.lock_until_commit(locks.IMPORTING, 0)  # imported assemblies take addresses, too
    wanted = slugify(title)[:LONGEST_SLUG].strip("-") or "majelis"
    taken = set(Assembly.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)


def _make_phases(assembly: Assembly, plans: list[PhasePlan], starts_on: date) -> None:
    for position, plan in enumerate(plans, start=1):
        phase = Phase.objects.create(
            assembly=assembly,
            position=position,
            kind=plan.kind,
            starts_on=starts_on + timedelta(days=plan.starts_in_days),
            ends_on=starts_on + timedelta(days=plan.ends_in_days),
            results=plan.results,
            results_after=plan.results_after,
        )
        for language, words in plan.translations().items():
            PhaseText.objects.create(phase=phase, language=language, name=words.name, summary=words.summary)


def _make_kit(assembly: Assembly, steps: list[Bilingual[StepWords]]) -> None:
    for position, step in enumerate(steps, start=1):
        made = KitStep.objects.create(assembly=assembly, position=position)
        for language, words in step.translations().items():
            KitStepText.objects.create(step=made, language=language, title=words.title, body=words.body)


def _make_statements(assembly: Assembly, texts: list[Bilingual[str]]) -> None:
    """Seed statements, in the first language of the assembly and beside it in the others."""
    first = assembly.languages[0]
    made = Statement.objects.bulk_create(
        Statement(assembly=assembly, number=number, text=text.translations()[first], language=first, is_seed=True)
        for number, text in enumerate(texts, start=1)
    )
    StatementText.objects.bulk_create(
        StatementText(statement=statement, language=language, text=words)
        for statement, text in zip(made, texts, strict=True)
        for language, words in text.translations().items()
        if language != first
    )
    seed_into_record(assembly, made)


def seed_into_record(assembly: Assembly, statements: list[Statement]) -> None:
    record.append_all(
        assembly,
        (
            Contribution("statement", each.public_id, {"text": each.text, "language": each.language})
            for each in statements
        ),
    )
    enqueue.vectors_on_commit()


def _plan_sessions(assembly: Assembly, plans: list[SessionPlan]) -> None:
    for plan in plans:
        plan_session(
            assembly,
            plan.title.translations(),
            [
                NewItem(ItemKind(each.kind), each.translations(), each.minutes, _options(each.options))
                for each in plan.items
            ],
        )


def _options(options: list[Bilingual[str]]) -> dict[str, list[str]]:
    by_language: dict[str, list[str]] = {}
    for option in options:
        for language, words in option.translations().items():
            by_language.setdefault(language, []).append(words)
    return by_language


def make_founding_code(good_for: timedelta, uses: int = 1, **more: Any) -> str:
    """A code for those whom an operator lets set up assemblies; only its hash is kept.

    `more` may say whom it is `meant_for`, whose work it is (`by`), and that it is `for_operators`.
    """
    code, until = new_code(), timezone.now() + good_for
    FoundingCode.objects.create(code_hash=hash_of_code(code), most_uses=uses, expires_at=until, **more)
    return code


def is_founding_code(code: str) -> bool:
    return FoundingCode.objects.filter(code_hash=hash_of_code(code)).exists()


@transaction.atomic
def let_found(code: str, account: Account | None) -> Account:
    """Let somebody who has such a code set up assemblies: this account, or a new one.

    Raises CodeUnknown, CodeExpired, CodeUsedUp.
    """
    known = FoundingCode.objects.select_for_update().filter(code_hash=hash_of_code(code)).first()
    if known is None:
        raise CodeUnknown
    if account is not None and account.founds_since is not None and account.is_staff >= known.for_operators:
        return account
    if known.expires_at < timezone.now():
        raise CodeExpired
    if known.uses >= known.most_uses:
        raise CodeUsedUp
    FoundingCode.objects.filter(pk=known.pk).update(uses=F("uses") + 1)
    founder = account or Account.objects.create()
    founder.founds_since, founder.let_found_by = founder.founds_since or timezone.now(), known
    founder.is_staff = founder.is_staff or known.for_operators
    founder.save(update_fields=["founds_since", "let_found_by", "is_staff"])
    return founder


@transaction.atomic
def take_back(founder: Account) -> None:
    """Let somebody set up no more assemblies; those they did stay theirs. Their link lets nobody in any more either.

    Raises MayNotFound for who holds no such right, and for an operator, whose right only the machine itself takes back.
    """
    current = Account.objects.select_for_update().get(pk=founder.pk)
    if current.founds_since is None or current.is_staff:
        raise MayNotFound
    if current.let_found_by is not None:
        close_link(current.let_found_by)
    current.founds_since, current.let_found_by = None, None
    current.save(update_fields=["founds_since", "let_found_by"])


def close_link(code: FoundingCode) -> None:
    """From now on nobody comes in with it; whoever has keeps what it gave."""
    FoundingCode.objects.filter(pk=code.pk, expires_at__gt=timezone.now()).update(expires_at=timezone.now())
