import numpy as np

from summarizer.matching import WITHIN_A_LANGUAGE, assign, in_company, likeness, match_probabilities
from summarizer.selection import Seats, people_by_point, select
from summarizer.similarity import Centres, ProposalScale, Similarity, Texts

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


def test_a_sentence_a_little_like_everything_stands_behind_one_that_says_what_some_said() -> None:
    first, vague, clear = [1, 1, 1, 0.4, 0, 0], [0.55] * 6, [0, 0, 0, 0.8, 0.6, 0.1]
    coverage = np.array([first, vague, clear]).T

    assert select(coverage, ["A"] * 6, Seats(most=2, people=0, share=0), threshold=0.5) == [0, 2]


def test_ties_go_to_the_earlier_candidate_and_nothing_comes_of_nothing() -> None:
    assert select(np.ones((3, 2)), ["A"] * 3, Seats(), threshold=0.5) == [0]
    assert select(np.zeros((3, 0)), ["A"] * 3, Seats(), threshold=0.5) == []


def test_a_person_counts_by_the_best_of_what_they_said() -> None:
    people, best = people_by_point(np.array([[0.2, 0.9], [0.7, 0.1], [0.3, 0.3]]), ["Ben", "Ben", "Ana"])

    assert people == ["Ana", "Ben"]
    assert best.tolist() == [[0.3, 0.3], [0.7, 0.9]]


def test_an_argument_is_matched_to_as_many_of_its_likeliest_points_as_it_may_make() -> None:
    probabilities = np.array([[0.9, 0.8, 0.7], [0.6, 0.1, 0.55], [0.6, 0.55, 0.2]])

    assert assign(probabilities, threshold=0.5, most_points=np.array([2, 2, 1])).tolist() == [
        [True, True, False],
        [True, False, True],
        [True, False, False],
    ]


def test_wording_counts_within_a_language_only() -> None:
    z = np.array([[0.0, 0.0]])
    similarity = Similarity(meaning=z, wording=z + 9, same_language=np.array([[True, False]]))

    within, across = likeness(similarity)[0]

    assert within == WITHIN_A_LANGUAGE.intercept + 9 * WITHIN_A_LANGUAGE.wording
    assert across < 0


def test_company_is_what_the_nearest_readable_other_says() -> None:
    said = np.array([[9.0, 1.0, 2.0], [1.0, 9.0, 3.0], [2.0, 3.0, 9.0]])
    points = np.array([[5.0], [6.0], [7.0]])

    neighbours, around = in_company(said, points, readable=np.arange(3))

    assert neighbours.ravel().tolist() == [7.0, 7.0, 6.0]
    assert around.ravel().tolist() == [2.0, 3.0, 3.0]


def test_an_unreadable_argument_has_company_and_is_nobody_s() -> None:
    said = np.array([[8.0, 7.0], [9.0, 1.0], [1.0, 9.0]])
    points = np.array([[100.0], [6.0], [7.0]])

    neighbours, _ = in_company(said, points, readable=np.array([1, 2]))

    assert neighbours.ravel().tolist() == [6.0, 7.0, 6.0]


def test_one_argument_has_no_company() -> None:
    alike = Similarity(*(np.array([[3.0]]),) * 2, np.array([[True]]))

    assert match_probabilities(alike, alike, np.array([0])) == np.round(1 / (1 + np.exp(-likeness(alike))), 6)


def test_scores_are_standardised_among_the_pairs_of_one_pair_of_languages() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    said = Texts(("one bus", "two buses", "satu bis", "dua bis"), ("en", "en", "id", "id"), vectors)

    similarity = ProposalScale(said).compare(said, said)

    across = similarity.meaning[:2, 2:]
    assert across.tolist() == [[-1.0, 1.0], [-1.0, 1.0]]
    assert similarity.same_language.tolist() == [[True, True, False, False]] * 2 + [[False, False, True, True]] * 2
    assert np.count_nonzero(similarity.wording[:2, 2:]) == 0


def test_what_a_language_shares_is_taken_out() -> None:
    english = np.array([[0.8, 0.6, 0], [0.8, -0.6, 0]] * 3, dtype=np.float32)
    indonesian = np.array([[-0.8, 0.6, 0], [-0.8, -0.6, 0]] * 3, dtype=np.float32)
    centres = Centres(np.concatenate([english, indonesian]), ["en"] * 6 + ["id"] * 6)

    seen = centres.around(np.stack([english[0], indonesian[0]]), ["en", "id"])

    assert np.allclose(seen, [[0, 1, 0], [0, 1, 0]])


def test_a_language_of_few_texts_is_seen_from_the_middle_of_all() -> None:
    vectors = np.array([[1, 0], [0, 1]] * 3, dtype=np.float32)
    centres = Centres(vectors, ["en"] * 5 + ["id"])

    assert np.allclose(centres.around(vectors[:1], ["id"]), [[0.5**0.5, -(0.5**0.5)]])


def test_a_yardstick_of_one_pair_calls_everything_average() -> None:
    block = Texts(("one bus", "two buses"), ("en", "en"), np.eye(2, dtype=np.float32))

    assert ProposalScale(block).compare(block, block).meaning.tolist() == [[0.0, 0.0], [0.0, 0.0]]
