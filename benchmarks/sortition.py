"""How long a lottery takes: 99 people out of 2,000 by six categories, checked, drawn and repeated.

    python -m benchmarks.sortition [--people 2000] [--seats 99]

The draw may take 60 seconds. What it is compared with in the same run: reading the same pool once, which any method
has to do. It ends with an error where a target is missed or the repetition gives other people.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import sys
import time
from typing import Any

import django
import rfc8785

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from deliberation.analysis import lottery  # noqa: E402 - Django has to be set up before its models are imported
from tests.pools import CATEGORIES  # noqa: E402

LONGEST = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seats", type=int, default=99)
    asked = parser.parse_args()
    sealed = rfc8785.dumps(a_pool(asked.people, asked.seats))
    lottery.wider_targets(rfc8785.dumps(a_pool(200, 10)))  # the library is loaded once, by a worker too

    read = timed("reading the pool", lambda: json.loads(sealed))[1]
    wider, checked = timed("checking the targets", lambda: lottery.wider_targets(sealed))
    drawn, took = timed("the draw", lambda: lottery.draw(sealed, "4 8 15 16 23 42"))
    again, _ = timed("its repetition", lambda: lottery.draw(sealed, "4 8 15 16 23 42"))

    missed = targets_missed(json.loads(sealed), drawn)
    print(f"{asked.seats} of {asked.people} by {len(CATEGORIES)} categories: {drawn.attempts} attempts of the draw")
    print(f"{took / read:.0f} times as long as reading the pool; wider targets needed: {wider or 'none'}")
    print(f"targets missed: {missed or 'none'}; the same people again: {'yes' if again == drawn else 'NO'}")
    return 0 if again == drawn and not missed and checked + took < LONGEST else 1


def timed(what: str, work: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    result = work()
    took = time.perf_counter() - began
    print(f"{what}: {took:.3f} s")
    return result, took


def a_pool(people: int, seats: int) -> dict[str, Any]:
    """A pool in which the old and the schooled answer more often; its targets are the population's shares."""
    chance = random.Random(1848)
    answering = [[share for _, share in of.values()] for of in CATEGORIES.values()]
    rows = [
        [number, secrets.token_hex(32)]
        + [chance.choices(list(of), shares)[0] for of, shares in zip(CATEGORIES.values(), answering, strict=True)]
        for number in range(1, people + 1)
    ]
    targets = [
        {"name": name, "values": [a_target(value, share * seats / 100) for value, (share, _) in of.items()]}
        for name, of in CATEGORIES.items()
    ]
    return {"v": 1, "salt": secrets.token_hex(32), "seats": seats, "targets": targets, "people": rows}


def a_target(value: str, exact: float) -> dict[str, Any]:
    exact = round(exact, 6)
    return {"value": value, "min": int(exact), "max": int(exact) + (exact % 1 > 0)}


def targets_missed(pool: dict[str, Any], drawn: lottery.Drawn) -> list[str]:
    counts = lottery.counts_of(pool, drawn.selected)
    return [
        f"{category['name']} {value['value']}: {count}"
        for category, of_category in zip(pool["targets"], counts, strict=True)
        for value, count in zip(category["values"], of_category, strict=True)
        if not value["min"] <= count <= value["max"]
    ]


if __name__ == "__main__":
    sys.exit(main())
