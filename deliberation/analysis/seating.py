"""Who sits at which table: numbers in, numbers out.

The objective: of all pairs of people at one table, as few as possible who sat together before, and as few as possible
of one opinion group. A pair that met before costs AGAIN for each time, a pair of one group costs SAME; the sum over all
tables is made small by exchanging two people at a time, at first also where that costs a little (simulated annealing:
Kirkpatrick, Gelatt, Vecchi, Optimization by Simulated Annealing, Science 220, 1983).
"""

import math
import random
from collections.abc import Iterable, Mapping
from itertools import combinations

AGAIN, SAME = 4, 1
TRIALS_A_PERSON = 300
WARM, COLD = 2.0, 0.05  # of the annealing, in the units of the cost
GOOD_SIZES = range(5, 9)

Tables = list[list[int]]


def tables_for(people: int, size: int) -> int:
    """How many tables: with 5 to 8 people at each where that can be, and as near as can be to the size asked for."""
    possible = range(1, max(people // 2, 1) + 1)
    if size in GOOD_SIZES:
        possible = [
            n for n in possible if people // n >= GOOD_SIZES[0] and -(-people // n) <= GOOD_SIZES[-1]
        ] or possible
    return min(possible, key=lambda n: (abs(people / n - size), n))


def seats_of(
    people: Iterable[int],
    tables: int,
    groups: Mapping[int, str],
    met: Iterable[Iterable[int]],
    kept: Mapping[int, int],
    seed: int,
) -> dict[int, int]:
    """The table of each person, from 1 on.

    `groups` names the opinion group of those who are in one; whoever is in none mixes with everybody. `met` are the
    tables of earlier rounds, as the people who sat there. `kept` people sit where it says, if there is such a table.
    Tables differ by at most one person, unless more are kept at one. The same input gives the same answer.
    """
    rng, order = random.Random(seed), sorted(people)  # noqa: S311 - to be repeated, not to be secret
    place = {person: number for number, person in enumerate(order)}
    costs = _costs(order, place, groups, met)
    fixed = {place[who]: table - 1 for who, table in kept.items() if who in place and table <= tables}
    seated = _dealt(len(order), tables, fixed, rng)
    _anneal(seated, costs, set(fixed), rng)
    return {order[each]: number for number, table in enumerate(seated, start=1) for each in table}


def repeats(rounds: Iterable[Iterable[Iterable[int]]]) -> int:
    """How often two people met who had met before."""
    seen: set[tuple[int, int]] = set()
    again = 0
    for tables in rounds:
        pairs = {pair for table in tables for pair in combinations(sorted(table), 2)}
        again += len(pairs & seen)
        seen |= pairs
    return again


def _costs(
    order: list[int], place: dict[int, int], groups: Mapping[int, str], met: Iterable[Iterable[int]]
) -> list[list[int]]:
    """What it costs that two people sit together, by their places in the order."""
    own = [groups.get(person) for person in order]
    costs = [[SAME if mine is not None and mine == other else 0 for other in own] for mine in own]
    for table in met:
        for a, b in combinations([place[person] for person in table if person in place], 2):
            costs[a][b] += AGAIN
            costs[b][a] += AGAIN
    return costs


def _dealt(people: int, tables: int, fixed: dict[int, int], rng: random.Random) -> Tables:
    """Everybody at a table to begin with: the fixed first, the others where there are fewest."""
    seated: Tables = [[] for _ in range(tables)]
    for person, table in fixed.items():
        seated[table].append(person)
    rest = [person for person in range(people) if person not in fixed]
    rng.shuffle(rest)
    for person in rest:
        min(seated, key=len).append(person)
    return seated


def _anneal(seated: Tables, costs: list[list[int]], fixed: set[int], rng: random.Random) -> None:
    """Exchange people of two tables for as long as it pays."""
    movable = [(table, seat) for table, row in enumerate(seated) for seat, who in enumerate(row) if who not in fixed]
    if len(seated) < 2 or len(movable) < 2:
        return
    trials = TRIALS_A_PERSON * len(movable)
    cooling = (COLD / WARM) ** (1 / trials)
    warmth = WARM
    for _ in range(trials):
        warmth *= cooling
        (one, a), (other, b) = rng.choice(movable), rng.choice(movable)
        if one == other:
            continue
        dearer = _dearer(seated[one], a, seated[other], b, costs)
        if dearer <= 0 or rng.random() < math.exp(-dearer / warmth):
            seated[one][a], seated[other][b] = seated[other][b], seated[one][a]


def _dearer(one: list[int], a: int, other: list[int], b: int, costs: list[list[int]]) -> int:
    """By how much the two tables cost more once these two have changed places."""
    of_a, of_b = costs[one[a]], costs[other[b]]
    here = sum(of_b[who] - of_a[who] for seat, who in enumerate(one) if seat != a)
    return here + sum(of_a[who] - of_b[who] for seat, who in enumerate(other) if seat != b)
