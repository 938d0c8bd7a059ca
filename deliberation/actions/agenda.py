"""An agenda is changed: before its session, and while it goes on."""

from datetime import timedelta

from django.db import transaction

from deliberation.actions.errors import InUse, NotInThisState
from deliberation.actions.running import NewItem, add_item, add_poll, locked, rearrange, write_titles
from deliberation.models import AgendaItem, ItemKind, Poll, Session


@transaction.atomic
def edit_item(item: AgendaItem, new: NewItem) -> AgendaItem:
    """Other words, minutes, kind or options. Raises InUse where people do it, or were asked it, as it is now."""
    session = locked(item.session)
    current = session.items.get(pk=item.pk)
    asks = (current.kind, current.options) != (new.kind, new.options)
    if asks and (_was_asked(current) or (session.item_id == current.pk and current.kind != new.kind)):
        raise InUse
    if session.item_id == current.pk and _timer_is_untouched(session, current):
        session.time_left = timedelta(minutes=new.minutes)
    current.kind, current.minutes = new.kind, new.minutes
    current.save(update_fields=["kind", "minutes"])
    write_titles(current, new.titles)
    if asks:
        _ask_instead(current, new.options)
    rearrange(session)
    return current


@transaction.atomic
def move_item(session: Session, item_id: str, steps: int) -> None:
    """One place up (-1) or down (1). Raises NotInThisState at either end."""
    current = locked(session)
    items = list(current.items.all())
    place = next((place for place, item in enumerate(items) if item.public_id == item_id), None)
    if place is None or not 0 <= place + steps < len(items):
        raise NotInThisState
    one, other = items[place], items[place + steps]
    one.position, other.position = other.position, one.position
    AgendaItem.objects.bulk_update([one, other], ["position"])
    rearrange(current)


@transaction.atomic
def remove_item(item: AgendaItem) -> tuple[NewItem, int]:
    """Take it off the agenda; what it was and its position, to put it back.

    Raises InUse where it is on now, people were asked, or notes were taken of it.
    """
    session = locked(item.session)
    current = session.items.get(pk=item.pk)
    if (session.is_open and session.item_id == current.pk) or _was_asked(current) or current.notes.exists():
        raise InUse
    titles = {text.language: text.title for text in current.translations.all()}
    was = NewItem(ItemKind(current.kind), titles, current.minutes, current.options, current.proposal, current.kit_step)
    current.delete()
    session.refresh_from_db(fields=["item"])
    rearrange(session)
    return was, current.position


@transaction.atomic
def put_back(session: Session, was: NewItem, position: int) -> AgendaItem:
    """Undo a removal; where another stands at its position meanwhile, it stands at the end."""
    item = add_item(session, was)
    if not session.items.filter(position=position).exists():
        item.position = position
        item.save(update_fields=["position"])
    return item


def _was_asked(item: AgendaItem) -> bool:
    return item.asks and item.poll.opened_at is not None


def _timer_is_untouched(session: Session, item: AgendaItem) -> bool:
    return session.running_since is None and session.time_left == timedelta(minutes=item.minutes)


def _ask_instead(item: AgendaItem, options: dict[str, list[str]]) -> None:
    Poll.objects.filter(item=item).delete()
    if item.asks:
        add_poll(item, options)
