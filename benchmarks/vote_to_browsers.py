"""How long a vote takes to reach every open browser as a new map, beside computing that map alone.

    python -m deliberation.embedded exec -- python -m benchmarks.vote_to_browsers [--browsers 1000] [--quick]

Real servers: the vote is posted over HTTP, Redis, Celery, PostgreSQL and the hub do their work, and the clock stops
when the last socket has the version that holds the vote. Votes come three seconds apart, as one person votes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

import websockets  # noqa: E402 - Django has to be set up before its models are imported
from django.core.management import call_command  # noqa: E402

from deliberation.analysis.consensus_map import recomputed  # noqa: E402
from deliberation.models import Assembly, ConsensusMap  # noqa: E402
from tests.stack import Stack  # noqa: E402
from tests.voters import Voter, ids_of  # noqa: E402

VOTES, APART, PATIENCE = 10, 3.0, 30.0
LONGEST = 1.0  # seconds until 99 of 100 browsers have the map with the vote
BEGINNING = re.compile(r'\{"topic":\s*"map",\s*"version":\s*(\d+)')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browsers", type=int, default=1_000)
    parser.add_argument("--quick", action="store_true", help="with 100 browsers")
    arguments = parser.parse_args()
    browsers = 100 if arguments.quick else arguments.browsers
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # this script looks into the database between its waits
    call_command("translations", compile=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    with Stack() as stack:
        stack.manage("seed_demo")
        with stack.orm():
            assembly = Assembly.objects.get()
            computing = seconds_to_compute(assembly)
            statements = ids_of(assembly)
        voter = Voter(stack, assembly.slug).join()
        posted, first, arrivals = asyncio.run(watch(stack, assembly, voter, statements, browsers))
    print(f"{len(posted)} votes, {browsers:,} open browsers, a map of 241 people")
    print(f"vote acknowledged after {statistics.median(posted):.3f} s (median)")
    reach = statistics.median(arrivals)
    slow = statistics.quantiles(arrivals, n=100)[98]
    print(f"on the first browser after {statistics.median(first):.3f} s (median)")
    print(f"on every browser: median {reach:.3f} s, p99 {slow:.3f} s, slowest {max(arrivals):.3f} s")
    print(f"computing the map alone: {computing:.3f} s; the whole way takes {reach / computing:.1f} times as long")
    if slow > LONGEST:
        sys.exit(f"MISSED: p99 of more than {LONGEST} s")


def seconds_to_compute(assembly: Assembly) -> float:
    newest = ConsensusMap.objects.filter(assembly=assembly).first()
    recomputed(newest)  # once, so that nothing is loaded while the clock runs
    began = time.perf_counter()
    recomputed(newest)
    return time.perf_counter() - began


async def watch(
    stack: Stack, assembly: Assembly, voter: Voter, statements: list[str], browsers: int
) -> tuple[list[float], list[float], list[float]]:
    """Seconds from each vote to its answer, to the first browser, and to every browser."""
    address = f"ws://127.0.0.1:{stack.port}/ws/a/{assembly.slug}/?map=0"
    sockets = [await websockets.connect(address, origin=stack.base_url, compression=None) for _ in range(browsers)]
    version = max(heard for heard, _ in await asyncio.gather(*(version_after(socket, 0) for socket in sockets)))
    posted, first, arrivals = [], [], []
    for statement in statements[:VOTES]:
        waiting = [asyncio.create_task(version_after(socket, version)) for socket in sockets]
        await asyncio.sleep(0)  # everybody listens before the clock starts
        began = time.perf_counter()
        answer = await asyncio.to_thread(voter.vote, statement, "agree")
        assert answer.status_code == 200
        posted.append(time.perf_counter() - began)
        heard = await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)
        version = max(number for number, _ in heard)
        took = [moment - began for _, moment in heard]
        first.append(min(took))
        arrivals.extend(took)
        await asyncio.sleep(max(APART - (time.perf_counter() - began), 0))
    await asyncio.gather(*(socket.close() for socket in sockets))
    return posted, first, arrivals


async def version_after(socket: websockets.ClientConnection, version: int) -> tuple[int, float]:
    """The next version this browser hears of, and when; the rest of the message is not read, it is a thousandfold."""
    while True:
        head = BEGINNING.match(str(await socket.recv()))
        if head and int(head[1]) > version:
            return int(head[1]), time.perf_counter()


if __name__ == "__main__":
    main()
