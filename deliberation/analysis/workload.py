"""How long what people write waits for a moderator, and who looks at how much of it."""

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from deliberation.models import Argument, Assembly, Moderation, Note, Objection, Question, Statement

KINDS = (Statement, Argument, Objection, Question, Note)


@dataclass(frozen=True)
class Workload:
    """`median` is the time from writing to the first decision, over everything that a person has decided on here."""

    waiting: int
    oldest: datetime | None
    median: timedelta | None
    moderators: list[tuple[str, int]]


def workload_of(assembly: Assembly) -> Workload:
    """Moderators by their pseudonym, whoever decided most first."""
    waiting = [written for unseen in _waiting(assembly) for written in unseen.values_list("created_at", flat=True)]
    decided = Moderation.objects.filter(by__assembly=assembly)
    counted = decided.values_list("by__pseudonym").annotate(n=Count("pk")).order_by("-n", "by__pseudonym")
    return Workload(len(waiting), min(waiting, default=None), _median_wait(assembly), list(counted))


def waiting_for_a_look(assembly: Assembly) -> int:
    """How much of what participants wrote no moderator has looked at yet."""
    return sum(unseen.count() for unseen in _waiting(assembly))


def _waiting(assembly: Assembly) -> list[QuerySet[Any]]:
    return [kind.objects.filter(assembly=assembly).waiting() for kind in KINDS]


def _median_wait(assembly: Assembly) -> timedelta | None:
    names = [kind._meta.model_name for kind in KINDS]
    written_by_participants = Q(*((f"{name}__author__isnull", False) for name in names), _connector=Q.OR)
    looked = Moderation.objects.filter(written_by_participants, by__assembly=assembly).order_by("-revision")
    rows = looked.values_list(*names, "created_at", *(f"{name}__created_at" for name in names))
    first = {tuple(row[: len(names)]): row[len(names) :] for row in rows}  # of each, the earliest comes last and stays
    waits = [(decided - next(filter(None, written))).total_seconds() for decided, *written in first.values()]
    return timedelta(seconds=round(statistics.median(waits))) if waits else None
