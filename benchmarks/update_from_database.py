"""What a map costs after 100 new votes, from the database to the announced snapshot, warm and cold.

    python -m deliberation.embedded exec -- python -m benchmarks.update_from_database [--quick]

Cold is what a new worker does: read every vote, build the matrix, map, store, announce. Warm is what the worker that
made the last map does: read the votes that its snapshot does not show, and map from there. Both make the next version
of the same map, so the second is undone before the other begins.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported
from django.utils import timezone  # noqa: E402

from benchmarks.synthetic import RawVotes, made_up_votes  # noqa: E402
from deliberation.actions.mapping import refresh_map  # noqa: E402
from deliberation.analysis import votes as reading  # noqa: E402
from deliberation.copying import copy_rows  # noqa: E402
from deliberation.models import Assembly, ConsensusMap, Participant, Statement, Vote  # noqa: E402

NEW_VOTES, MOST_SHARE, MOST_DIFFERENCE = 100, 0.20, 1e-6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=33_422)
    parser.add_argument("--statements", type=int, default=783)
    parser.add_argument("--votes", type=int, default=2_000_000)
    parser.add_argument("--quick", action="store_true", help="with a tenth of the votes")
    arguments = parser.parse_args()
    size = 10 if arguments.quick else 1
    call_command("migrate", interactive=False, verbosity=0)
    votes = made_up_votes(arguments.people // size, arguments.statements, arguments.votes // size)
    assembly, write = an_assembly_of(votes)
    write(slice(0, -NEW_VOTES))
    refresh_map(assembly, thorough=False)
    write(slice(-NEW_VOTES, None))

    warm_seconds, warm = timed_refresh(assembly, keep_warm=True)
    cold_seconds, cold = timed_refresh(assembly, keep_warm=False)

    share = warm_seconds / cold_seconds
    difference = largest_difference(warm, cold)
    print(f"{warm.votes:,} votes of {warm.participants:,} people on {arguments.statements} statements")
    print(f"cold, from the database to the announced snapshot: {cold_seconds:.2f} s")
    print(f"warm, after {NEW_VOTES} more votes: {warm_seconds:.2f} s, {share:.0%} of it")
    print(f"largest difference between the two snapshots: {difference:.1e}")
    if share > MOST_SHARE or difference > MOST_DIFFERENCE:
        sys.exit(f"MISSED: more than {MOST_SHARE:.0%}, or another map")


def an_assembly_of(votes: RawVotes) -> tuple[Assembly, Callable[[slice], None]]:
    """An assembly with these people and statements, and a way to write some of the votes."""
    assembly = Assembly.objects.create(
        slug=f"benchmark-{secrets.token_hex(4)}",
        languages=["en"],
        changed_voters_per_map=1,
        record_secret=secrets.token_bytes(32),
    )
    people = Participant.objects.bulk_create(
        (
            Participant(assembly=assembly, pseudonym=f"P{n}", route="import", imported_as=str(n), language="en")
            for n in range(int(votes.participants.max()) + 1)
        ),
        batch_size=5_000,
    )
    statements = Statement.objects.bulk_create(
        Statement(assembly=assembly, number=n + 1, text=f"Statement {n + 1}", language="en")
        for n in range(int(votes.statements.max()) + 1)
    )
    names = ["assembly", "participant", "statement", "choice", "revision", "created_at", "changed_at"]
    now = timezone.now()

    def write(which: slice) -> None:
        chosen = zip(votes.participants[which], votes.statements[which], votes.values[which], strict=True)
        rows = ((assembly.pk, people[p].pk, statements[s].pk, int(v), 1, now, now) for p, s, v in chosen)
        copy_rows(Vote, names, rows)

    return assembly, write


def timed_refresh(assembly: Assembly, keep_warm: bool) -> tuple[float, ConsensusMap]:
    """The best of three, each undone: the next begins from the same stored map and the same warm matrix."""
    kept = dict(reading._warm)
    seconds = []
    for _ in range(3):
        reading._warm.clear()
        reading._warm.update(kept if keep_warm else {})
        began = time.perf_counter()
        made = refresh_map(assembly, thorough=False)
        seconds.append(time.perf_counter() - began)
        ConsensusMap.objects.filter(pk=made.pk).delete()
    reading._warm.clear()
    reading._warm.update(kept)
    return min(seconds), made


def largest_difference(one: ConsensusMap, other: ConsensusMap) -> float:
    return max(
        (abs(a - b) for a, b in zip(numbers_in(one.snapshot), numbers_in(other.snapshot), strict=True)), default=0.0
    )


def numbers_in(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for key in sorted(value) for number in numbers_in(value[key])]
    if isinstance(value, list | tuple):
        return [number for each in value for number in numbers_in(each)]
    return [float(value)] if isinstance(value, int | float) else []


if __name__ == "__main__":
    main()
