import numpy as np
import pytest

from summarizer.consensus import GroupCounts, count_by_group
from summarizer.representativeness import representative_statements, side_statistics, two_proportion_test
from tests.summarizer.opinions import votes_from

ALL = np.ones(3, dtype=bool)


def test_rate_ratio_and_tests_of_a_group_against_the_rest():
    """Group A: 3 of 4 agree, B: 0 of 2. Rates 4/6 and 1/4; shares (3+1)/(4+1) and (0+1)/(2+1), pooled 5/8."""
    statistics = side_statistics(np.array([[3], [0]]), np.array([[4], [2]]))

    pooled = 5 / 8
    z = (4 / 5 - 1 / 3) / np.sqrt(pooled * (1 - pooled) * (1 / 5 + 1 / 3))
    np.testing.assert_allclose(statistics.rate[:, 0], [4 / 6, 1 / 4])
    np.testing.assert_allclose(statistics.ratio[:, 0], [(4 / 6) / (1 / 4), (1 / 4) / (4 / 6)])
    np.testing.assert_allclose(statistics.test[:, 0], [2 * np.sqrt(5) * 0.3, 2 * np.sqrt(3) * (1 / 3 - 1 / 2)])
    np.testing.assert_allclose(statistics.ratio_test[:, 0], [z, -z])


def test_there_is_no_difference_to_test_where_everybody_takes_the_side():
    assert two_proportion_test(np.array([4]), np.array([4]), np.array([2]), np.array([2])).tolist() == [0.0]


def test_a_group_is_represented_by_what_tells_it_from_the_others_on_the_side_it_takes():
    """A agrees with 0 and disagrees with 1, B the reverse; both agree with 2."""
    votes = votes_from([[1, -1, 1]] * 10 + [[-1, 1, 1]] * 10)
    counts = count_by_group(votes, np.repeat([0, 1], 10), 2)

    a, b = representative_statements(votes, counts, ALL)

    assert [(each.statement, each.side, each.supporters, each.votes) for each in a] == [
        (0, "agree", 10, 10),
        (1, "disagree", 10, 10),
    ]
    assert [(each.statement, each.side) for each in b] == [(1, "agree"), (0, "disagree")]
    assert (a[0].agree, a[0].disagree, a[0].statement_id) == (10, 0, 0)


def test_statements_that_may_not_be_chosen_are_not():
    votes = votes_from([[1, -1, 1]] * 10 + [[-1, 1, 1]] * 10)
    counts = count_by_group(votes, np.repeat([0, 1], 10), 2)

    chosen = representative_statements(votes, counts, np.array([False, True, False]))

    assert [[each.statement for each in group] for group in chosen] == [[1], [1]]


def test_a_group_without_a_significant_statement_gets_the_nearest_one():
    votes = votes_from([[1, 0, -1], [0, -1, 0], [-1, 0, 0], [0, 0, -1]])
    counts = count_by_group(votes, np.array([0, 0, 1, 1]), 2)

    a, b = representative_statements(votes, counts, ALL)

    assert [(each.statement, each.side) for each in a] == [(0, "agree")]
    assert [(each.statement, each.side) for each in b] == [(0, "disagree")]


@pytest.mark.parametrize("group_count", [0, 1])
def test_one_group_alone_is_not_told_from_others(group_count):
    votes = votes_from([[1, 1, 1]] * 5)
    counts = GroupCounts(*(np.full((group_count, 3), 5) for _ in range(3)))

    assert representative_statements(votes, counts, ALL) == ((),) * group_count
