"""From arguments to a summary that stores ids, places and counts, and no words: those are looked up when it is read."""

import hashlib
from typing import Any

Quote = dict[str, Any]


def quoted(text: str, quote: Quote) -> str | None:
    """The words quoted, as they stand in the text today; None if the text was changed since."""
    if _digest(text) != quote["sha256"]:
        return None
    return text[quote["start"] : quote["end"]]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
