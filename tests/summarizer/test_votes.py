import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.votes import VoteMatrix
from tests.summarizer.opinions import triplets, votes_from

ids = st.sampled_from([-3, 7, 8, 41, 10**12])
events = st.lists(st.tuples(ids, ids, st.sampled_from([-1, 0, 1])), max_size=40)


def matrix_of(votes: list[tuple[int, int, int]]) -> VoteMatrix:
    return VoteMatrix.from_votes(*(list(each) for each in zip(*votes, strict=True))) if votes else empty()


def empty() -> VoteMatrix:
    return VoteMatrix.from_votes([], [], [])


def test_votes_are_stored_by_participant_and_statement_in_ascending_order_of_ids():
    votes = VoteMatrix.from_votes([9, 4, 9], [20, 30, 10], [1, 0, -1])

    assert votes.shape == (2, 2 + 1)
    assert triplets(votes) == [(4, 30, 0), (9, 10, -1), (9, 20, 1)]
    assert votes.vote_count == 3


def test_a_second_vote_replaces_the_first():
    votes = VoteMatrix.from_votes([1, 1, 1], [5, 6, 5], [1, 1, -1])

    assert triplets(votes) == [(1, 5, -1), (1, 6, 1)]


def test_a_pass_is_a_vote_and_a_missing_vote_is_not():
    votes = votes_from([[0, None], [1, 1]])

    assert votes.votes_of_participants.tolist() == [1, 2]
    assert votes.tally.tolist() == [[0, 1, 1], [0, 0, 1]]
    assert votes.means.tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("participants", "statements", "values", "complaint"),
    [
        ([1, 2], [1], [1], "same length"),
        ([[1]], [[1]], [[1]], "same length"),
        ([1], [1], [2], "agree"),
        ([1], [1], [0.5], "agree"),
        ([1], [1], [True], "agree"),
        ([1.5], [1], [1], "participant ids must be whole numbers"),
        ([1], ["a"], [1], "statement ids must be whole numbers"),
    ],
)
def test_what_is_not_a_vote_is_refused_in_plain_words(participants, statements, values, complaint):
    with pytest.raises(ValueError, match=complaint):
        VoteMatrix.from_votes(participants, statements, values)


@given(events)
def test_the_last_vote_of_each_pair_is_kept_whatever_the_ids(votes):
    expected = {(who, what): vote for who, what, vote in votes}

    assert triplets(matrix_of(votes)) == [(*cell, vote) for cell, vote in sorted(expected.items())]


@given(events, events, st.lists(st.tuples(ids, ids), max_size=10))
def test_adding_and_removing_votes_gives_the_same_matrix_as_building_it_anew(old, new, removed):
    gone = ([who for who, _ in removed], [what for _, what in removed])
    added = tuple(list(each) for each in zip(*new, strict=True)) if new else ([], [], [])

    updated = matrix_of(old).with_votes(*added, removed=gone)

    anew = matrix_of([vote for vote in old if vote[:2] not in removed] + new)
    assert triplets(updated) == triplets(anew)
    assert updated.participant_ids.tolist() == anew.participant_ids.tolist()
    assert updated.statement_ids.tolist() == anew.statement_ids.tolist()
    assert updated.starts.tolist() == anew.starts.tolist()


def test_somebody_whose_last_vote_is_withdrawn_is_no_longer_a_participant():
    votes = VoteMatrix.from_votes([1, 2], [5, 6], [1, -1])

    remaining = votes.with_votes([], [], [], removed=([2], [6]))

    assert remaining.participant_ids.tolist() == [1]
    assert remaining.statement_ids.tolist() == [5]


def test_a_matrix_is_not_changed_by_the_votes_that_follow():
    votes = VoteMatrix.from_votes([1], [5], [1])

    votes.with_votes([1, 2], [5, 5], [-1, -1])

    assert triplets(votes) == [(1, 5, 1)]


def test_statements_are_found_by_id_and_those_without_votes_are_ignored():
    votes = VoteMatrix.from_votes([1, 1, 1], [10, 20, 30], [1, 1, 1])

    assert votes.statement_indices([30, 99, 10, 30]).tolist() == [0, 2]
    assert votes.statement_indices([]).tolist() == []


def test_a_resample_numbers_rows_and_columns_in_the_order_drawn():
    votes = votes_from([[1, 0], [-1, None]])

    drawn = votes.resampled(np.array([1, 0]), np.array([1, 0]))

    assert triplets(drawn) == [(0, 1, -1), (1, 0, 0), (1, 1, 1)]
