"""Pools of people for lotteries: made up, the same each time."""

import random
from datetime import timedelta

from django.utils import timezone

from deliberation.actions.drawing import ask_to_draw, ask_to_seal, work_on
from deliberation.actions.pooling import CATEGORY, name_columns, set_targets, take_upload
from deliberation.models import Assembly, Pool
from deliberation.record.sealing import seal

# Shares of the population, and of those who answer a letter: older, more schooled, more often of one opinion.
CATEGORIES = {
    "Gender": {"woman": (50, 47), "man": (49, 52), "other": (1, 1)},
    "Age": {"16–24": (15, 8), "25–39": (27, 20), "40–54": (25, 25), "55–69": (20, 30), "70+": (13, 17)},
    "District": {f"District {n}": (12.5, 12.5) for n in range(1, 9)},
    "Schooling": {"primary": (30, 10), "secondary": (45, 40), "tertiary": (25, 50)},
    "Home language": {"Indonesian": (70, 80), "Sundanese": (20, 15), "another": (10, 5)},
    "Opinion": {"for": (40, 60), "against": (35, 20), "unsure": (25, 20)},
}


def a_file(people: int = 2000, delimiter: str = ",") -> str:
    """A CSV file of people who said yes, each with an address or a reference."""
    chance = random.Random(1848)
    rows = [["Email", "Letter", *CATEGORIES]]
    for number in range(1, people + 1):
        values = [chance.choices(list(of), [share for _, share in of.values()])[0] for of in CATEGORIES.values()]
        rows.append([f"person{number}@example.org" if number % 10 else "", f"L{number:05}", *values])
    return "\n".join(delimiter.join(row) for row in rows)


def a_named_pool(assembly: Assembly, people: int = 2000, seats: int = 99) -> Pool:
    pool = take_upload(assembly, a_file(people), seats, timezone.localdate() + timedelta(days=30))
    return name_columns(pool, ["address", "reference", *[CATEGORY] * len(CATEGORIES)])


def a_ready_pool(assembly: Assembly, people: int = 2000, seats: int = 99) -> Pool:
    """With the population's shares as targets, as whole seats; a small group gets one more either way."""
    pool, leeway = a_named_pool(assembly, people, seats), 0 if seats >= 99 else 1
    for place, category in enumerate(pool.targets):
        shares = [CATEGORIES[category["name"]][value["value"]][0] for value in category["values"]]
        set_targets(pool, place, [_target(share, seats, leeway) for share in shares])
    pool.refresh_from_db()
    return pool


def _target(share: float, seats: int, leeway: int) -> tuple[str, int, int]:
    exact = round(share * seats / 100, 6)
    return f"{share} %", max(int(exact) - leeway, 0), min(int(exact) + (exact % 1 > 0) + leeway, seats)


def a_sealed_pool(assembly: Assembly, people: int = 400, seats: int = 24) -> Pool:
    """Sealed by the worker's function, and signed."""
    pool = a_ready_pool(assembly, people, seats)
    ask_to_seal(pool)
    work_on(pool.pk)
    seal(assembly)
    pool.refresh_from_db()
    return pool


def a_drawn_pool(assembly: Assembly, people: int = 400, seats: int = 24, seed: str = "4 8 15 16 23 42") -> Pool:
    pool = a_sealed_pool(assembly, people, seats)
    ask_to_draw(pool, seed)
    work_on(pool.pk)
    pool.refresh_from_db()
    return pool
