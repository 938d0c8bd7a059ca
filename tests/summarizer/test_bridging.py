import numpy as np

from summarizer.bridging import bridging_scores
from summarizer.projection import project
from tests.summarizer.opinions import votes_from

NONE = np.zeros(0, dtype=np.int64)


def test_what_both_sides_like_bridges_and_what_one_side_cheers_does_not():
    """Two camps of 24 and 8. Three quarters of both agree with statement 0; statements 1, 3, 5 have all of the larger
    camp and none of the other, so just as many supporters; 2, 4, 6 the reverse; a quarter of both agree with 7."""
    large = [[1 if n % 4 else -1, *[1, -1] * 3, -1 if n % 4 else 1] for n in range(24)]
    small = [[1 if n % 4 else -1, *[-1, 1] * 3, -1 if n % 4 else 1] for n in range(8)]
    votes = votes_from(large + small)

    scores = bridging_scores(votes, NONE, project(votes, NONE).loadings[:, 0])

    assert votes.means[:2].tolist() == [0.5, 0.5]
    assert int(np.argmax(scores)) == 0
    assert int(np.argmin(scores)) == 7
    assert scores[0] > 2 * scores[1]


def test_a_statement_left_out_has_no_score():
    votes = votes_from([[1, 1], [1, -1], [1, 1]] * 5)

    scores = bridging_scores(votes, np.array([1]), np.ones(2))

    assert scores[1] == 0


def test_without_a_divide_the_score_follows_agreement():
    votes = votes_from([[1, 1, -1], [1, -1, -1], [1, 1, -1], [1, -1, -1]] * 5)

    scores = bridging_scores(votes, NONE, np.zeros(3))

    assert np.argsort(-scores).tolist() == [0, 1, 2]


def test_nobody_voted():
    assert bridging_scores(votes_from([[1]]), np.array([0]), np.ones(1)).tolist() == [0.0]
