import numpy as np
import pytest

from summarizer.grouping import GroupingOptions, partition_into
from summarizer.projection import project
from summarizer.stability import resampled_stability
from tests.summarizer.opinions import assembly_of_groups, assembly_without_groups

NONE = np.zeros(0, dtype=np.int64)


def stability_of(votes, k):
    projection = project(votes, NONE)
    split = partition_into(projection.positions, k, GroupingOptions(), 1)
    return resampled_stability(votes, NONE, projection, split.labels, GroupingOptions(), 1)


def test_groups_that_are_there_are_found_again_in_every_half():
    stability = stability_of(assembly_of_groups(120, 60, 3), 3)

    assert stability.value > 0.8
    assert len(stability.by_group) == 3
    assert min(stability.by_group) > 0.8


@pytest.mark.parametrize("k", [2, 3])
def test_groups_drawn_into_noise_are_not_found_again(k):
    assert stability_of(assembly_without_groups(200, 50), k).value < 0.15


def test_a_group_that_was_cut_in_two_is_less_stable_than_one_that_is_there():
    votes = assembly_of_groups(120, 60, 2)

    stability = stability_of(votes, 3)

    assert max(stability.by_group) > 0.7
    assert min(stability.by_group) < 0.55
