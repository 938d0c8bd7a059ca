"""A hundred votes at once: few maps are made, and the last one is right."""

from concurrent.futures import ThreadPoolExecutor

from deliberation.analysis.consensus_map import recomputed
from deliberation.models import ConsensusMap
from tests.people import a_statement, an_assembly
from tests.stack import Stack, wait_until
from tests.voters import Voter, choice_of, ids_of

VOTERS, VOTES_EACH = 20, 5
TOLD = "deliberation.tasks.refresh_consensus_map"


def test_a_hundred_votes_at_once_cause_at_most_three_maps_and_the_last_is_right(stack: Stack):
    with stack.orm():
        assembly = an_assembly("burst")
        for _ in range(VOTES_EACH):
            a_statement(assembly)
        statements = ids_of(assembly)
    voters = [Voter(stack, "burst").join() for _ in range(VOTERS)]
    refreshes_before = stack.log("maps").count(f"Task {TOLD}")

    with ThreadPoolExecutor(VOTERS) as hands:
        for answer in hands.map(
            lambda one: voters[one[0]].vote(statements[one[1]], choice_of(*one)),
            [(voter, statement) for statement in range(VOTES_EACH) for voter in range(VOTERS)],
        ):
            assert answer.status_code == 200

    with stack.orm():
        last = wait_until(lambda: ConsensusMap.objects.filter(assembly=assembly, votes=100).first(), timeout=60)
        assert last.version <= 3
        assert last.snapshot == recomputed(last)
    refreshes = stack.log("maps").count(f"Task {TOLD}") - refreshes_before
    assert 1 <= last.version <= refreshes
