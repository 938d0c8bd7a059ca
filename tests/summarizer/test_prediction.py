import numpy as np
import pytest

from summarizer.grouping import GroupingOptions
from summarizer.prediction import Judgement, JudgingOptions, best_group_count, judge_splits, log_losses
from summarizer.projection import project
from tests.summarizer.opinions import assembly_of_groups, assembly_without_groups, votes_from

NONE = np.zeros(0, dtype=np.int64)


def judged(votes, **options):
    return judge_splits(votes, NONE, project(votes, NONE), GroupingOptions(), 1, JudgingOptions(**options))


@pytest.mark.parametrize("groups", [2, 3])
def test_as_many_groups_predict_best_as_there_are(groups):
    judgements = judged(assembly_of_groups(150, 40, groups, seed=4))

    assert best_group_count(judgements) == groups
    assert judgements[groups].groups_predict


@pytest.mark.parametrize("seed", range(6))
def test_groups_drawn_into_noise_predict_nothing(seed):
    judgements = judged(assembly_without_groups(120, 30, seed))

    assert sorted(judgements) == [2, 3, 4, 5]
    assert best_group_count(judgements) is None


def test_a_sample_of_a_large_assembly_is_enough():
    votes = assembly_of_groups(600, 30, 3, seed=2)

    assert best_group_count(judged(votes, most_people=200)) == best_group_count(judged(votes)) == 3


def test_a_hidden_vote_is_predicted_with_the_votes_of_ones_group():
    """Statement 0: group A agreed twice, B disagreed twice; the last of A, hidden, agreed."""
    votes = votes_from([[1], [1], [-1], [-1], [1]])
    hidden = np.array([False, False, False, False, True])
    nobody, groups = np.full(5, -1), np.array([0, 0, 1, 1, 0])

    alone, together = log_losses(votes, hidden, nobody), log_losses(votes, hidden, groups)

    overall = (2 + 4 / 3) / (4 + 4)  # of agreeing; the prior is four votes at one third each
    statement = (2 + 4 * overall) / (4 + 4)
    group = (2 + 4 * statement) / (2 + 4)
    np.testing.assert_allclose(alone, -np.log([statement]))
    np.testing.assert_allclose(together, -np.log([group]))


def test_the_fewest_groups_within_one_standard_error_of_the_best_are_taken():
    judgements = {
        2: Judgement(1.0, 0.95, 0.01, 99),
        3: Judgement(1.0, 0.905, 0.01, 99),
        4: Judgement(1.0, 0.9, 0.01, 99),
    }

    assert best_group_count(judgements) == 3
    assert best_group_count(judgements, previous=4) == 4
    assert best_group_count(judgements, previous=2) == 3


def test_what_is_left_out_is_neither_hidden_nor_predicted():
    votes = assembly_of_groups(60, 10, 2)
    left_out = np.arange(9)

    judgements = judge_splits(votes, left_out, project(votes, left_out), GroupingOptions(), 1)

    on_the_last = int((votes.columns == 9).sum())
    assert all(judgement.hidden_votes <= on_the_last for judgement in judgements.values())
