"""kill -9 in a burst of votes, seen from the record.

I3 the record has no gap and no double, and each checkpoint continues the one before; I4 every receipt holds; and what
was acknowledged is counted from the bundle alone, by the program that knows nothing of ours.
"""

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from deliberation.actions.phases import close_phase
from deliberation.exports.bundle import ENCLOSED
from deliberation.models import Assembly, Participant, RecordEntry
from deliberation.record import tree
from deliberation.record.nodes import Nodes
from deliberation.record.receipts import receipts_of
from tests.people import a_statement, an_assembly
from tests.stack import PATIENCE, Stack, wait_until
from tests.voters import Voter, burst, ids_of

VOTERS, STATEMENTS = 12, 12


@pytest.mark.parametrize("victim", ["record", "postgres"])
def test_whatever_was_acknowledged_is_in_the_record(fresh_stack: Stack, tmp_path: Path, victim: str) -> None:
    with fresh_stack.orm():
        assembly = an_assembly("river")
        statements = [a_statement(assembly).public_id for _ in range(STATEMENTS)]
    voters = [Voter(fresh_stack, "river").join() for _ in range(VOTERS)]

    with burst(voters, statements):
        wait_until(lambda: sum(len(voter.acknowledged) for voter in voters) > VOTERS * STATEMENTS / 3)
        fresh_stack.kill(victim)
    with fresh_stack.orm():
        close_phase(assembly.phases.get())
        wait_until(lambda: not RecordEntry.objects.filter(assembly=assembly, sequence=None).exists())
        assert ids_of(assembly) == statements
        assert gaps_and_doubles(assembly) == []
        assert breaks_between_checkpoints(assembly) == []
        assert all(receipt.holds() for voter in Participant.objects.all() for receipt in receipts_of(voter))

    told = checked(fresh_stack, tmp_path / "bundle.zip")

    acknowledged = Counter(choice for voter in voters for choice in voter.acknowledged.values())
    assert sum(acknowledged.values()) == VOTERS * STATEMENTS
    assert told == acknowledged


def gaps_and_doubles(assembly: Assembly) -> list[int]:
    sequences = RecordEntry.objects.filter(assembly=assembly).order_by("sequence").values_list("sequence", flat=True)
    return [place for place, sequence in enumerate(sequences) if place != sequence]


def breaks_between_checkpoints(assembly: Assembly) -> list[int]:
    nodes = Nodes(assembly.pk)
    checkpoints = assembly.checkpoints.order_by("size")
    return [
        new.size
        for old, new in pairwise(checkpoints)
        if not tree.is_consistent(
            old.size, bytes(old.root), new.size, bytes(new.root), nodes.consistency_proof(old.size, new.size)
        )
    ]


COUNT = """
import sys
sys.path.insert(0, {enclosed!r})
import verify
from collections import Counter
from pathlib import Path
record = verify.Record(verify.Bundle(Path(sys.argv[1])), None)
for step in verify.STEPS:
    step(record)
for votes in verify.latest_votes(record, record.size).values():
    print(*votes.values(), sep="\\n")
"""


def checked(stack: Stack, file: Path) -> Counter[str]:
    """The choices that the verifier counts in the bundle that the site gives to anybody."""
    file.write_bytes(
        httpx.get(f"{stack.base_url}/a/river/record/bundle.zip", timeout=PATIENCE).raise_for_status().content
    )
    command = [sys.executable, "-c", COUNT.format(enclosed=str(ENCLOSED)), str(file)]
    return Counter(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
