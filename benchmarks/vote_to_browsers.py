"""How long a vote takes to reach every open browser as a new map, beside computing that map alone.

    python -m deliberation.embedded exec -- python -m benchmarks.vote_to_browsers [--browsers 1000] [--quick]

Real servers: the vote is posted over HTTP, Redis, Celery, PostgreSQL and the hub do their work, and the clock stops
when the last socket has the version that holds the vote. Votes come three seconds apart, as one person votes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
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
LONGEST = 2.0  # seconds until a second browser shows a vote


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
        posted, first, last = asyncio.run(watch(stack, assembly, voter, statements, browsers))
    print(f"{len(posted)} votes, {browsers:,} open browsers, a map of 241 people")
    print(f"vote acknowledged after {statistics.median(posted):.3f} s (median)")
    reach = statistics.median(last)
    print(f"on the first browser after {statistics.median(first):.3f} s, on the last after {reach:.3f} s")
    print(f"slowest vote on the slowest browser: {max(last):.3f} s")
    print(f"computing the map alone: {computing:.3f} s; the whole way takes {reach / computing:.1f} times as long")
    if max(last) > LONGEST:
        sys.exit(f"MISSED: more than {LONGEST} s")


def seconds_to_compute(assembly: Assembly) -> float:
    newest = ConsensusMap.objects.filter(assembly=assembly).first()
    recomputed(newest)  # once, so that nothing is loaded while the clock runs
    began = time.perf_counter()
    recomputed(newest)
    return time.perf_counter() - began


async def watch(
    stack: Stack, assembly: Assembly, voter: Voter, statements: list[str], browsers: int
) -> tuple[list[float], list[float], list[float]]:
    """Seconds from each vote to its answer, to the first browser and to the last."""
    address = f"ws://127.0.0.1:{stack.port}/ws/a/{assembly.slug}/"
    sockets = [await websockets.connect(address, origin=stack.base_url, compression=None) for _ in range(browsers)]
    versions = await asyncio.gather(*(version_after(socket, 0) for socket in sockets))
    posted, first, last = [], [], []
    for statement in statements[:VOTES]:
        began = time.perf_counter()
        answer = asyncio.create_task(asyncio.to_thread(voter.vote, statement, "agree"))
        waiting = [asyncio.create_task(version_after(socket, max(versions))) for socket in sockets]
        assert (await answer).status_code == 200
        posted.append(time.perf_counter() - began)
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        first.append(time.perf_counter() - began)
        versions = await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)
        last.append(time.perf_counter() - began)
        await asyncio.sleep(max(APART - (time.perf_counter() - began), 0))
    await asyncio.gather(*(socket.close() for socket in sockets))
    return posted, first, last


async def version_after(socket: websockets.ClientConnection, version: int) -> int:
    while True:
        news = json.loads(await socket.recv())
        if news["topic"] == "map" and news["version"] > version:
            return int(news["version"])


if __name__ == "__main__":
    main()
