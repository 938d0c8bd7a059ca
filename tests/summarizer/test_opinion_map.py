import dataclasses
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.grouping import adjusted_rand
from summarizer.layout import PreviousMap
from summarizer.opinion_map import Group, MapOptions, OpinionMap, map_opinions
from summarizer.votes import VoteMatrix
from tests.summarizer.opinions import assembly_of_groups, assembly_without_groups, triplets, votes_from

QUICK = MapOptions(diagnostics=False)


@pytest.fixture(autouse=True)
def _warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def three_groups() -> VoteMatrix:
    return assembly_of_groups(90, 40, 3, seed=2)


@pytest.fixture(scope="module")
def map_of_three(three_groups: VoteMatrix) -> OpinionMap:
    return map_opinions(three_groups)


def test_groups_that_are_there_are_shown(map_of_three):
    assert map_of_three.stable
    assert map_of_three.letters == ("A", "B", "C")
    assert [group.size for group in map_of_three.groups] == [30, 30, 30]
    assert adjusted_rand(map_of_three.group_of, np.arange(90) % 3) == 1
    assert map_of_three.diagnostics.stability.value > 0.8
    assert map_of_three.judgement.groups_predict


def test_every_number_of_a_group_can_be_counted_from_the_votes(three_groups, map_of_three):
    cells = triplets(three_groups)
    in_a = {
        person for person, group in zip(map_of_three.participant_ids, map_of_three.group_of, strict=True) if group == 0
    }
    best = map_of_three.representative[0][0]

    votes = [vote for person, statement, vote in cells if person in in_a and statement == best.statement_id]

    assert (best.agree, best.disagree, best.votes) == (votes.count(1), votes.count(-1), len(votes))
    members = map_of_three.positions[map_of_three.group_of == 0]
    assert replace(map_of_three.groups[0], centre=(0, 0)) == Group("A", 30, (0, 0))
    np.testing.assert_allclose(map_of_three.groups[0].centre, members.mean(axis=0))


def test_no_groups_are_shown_where_there_are_none():
    opinions = map_opinions(assembly_without_groups(120, 30))

    assert not opinions.stable
    assert opinions.groups == ()
    assert set(opinions.group_of.tolist()) == {-1}
    assert opinions.representative == ()
    assert not opinions.divisive.any()
    assert opinions.group_counts.group_count == 1


def test_groups_that_predict_but_are_not_found_again_are_not_shown(three_groups):
    demanding = replace(MapOptions(), testing=replace(MapOptions().testing, stable_from=1.01))

    opinions = map_opinions(three_groups, options=demanding)

    assert (opinions.stable, opinions.groups) == (False, ())
    assert opinions.diagnostics.stability.value > 0.5


def test_first_groups_are_not_called_stable_before_they_are_tested(three_groups):
    opinions = map_opinions(three_groups, options=QUICK)

    assert opinions.diagnostics is None
    assert (opinions.stable, opinions.letters) == (False, ("A", "B", "C"))


def test_between_two_tests_an_update_keeps_the_groups_and_the_word_on_their_stability(three_groups, map_of_three):
    newcomer = three_groups.with_votes([500] * 20, list(range(20)), [1] * 20)

    opinions = map_opinions(newcomer, previous=map_of_three.as_previous(), options=QUICK)

    assert opinions.stable
    assert opinions.letters == ("A", "B", "C")
    assert opinions.group_of[:90].tolist() == map_of_three.group_of.tolist()
    assert opinions.group_of[90] in (0, 1, 2)


def test_letters_and_axes_stay_though_the_next_map_would_name_them_otherwise(three_groups, map_of_three):
    renamed = replace(
        map_of_three.as_previous(),
        group_of=(map_of_three.group_of + 1) % 3,
        loadings=map_of_three.loadings * [-1, 1],
    )

    opinions = map_opinions(three_groups, previous=renamed)

    assert opinions.letters == ("A", "B", "C")
    assert opinions.group_of.tolist() == renamed.group_of.tolist()
    np.testing.assert_allclose(opinions.positions, map_of_three.positions * [-1, 1], atol=1e-6)


def test_at_the_end_of_a_phase_the_previous_map_gives_letters_only(three_groups, map_of_three):
    """Two of the three groups were one before: during the phase they stay one, at its end they are two."""
    merged = PreviousMap(
        map_of_three.participant_ids,
        np.minimum(map_of_three.group_of, 1),
        ("A", "B"),
        map_of_three.statement_ids,
        map_of_three.loadings,
        stable=True,
    )

    during = map_opinions(three_groups, previous=merged, options=QUICK)
    at_the_end = map_opinions(three_groups, previous=merged, options=replace(MapOptions(), keep_groups=False))

    assert during.letters == ("A", "B")
    assert at_the_end.letters == ("A", "B", "C")
    assert (at_the_end.group_of == 0).tolist() == (map_of_three.group_of == 0).tolist()


def test_the_same_votes_give_the_same_map_to_the_last_bit(three_groups, map_of_three):
    again = map_opinions(three_groups)

    for field in dataclasses.fields(OpinionMap):
        one, other = getattr(again, field.name), getattr(map_of_three, field.name)
        if isinstance(one, np.ndarray):
            assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("seed", range(4))
def test_neither_the_order_of_votes_nor_the_numbering_of_people_and_statements_matters(
    three_groups, map_of_three, seed
):
    rng = np.random.default_rng(seed)
    people, statements = rng.permutation(1000)[:90], rng.permutation(1000)[:40]
    order = rng.permutation(three_groups.vote_count)
    renumbered = VoteMatrix.from_votes(
        people[three_groups.rows][order], statements[three_groups.columns][order], three_groups.choices[order]
    )

    opinions = map_opinions(renumbered)

    back = np.searchsorted(opinions.participant_ids, people)
    columns = np.searchsorted(opinions.statement_ids, statements)
    assert adjusted_rand(opinions.group_of[back], map_of_three.group_of) == 1
    np.testing.assert_allclose(opinions.positions[back], map_of_three.positions, atol=1e-9)
    np.testing.assert_allclose(opinions.priorities[columns], map_of_three.priorities)
    assert opinions.diagnostics.stability.value == pytest.approx(map_of_three.diagnostics.stability.value)


def test_a_voter_who_passes_on_what_everybody_passes_on_changes_nobodys_group(three_groups, map_of_three):
    """A new statement on which all pass adds no variance: places are only stretched, groups stay."""
    votes = three_groups.with_votes(list(range(90)), [99] * 90, [0] * 90)

    opinions = map_opinions(votes)

    assert opinions.group_of.tolist() == map_of_three.group_of.tolist()


def test_groups_are_the_same_when_everybody_votes_the_opposite(three_groups, map_of_three):
    opposite = replace(three_groups, choices=-three_groups.choices)

    opinions = map_opinions(opposite)

    assert adjusted_rand(opinions.group_of, map_of_three.group_of) == 1
    theirs = {opinions.letters[g]: opinions.group_counts.disagree[g].tolist() for g in range(3)}
    assert sorted(theirs.values()) == sorted(map_of_three.group_counts.agree.tolist())


def test_rejected_and_meta_statements_shape_nothing_and_are_never_chosen(three_groups):
    rejected, meta = 3, 7
    opinions = map_opinions(three_groups, options=replace(MapOptions(), rejected=(rejected,), meta=(meta, 12345)))

    chosen = {each.statement_id for group in opinions.representative for each in group}
    chosen |= {each.statement_id for each in (*opinions.consensus.agree, *opinions.consensus.disagree)}
    chosen |= set(opinions.statement_ids[np.concatenate([opinions.common_ground, opinions.divides])].tolist())
    chosen |= set(opinions.diagnostics.slate.statements.tolist())
    assert chosen.isdisjoint({rejected, meta})
    assert not opinions.loadings[[rejected, meta]].any()
    assert opinions.priorities[meta] == 49
    assert opinions.tally[rejected].sum() > 0


def test_a_troll_who_votes_on_everything_founds_no_group(three_groups, map_of_three):
    votes = three_groups.with_votes([666] * 40, list(range(40)), [-1, 1] * 20)

    opinions = map_opinions(votes)

    assert opinions.letters == ("A", "B", "C")
    assert sorted(group.size for group in opinions.groups) in ([30, 30, 31],)
    assert adjusted_rand(opinions.group_of[:90], map_of_three.group_of) == 1


@pytest.mark.parametrize(
    "votes",
    [
        VoteMatrix.from_votes([], [], []),
        votes_from([[1]]),
        votes_from([[1, -1], [-1, 1]]),
        votes_from([[1, 0, -1, 1]] * 3 + [[-1, 1, 0, None]] * 4),
        votes_from([[1, 1, 1, 1]] * 40),
        votes_from([[0, 0]] * 40),
        votes_from([[1], [-1]] * 20),
        votes_from([[1] * 120] * 30),
    ],
    ids=["nobody", "one", "two", "seven", "all agree", "all pass", "one statement", "120 statements all agree on"],
)
def test_too_little_to_go_by_is_no_reason_to_fail_or_to_invent_groups(votes):
    opinions = map_opinions(votes)
    again = map_opinions(votes, previous=opinions.as_previous())

    for each in (opinions, again):
        assert (each.stable, each.groups) == (False, ())
        assert each.positions.shape == (votes.shape[0], 2)
        assert np.isfinite(each.positions).all()
        assert (each.priorities > 0).all()


def test_statements_may_all_be_rejected(three_groups):
    opinions = map_opinions(three_groups, options=replace(MapOptions(), rejected=tuple(range(40))))

    assert opinions.groups == ()
    assert opinions.consensus.agree == ()
    assert not opinions.positions.any()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(10, 40), st.integers(1, 12))
def test_any_small_assembly_can_be_mapped(seed, people, statements):
    rng = np.random.default_rng(seed)
    table = rng.choice([-1, 0, 1, 2], (people, statements)).tolist()
    votes = votes_from([[None if vote == 2 else vote for vote in row] for row in table])

    opinions = map_opinions(votes)

    assert np.isfinite(opinions.positions).all()
    assert all(group.size >= 5 for group in opinions.groups)
    assert sum(group.size for group in opinions.groups) == (opinions.group_of >= 0).sum()
    assert (opinions.group_aware_consensus.agree.root <= 1).all()


def test_my_own_place_can_be_computed_from_my_votes_and_the_map(three_groups, map_of_three):
    """What a browser does for "you are here"."""
    mine = [(statement, vote) for person, statement, vote in triplets(three_groups) if person == 17]
    columns, choices = np.array(mine).T

    weighted = (choices - map_of_three.means[columns]) @ map_of_three.loadings[columns]

    np.testing.assert_allclose(map_of_three.scale / np.sqrt(len(mine)) * weighted, map_of_three.positions[17])
