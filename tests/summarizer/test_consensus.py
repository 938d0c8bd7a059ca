import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from summarizer.consensus import (
    GroupCounts,
    common_ground,
    consensus_statements,
    count_by_group,
    dividing_statements,
    divisiveness,
    group_aware_consensus,
    groups_differ,
    homogeneity_p_values,
    proportion_test,
    significant,
)
from tests.summarizer.opinions import votes_from

TWO_GROUPS = np.array([0, 0, 1, 1])


def test_votes_are_counted_by_group_and_those_of_nobodys_group_are_not():
    votes = votes_from([[1, 0], [1, None], [-1, -1], [1, 1]])

    counts = count_by_group(votes, np.array([0, 0, 1, -1]), 2)

    assert counts.agree.tolist() == [[2, 0], [0, 0]]
    assert counts.disagree.tolist() == [[0, 0], [1, 1]]
    assert counts.seen.tolist() == [[2, 1], [1, 1]]


def test_group_aware_consensus_is_the_product_of_the_groups_smoothed_rates_and_its_root():
    """Group A: 2 of 2 agree, (2+1)/(2+2); group B: 0 of 2, (0+1)/(2+2)."""
    votes = votes_from([[1], [1], [-1], [-1]])
    counts = count_by_group(votes, TWO_GROUPS, 2)

    consensus = group_aware_consensus(counts.agree, counts.seen)

    assert consensus.product.tolist() == [3 / 4 * 1 / 4]
    assert consensus.root.tolist() == [np.sqrt(3 / 16)]


def test_the_root_does_not_shrink_when_a_group_is_split_in_two_like_halves():
    whole = GroupCounts(agree=np.array([[8]]), disagree=np.array([[2]]), seen=np.array([[10]]))
    halves = GroupCounts(agree=np.array([[8], [8]]), disagree=np.array([[2], [2]]), seen=np.array([[10], [10]]))

    one, two = (group_aware_consensus(each.agree, each.seen) for each in (whole, halves))

    assert two.product[0] < one.product[0]
    np.testing.assert_allclose(two.root, one.root)


def test_divisive_means_that_groups_differ_not_that_people_do():
    """Statement 0: the groups oppose each other. Statement 1: each group is split in the middle."""
    votes = votes_from([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    counts = count_by_group(votes, TWO_GROUPS, 2)

    assert divisiveness(counts).tolist() == [0.5, 0.0]


def test_the_proportion_test_asks_for_more_than_half():
    """(9+1)/(9+1) of ten: 2·√10·½; none of nine: (0+1)/10 of ten."""
    z = proportion_test(np.array([9, 0]), np.array([9, 9]))

    np.testing.assert_allclose(z, [np.sqrt(10), -0.8 * np.sqrt(10)])


def test_consensus_statements_are_those_most_people_take_one_side_on_surest_first():
    votes = votes_from([[1, 1, -1, 1]] * 8 + [[1, -1, -1, 1]] * 2)

    agreed = consensus_statements(votes, "agree", np.array([True, True, True, False]))
    disagreed = consensus_statements(votes, "disagree", np.ones(4, dtype=bool))

    assert [(each.statement, each.supporters, each.votes) for each in agreed] == [(0, 10, 10), (1, 8, 10)]
    assert [(each.statement, each.side) for each in disagreed] == [(2, "disagree")]


def test_common_ground_needs_every_group():
    counts = GroupCounts(
        agree=np.array([[9, 9, 9], [8, 2, 4]]),
        disagree=np.array([[1, 1, 1], [2, 8, 0]]),
        seen=np.array([[10, 10, 10], [10, 10, 4]]),
    )
    consensus = group_aware_consensus(counts.agree, counts.seen)

    assert common_ground(consensus, counts, np.ones(3, dtype=bool)).tolist() == [0]
    assert common_ground(consensus, counts, np.ones(3, dtype=bool), least=4).tolist() == [2, 0]


def test_dividing_statements_are_the_significant_ones_most_divisive_first():
    agree = np.array([[19, 15, 10], [1, 5, 10]])
    counts = GroupCounts(agree=agree, disagree=20 - agree, seen=np.full((2, 3), 20))

    differs = groups_differ(counts)

    assert differs.tolist() == [True, True, False]
    assert dividing_statements(divisiveness(counts), differs, counts, np.ones(3, dtype=bool)).tolist() == [0, 1]


def test_p_values_are_those_of_pearsons_test():
    counts = GroupCounts(
        agree=np.array([[12, 3], [4, 3]]), disagree=np.array([[3, 0], [9, 0]]), seen=np.array([[18, 3], [15, 3]])
    )

    p_values = homogeneity_p_values(counts)

    expected = chi2_contingency([[12, 3, 3], [4, 2, 9]], correction=False).pvalue
    np.testing.assert_allclose(p_values, [expected, 1.0])


def test_false_discoveries_are_controlled_as_benjamini_and_hochberg_do():
    """Their thresholds at 5 % for five tests are .01, .02, .03, .04, .05: the third passes and takes the second."""
    assert significant(np.array([0.9, 0.03, 0.025, 0.001, 0.5]), 0.05).tolist() == [False, True, True, True, False]
    assert significant(np.array([]), 0.05).tolist() == []


@pytest.mark.parametrize("group_count", [0, 1])
def test_without_two_groups_nothing_divides(group_count):
    counts = GroupCounts(*(np.full((group_count, 3), 5) for _ in range(3)))

    assert divisiveness(counts).tolist() == [0.0, 0.0, 0.0]
    assert groups_differ(counts).tolist() == [False, False, False]


@given(st.lists(st.lists(st.sampled_from([-1, 0, 1, None]), min_size=3, max_size=3), min_size=2, max_size=8))
def test_agreement_and_disagreement_are_mirror_images(table):
    if all(vote is None for row in table for vote in row):
        return
    votes, mirrored = votes_from(table), votes_from([[None if v is None else -v for v in row] for row in table])
    group_of = np.arange(votes.shape[0]) % 2

    counts, mirror = count_by_group(votes, group_of, 2), count_by_group(mirrored, group_of, 2)

    agreed, disagreed = (
        group_aware_consensus(counts.agree, counts.seen),
        group_aware_consensus(mirror.disagree, mirror.seen),
    )
    assert agreed.product.tolist() == disagreed.product.tolist()
    assert homogeneity_p_values(counts).tolist() == pytest.approx(homogeneity_p_values(mirror).tolist())
