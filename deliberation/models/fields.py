"""Columns that PostgreSQL has and Django does not name."""

import secrets

from django.db import models
from django.db.models import Func
from django.db.models.functions import Length

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


class CurrentTransaction(Func):
    """The id of the transaction that writes, never reused until the cluster is made anew."""

    function = "pg_current_xact_id"
    arity = 0

    def __init__(self) -> None:
        super().__init__(output_field=TransactionIdField())


class TransactionIdField(models.Field):
    """Which transaction wrote the row last: with a snapshot it tells exactly which rows are new to a reader."""

    def db_type(self, connection) -> str:
        return "xid8"

    def get_prep_value(self, value):
        return value if value is None or hasattr(value, "resolve_expression") else str(value)


def new_public_id() -> str:
    """A random id for addresses: 12 characters, 72 bits, nothing to count or guess."""
    return secrets.token_urlsafe(9)


class PublicIdField(models.CharField):
    def __init__(self, **options) -> None:
        super().__init__(**{"max_length": 16, "default": new_public_id, "unique": True, "editable": False, **options})
