"""What the record costs: a vote with its entry beside a vote alone, proofs beside reading the whole tree, and checking.

    python -m deliberation.embedded exec -- python -m benchmarks.record [--entries 1000000]

The limits, each measured in the same run: of a vote, the same action without an entry; of a proof, hashing the whole
tree from leaf hashes in memory; of the verifier, the hashes of entries, nodes and commitments alone.
A tenth of the entries is measured on the way to all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import os
import random
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported
from django.db import transaction  # noqa: E402

from deliberation import enqueue, record  # noqa: E402
from deliberation.actions.voting import _upsert, vote_on  # noqa: E402
from deliberation.exports.bundle import ENCLOSED, write_bundle  # noqa: E402
from deliberation.models import (  # noqa: E402
    Assembly,
    AssemblyText,
    Choice,
    Participant,
    Phase,
    RecordEntry,
    Route,
    Statement,
)
from deliberation.record import tree  # noqa: E402
from deliberation.record.nodes import Nodes  # noqa: E402
from deliberation.record.sealing import seal  # noqa: E402

AT_ONCE = 50_000
VOTERS_A_STATEMENT = 200
MOST_TIMES_A_VOTE, LARGEST_SHARE_OF_A_TREE, MOST_TIMES_HASHING = 2.5, 0.25, 15.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--bundle", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bundle:
        print(*write_one(*arguments.bundle))
        return
    call_command("migrate", interactive=False, verbosity=0)
    missed = [*votes(), *long_records([arguments.entries // 10, arguments.entries])]
    if missed:
        sys.exit("MISSED: " + "; ".join(missed))


def votes() -> list[str]:
    """The action a vote takes, and the same without its three rows of the record."""
    assembly = an_assembly()
    Phase.objects.create(
        assembly=assembly,
        position=1,
        kind="deliberation",
        starts_on="2026-01-01",
        ends_on="2026-01-02",
        opened_at="2026-01-01T00:00Z",
    )
    statements = [a_statement(assembly, n) for n in range(1, 201)]
    people = [a_participant(assembly) for _ in range(6)]
    whole, alone = [], []
    for person, other in zip(people[::2], people[1::2], strict=True):
        for statement in statements:  # by turns, so that whatever else the machine does slows both
            whole.append(time_of(lambda: vote_on(person, statement, Choice.AGREE)))  # noqa: B023 - called at once
            alone.append(time_of(lambda: vote_alone(other, statement)))  # noqa: B023
    ratio = median(whole) / median(alone)
    print(
        f"a vote with its entry {1000 * median(whole):.2f} ms, the same without {1000 * median(alone):.2f} ms: "
        f"{ratio:.1f} times that"
    )
    return [f"a vote takes over {MOST_TIMES_A_VOTE} times one without entry"] if ratio > MOST_TIMES_A_VOTE else []


def vote_alone(participant: Participant, statement: Statement) -> None:
    """What `vote_on` does, without the record."""
    with transaction.atomic():
        _upsert(participant, statement, Choice.AGREE, important=False, replaces=0, edition=None)
        enqueue.map_refresh_on_commit(participant.assembly_id)


def long_records(sizes: list[int]) -> Iterator[str]:
    assembly = an_assembly()
    written = 0
    for size in sizes:
        seconds = time_of(lambda written=written, size=size: write_and_seal(assembly, written, size))
        print(f"{size - written:,} entries written and sealed in {seconds:.1f} s")
        written = size
        yield from proofs(assembly, size)
        yield from checking(assembly, size)
        record.append_all(assembly, [record.Contribution("config", f"{size}-{n}", {}) for n in range(10)])
        ten = time_of(lambda: seal(assembly))
        print(f"sealing 10 more on top of {size:,}: {1000 * ten:.0f} ms")
        written += 10


def write_and_seal(assembly: Assembly, start: int, size: int) -> None:
    if not start:
        record.append_all(assembly, [record.Contribution("enrol", f"{n}", {}) for n in range(2 * VOTERS_A_STATEMENT)])
        start = 2 * VOTERS_A_STATEMENT
    for first in range(start, size, AT_ONCE):
        record.append_all(assembly, (made_up_vote(n) for n in range(first, min(first + AT_ONCE, size))))
        seal(assembly)


def made_up_vote(n: int) -> record.Contribution:
    content = {"statement": f"statement-{n // VOTERS_A_STATEMENT}", "choice": ("agree", "disagree", "pass")[n % 3]}
    return record.Contribution("vote", hashlib.sha256(str(n).encode()).hexdigest(), content)


def proofs(assembly: Assembly, size: int) -> list[str]:
    """One proof, as a page makes it, beside hashing the whole tree."""
    hashes = [bytes(each) for each in leaf_hashes(assembly, size)]
    hashing = time_of(lambda: tree.root_of(hashes))
    places = random.Random(1).sample(range(size), 100)
    times = [time_of(lambda place=place: Nodes(assembly.pk).inclusion_proof(place, size)) for place in places]
    proof = Nodes(assembly.pk).inclusion_proof(places[0], size)
    print(
        f"a proof among {size:,}: {1000 * median(times):.1f} ms, {32 * len(proof)} bytes; "
        f"hashing the whole tree {1000 * hashing:.0f} ms: {hashing / median(times):.0f} times that"
    )
    too_long = median(times) > LARGEST_SHARE_OF_A_TREE * hashing
    return [f"a proof takes over {LARGEST_SHARE_OF_A_TREE} of hashing the tree"] if too_long else []


def leaf_hashes(assembly: Assembly, size: int) -> Iterator[bytes]:
    entries = RecordEntry.objects.filter(assembly=assembly, sequence__lt=size).order_by("sequence")
    return entries.values_list("leaf_hash", flat=True).iterator()


def checking(assembly: Assembly, size: int) -> list[str]:
    """Writing a whole bundle, and the verifier on it, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.zip"
        writing, writers_peak = written_by_another(assembly, bundle)
        length = bundle.stat().st_size / 1e6
        command = [sys.executable, str(ENCLOSED / "verify.py"), str(bundle)]
        took = time_of(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
    limit = time_of(hashing_alone(assembly))
    print(
        f"bundle of {size:,}: written in {writing:.1f} s, {length:.0f} MB, at most {writers_peak:.0f} MB of memory; "
        f"checked in {took:.1f} s ({size / took:,.0f} entries a second, children at most "
        f"{megabytes(resource.RUSAGE_CHILDREN):.0f} MB); hashing alone {limit:.2f} s: {took / limit:.1f} times that"
    )
    return [f"checking takes over {MOST_TIMES_HASHING} times the hashing"] if took > MOST_TIMES_HASHING * limit else []


def written_by_another(assembly: Assembly, bundle: Path) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.record", "--bundle", assembly.slug, str(bundle)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1]).stdout
    seconds, peak = map(float, told.split())
    return seconds, peak


def write_one(slug: str, path: str) -> tuple[float, float]:
    """Seconds, and this process's memory at its most, in megabytes."""
    assembly = Assembly.objects.get(slug=slug)
    with open(path, "wb") as file:
        seconds = time_of(lambda: write_bundle(assembly, None, file))
    return seconds, megabytes(resource.RUSAGE_SELF)


def hashing_alone(assembly: Assembly) -> Callable[[], object]:
    entries = RecordEntry.objects.filter(assembly=assembly)
    rows = [tuple(map(bytes, row)) for row in entries.values_list("leaf", "opening__salt", "opening__content")]

    def hash_all() -> None:
        tree.root_of([tree.leaf_hash(leaf) for leaf, _, _ in rows])
        for _, salt, content in rows:
            hmac.digest(salt, content, "sha256")

    return hash_all


def megabytes(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def time_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def an_assembly() -> Assembly:
    assembly = Assembly.objects.create(
        slug=f"benchmark-{secrets.token_hex(4)}", languages=["en"], record_secret=secrets.token_bytes(32)
    )
    AssemblyText.objects.create(assembly=assembly, language="en", title="Benchmark", remit="How long does it take?")
    return assembly


def a_statement(assembly: Assembly, number: int) -> Statement:
    return Statement.objects.create(assembly=assembly, number=number, text=f"Idea {number}.", language="en")


def a_participant(assembly: Assembly) -> Participant:
    return Participant.objects.create(
        assembly=assembly, pseudonym=secrets.token_hex(6), route=Route.SIMULATED, language="en"
    )


if __name__ == "__main__":
    main()
