"""Reading a sample of what was counted for a key point, and of what was not."""

import hashlib
import secrets

from deliberation.analysis.review import Place, matched, share_after_audit
from deliberation.models import Audit

SAMPLE = 30  # of what was counted, and as many of what was not


def sample(place: Place, seed: str) -> list[tuple[str, bool]]:
    """Which arguments are read, and whether each was counted, in the order in which they are shown.

    Seed and document decide, by SHA-256 alone: anybody can draw the same sample again.
    """
    others = {*place.side["unmatched"], *matched(place.side)} - {*place.cites}
    drawn = [(each, True) for each in _first(place.cites, seed)] + [(each, False) for each in _first(others, seed)]
    return sorted(drawn, key=lambda card: _lot(card[0], f"{seed} order"))


def share_of(audit: Audit) -> tuple[list[float], int] | None:
    """The corrected share with its bounds, and how many arguments it rests on."""
    cards = [(card.counted, card.judgement) for card in audit.cards.all()]
    return share_after_audit(audit.people, audit.of, cards)


def new_seed() -> str:
    return secrets.token_hex(16)


def _first(arguments: list[str] | set[str], seed: str) -> list[str]:
    return sorted(arguments, key=lambda each: _lot(each, seed))[:SAMPLE]


def _lot(argument: str, seed: str) -> str:
    return hashlib.sha256(f"{seed} {argument}".encode()).hexdigest()
