"""The record: what everybody contributed, sealed so that nothing can be altered or removed unseen."""

from deliberation.record.leaves import (
    Contribution,
    append,
    append_all,
    commitment,
    ranking_id,
    ratification_id,
    vote_id,
)
from deliberation.record.tree import leaf_hash

__all__ = [
    "Contribution",
    "append",
    "append_all",
    "commitment",
    "leaf_hash",
    "ranking_id",
    "ratification_id",
    "vote_id",
]
