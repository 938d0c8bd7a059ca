import numpy as np

from summarizer.matching import WITHIN_A_LANGUAGE, assign, match_probabilities
from summarizer.selection import Seats, people_by_point, select
from summarizer.similarity import BlockScale, Similarity, Texts

NO_STOP = Seats(most=2, people=0, share=0)


def test_a_second_point_goes_to_those_the_first_left_out() -> None:
    coverage = np.array([[1, 1, 0], [1, 1, 0], [1, 0.9, 0], [0, 0, 0.8]])

    assert select(coverage, ["A"] * 4, NO_STOP, threshold=0.5) == [0, 2]


def test_a_small_group_is_heard_before_a_large_one_is_heard_twice() -> None:
    large_again = [0, 1, 0]
    coverage = np.array([[1, 0, 0]] * 5 + [large_again] * 4 + [[0, 0, 1]] * 2, dtype=float)
    groups = ["large"] * 9 + ["small"] * 2

    assert select(coverage, groups, Seats(most=2, people=0, share=0), threshold=0.5) == [2, 0]
    assert select(coverage, ["all"] * 11, Seats(most=2, people=0, share=0), threshold=0.5) == [0, 1]


def test_a_point_must_add_three_people_or_three_per_cent() -> None:
    coverage = np.array([[1, 0]] * 4 + [[0, 1]] * 2, dtype=float)
    crowd = np.vstack([np.tile([1.0, 0.0], (194, 1)), np.tile([0.0, 1.0], (6, 1))])

    assert select(coverage, ["A"] * 6, Seats(), threshold=0.5) == [0]
    assert select(crowd, ["A"] * 200, Seats(), threshold=0.5) == [0, 1]
    assert select(crowd[:-1], ["A"] * 199, Seats(), threshold=0.5) == [0]


def test_ties_go_to_the_earlier_candidate_and_nothing_comes_of_nothing() -> None:
    assert select(np.ones((3, 2)), ["A"] * 3, Seats(), threshold=0.5) == [0]
    assert select(np.zeros((3, 0)), ["A"] * 3, Seats(), threshold=0.5) == []


def test_a_person_counts_by_the_best_of_what_they_said() -> None:
    people, best = people_by_point(np.array([[0.2, 0.9], [0.7, 0.1], [0.3, 0.3]]), ["Ben", "Ben", "Ana"])

    assert people == ["Ana", "Ben"]
    assert best.tolist() == [[0.3, 0.3], [0.7, 0.9]]


def test_an_argument_is_matched_to_its_two_likeliest_points_above_the_threshold() -> None:
    probabilities = np.array([[0.9, 0.8, 0.7], [0.6, 0.1, 0.55], [0.4, 0.3, 0.2]])

    assert assign(probabilities, threshold=0.5, points_per_argument=2).tolist() == [
        [True, True, False],
        [True, False, True],
        [False, False, False],
    ]


def test_wording_counts_within_a_language_only() -> None:
    z = np.array([[0.0, 0.0]])
    similarity = Similarity(meaning=z, wording=z + 9, same_language=np.array([[True, False]]))

    within, across = match_probabilities(similarity)[0]

    assert within == round(1 / (1 + np.exp(-WITHIN_A_LANGUAGE.intercept - 9 * WITHIN_A_LANGUAGE.wording)), 6)
    assert across < 0.5


def test_scores_are_standardised_among_the_pairs_of_one_pair_of_languages() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    block = Texts(("one bus", "two buses", "satu bis", "dua bis"), ("en", "en", "id", "id"), vectors)

    similarity = BlockScale(block).compare(block, block)

    across = similarity.meaning[:2, 2:]
    assert across.tolist() == [[-1.0, 1.0], [-1.0, 1.0]]
    assert similarity.same_language.tolist() == [[True, True, False, False]] * 2 + [[False, False, True, True]] * 2
    assert np.count_nonzero(similarity.wording[:2, 2:]) == 0


def test_a_yardstick_of_one_pair_calls_everything_average() -> None:
    block = Texts(("one bus", "two buses"), ("en", "en"), np.eye(2, dtype=np.float32))

    assert BlockScale(block).compare(block, block).meaning.tolist() == [[0.0, 0.0], [0.0, 0.0]]
