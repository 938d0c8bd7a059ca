"""Proposals and seed statements, as facilitators write them while nobody rests on their words."""

from django.db import transaction
from django.db.models import Max

from deliberation import enqueue, live, locks, record
from deliberation.actions.errors import PhaseClosed, WordsStay
from deliberation.actions.phases import is_closed
from deliberation.actions.stating import next_number
from deliberation.models import (
    AgendaItem,
    Assembly,
    Embedding,
    Proposal,
    ProposalText,
    Statement,
    StatementText,
    Vote,
    text_digest,
)
from deliberation.models.fields import CurrentTransaction

Texts = dict[str, dict[str, str]]  # by language


@transaction.atomic
def propose(assembly: Assembly, texts: Texts) -> Proposal:
    """Raises PhaseClosed once the assembly is closed."""
    _expect_not_closed(assembly)
    locks.lock_until_commit(locks.NUMBERING, assembly.pk)
    last = assembly.proposals.aggregate(last=Max("number", default=0))["last"]
    proposal = Proposal.objects.create(assembly=assembly, number=last + 1)
    _write_proposal(proposal, texts)
    return proposal


@transaction.atomic
def change_proposal(proposal: Proposal, texts: Texts) -> None:
    """Write it anew. Raises WordsStay once somebody has argued on it or words are looked for that rest on it."""
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal_stays(current):
        raise WordsStay
    _write_proposal(current, texts)


def proposal_stays(proposal: Proposal) -> bool:
    return proposal.arguments.exists() or proposal.drafting_rounds.exists()


@transaction.atomic
def remove_proposal(proposal: Proposal) -> None:
    """Take it away for good; the record keeps its words and that it went.

    Raises WordsStay once somebody has argued on it or has begun to, words are looked for that rest on it, or it stands
    on an agenda.
    """
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not may_be_removed(current):
        raise WordsStay
    content = {"what": "proposal", "removed": True}
    record.append(current.assembly, type="material", id=current.public_id, n=current.changes + 1, content=content)
    current.delete()


def may_be_removed(proposal: Proposal) -> bool:
    is_used = proposal.drafts.exists() or AgendaItem.objects.filter(proposal=proposal).exists()
    return not is_used and not proposal_stays(proposal)


@transaction.atomic
def write_seed(assembly: Assembly, texts: dict[str, str]) -> Statement:
    """A statement of the organisers, in each language. Raises PhaseClosed once the assembly is closed."""
    _expect_not_closed(assembly)
    language = assembly.languages[0]
    seed = Statement.objects.create(
        assembly=assembly, number=next_number(assembly.pk), text=texts[language], language=language, is_seed=True
    )
    _write_translations(seed, texts)
    _tell_of_seed(seed, "statement", 1)
    return seed


@transaction.atomic
def write_seeds(assembly: Assembly, seeds: list[dict[str, str]]) -> list[Statement]:
    """All of them, in their order, or none. Raises PhaseClosed once the assembly is closed."""
    return [write_seed(assembly, texts) for texts in seeds]


@transaction.atomic
def change_seed(seed: Statement, texts: dict[str, str]) -> None:
    """Write it anew. Raises WordsStay once somebody has voted on it."""
    current = Statement.objects.select_for_update().get(pk=seed.pk)
    if seed_stays(current):
        raise WordsStay
    old = [current.text, *current.translations.values_list("text", flat=True)]
    Embedding.objects.filter(text_digest__in=[text_digest(each) for each in old]).delete()
    current.text, current.edits = texts.get(current.language, current.text), current.edits + 1
    current.written_in = CurrentTransaction()
    current.save(update_fields=["text", "edits", "written_in"])
    _write_translations(current, texts)
    _tell_of_seed(current, "edit", current.edits)


def seed_stays(seed: Statement) -> bool:
    return Vote.objects.filter(statement=seed).exists()


def _expect_not_closed(assembly: Assembly) -> None:
    if is_closed(assembly.pk):
        raise PhaseClosed


def _write_proposal(proposal: Proposal, texts: Texts) -> None:
    for language, text in texts.items():
        ProposalText.objects.update_or_create(proposal=proposal, language=language, defaults=text)
    proposal.changes += 1
    proposal.save(update_fields=["changes"])
    content = {"what": "proposal", "texts": texts}
    record.append(proposal.assembly, type="material", id=proposal.public_id, n=proposal.changes, content=content)


def _write_translations(seed: Statement, texts: dict[str, str]) -> None:
    for language, text in texts.items():
        if language != seed.language:
            StatementText.objects.update_or_create(statement=seed, language=language, defaults={"text": text})
    enqueue.vectors_on_commit()


def _tell_of_seed(seed: Statement, type: str, n: int) -> None:
    content = {"text": seed.text, "language": seed.language}
    entry = record.append(seed.assembly, type=type, id=seed.public_id, n=n, content=content)
    transaction.on_commit(lambda: live.announce(seed.assembly_id, "statements", entry.pk), robust=True)
