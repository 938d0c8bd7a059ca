import numpy as np
from scipy.stats import chisquare

from summarizer.consensus import GroupCounts
from summarizer.routing import choose_next, statement_priorities

NONE = np.zeros(0, dtype=np.int64)


def test_priority_is_importance_times_novelty_squared():
    """4 agree, 1 disagrees, 5 pass over two groups, extremity 2: (1 - 6/12)·3·5/12·(1 + 8·2^-2), squared."""
    counts = GroupCounts(agree=np.array([[3], [1]]), disagree=np.array([[0], [1]]), seen=np.array([[6], [4]]))

    priorities = statement_priorities(counts, np.array([2.0]), NONE)

    np.testing.assert_allclose(priorities, [((1 - 6 / 12) * 3 * 5 / 12 * 3) ** 2])


def test_a_statement_about_the_person_is_asked_early():
    counts = GroupCounts(agree=np.array([[9, 9]]), disagree=np.array([[0, 0]]), seen=np.array([[9, 9]]))

    assert statement_priorities(counts, np.zeros(2), meta=np.array([1]))[1] == 49.0


def test_new_statements_come_before_those_much_voted_on():
    counts = GroupCounts(agree=np.array([[0, 40]]), disagree=np.array([[0, 40]]), seen=np.array([[0, 80]]))

    new, known = statement_priorities(counts, np.zeros(2), NONE)

    assert new > 10 * known


def test_statements_are_drawn_in_proportion_to_their_priorities():
    """20,000 draws: were they uniform, or by rank, the chi-squared test would see it."""
    priorities = np.array([0.5, 8.0, 1.0, 3.0, 49.0])
    rng = np.random.default_rng(3)

    drawn = np.bincount([choose_next(priorities, {4}, rng) for _ in range(20_000)], minlength=5)

    assert drawn[4] == 0
    assert chisquare(drawn[:4], priorities[:4] / priorities[:4].sum() * 20_000).pvalue > 0.001
    assert chisquare(drawn[:4]).pvalue < 1e-100


def test_who_has_voted_on_everything_is_shown_nothing():
    rng = np.random.default_rng(0)

    assert choose_next(np.array([1.0, 2.0]), [0, 1], rng) is None
    assert choose_next(np.array([]), [], rng) is None
