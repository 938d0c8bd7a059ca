from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from deliberation import enqueue, tasks
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.phases import close_phase
from deliberation.actions.voting import vote_on
from deliberation.analysis import votes as reading
from deliberation.analysis.consensus_map import recomputed
from deliberation.analysis.position import place_of
from deliberation.models import Choice, ConsensusMap, Decision, Vote
from deliberation.redis_client import redis_client
from tests.people import a_member, a_statement, an_assembly, two_camps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _cold():
    """Nothing left in memory or Redis by the test before."""
    reading.forget_all()
    redis_client().flushdb()


def test_an_assembly_without_votes_has_no_map():
    assert refresh_map(an_assembly()) is None


def test_the_same_votes_give_no_second_version():
    assembly = an_assembly()
    two_camps(assembly)
    first = refresh_map(assembly)

    assert first.version == 1
    assert refresh_map(assembly) is None


def test_a_changed_vote_gives_the_next_version_and_the_last_stays_as_it_was():
    assembly = an_assembly()
    members, statements = two_camps(assembly)
    first = refresh_map(assembly)
    before = ConsensusMap.objects.get(pk=first.pk).snapshot

    vote_on(members[0], statements[0], Choice.PASS, replaces=1)
    second = refresh_map(assembly)

    assert second.version == 2
    assert ConsensusMap.objects.get(pk=first.pk).snapshot == before
    assert [s["agree"] for s in second.snapshot["statements"] if s["number"] == 1] == [19]


def test_a_warm_worker_and_a_cold_one_make_the_same_map():
    assembly = an_assembly()
    members, statements = two_camps(assembly)
    refresh_map(assembly)
    vote_on(members[0], statements[0], Choice.WITHDRAWN, replaces=1)
    vote_on(members[1], a_statement(assembly), Choice.DISAGREE)

    warm = refresh_map(assembly)

    assert recomputed(warm) == warm.snapshot
    assert warm.votes == Vote.objects.standing().count() == 160


def test_a_vote_committed_late_is_not_missed():
    """A transaction that began before the map was read and commits after it is new to the next map."""
    assembly = an_assembly()
    _, statements = two_camps(assembly)
    late = a_member(assembly)

    def vote_slowly(read: "ThreadPoolExecutor") -> None:
        with transaction.atomic():
            vote_on(late, statements[0], Choice.AGREE)
            read.submit(refresh_in_other_connection, assembly).result()

    with ThreadPoolExecutor(1) as other:
        vote_slowly(other)
    second = refresh_map(assembly)

    assert ConsensusMap.objects.get(version=1).votes == 160
    assert (second.version, second.votes) == (2, 161)


def refresh_in_other_connection(assembly) -> None:
    try:
        refresh_map(assembly)
    finally:
        connection.close()


def test_two_workers_at_once_publish_versions_one_after_the_other():
    assembly = an_assembly()
    two_camps(assembly)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(refresh_in_other_connection, [assembly] * 4))

    assert list(ConsensusMap.objects.values_list("version", flat=True)) == [1]


def test_a_single_changed_vote_cannot_be_read_off_two_versions():
    assembly = an_assembly(changed_voters_per_map=5)
    members, statements = two_camps(assembly)
    refresh_map(assembly)

    for member in members[:4]:
        vote_on(member, statements[0], Choice.DISAGREE, replaces=1)
    held_back = refresh_map(assembly)
    vote_on(members[4], statements[0], Choice.DISAGREE, replaces=1)

    assert held_back is None
    assert refresh_map(assembly).version == 2


def test_the_end_of_a_phase_publishes_what_was_held_back():
    assembly = an_assembly(changed_voters_per_map=5)
    members, statements = two_camps(assembly)
    refresh_map(assembly)
    vote_on(members[0], statements[0], Choice.DISAGREE, replaces=1)

    close_phase(assembly.phases.get())

    assert refresh_map(assembly).version == 2


def test_a_rejected_statement_leaves_the_map_at_once():
    assembly = an_assembly(changed_voters_per_map=5)
    _, statements = two_camps(assembly)
    refresh_map(assembly)

    moderate(statements[0], Decision.REJECTED, "Names a neighbour", by=None)
    made = refresh_map(assembly)

    assert 1 not in [each["number"] for each in made.snapshot["statements"]]
    assert made.snapshot["statement_count"] == 7


def test_no_rate_of_fewer_than_five_is_in_a_snapshot():
    assembly = an_assembly()
    members, _ = two_camps(assembly)
    rare = a_statement(assembly)
    for member in members[:4]:
        vote_on(member, rare, Choice.AGREE)

    snapshot = refresh_map(assembly).snapshot

    rates = [rates for each in snapshot["statements"] for rates in each["groups"].values() if rates]
    assert rates, "there must be something that could have been too few"
    assert all(rate["votes"] >= 5 for rate in rates)
    assert rare.public_id not in [each["id"] for each in snapshot["statements"]]
    assert snapshot["waiting"] == [{"id": rare.public_id, "number": rare.number, "votes": 4}]


def test_a_group_too_small_to_show_hides_a_second_one_so_that_it_cannot_be_subtracted():
    assembly = an_assembly()
    members, _ = two_camps(assembly)
    rare = a_statement(assembly)
    for member in [*members[0:20:2], *members[1:7:2]]:
        vote_on(member, rare, Choice.AGREE)

    shown = next(each for each in refresh_map(assembly).snapshot["statements"] if each["id"] == rare.public_id)

    assert shown["groups"] == {"A": None, "B": None}


def test_my_place_on_the_map_is_the_one_the_map_computed():
    assembly = an_assembly()
    _, statements = two_camps(assembly)
    snapshot = refresh_map(assembly).snapshot
    mine = {each.public_id: 1 if j < 2 or j % 2 == 0 else -1 for j, each in enumerate(statements)}

    me = place_of(snapshot, mine)

    group = next(each for each in snapshot["groups"] if each["letter"] == me["group"])
    assert me["x"] == pytest.approx(group["centre"][0], abs=0.01)
    assert me["y"] == pytest.approx(group["centre"][1], abs=0.01)
    assert {each["letter"]: (each["same"], each["of"]) for each in me["agree_with"]}[me["group"]] == (8, 8)
    assert place_of(snapshot, dict(list(mine.items())[:3])) is None


def test_a_burst_of_votes_asks_for_one_map_now_and_one_for_what_came_while_it_was_made():
    assembly = an_assembly()

    for _ in range(100):
        enqueue.ask_for_map(assembly.pk)
    asked_at_first = redis_client().llen("maps")
    enqueue.map_is_being_made(assembly.pk)
    for _ in range(100):
        enqueue.ask_for_map(assembly.pk)

    assert (asked_at_first, redis_client().llen("maps")) == (1, 2)


def test_the_sweeper_asks_for_what_is_missing_and_for_nothing_else():
    stale, fresh, moderated = an_assembly(), an_assembly(), an_assembly()
    for assembly in (stale, fresh, moderated):
        two_camps(assembly, people=6, statements=2)
    refresh_map(fresh)
    refresh_map(moderated)
    moderate(moderated.statements.first(), Decision.REJECTED, "Off topic", by=None)
    redis_client().flushdb()

    tasks.sweep()

    asked = set(redis_client().scan_iter("map:*:waiting"))
    assert asked == {f"map:{stale.pk}:waiting", f"map:{moderated.pk}:waiting"}
