"""The same assembly once more, for other people: what it was given goes along, what people gave it does not."""

import secrets
from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction

from deliberation.actions.errors import MayNotFound
from deliberation.actions.founding import free_slug, lead, seed_into_record, tell_founding
from deliberation.actions.looking_first import look_first
from deliberation.actions.running import NewItem, plan_session
from deliberation.models import (
    Account,
    AgendaItem,
    Assembly,
    ItemKind,
    KitFile,
    KitStep,
    Participant,
    Proposal,
    Statement,
)

Row = TypeVar("Row", bound=models.Model)

# What a row gets anew: its own names, dates and counts.
ITS_OWN = {"public_id", "created_at", "written_in", "changes", "edits", "opened_at", "closed_at", "withdrawals"}


@transaction.atomic
def duplicate(source: Assembly, account: Account, starts_on: date, language: str, name: str) -> tuple[Participant, str]:
    """Texts, rules, phases, kit, words explained, proposals, seed statements, agendas, and whether moderators look
    first; no people, and nothing that people contributed. Its first phase begins on the day given, the others follow at
    the same distances.

    Returns the facilitator of the copy, and their code to come back with. Raises MayNotFound.
    """
    if account.founds_since is None:
        raise MayNotFound
    slug, secret = free_slug(source.text_in(source.languages[0]).title), secrets.token_bytes(32)
    copy = _again(source, slug=slug, record_secret=secret, archived_at=None)
    for text in source.translations.all():
        _again(text, assembly=copy, simulated_notice="")
    _copy_phases(source, copy, starts_on)
    steps = {step.pk: _copy_step(step, copy) for step in source.kit_steps.standing()}
    for entry in source.glossary.standing():
        _again(entry, assembly=copy)
    proposals = {each.pk: _with_texts(each, "proposal", assembly=copy) for each in source.proposals.all()}
    _copy_statements(source, copy)
    _copy_sessions(source, copy, steps, proposals)
    tell_founding(copy, copy_of=source.public_id)
    facilitator, code = lead(copy, account, language, name)
    look_first(copy, source.looks_first, facilitator)
    return facilitator, code


def _again(row: Row, **other: Any) -> Row:
    """Another row that says the same; `other` is what it says otherwise."""
    kept = [field for field in row._meta.concrete_fields if not field.primary_key and field.name not in ITS_OWN]
    same = {field.name: getattr(row, field.name) for field in kept if field.name not in other}
    return type(row)._default_manager.create(**same, **other)


def _with_texts(row: Row, belongs_to: str, **other: Any) -> Row:
    made = _again(row, **other)
    for text in row.translations.all():
        _again(text, **{belongs_to: made})
    return made


def _copy_phases(source: Assembly, copy: Assembly, starts_on: date) -> None:
    phases = list(source.phases.all())
    later = starts_on - phases[0].starts_on
    for phase in phases:
        days = {"starts_on": phase.starts_on + later, "ends_on": phase.ends_on + later}
        _with_texts(phase, "phase", assembly=copy, **days)


def _copy_step(step: KitStep, copy: Assembly) -> KitStep:
    made = _with_texts(step, "step", assembly=copy)
    for clause in step.clauses.all():
        _with_texts(clause, "clause", step=made)
    for file in KitFile.objects.filter(step=step):
        _again(file, step=made)
    return made


def _copy_statements(source: Assembly, copy: Assembly) -> None:
    """Those of the facilitator that are shown, numbered anew."""
    seeds = source.statements.shown().filter(is_seed=True).order_by("number")
    made: list[Statement] = []
    for number, seed in enumerate(seeds, start=1):
        made.append(_with_texts(seed, "statement", assembly=copy, number=number, author=None))
    seed_into_record(copy, made)


def _copy_sessions(source: Assembly, copy: Assembly, steps: dict[int, KitStep], proposals: dict[int, Proposal]) -> None:
    for session in source.sessions.all():
        titles = {text.language: text.title for text in session.translations.all()}
        plan_session(copy, titles, [_item(item, steps, proposals) for item in session.items.all()])


def _item(item: AgendaItem, steps: dict[int, KitStep], proposals: dict[int, Proposal]) -> NewItem:
    options: dict[str, list[str]] = {}
    if item.kind == ItemKind.POLL:
        for option in item.poll.options.all():
            for text in option.translations.all():
                options.setdefault(text.language, []).append(text.text)
    return NewItem(
        ItemKind(item.kind),
        {text.language: text.title for text in item.translations.all()},
        item.minutes,
        options,
        proposals.get(item.proposal_id),
        steps.get(item.kit_step_id),
    )
