"""What the record costs a vote as people send it: over HTTP, sixteen at once, with and without an entry and a promise.

    python -m deliberation.embedded exec -- python -m benchmarks.votes_over_http [--quick]

Two servers on one database take votes by turns, so that whatever else the machine does slows both. The limit: with the
record at least 0.7 of the votes a second without.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported

from deliberation.embedded import processes  # noqa: E402
from deliberation.embedded.supervisor import Program  # noqa: E402
from tests.people import a_statement, an_assembly  # noqa: E402
from tests.stack import Stack, free_port  # noqa: E402
from tests.voters import Voter  # noqa: E402

WRITERS, SMALLEST_SHARE = 16, 0.7
STATEMENTS = 12  # votes of one writer in a round


class Writer:
    """One browser that votes over a connection that it keeps."""

    def __init__(self, voter: Voter, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in voter.http.cookies.items())
        self.address = f"/a/{voter.slug}/statements/"
        self.token = voter.http.cookies.get("csrf", "")
        self.headers = {
            "Cookie": cookies,
            "X-CSRFToken": self.token,
            "X-Requested-With": "fetch",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def vote_on_all(self, statements: list[str], revision: int) -> None:
        choice = ("agree", "disagree")[revision % 2]
        for statement in statements:
            body = urlencode({"choice": choice, "revision": revision, "nonce": os.urandom(16).hex()})
            self.connection.request("POST", f"{self.address}{statement}/votes/", body, self.headers)
            answer = self.connection.getresponse()
            answer.read()
            assert answer.status == 200, f"a vote was answered with {answer.status}"
        self.connection.close()  # until the next turn the server would have closed it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="four rounds instead of twelve")
    rounds = 4 if parser.parse_args().quick else 12
    call_command("translations", compile=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    with Stack() as stack:
        port = without_record(stack)
        with stack.orm():
            assemblies = [an_assembly("with"), an_assembly("without")]
            statements = [[a_statement(each).public_id for _ in range(STATEMENTS)] for each in assemblies]
        voters = [[Voter(stack, each.slug).join() for _ in range(WRITERS)] for each in assemblies]
        sides = [[Writer(voter, at) for voter in side] for side, at in zip(voters, (stack.port, port), strict=True)]
        rates = measured(sides, statements, rounds)
    whole, alone = (statistics.median(side) for side in rates)
    print(
        f"{WRITERS} writers, {rounds} rounds by turns: {whole:.0f} votes a second with entry, receipt and promise, "
        f"{alone:.0f} without: {whole / alone:.2f} of that"
    )
    if whole < SMALLEST_SHARE * alone:
        sys.exit(f"MISSED: less than {SMALLEST_SHARE} of the votes a second")


def without_record(stack: Stack) -> int:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "benchmarks.unrecorded:application", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--lifespan", "off", "--no-access-log"]
    program: Program = processes.process("unrecorded", command, stack.environment)
    stack.supervisor.start(program)
    stack.supervisor.wait_for("unrecorded", lambda: processes.web_answers(port))
    return port


def measured(sides: list[list[Writer]], statements: list[list[str]], rounds: int) -> list[list[float]]:
    """Votes a second of each side, round by round; the first round warms up."""
    rates: list[list[float]] = [[], []]
    with ThreadPoolExecutor(WRITERS) as hands:
        for number in range(rounds + 1):
            for side in (0, 1) if number % 2 else (1, 0):
                began = time.perf_counter()
                work = [hands.submit(writer.vote_on_all, statements[side], number) for writer in sides[side]]
                for each in work:
                    each.result()
                if number:
                    rates[side].append(WRITERS * STATEMENTS / (time.perf_counter() - began))
    return rates


if __name__ == "__main__":
    main()
