"""Tables of a session: made round by round from whoever is there, and set right by hand."""

import secrets

from django.db import transaction
from django.db.models import Count, QuerySet

from deliberation.actions.errors import NotInThisState
from deliberation.actions.running import locked, rearrange, record_step
from deliberation.analysis.consensus_map import group_letters
from deliberation.analysis.seating import seats_of, tables_for
from deliberation.models import ConsensusMap, Participant, Role, Seat, Session, TableRound

STANDING = {Role.FACILITATOR, Role.SCRIBE, Role.EXPERT, Role.OBSERVER, Role.COMMISSIONER}


@transaction.atomic
def seat_next_round(session: Session, size: int) -> TableRound:
    """Seat whoever is there, with others than before where that can be. Raises NotInThisState where nobody is."""
    current = _changeable(session)
    number = current.table_rounds.count() + 1
    return _seat(current, number, size)


@transaction.atomic
def seat_round_anew(session: Session, size: int) -> TableRound:
    """The newest round once more, for those who are there now: nobody has sat at its tables yet."""
    current = _changeable(session)
    newest = newest_round(current)
    if newest is None:
        raise NotInThisState
    kept = _kept(newest)
    newest.delete()
    return _seat(current, newest.number, size, kept)


@transaction.atomic
def swap(session: Session, one: Participant, other: Participant) -> None:
    """Let two people change places. Raises NotInThisState where one of them has none."""
    current = _changeable(session)
    seats = {each.participant_id: each for each in _seats(current).filter(participant__in=[one, other])}
    if len(seats) < 2:
        raise NotInThisState
    here, there = seats[one.pk], seats[other.pk]
    here.table, there.table = there.table, here.table
    Seat.objects.bulk_update([here, there], ["table"])
    rearrange(current)


@transaction.atomic
def move_to_table(session: Session, participant: Participant, table: int) -> None:
    """Let somebody who has a seat sit at another table. Raises NotInThisState where there is no such seat or table."""
    current = _changeable(session)
    newest = newest_round(current)
    if newest is None or not 1 <= table <= newest.tables:
        raise NotInThisState
    if not newest.seats.filter(participant=participant).update(table=table):
        raise NotInThisState
    rearrange(current)


@transaction.atomic
def keep_at_table(session: Session, participant: Participant) -> None:
    """Keep somebody at their table in the rounds to come, or let them go again."""
    current = _changeable(session)
    seat = _seats(current).filter(participant=participant).first()
    if seat is None:
        raise NotInThisState
    seat.is_kept = not seat.is_kept
    seat.save(update_fields=["is_kept"])
    rearrange(current)


@transaction.atomic
def leave_table(session: Session, participant: Participant) -> None:
    """They are not in the room: nobody waits for them. Whose phone comes back is seated again."""
    current = _changeable(session)
    current.attendances.filter(participant=participant).delete()
    _seats(current).filter(participant=participant).delete()
    rearrange(current)


def seat_late(session: Session, participant: Participant) -> None:
    """Whoever comes late sits where fewest do. The session is locked."""
    newest = newest_round(session)
    if newest is None or not sits(participant) or newest.seats.filter(participant=participant).exists():
        return
    filled = dict(newest.seats.order_by().values_list("table").annotate(n=Count("pk")))
    table = min(range(1, newest.tables + 1), key=lambda number: (filled.get(number, 0), number))
    newest.seats.create(assembly_id=session.assembly_id, participant=participant, table=table)
    session.arrangements += 1


def newest_round(session: Session) -> TableRound | None:
    return session.table_rounds.last()


def sits(participant: Participant) -> bool:
    """Who leads, writes or watches has no seat at a table."""
    return not STANDING.intersection(participant.roles)


def _seat(session: Session, number: int, size: int, kept: dict[int, int] | None = None) -> TableRound:
    here = Participant.objects.present().filter(attendances__session=session)
    people = [each.pk for each in here if sits(each)]
    if not people:
        raise NotInThisState
    tables, seed = tables_for(len(people), size), secrets.randbits(53)
    earlier = newest_round(session)
    kept = _kept(earlier) if kept is None and earlier else kept or {}
    seats = seats_of(people, tables, _groups(session), _met(session), kept, seed)
    made = session.table_rounds.create(
        assembly_id=session.assembly_id, number=number, size=size, tables=tables, seed=seed
    )
    Seat.objects.bulk_create(
        Seat(
            assembly_id=session.assembly_id,
            round=made,
            participant_id=person,
            table=table,
            is_kept=kept.get(person) == table,
        )
        for person, table in sorted(seats.items())
    )
    # Neither who sat where nor the seed: a record is for good, and the tables of an evening are not.
    record_step(session, "tables", round=number, tables=tables, people=len(people))
    rearrange(session)
    return made


def _groups(session: Session) -> dict[int, str]:
    """Opinion groups of the newest map, to mix them; no page shows them of anybody."""
    newest = ConsensusMap.objects.filter(assembly=session.assembly_id).first()
    return group_letters(newest) if newest else {}


def _met(session: Session) -> list[list[int]]:
    tables: dict[tuple[int, int], list[int]] = {}
    seats = Seat.objects.filter(round__session=session).values_list("round", "table", "participant")
    for made, table, person in seats:
        tables.setdefault((made, table), []).append(person)
    return list(tables.values())


def _kept(made: TableRound) -> dict[int, int]:
    return dict(made.seats.filter(is_kept=True).values_list("participant", "table"))


def _seats(session: Session) -> QuerySet[Seat]:
    newest = newest_round(session)
    return Seat.objects.filter(round=newest) if newest else Seat.objects.none()


def _changeable(session: Session) -> Session:
    current = locked(session)
    if current.closed_at is not None:
        raise NotInThisState
    return current
