"""What became of a sentence, word by word, as people read tracked changes."""

from difflib import SequenceMatcher
from typing import Literal, NamedTuple

FEWEST_KEPT = 0.4  # of the words: with fewer in common, the old and the new sentence are read better whole

Kind = Literal["same", "removed", "added"]


class Change(NamedTuple):
    """Some words in a row that stayed, went or came."""

    kind: Kind
    words: str


def word_changes(before: str, after: str) -> list[Change]:
    """The way from one text to the other in runs of words; what went stands before what came in its place."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < FEWEST_KEPT:
        return _told(("removed", old), ("added", new))
    changes: list[Change] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        changes += _told(("same", old[i:j])) if kind == "equal" else _told(("removed", old[i:j]), ("added", new[k:m]))
    return changes


def _told(*runs: tuple[Kind, list[str]]) -> list[Change]:
    return [Change(kind, " ".join(words)) for kind, words in runs if words]
