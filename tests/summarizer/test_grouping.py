import numpy as np
import pytest

from summarizer.grouping import GroupingOptions, adjusted_rand, letters_for, partition_into, who_is_grouped
from summarizer.kmeans import base_clusters, inertia, silhouette
from tests.summarizer.opinions import votes_from

OPTIONS = GroupingOptions()


def clouds(sizes: list[int], seed: int = 0) -> np.ndarray:
    """People around (0, 0), (10, 0), (0, 10), …"""
    centres = np.array([[0, 0], [10, 0], [0, 10], [10, 10]])
    rng = np.random.default_rng(seed)
    return np.concatenate([centre + rng.normal(size=(size, 2)) for centre, size in zip(centres, sizes, strict=False)])


def test_who_voted_seven_times_is_grouped():
    votes = votes_from([[1] * 7 + [None] * 3] * 15 + [[1] * 6 + [None] * 4] + [[1] * 10])

    assert who_is_grouped(votes, OPTIONS).tolist() == [True] * 15 + [False, True]


def test_with_fewer_statements_one_has_to_vote_on_all_of_them():
    votes = votes_from([[1, 1, 1]] * 15 + [[1, 1, None]])

    assert who_is_grouped(votes, OPTIONS).tolist() == [True] * 15 + [False]


def test_while_few_have_voted_enough_the_fifteen_most_active_are_grouped_and_their_equals():
    votes = votes_from([[1] * n + [None] * (9 - n) for n in [9] * 3 + [5] * 11 + [4] * 4 + [2] * 9])

    assert who_is_grouped(votes, OPTIONS).tolist() == [True] * 18 + [False] * 9


@pytest.mark.parametrize("sizes", [[20, 30], [7, 5, 9], [300, 200, 250, 100]])
def test_people_who_stand_apart_are_apart(sizes):
    positions = clouds(sizes)

    split = partition_into(positions, len(sizes), OPTIONS, seed=1)

    assert adjusted_rand(split.labels, np.repeat(np.arange(len(sizes)), sizes)) == 1
    assert split.silhouette > 0.6


def test_no_group_has_fewer_than_five_members():
    positions = clouds([30, 4])

    split = partition_into(positions, 2, OPTIONS, seed=1)

    assert split is None or np.bincount(split.labels).min() >= 5
    assert partition_into(positions[:9], 2, OPTIONS, seed=1) is None


def test_people_in_one_place_are_not_split():
    assert partition_into(np.ones((40, 2)), 2, OPTIONS, seed=1) is None


@pytest.mark.parametrize("people", [120, 900])
def test_the_order_in_which_people_are_listed_decides_nothing(people):
    positions = np.random.default_rng(5).normal(size=(people, 2))
    shuffled = np.random.default_rng(6).permutation(people)

    one, other = (partition_into(each, 3, OPTIONS, seed=1) for each in (positions, positions[shuffled]))

    assert adjusted_rand(one.labels[shuffled], other.labels) == 1


def test_groups_stay_as_they_were_unless_others_are_clearly_tighter():
    """In a round crowd every cut through the middle is about as good as another."""
    positions = np.random.default_rng(1).normal(size=(400, 2))
    previous = (positions[:, 1] > positions[:, 0]).astype(np.int64)

    kept = partition_into(positions, 2, OPTIONS, 1, previous)
    anew = partition_into(positions, 2, OPTIONS, 1)

    assert abs(adjusted_rand(kept.labels, previous)) > 0.8
    assert inertia(positions, kept.labels, 2) <= 1.02 * inertia(positions, anew.labels, 2)


def test_base_clusters_stand_for_everybody():
    positions = np.random.default_rng(2).normal(size=(5_000, 2))

    base = base_clusters(positions)

    assert base.weights.sum() == 5_000
    assert base.weights.tolist() == np.bincount(base.labels).tolist()
    np.testing.assert_allclose(base.weights @ base.points, positions.sum(axis=0))


def test_a_point_of_weight_three_has_the_silhouette_of_three_points():
    points, weights = np.array([[0.0, 0], [1, 0], [5, 0], [6, 0]]), np.array([3.0, 1, 2, 2])
    labels = np.array([0, 0, 1, 1])
    repeated = np.repeat(np.arange(4), weights.astype(int))

    weighted = silhouette(points, weights, labels, 2)

    assert weighted == pytest.approx(silhouette(points[repeated], np.ones(8), labels[repeated], 2))


def test_silhouette_of_two_pairs_by_hand():
    """Each point is 1 from its twin and, of the inner ones, 4 and 5 from the others: (4.5-1)/4.5; outer (5.5-1)/5.5."""
    points = np.array([[0.0, 0], [1, 0], [5, 0], [6, 0]])

    width = silhouette(points, np.ones(4), np.array([0, 0, 1, 1]), 2)

    assert width == pytest.approx((3.5 / 4.5 + 4.5 / 5.5) / 2)


def test_new_groups_are_lettered_by_size():
    labels = np.array([0, 1, 1, 1, 2, 2])

    assert letters_for(labels, np.zeros((3, 2)), None, ()) == ("C", "A", "B")


def test_a_group_keeps_the_letter_most_of_its_members_know():
    labels = np.array([0, 0, 0, 1, 1, 1])
    previous = np.array([1, 1, 0, 0, 0, -1])

    assert letters_for(labels, np.zeros((2, 2)), previous, ("A", "B")) == ("B", "A")


def test_a_group_that_is_new_takes_the_first_free_letter():
    labels = np.array([0, 0, 1, 1, 2, 2])
    previous = np.array([1, 1, 1, 1, 0, 0])

    assert letters_for(labels, np.zeros((3, 2)), previous, ("A", "C")) == ("C", "B", "A")


def test_adjusted_rand_index():
    """The table 2 0 / 1 1: one pair together in both, one in the first and three in the second; expected 2·3/6."""
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2])) == 1
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx((1 - 1) / (2.5 - 1))
    assert adjusted_rand(np.array([0, 1]), np.array([0, 1])) == 1
