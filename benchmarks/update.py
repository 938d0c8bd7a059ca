"""What an update costs after 100 new votes, beside a first map of all votes, and whether it is the same map.

    python -m benchmarks.update [--people 33422 --statements 783 --votes 2000000]

From arrays, without the database: the warm matrix takes the new votes and the map begins from the previous one. The
cold result is computed from all votes anew, with the same previous map.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from benchmarks.synthetic import made_up_votes
from summarizer.opinion_map import MapOptions, map_opinions
from summarizer.votes import VoteMatrix

T = TypeVar("T")
NEW_VOTES, MOST_DIFFERENCE = 100, 1e-6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=33_422)
    parser.add_argument("--statements", type=int, default=783)
    parser.add_argument("--votes", type=int, default=2_000_000)
    arguments = parser.parse_args()
    votes = made_up_votes(arguments.people, arguments.statements, arguments.votes)
    columns = (votes.participants, votes.statements, votes.values)
    earlier, new = [each[:-NEW_VOTES] for each in columns], [each[-NEW_VOTES:] for each in columns]
    options = MapOptions(diagnostics=False)
    known = VoteMatrix.from_votes(*earlier)
    previous = map_opinions(known, options=options).as_previous()

    building, matrix = _timed(lambda: VoteMatrix.from_votes(*columns))
    mapping, _ = _timed(lambda: map_opinions(matrix, options=options))
    adding, updated = _timed(lambda: known.with_votes(*new))
    updating, warm = _timed(lambda: map_opinions(updated, previous=previous, options=options))
    cold = map_opinions(matrix, previous=previous, options=options)

    difference = float(np.abs(warm.positions - cold.positions).max())
    share = (adding + updating) / (building + mapping)
    print(
        f"{len(votes.values):,} votes: first map {building + mapping:.3f} s (matrix {building:.3f}, map {mapping:.3f})"
    )
    print(f"{NEW_VOTES} more: {adding + updating:.3f} s (matrix {adding:.3f}, map {updating:.3f}): {share:.0%} of it")
    print(f"largest difference of a position from the cold result: {difference:.1e}")
    if difference > MOST_DIFFERENCE or (warm.group_of != cold.group_of).any():
        sys.exit("MISSED: the update is not the map that all votes give")


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """The best of three."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - started)
    return min(seconds), result


if __name__ == "__main__":
    main()
