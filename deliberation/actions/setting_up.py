"""What an assembly says of itself and who may come: written by its facilitator, told by its record.

Everything may be changed at any time but the question: once a phase has opened, people have answered it.
"""

from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from deliberation import record
from deliberation.actions.errors import NotInThisState, QuestionStays
from deliberation.models import Assembly, AssemblyText


@dataclass(frozen=True)
class Words:
    """What an assembly is asked, in one language."""

    title: str
    remit: str
    asked_by: str
    purpose: str
    duration: str = ""


PARTS = [field.name for field in fields(Words)]


def words_of(text: AssemblyText) -> Words:
    return Words(**{part: getattr(text, part) for part in PARTS})


def has_begun(assembly: Assembly) -> bool:
    return assembly.phases.filter(opened_at__isnull=False).exists()


@transaction.atomic
def write_texts(assembly: Assembly, texts: dict[str, Words]) -> None:
    """Let the assembly say this, in these languages. Raises QuestionStays where it was asked otherwise before."""
    current = _locked(assembly)
    said = {each.language: words_of(each) for each in current.translations.all()}
    if texts == said:
        return
    if has_begun(current) and any(code not in texts or texts[code].remit != said[code].remit for code in said):
        raise QuestionStays
    current.translations.exclude(language__in=texts).delete()
    for code, words in texts.items():
        AssemblyText.objects.update_or_create(assembly=current, language=code, defaults=asdict(words))
    current.languages = [code for code in dict.fromkeys([*current.languages, *texts]) if code in texts]
    current.save(update_fields=["languages"])
    tell(current, "texts", texts={code: asdict(words) for code, words in texts.items()})


@transaction.atomic
def write_rules(assembly: Assembly, rules: dict[str, list[str]]) -> None:
    """What everybody who takes part is asked, in each language."""
    current = _locked(assembly)
    if rules == {each.language: each.rules for each in current.translations.all()}:
        return
    for code, said in rules.items():
        current.translations.filter(language=code).update(rules=said)
    tell(current, "rules", rules=rules)


@transaction.atomic
def let_anyone_join(assembly: Assembly, on: bool) -> None:
    """Whether the address is enough to join, or only an invitation."""
    current = _locked(assembly)
    if current.is_open == on:
        return
    current.is_open = on
    current.save(update_fields=["is_open"])
    tell(current, "joining", open=on)


@transaction.atomic
def archive(assembly: Assembly) -> None:
    """From now on everything can be read and nothing be written. Raises NotInThisState while anything is open."""
    current = _locked(assembly)
    if current.archived_at is not None:
        return
    if current.phases.open().exists() or current.sessions.open().exists():
        raise NotInThisState
    current.archived_at = timezone.now()
    current.save(update_fields=["archived_at"])
    tell(current, "archive")


@transaction.atomic
def bring_back(assembly: Assembly) -> None:
    """Undo `archive`."""
    current = _locked(assembly)
    if current.archived_at is None:
        return
    current.archived_at = None
    current.save(update_fields=["archived_at"])
    tell(current, "bring back")


def tell(assembly: Assembly, what: str, **more: object) -> None:
    """An entry of the record that counts along with the changes of the assembly."""
    Assembly.objects.filter(pk=assembly.pk).update(changes=F("changes") + 1)
    assembly.refresh_from_db(fields=["changes"])
    record.append(assembly, type="config", id="assembly", n=assembly.changes, content={"what": what, **more})


def _locked(assembly: Assembly) -> Assembly:
    return Assembly.objects.select_for_update(no_key=True).get(pk=assembly.pk)
