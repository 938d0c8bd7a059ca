"""What the core map costs beside its physical limit, and how the cost grows.

    python -m benchmarks.many_votes [--people 100000 --statements 2000 --votes 10000000]

The limit: building the sparse matrix once, and one pair of matrix-vector products with it. Every votes method has to do
at least that. Also fits the exponent of growth over a hundredth, a tenth and all of the votes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from benchmarks.synthetic import made_up_votes
from summarizer.opinion_map import MapOptions, map_opinions
from summarizer.votes import VoteMatrix

MOST_LIMITS, MOST_EXPONENT, MOST_MEGABYTES = 25.0, 1.1, 1_500


def main() -> None:
    arguments = _arguments()
    if arguments.one:
        print(json.dumps(_measured(arguments.people, arguments.statements, arguments.votes)))
        return
    sizes = [arguments.votes // 100, arguments.votes // 10, arguments.votes]
    measured = [_in_a_process(_people(arguments, votes), arguments.statements, votes) for votes in sizes]
    for votes, each in zip(sizes, measured, strict=True):
        ratio = each["map"] / each["limit"]
        print(
            f"{votes:,} votes: map {each['map']:.2f} s, {each['megabytes']:.0f} MB; limit {each['limit']:.2f} s "
            f"(build {each['build']:.2f}, pair of products {each['pair']:.3f}): {ratio:.1f} times that"
        )
    exponent = float(np.polyfit(np.log(sizes), np.log([each["map"] for each in measured]), 1)[0])
    print(f"exponent of growth: {exponent:.2f}")
    largest = measured[-1]
    if (
        largest["map"] > MOST_LIMITS * largest["limit"]
        or largest["megabytes"] > MOST_MEGABYTES
        or exponent > MOST_EXPONENT
    ):
        sys.exit(f"MISSED: at most {MOST_LIMITS} limits, {MOST_MEGABYTES} MB, exponent {MOST_EXPONENT}")


def _people(arguments: argparse.Namespace, votes: int) -> int:
    return max(arguments.people * votes // arguments.votes, 100)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--statements", type=int, default=2_000)
    parser.add_argument("--votes", type=int, default=10_000_000)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(people: int, statements: int, votes: int) -> dict[str, float]:
    size = [f"--people={people}", f"--statements={statements}", f"--votes={votes}"]
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.many_votes", "--one", *size],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    told: dict[str, float] = json.loads(finished.stdout)
    return told


def _measured(people: int, statements: int, wanted: int) -> dict[str, float]:
    votes = made_up_votes(people, statements, wanted)
    started = time.perf_counter()
    matrix = VoteMatrix.from_votes(votes.participants, votes.statements, votes.values)
    map_opinions(matrix, options=MapOptions(diagnostics=False))
    mapped = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    plain = csr_array(
        (votes.values.astype(np.float64), (votes.participants, votes.statements)), shape=(people, statements)
    )
    built = time.perf_counter() - started
    transposed, vector = plain.T, np.ones(statements)
    pairs = []
    for _ in range(3):
        started = time.perf_counter()
        transposed @ (plain @ vector)
        pairs.append(time.perf_counter() - started)
    return {"map": mapped, "build": built, "pair": min(pairs), "limit": built + min(pairs), "megabytes": megabytes}


if __name__ == "__main__":
    main()
