"""How much faster and smaller the core map is than red-dwarf's, on the same votes and in the same run.

    python -m benchmarks.core_map --peer-python PATH [--people 33422 --statements 783 --votes 2000000] [--real]

Ours is timed from three arrays to the finished map in a fresh process, imports left out, as is red-dwarf from its list
of votes; the first map of a process is the cold one. With --real the five real conversations are timed as well.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.conversations import conversations, last_votes
from benchmarks.red_dwarf import map_with_red_dwarf, require_peer
from benchmarks.synthetic import RawVotes, made_up_votes
from summarizer.opinion_map import MapOptions, map_opinions
from summarizer.votes import VoteMatrix

LEAST_SPEED_UP, MOST_MEGABYTES = 90, 300


def main() -> None:
    arguments = _arguments()
    if arguments.ours:
        print(json.dumps(_ours_here(arguments.people, arguments.statements, arguments.votes)))
        return
    require_peer(arguments.peer_python)
    ours = _ours_in_a_process(arguments)
    votes = made_up_votes(arguments.people, arguments.statements, arguments.votes)
    theirs = map_with_red_dwarf(votes, (), arguments.peer_python)
    print(f"{arguments.people:,} people × {arguments.statements:,} statements, {len(votes.values):,} votes")
    for name in ("cold", "warm"):
        clock, processor = theirs.seconds / ours[name], theirs.processor_seconds / ours[f"{name}_processor"]
        print(
            f"  {name}: ours {ours[name]:.2f} s, red-dwarf {theirs.seconds:.1f} s: {clock:.0f} times faster "
            f"(of the processor {ours[f'{name}_processor']:.2f} and {theirs.processor_seconds:.1f} s: {processor:.0f})"
        )
    print(f"  peak memory: ours {ours['megabytes']:.0f} MB, red-dwarf {theirs.megabytes:.0f} MB")
    print(f"  with all tests of the groups: {ours['full'] / ours['warm']:.1f} core maps")
    if arguments.real:
        _real(arguments.peer_python)
    if theirs.seconds / ours["cold"] < arguments.least or ours["megabytes"] > MOST_MEGABYTES:
        sys.exit(f"MISSED: at least {arguments.least} times faster and at most {MOST_MEGABYTES} MB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=33_422)
    parser.add_argument("--statements", type=int, default=783)
    parser.add_argument("--votes", type=int, default=2_000_000)
    parser.add_argument("--peer-python", default=sys.executable)
    parser.add_argument("--least", type=float, default=LEAST_SPEED_UP, help="the speed-up below which this fails")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _ours_in_a_process(arguments: argparse.Namespace) -> dict[str, float]:
    size = [f"--{name}={getattr(arguments, name)}" for name in ("people", "statements", "votes")]
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.core_map", "--ours", *size],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    told: dict[str, float] = json.loads(finished.stdout)
    return told


def _ours_here(people: int, statements: int, wanted: int) -> dict[str, float]:
    votes = made_up_votes(people, statements, wanted)
    cold, warm = _timed(votes), min(_timed(votes) for _ in range(3))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "cold": cold[0],
        "cold_processor": cold[1],
        "warm": warm[0],
        "warm_processor": warm[1],
        "megabytes": megabytes,
        "full": _timed(votes, MapOptions())[0],
    }


def _timed(votes: RawVotes, options: MapOptions | None = None) -> tuple[float, float]:
    """Seconds by the clock and of the processor from arrays to a map, without the tests of the groups by default."""
    started, worked = time.perf_counter(), time.process_time()
    matrix = VoteMatrix.from_votes(votes.participants, votes.statements, votes.values)
    map_opinions(matrix, options=options or MapOptions(diagnostics=False))
    return time.perf_counter() - started, time.process_time() - worked


def _real(python: str) -> None:
    for conversation in conversations():
        options = MapOptions(rejected=conversation.rejected, diagnostics=False)
        ours = min(_timed(conversation.votes, options)[0] for _ in range(3))
        full = _timed(conversation.votes, MapOptions(rejected=conversation.rejected))[0]
        theirs = map_with_red_dwarf(last_votes(conversation.votes), conversation.rejected, python).seconds
        print(
            f"{conversation.name}: {ours:.2f} s (with all tests {full:.2f} s), red-dwarf {theirs:.2f} s: "
            f"{theirs / ours:.0f} times faster"
        )


if __name__ == "__main__":
    main()
