"""Everything that is kept about one participant, for them alone.

Whatever table refers to a participant or to their account is in it, also one that is added tomorrow; what is left out
stands in LEFT_OUT and NOT_TOLD, each with its reason.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from deliberation.models import Account, Moderation, Participant
from deliberation.record.receipts import receipts_of

FORMAT = "majelis-my-data-1"
# Tables that refer to somebody and are told in another place of the file, or not at all.
LEFT_OUT = {
    "record_entries": "told as receipts, with everything that proves them",
    "participations": "each assembly has its own file; the others are named",
    "letters": "e-mail on its way, which goes to its owner anyway and is deleted when it has gone",
}
# Columns of these tables that are not about the person, or that open something.
NOT_TOLD = {
    "reports": {"snapshot": "the report itself, which is public"},
    "summaries": {"document": "the summary itself, which is public"},
    "summary_runs": dict.fromkeys(
        ("inputs", "results", "account", "parameters", "models_used"), "how a summary was computed, for the auditor"
    ),
    "appeals_decided": {"reason": "the words of the author"},
    "questions_owned": {"text": "the words of whoever asked", "author": "whoever asked"},
    "drafts": {"similar": "texts of others that were offered as similar"},
    "authenticator_set": {"data": "the public key of a passkey"},
}
INNER = {"written_in"}
Row = dict[str, Any]


def my_data(participant: Participant) -> dict[str, Any]:
    """Everything about this participant, and about the account with which they come back."""
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "assembly": {"slug": participant.assembly.slug, "id": participant.assembly.public_id},
        "me": _row(participant, {"account": "told below", "assembly": "told above"}),
        **_tables(participant),
        "moderation_of_mine": [_row(each, {"by": "a moderator"}) for each in _decisions_on(participant)],
        "receipts": [receipt.as_data() for receipt in receipts_of(participant)],
        "account": account_data(participant.account) if participant.account else None,
    }


def account_data(account: Account) -> dict[str, Any]:
    names = account.participations.values("assembly__slug", "pseudonym", "joined_at").order_by("joined_at")
    return {
        **_row(account, {"password": "there is none", "is_staff": "", "is_superuser": "", "is_active": ""}),
        **_tables(account),
        "assemblies": [{name: _told(value) for name, value in each.items()} for each in names],
        "devices": [{"signed_in_until": session.expire_date.isoformat()} for session in sessions_of(account)],
    }


def sessions_of(account: Account) -> Iterator[Session]:
    """The devices that are signed in. A session does not say in a column whose it is, so each is opened."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(account.pk):
            yield session


def _tables(about: Participant | Account) -> dict[str, list[Row]]:
    return {name: [_row(row, NOT_TOLD.get(name, {})) for row in rows] for name, rows in rows_about(about)}


def rows_about(about: Participant | Account) -> Iterator[tuple[str, models.QuerySet]]:
    """Each table that refers to them, by the name it has on them."""
    for relation in about._meta.related_objects:
        if (name := relation.get_accessor_name()) not in LEFT_OUT:
            rows = relation.related_model._default_manager.filter(**{relation.field.name: about})
            yield name, rows.select_related(*_references(relation.related_model)).order_by("pk")


def _references(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.is_relation]


def _decisions_on(participant: Participant) -> Iterator[Moderation]:
    """What moderators decided about their contributions, of every kind that can be moderated."""
    kinds = [f for f in Moderation._meta.concrete_fields if f.is_relation and f.name != "by"]
    about = (Moderation.objects.filter(**{f"{kind.name}__author": participant}) for kind in kinds)
    return chain.from_iterable(each.select_related(*(kind.name for kind in kinds)) for each in about)


def _row(row: models.Model, not_told: dict[str, str]) -> Row:
    fields = (field for field in row._meta.concrete_fields if not _is_inner(field) and field.name not in not_told)
    return {field.name: _told(getattr(row, field.name)) for field in fields}


def _is_inner(field: models.Field) -> bool:
    """Numbers of rows and transactions mean nothing outside; bytes are secrets, hashes and vectors."""
    return (field.primary_key and not field.is_relation) or isinstance(field, models.BinaryField) or field.name in INNER


def _told(value: Any) -> Any:
    if isinstance(value, models.Model):
        return getattr(value, "public_id", None) or str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
