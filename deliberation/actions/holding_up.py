"""Cards that people hold up on their phones: a word they do not know, too fast, or help."""

from django.db import transaction
from django.utils import timezone

from deliberation.actions.errors import NotInThisState
from deliberation.actions.running import locked_open, tell
from deliberation.models import Card, CardKind, Participant, Session

MOST_CARDS = 10  # of one person at a time


@transaction.atomic
def hold_up(session: Session, participant: Participant, kind: CardKind, word: str = "") -> Card:
    """Hold up a card. One that is up already stays as it is; so does one sent twice by a bad line."""
    current = locked_open(session)
    mine = current.cards.up().filter(participant=participant)
    if earlier := mine.filter(kind=kind, word__iexact=word).first():
        return earlier
    if mine.count() >= MOST_CARDS:
        raise NotInThisState
    card = current.cards.create(assembly_id=current.assembly_id, participant=participant, kind=kind, word=word)
    tell(current)
    return card


@transaction.atomic
def take_down(session: Session, participant: Participant, card_id: str) -> None:
    current = locked_open(session)
    taken, _ = current.cards.up().filter(participant=participant, public_id=card_id).delete()
    if taken:
        tell(current)


@transaction.atomic
def answer_card(session: Session, card_id: str) -> None:
    """It was explained, slowed down for, or seen to; of a word and of the pace all cards at once."""
    current = locked_open(session)
    card = current.cards.filter(public_id=card_id).first()
    if card is None:
        raise NotInThisState
    alike = current.cards.up().filter(kind=card.kind, word__iexact=card.word)
    if card.kind == CardKind.HELP:
        alike = alike.filter(pk=card.pk)
    if alike.update(answered_at=timezone.now()):
        tell(current)
