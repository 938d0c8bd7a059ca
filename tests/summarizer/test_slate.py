import numpy as np

from summarizer.slate import majority_slate, proportional_slate
from tests.summarizer.opinions import votes_from

ALL = np.ones(5, dtype=bool)


def test_a_third_of_the_people_gets_a_third_of_the_slate():
    """Twenty agree with 0, 1 and 2; ten with 3 and 4."""
    votes = votes_from([[1, 1, 1, -1, -1]] * 20 + [[-1, -1, -1, 1, 1]] * 10)

    proportional, majority = proportional_slate(votes, ALL, 3), majority_slate(votes, ALL, 3)

    assert sorted(proportional.statements.tolist()) == [0, 1, 3]
    assert proportional.represented[-1] == 1.0
    assert majority.statements.tolist() == [0, 1, 2]
    assert majority.represented == (2 / 3, 2 / 3, 2 / 3)


def test_a_statement_hardly_anybody_saw_is_not_chosen_for_that():
    votes = votes_from([[1, 1]] + [[1, None]] * 30)

    assert majority_slate(votes, ALL[:2], 1).statements.tolist() == [0]


def test_only_what_may_be_chosen_is_chosen():
    votes = votes_from([[1, 1, 1, 1, 1]] * 3)

    slate = proportional_slate(votes, np.array([False, True, False, True, False]))

    assert slate.statements.tolist() == [1, 3]


def test_nobody_voted():
    votes = votes_from([[1]]).with_votes([], [], [], removed=([0], [0]))

    assert proportional_slate(votes, np.zeros(0, dtype=bool)).statements.tolist() == []
