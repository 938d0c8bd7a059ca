"""Tables that mix opinion groups and let people meet: the pure function, measured against chance."""

import random
from collections import Counter

import pytest

from deliberation.analysis.seating import repeats, seats_of, tables_for

PEOPLE = list(range(100, 148))
GROUPS = {person: "AAABBC"[person % 6] for person in PEOPLE[:42]}  # the last six are in none
ROUNDS = 4
Table = list[int]


def tables_of(seats: dict[int, int]) -> list[Table]:
    return [[who for who in seats if seats[who] == table] for table in sorted(set(seats.values()))]


def rounds_of(seed: int) -> list[list[Table]]:
    made: list[list[Table]] = []
    for number in range(ROUNDS):
        met = [table for tables in made for table in tables]
        made.append(tables_of(seats_of(PEOPLE, 8, GROUPS, met, {}, seed + number)))
    return made


def rounds_by_chance(seed: int) -> list[list[Table]]:
    rng = random.Random(seed)
    dealt = [rng.sample(PEOPLE, len(PEOPLE)) for _ in range(ROUNDS)]
    return [[order[n::8] for n in range(8)] for order in dealt]


def largest_crowd(table: Table) -> int:
    """How many of one group sit together."""
    return max(Counter(GROUPS[who] for who in table if who in GROUPS).values())


def test_people_meet_fewer_of_those_they_met_before_than_by_chance_in_every_seed():
    found = [(repeats(rounds_of(seed)), repeats(rounds_by_chance(seed))) for seed in range(5)]

    print(f"met again in {ROUNDS} rounds of {len(PEOPLE)}: (ours, by chance) {found}")
    assert all(ours * 3 < chance for ours, chance in found)


def test_no_table_is_of_one_opinion_where_groups_can_be_spread():
    """21 of A, 14 of B and 7 of C at eight tables: at best three of A and two of B sit together."""
    crowds = [largest_crowd(table) for tables in rounds_of(seed=7) for table in tables]
    by_chance = [largest_crowd(table) for tables in rounds_by_chance(seed=7) for table in tables]

    assert max(crowds) == 3
    assert max(by_chance) > 3


def test_the_same_seed_gives_the_same_tables_whatever_the_order_of_people():
    mixed = random.Random(1).sample(PEOPLE, len(PEOPLE))

    assert seats_of(PEOPLE, 8, GROUPS, [], {}, 3) == seats_of(mixed, 8, GROUPS, [], {}, 3)
    assert seats_of(PEOPLE, 8, GROUPS, [], {}, 3) != seats_of(PEOPLE, 8, GROUPS, [], {}, 4)


def test_whoever_is_kept_stays_and_tables_stay_even():
    seats = seats_of(PEOPLE, 8, GROUPS, [], {100: 5, 101: 5, 102: 8}, 1)

    assert [seats[who] for who in (100, 101, 102)] == [5, 5, 8]
    assert set(Counter(seats.values()).values()) == {6}


def test_whoever_was_kept_at_a_table_that_is_no_more_sits_anywhere():
    assert seats_of([1, 2, 3, 4], 2, {}, [], {1: 9}, 1).keys() == {1, 2, 3, 4}


def test_people_without_a_group_sit_as_evenly_as_all_others():
    assert sorted(Counter(seats_of(range(13), 2, {}, [], {}, 1).values()).values()) == [6, 7]


@pytest.mark.parametrize(
    ("people", "size", "tables"),
    [
        (1, 6, 1),
        (4, 6, 1),
        (9, 6, 2),
        (12, 6, 2),
        (13, 8, 2),
        (17, 8, 3),
        (40, 6, 7),
        (40, 8, 5),
        (41, 5, 8),
        (9, 3, 3),
    ],
)
def test_tables_have_five_to_eight_seats_or_as_many_as_were_asked_for(people: int, size: int, tables: int):
    assert tables_for(people, size) == tables


def test_nobody_at_all_is_seated_too():
    assert seats_of([], 1, {}, [], {}, 1) == {}
