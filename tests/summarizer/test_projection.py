import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.projection import oriented, project
from summarizer.votes import VoteMatrix
from tests.summarizer.opinions import assembly_of_groups, votes_from

NONE = np.zeros(0, dtype=np.int64)


def test_two_people_who_disagree_on_one_statement_stand_on_two_sides_of_it():
    votes = votes_from([[1], [-1]])

    projection = project(votes, NONE)

    assert projection.loadings.tolist() == [[1.0, 0.0]]
    assert projection.positions.tolist() == [[1.0, 0.0], [-1.0, 0.0]]
    assert projection.statement_positions.tolist() == [[1.0, 0.0]]
    assert projection.extremity.tolist() == [1.0]


def test_a_missing_vote_counts_as_the_statements_mean():
    """Statement 0 splits people, statement 1 does not; who skipped statement 1 is stretched by √(2 / 1)."""
    votes = votes_from([[1, 1], [-1, 1], [1, None], [-1, None]])

    projection = project(votes, NONE)

    root = np.sqrt(2)
    assert projection.means.tolist() == [0.0, 1.0]
    np.testing.assert_allclose(projection.positions[:, 0], [1, -1, root, -root], atol=1e-12)
    np.testing.assert_allclose(projection.statement_positions, [[root, 0], [0, 0]], atol=1e-12)


def test_everybody_stands_in_the_middle_if_all_votes_are_the_same():
    votes = votes_from([[1, 1, 1]] * 20)

    projection = project(votes, NONE)

    assert not projection.positions.any()
    assert not projection.loadings.any()


@pytest.mark.parametrize("statements", [30, 120])
def test_the_axes_are_those_of_a_dense_principal_component_analysis(statements):
    votes = assembly_of_groups(80, statements, 3)
    dense = np.full(votes.shape, np.nan)
    dense[votes.rows, votes.columns] = votes.choices
    centred = np.where(np.isnan(dense), 0, dense - votes.means)
    _, _, components = np.linalg.svd(centred, full_matrices=False)

    projection = project(votes, NONE)

    overlap = np.abs(components[:2] @ projection.loadings)
    np.testing.assert_allclose(overlap, np.eye(2), atol=1e-9)


def test_a_statement_left_out_moves_nobody_but_counts_as_a_pass_of_everybody():
    """Three statements, the last left out: it counts among the votes of Ben, who never saw it."""
    votes = votes_from([[1, -1, 1], [-1, 1, None], [1, -1, -1]])

    projection = project(votes, np.array([2]))

    without = project(votes_from([[1, -1], [-1, 1], [1, -1]]), NONE)
    np.testing.assert_allclose(projection.positions, without.positions, atol=1e-12)
    np.testing.assert_allclose(projection.loadings[:2], without.loadings, atol=1e-12)
    assert projection.loadings[2].tolist() == [0.0, 0.0]
    assert projection.extremity[2] == 0


@pytest.mark.parametrize("statements", [40, 150])
def test_beginning_from_the_previous_axes_changes_nothing_but_their_direction(statements):
    votes = assembly_of_groups(100, statements, 3)
    fresh = project(votes, NONE)

    again = project(votes, NONE, start=-fresh.loadings)

    np.testing.assert_allclose(again.positions, -fresh.positions, atol=1e-6)


def test_axes_that_changed_places_are_put_back_as_they_were():
    previous = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    found = np.array([[0.1, -0.9], [0.9, 0.1], [0.0, 0.1]])

    turned = oriented(found, previous)

    assert turned.tolist() == [[0.9, 0.1], [-0.1, 0.9], [-0.1, 0.0]]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_positions_mirror_when_everybody_votes_the_opposite(seed):
    votes = assembly_of_groups(40, 12, 2, seed)
    opposite = VoteMatrix(votes.participant_ids, votes.statement_ids, votes.starts, votes.columns, -votes.choices)

    one, other = project(votes, NONE), project(opposite, NONE)

    np.testing.assert_allclose(np.abs(one.positions), np.abs(other.positions), atol=1e-9)
    np.testing.assert_allclose(one.means, -other.means)
