"""The cards that people hold up: to themselves their own, to the facilitator all of them."""

from typing import Any

from django.db.models import Q

from deliberation.actions.seating import newest_round
from deliberation.models import Card, CardKind, GlossaryEntry, Session
from deliberation.views.page import Visit


def my_cards(session: Session, visit: Visit) -> dict[str, Any]:
    """The cards that I hold up, by kind; with a word its meaning, where the glossary has it."""
    up = list(session.cards.up().filter(participant=visit.participant)) if visit.participant else []
    words = [each for each in up if each.kind == CardKind.WORD]
    meanings = _meanings(visit, [each.word for each in words])
    return {
        "words": [{"card": each, "meaning": meanings.get(each.word.casefold())} for each in words],
        "fast": next((each for each in up if each.kind == CardKind.FAST), None),
        "help": next((each for each in up if each.kind == CardKind.HELP), None),
        "ids": [each.public_id for each in up],
    }


def cards_of(session: Session, visit: Visit) -> dict[str, Any]:
    """Every card that is up, for the facilitator: words and pace without names, and who needs help at which table."""
    up = list(session.cards.up().select_related("participant"))
    fast = [each for each in up if each.kind == CardKind.FAST]
    newest = newest_round(session)
    tables = dict(newest.seats.values_list("participant", "table")) if newest else {}
    return {
        "fast": fast,
        "words": _words(visit, [each for each in up if each.kind == CardKind.WORD]),
        "help": [{"card": each, "table": tables.get(each.participant_id)} for each in up if each.kind == CardKind.HELP],
    }


def _words(visit: Visit, held: list[Card]) -> list[dict[str, Any]]:
    """Each word once, with how many do not know it; what most do not know comes first."""
    found: dict[str, dict[str, Any]] = {}
    for card in held:
        row = found.setdefault(card.word.casefold(), {"card": card, "people": 0})
        row["people"] += 1
    meanings = _meanings(visit, [each["card"].word for each in found.values()])
    rows = [{**row, "meaning": meanings.get(word)} for word, row in found.items()]
    return sorted(rows, key=lambda row: -row["people"])


def _meanings(visit: Visit, words: list[str]) -> dict[str, GlossaryEntry]:
    if not words:
        return {}
    terms = Q(*(Q(term__iexact=word) for word in words), _connector=Q.OR)
    found = GlossaryEntry.objects.standing().filter(terms, assembly=visit.assembly)
    # The word in the reader's own language, where two languages share it.
    return {each.term.casefold(): each for each in sorted(found, key=lambda each: each.language == visit.language)}
