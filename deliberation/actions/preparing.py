"""What facilitators prepare for people to learn from: the steps of the kit, clauses of a law, words explained.

Whatever of it is public is told in the record, so that nobody has to ask later what people had before them.
"""

import hashlib
import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deliberation import locks, record
from deliberation.actions.errors import NotInEveryLanguage
from deliberation.models import (
    Assembly,
    Clause,
    ClauseText,
    GlossaryEntry,
    KitFile,
    KitReading,
    KitStep,
    KitStepText,
    Participant,
    StepKind,
)

HEADING = re.compile(
    r"^\s*(?P<number>(?:Pasal|Article|Section|Clause|Ayat|Art\.|§+)\s*\(?[\dIVXLC]+[a-zA-Z]?\)?)[.:]?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Document:
    """A file as it was uploaded and checked."""

    name: str
    content: bytes


@dataclass(frozen=True)
class StepWords:
    """What a step says: title and body by language, and what belongs to its kind."""

    texts: dict[str, dict[str, str]]
    minutes: int | None = None
    address: str = ""
    law_language: str = ""
    document: Document | None = None


@transaction.atomic
def add_step(assembly: Assembly, kind: StepKind, words: StepWords) -> KitStep:
    """A draft at the end of the kit."""
    locks.lock_until_commit(locks.NUMBERING, assembly.pk)
    last = assembly.kit_steps.aggregate(last=Max("position", default=0))["last"]
    step = assembly.kit_steps.create(position=last + 1, kind=kind, published_at=None)
    _write(step, words)
    return step


@transaction.atomic
def change_step(step: KitStep, words: StepWords) -> None:
    """Write it anew. One that is public has to stay whole: raises NotInEveryLanguage."""
    current = _locked(step)
    _write(current, words)
    if current.published_at is not None:
        _expect_every_language(current)
        _tell(current, "change")


@transaction.atomic
def publish_step(step: KitStep) -> None:
    """Put it before everybody. Raises NotInEveryLanguage."""
    current = _locked(step)
    _expect_every_language(current)
    if current.published_at is None:
        _set(current, "publish", published_at=timezone.now())


@transaction.atomic
def take_back_step(step: KitStep) -> None:
    """Make it a draft again."""
    current = _locked(step)
    if current.published_at is not None:
        _set(current, "draft", published_at=None)


@transaction.atomic
def remove_step(step: KitStep) -> None:
    """Take it out; it can be put back as it was."""
    current = _locked(step)
    if current.removed_at is None:
        _set(current, "remove", removed_at=timezone.now())


@transaction.atomic
def put_back_step(step: KitStep) -> None:
    current = _locked(step)
    if current.removed_at is not None:
        _set(current, "return", removed_at=None)


@transaction.atomic
def move_step(step: KitStep, by: int) -> None:
    """Change places with the one before (-1) or after (1); at the end nothing moves."""
    locks.lock_until_commit(locks.NUMBERING, step.assembly_id)
    standing = list(KitStep.objects.filter(assembly=step.assembly_id).standing())
    here = next((place for place, each in enumerate(standing) if each.pk == step.pk), None)
    if here is None or not 0 <= here + by < len(standing):
        return
    one, other = standing[here], standing[here + by]
    for each, position in ((one, other.position), (other, one.position)):
        KitStep.objects.filter(pk=each.pk).update(position=position)


@transaction.atomic
def write_clauses(step: KitStep, law: str) -> int:
    """Add the clauses of a law to a step, split where the law counts; how many there were."""
    current = _locked(step)
    first = current.clauses.aggregate(last=Max("position", default=0))["last"] + 1
    found = split_law(law)
    Clause.objects.bulk_create(
        Clause(step=current, position=first + place, number=number, text=text)
        for place, (number, text) in enumerate(found)
    )
    _tell_if_public(current)
    return len(found)


@transaction.atomic
def write_clause(clause: Clause, number: str, text: str, plain: dict[str, str]) -> None:
    """The words of a clause and what they mean; a language that is left empty has none."""
    current = _locked(clause.step)
    Clause.objects.filter(pk=clause.pk).update(number=number, text=text)
    for language, words in plain.items():
        if words:
            ClauseText.objects.update_or_create(clause=clause, language=language, defaults={"plain": words})
        else:
            clause.translations.filter(language=language).delete()
    _tell_if_public(current)


@transaction.atomic
def remove_clause(clause: Clause) -> None:
    current = _locked(clause.step)
    clause.delete()
    _tell_if_public(current)


def split_law(law: str) -> list[tuple[str, str]]:
    """Number and words of each clause. A new one begins with a line such as “Pasal 3” or “Article 3.”"""
    found: list[tuple[str, list[str]]] = []
    for line in law.split("\n"):
        heading = HEADING.match(line)
        if heading:
            found.append((" ".join(heading["number"].split()), [heading["rest"]]))
        elif found:
            found[-1][1].append(line)
        elif line.strip():
            found.append(("", [line]))
    return [(number, "\n".join(lines).strip()) for number, lines in found if "".join(lines).strip()]


@transaction.atomic
def explain(
    assembly: Assembly, language: str, term: str, meaning: str, entry: GlossaryEntry | None = None
) -> GlossaryEntry:
    """Put a word into the glossary, or say it otherwise; one of this name that was taken out makes room."""
    same = assembly.glossary.filter(language=language, term=term, removed_at__isnull=False)
    same.exclude(pk=entry and entry.pk).delete()
    written = {"language": language, "term": term, "meaning": meaning}
    if entry is None:
        return assembly.glossary.create(**written)
    assembly.glossary.filter(pk=entry.pk).update(**written)
    entry.refresh_from_db()
    return entry


def keep_term(entry: GlossaryEntry, is_kept: bool) -> None:
    """Take a word out of the glossary, or put it back."""
    entry.removed_at = None if is_kept else timezone.now()
    entry.save(update_fields=["removed_at"])


def note_reading(participant: Participant, step: KitStep, has_read: bool) -> None:
    """Remember that somebody has read a step, for themselves alone."""
    if has_read:
        KitReading.objects.get_or_create(participant=participant, step=step)
    else:
        KitReading.objects.filter(participant=participant, step=step).delete()


def _locked(step: KitStep) -> KitStep:
    return KitStep.objects.select_for_update(no_key=True).select_related(None).get(pk=step.pk)


def _write(step: KitStep, words: StepWords) -> None:
    step.minutes, step.address, step.law_language = words.minutes, words.address, words.law_language
    step.save(update_fields=["minutes", "address", "law_language"])
    for language, text in words.texts.items():
        KitStepText.objects.update_or_create(step=step, language=language, defaults=text)
    step.translations.exclude(language__in=words.texts).delete()
    if words.document is not None:
        content = words.document.content
        kept = {"name": words.document.name, "content": content, "size": len(content), "digest": _sha256(content)}
        KitFile.objects.update_or_create(step=step, defaults=kept)


def _expect_every_language(step: KitStep) -> None:
    written = set(step.translations.values_list("language", flat=True))
    if set(step.assembly.languages) - written:
        raise NotInEveryLanguage


def _set(step: KitStep, what: str, **values: object) -> None:
    was_public = step.published_at is not None and step.removed_at is None
    for name, value in values.items():
        setattr(step, name, value)
    step.save(update_fields=list(values))
    if was_public or (step.published_at is not None and step.removed_at is None):
        _tell(step, what)


def _tell_if_public(step: KitStep) -> None:
    if step.published_at is not None and step.removed_at is None:
        _tell(step, "change")


def _tell(step: KitStep, what: str) -> None:
    step.changes += 1
    step.save(update_fields=["changes"])
    texts = {each.language: {"title": each.title, "body": each.body} for each in step.translations.all()}
    clauses = [
        {
            "number": each.number,
            "text": each.text,
            "plain": {text.language: text.plain for text in each.translations.all()},
        }
        for each in step.clauses.prefetch_related("translations")
    ]
    more = {"clauses": clauses, "address": step.address, "file": _digest_of_file(step)}
    content = {"what": what, "kind": step.kind, "texts": texts, **{name: told for name, told in more.items() if told}}
    record.append(step.assembly, type="material", id=step.public_id, n=step.changes, content=content)


def _digest_of_file(step: KitStep) -> str:
    return KitFile.objects.filter(step=step).values_list("digest", flat=True).first() or ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
