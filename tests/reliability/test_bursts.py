"""A hundred votes at once: few maps are made, and the last one is right."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate

from deliberation.analysis.consensus_map import recomputed
from deliberation.enqueue import LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS
from deliberation.models import ConsensusMap
from tests.people import a_statement, an_assembly
from tests.stack import Stack, wait_until
from tests.voters import Voter, choice_of, ids_of

VOTERS, VOTES_EACH = 20, 5
TOLD = "deliberation.tasks.refresh_consensus_map"


def most_maps(seconds: float) -> int:
    """One for the first vote, one after each pause that ended while votes came, and one for the last of them."""
    pauses = (min(SHORTEST_PAUSE_MS * 2**n, LONGEST_PAUSE_MS) / 1000 for n in range(50))
    return 2 + sum(1 for end in accumulate(pauses) if end < seconds)


def test_a_hundred_votes_at_once_cause_no_more_maps_than_the_pauses_let_through_and_the_last_is_right(stack: Stack):
    with stack.orm():
        assembly = an_assembly("burst")
        for _ in range(VOTES_EACH):
            a_statement(assembly)
        statements = ids_of(assembly)
    voters = [Voter(stack, "burst").join() for _ in range(VOTERS)]
    refreshes_before = stack.log("maps").count(f"Task {TOLD}")

    begun = time.monotonic()
    with ThreadPoolExecutor(VOTERS) as hands:
        for answer in hands.map(
            lambda one: voters[one[0]].vote(statements[one[1]], choice_of(*one)),
            [(voter, statement) for statement in range(VOTES_EACH) for voter in range(VOTERS)],
        ):
            assert answer.status_code == 200
    took = time.monotonic() - begun

    with stack.orm():
        last = wait_until(lambda: ConsensusMap.objects.filter(assembly=assembly, votes=100).first())
        assert last.version <= most_maps(took)
        assert last.snapshot == recomputed(last)
    refreshes = stack.log("maps").count(f"Task {TOLD}") - refreshes_before
    assert 1 <= last.version <= refreshes
