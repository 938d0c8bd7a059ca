"""A session as its facilitator runs it: what is on the agenda, what is on now, the timer, and the wall.

Everything that browsers follow is a row of the database and one change of the session; what is agreed in a room is also
an entry of the record: that it opened, which item came when, and that it closed.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deliberation import live, locks, record, visibility
from deliberation.actions.errors import NotInThisState
from deliberation.models import (
    AgendaItem,
    AgendaItemText,
    Assembly,
    CardKind,
    ItemKind,
    KitStep,
    Poll,
    PollOption,
    PollOptionText,
    Proposal,
    Scene,
    Session,
    SessionText,
)

A_MINUTE = timedelta(minutes=1)
LONGEST_TIMER = timedelta(hours=9)


@dataclass(frozen=True)
class NewItem:
    """What is put on an agenda. `options` of a poll are given in each language."""

    kind: ItemKind
    titles: dict[str, str]
    minutes: int
    options: dict[str, list[str]] = field(default_factory=dict)
    proposal: Proposal | None = None
    kit_step: KitStep | None = None


@transaction.atomic
def plan_session(assembly: Assembly, titles: dict[str, str], items: list[NewItem]) -> Session:
    """A session with its agenda, to be opened later."""
    locks.lock_until_commit(locks.NUMBERING, assembly.pk)
    number = assembly.sessions.aggregate(last=Max("number", default=0))["last"] + 1
    session = assembly.sessions.create(number=number)
    SessionText.objects.bulk_create(
        SessionText(session=session, language=language, title=title) for language, title in titles.items()
    )
    for item in items:
        add_item(session, item)
    return session


@transaction.atomic
def add_item(session: Session, new: NewItem) -> AgendaItem:
    """Put one more item at the end of the agenda, also while the session is going on."""
    current = locked(session)
    position = current.items.aggregate(last=Max("position", default=0))["last"] + 1
    item = current.items.create(
        assembly_id=current.assembly_id,
        position=position,
        kind=new.kind,
        minutes=new.minutes,
        proposal=new.proposal,
        kit_step=new.kit_step,
    )
    write_titles(item, new.titles)
    if item.asks:
        add_poll(item, new.options)
    rearrange(current)
    return item


def write_titles(item: AgendaItem, titles: dict[str, str]) -> None:
    for language, title in titles.items():
        AgendaItemText.objects.update_or_create(item=item, language=language, defaults={"title": title})


def add_poll(item: AgendaItem, options: dict[str, list[str]]) -> None:
    poll = Poll.objects.create(assembly_id=item.assembly_id, item=item)
    for language, words in options.items():
        for number, text in enumerate(words, start=1):
            option, _ = PollOption.objects.get_or_create(poll=poll, number=number)
            PollOptionText.objects.create(option=option, language=language, text=text)


@transaction.atomic
def open_session(session: Session) -> Session:
    """Open a session, or open it again. Raises NotInThisState while another is open, or where nothing is planned."""
    locks.lock_until_commit(locks.NUMBERING, session.assembly_id)
    current = locked(session)
    if current.is_open:
        return current
    if Session.objects.open().filter(assembly=current.assembly_id).exists() or not current.items.exists():
        raise NotInThisState
    # Browsers follow one number through all sessions of an assembly.
    newest = Session.objects.filter(assembly=current.assembly_id).aggregate(newest=Max("changes"))["newest"]
    current.opened_at, current.closed_at, current.changes = timezone.now(), None, newest
    current.scene, current.is_blank = Scene.JOIN, False
    if current.item is None:
        _put_on(current, current.items.first())
        current.scene = Scene.JOIN  # people come in first
    record_step(current, "open", item=current.item.public_id)
    return tell(current)


@transaction.atomic
def close_session(session: Session) -> Session:
    """Closing it twice is closing it once."""
    current = locked(session)
    if not current.is_open:
        return current
    close_what_is_open(current)
    current.cards.up().update(answered_at=timezone.now())
    current.closed_at, current.scene, current.is_blank = timezone.now(), Scene.JOIN, False
    current.time_left, current.running_since = current.left_at(timezone.now()), None
    record_step(current, "close")
    return tell(current)


@transaction.atomic
def put_on(session: Session, item: AgendaItem) -> Session:
    """Go to an item: its poll waits to be opened, its timer to be started. An open poll of another item is closed."""
    current = locked_open(session)
    if current.item_id != item.pk:
        close_what_is_open(current)
        _put_on(current, item)
        record_step(current, "item", item=item.public_id)
    return tell(current)


@transaction.atomic
def go(session: Session, steps: int, seen: str = "") -> Session:
    """To the item after this one (1) or before it (-1). Raises NotInThisState at either end.

    `seen` is the item that was on where the key was pressed: pressed twice, or in two windows, it is one step.
    """
    current = locked_open(session)
    items = list(current.items.all())
    on = next((place for place, item in enumerate(items) if item.pk == current.item_id), -steps)
    place = next((place for place, item in enumerate(items) if item.public_id == seen), on)
    wanted = place + steps
    if not 0 <= wanted < len(items) or on not in (place, wanted):
        raise NotInThisState
    return put_on(current, items[wanted])


@transaction.atomic
def start_timer(session: Session) -> Session:
    current = locked_open(session)
    if current.running_since is None:
        current.running_since = timezone.now()
    return tell(current)


@transaction.atomic
def pause_timer(session: Session) -> Session:
    current = locked_open(session)
    current.time_left, current.running_since = current.left_at(timezone.now()), None
    return tell(current)


@transaction.atomic
def add_minute(session: Session) -> Session:
    """One minute more than is left now; a timer that has run out begins anew from there."""
    current, now = locked_open(session), timezone.now()
    current.time_left = min(current.left_at(now) + A_MINUTE, LONGEST_TIMER)
    current.running_since = current.running_since and now
    return tell(current)


@transaction.atomic
def show_on_wall(session: Session, scene: Scene) -> Session:
    current = locked_open(session)
    current.scene, current.is_blank = scene, False
    return tell(current)


@transaction.atomic
def turn_blank(session: Session) -> Session:
    """Blank the wall, or show it again."""
    current = locked_open(session)
    current.is_blank = not current.is_blank
    return tell(current)


def locked(session: Session) -> Session:
    """The session as it is now; who else changes it waits until this commits."""
    return Session.objects.select_for_update(no_key=True).get(pk=session.pk)


def locked_open(session: Session) -> Session:
    """The same; raises NotInThisState where it is not open."""
    current = locked(session)
    if not current.is_open:
        raise NotInThisState
    return current


def tell(session: Session) -> Session:
    """Save what was changed as one version more, and tell the room when it is committed."""
    session.changes += 1
    session.save()
    assembly_id, version = session.assembly_id, session.changes
    transaction.on_commit(lambda: live.announce(assembly_id, live.SESSION, version), robust=True)
    return session


def refresh(session: Session) -> None:
    """Let the room show again what it shows: words that stand there were hidden, or came back."""
    current = locked(session)
    if current.is_open:
        tell(current)


def rearrange(session: Session) -> Session:
    """Save what was changed in the agenda or at the tables; the room hears of it while it is open."""
    session.arrangements += 1
    if session.is_open:
        return tell(session)
    session.save()
    return session


def close_what_is_open(session: Session) -> None:
    """Nobody speaks, is asked, or is too fast across two items."""
    session.cards.up().filter(kind=CardKind.FAST).update(answered_at=timezone.now())
    session.hands.speaking().update(done_at=timezone.now())
    for poll in Poll.objects.filter(item__session=session, opened_at__isnull=False, closed_at__isnull=True):
        count(session, poll)


def count(session: Session, poll: Poll) -> None:
    """Close a poll; whoever answers at this moment has waited for the session, or is told that it is closed."""
    given = list(poll.answers.values_list("choice", flat=True))
    poll.result = {str(number): given.count(number) for number in poll.options_in("en")}
    poll.closed_at = timezone.now()
    poll.save(update_fields=["result", "closed_at"])
    record_step(session, "count", poll=poll.public_id, item=poll.item.public_id, result=visibility.poll_result(poll))


def _put_on(session: Session, item: AgendaItem) -> None:
    session.item, session.scene, session.is_blank = item, item.scene, False
    session.time_left, session.running_since = timedelta(minutes=item.minutes), None


def record_step(session: Session, what: str, **more: object) -> None:
    session.steps += 1
    record.append(
        session.assembly, type="session", id=session.public_id, n=session.steps, content={"what": what, **more}
    )
