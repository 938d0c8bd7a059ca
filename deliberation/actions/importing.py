"""A deliberation that was held on Polis becomes an assembly: everything is written, or nothing."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from deliberation import enqueue, locks, record
from deliberation.copying import copy_rows, new_ids
from deliberation.models import (
    Assembly,
    AssemblyText,
    Choice,
    Decision,
    Moderation,
    Participant,
    Phase,
    PhaseKind,
    PolisImport,
    Route,
    Statement,
    Vote,
)
from deliberation.models.fields import new_public_id
from deliberation.models.participant import new_secret

PERSON_FIELDS = ["id", "public_id", "assembly", "pseudonym", "roles", "route", "imported_as", "language"]
PERSON_FIELDS += ["record_secret", "joined_at"]
VOTE_FIELDS = ["assembly", "participant", "statement", "choice", "revision", "created_at", "changed_at"]
TELL_EVERY = 20_000

Tell = Callable[[int, int], None]  # how many of how many are done


@dataclass(frozen=True)
class PolisComment:
    """A statement as the export has it; without text where only votes tell of it."""

    id: int
    author: int | None
    decision: Decision | None
    text: str


class LastVote(NamedTuple):
    """What counts of one participant's votes on one comment, and how many there were. Times are in milliseconds."""

    choice: Choice
    events: int = 1
    first_at: int | None = None
    last_at: int | None = None


@dataclass(frozen=True)
class PolisExport:
    """A Polis export, checked. `events` is None where the export tells last votes alone."""

    name: str
    digest: str
    topic: str
    description: str
    url: str
    comments: list[PolisComment]
    votes: dict[tuple[int, int], LastVote]
    events: int | None

    @property
    def counts(self) -> dict[str, int | None]:
        return {
            "participants": len({participant for participant, _ in self.votes}),
            "statements": len(self.comments),
            "statements_voted_on": len({comment for _, comment in self.votes}),
            "vote_events": self.events,
            "votes": len(self.votes),
        }

    @property
    def days(self) -> tuple[datetime, datetime] | None:
        """When the first vote and the last one were cast."""
        times = [(vote.first_at, vote.last_at) for vote in self.votes.values() if vote.first_at is not None]
        return (_time(min(first for first, _ in times)), _time(max(last for _, last in times))) if times else None


def ignore_progress(done: int, total: int) -> None:
    pass


@transaction.atomic
def import_export(export: PolisExport, language: str, tell: Tell = ignore_progress) -> PolisImport:
    """Write an export as a closed assembly with open results. The same export a second time is the first one again."""
    locks.lock_until_commit(locks.IMPORTING, 0)
    if earlier := PolisImport.objects.filter(digest=export.digest).first():
        return earlier
    assembly = _make_assembly(export, language)
    participants = _add_participants(assembly, export)
    statements = _add_statements(assembly, export, participants)
    copy_rows(Vote, VOTE_FIELDS, _vote_rows(assembly, export, participants, statements, tell))
    counts = {name: count for name, count in export.counts.items() if count is not None}
    record.append(assembly, type="config", id="polis-import", content={"digest": export.digest, **counts})
    enqueue.map_refresh_on_commit(assembly.pk)
    return PolisImport.objects.create(assembly=assembly, digest=export.digest, counts=export.counts)


def _make_assembly(export: PolisExport, language: str) -> Assembly:
    assembly = Assembly.objects.create(
        slug=_free_slug(export), languages=[language], is_open=False, record_secret=secrets.token_bytes(32)
    )
    with override(language):
        purpose = _("Imported from a Polis export. Voting is over.")
    AssemblyText.objects.create(
        assembly=assembly,
        language=language,
        title=_shortened(export.topic or export.name, 120),
        remit=export.description.split("\n\n")[0] or export.topic or export.name,
        purpose=f"{purpose} {export.url}".strip(),
    )
    opened_at, closed_at = export.days or (timezone.now(), timezone.now())
    Phase.objects.create(
        assembly=assembly,
        position=1,
        kind=PhaseKind.STATEMENTS,
        starts_on=timezone.localdate(opened_at),
        ends_on=timezone.localdate(closed_at),
        opened_at=opened_at,
        closed_at=closed_at,
    )
    return assembly


def _free_slug(export: PolisExport) -> str:
    wanted = slugify(export.name.replace(".", "-"))[:70].strip("-") or "polis"
    taken = Assembly.objects.filter(slug=wanted).exists()
    return f"{wanted}-{export.digest[:8]}" if taken else wanted


def _add_participants(assembly: Assembly, export: PolisExport) -> dict[int, int]:
    """Everybody who voted or wrote, under a number; by their id in Polis."""
    ids = {participant for participant, _ in export.votes}
    ids |= {comment.author for comment in export.comments if comment.author is not None}
    language, now = assembly.languages[0], timezone.now()
    with override(language):
        pseudonym = _("Participant %(number)s")
    keys = dict(zip(sorted(ids), new_ids(Participant, len(ids)), strict=True))
    people = (
        (key, new_public_id(), assembly.pk, pseudonym % {"number": id}, [], Route.IMPORT.value, str(id), language)
        for id, key in keys.items()
    )
    copy_rows(Participant, PERSON_FIELDS, ((*person, new_secret(), now) for person in people))
    return keys


def _add_statements(assembly: Assembly, export: PolisExport, participants: dict[int, int]) -> dict[int, int]:
    """Statements in the order of their ids in Polis, by these ids, with the decisions that moderators took there."""
    comments = sorted(export.comments, key=lambda comment: comment.id)
    with override(assembly.languages[0]):
        missing = _("Statement %(number)s of the export: its text is missing")
    statements = Statement.objects.bulk_create(
        Statement(
            assembly=assembly,
            number=number,
            author_id=None if comment.author is None else participants[comment.author],
            text=comment.text or missing % {"number": comment.id},
            language=assembly.languages[0],
        )
        for number, comment in enumerate(comments, start=1)
    )
    Moderation.objects.bulk_create(
        Moderation(
            statement=statement,
            decision=comment.decision if comment.text else Decision.REJECTED,
            reason="" if comment.text else "The export does not have its text.",
        )
        for statement, comment in zip(statements, comments, strict=True)
        if comment.decision is not None or not comment.text
    )
    return {comment.id: statement.pk for comment, statement in zip(comments, statements, strict=True)}


def _vote_rows(
    assembly: Assembly, export: PolisExport, participants: dict[int, int], statements: dict[int, int], tell: Tell
) -> Iterator[tuple[Any, ...]]:
    now, total = timezone.now(), len(export.votes)
    for done, ((voter, comment), vote) in enumerate(export.votes.items()):
        first_at = now if vote.first_at is None else _time(vote.first_at)
        last_at = now if vote.last_at is None else _time(vote.last_at)
        yield assembly.pk, participants[voter], statements[comment], int(vote.choice), vote.events, first_at, last_at
        if done % TELL_EVERY == 0:
            tell(done, total)
    tell(total, total)


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
