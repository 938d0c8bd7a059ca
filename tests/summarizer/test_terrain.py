import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.terrain import Ring, TerrainOptions, draw_terrain

NOBODY = np.zeros(0, dtype=np.int64)


def crowds(sizes: list[int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Groups around points of a circle of radius 6, and which group each person belongs to."""
    rng = np.random.default_rng(seed)
    angles = np.arange(len(sizes)) / len(sizes) * 2 * np.pi
    group_of = np.repeat(np.arange(len(sizes)), sizes)
    return 6 * np.column_stack([np.cos(angles), np.sin(angles)])[group_of] + rng.normal(size=(sum(sizes), 2)), group_of


def people_inside(rings: tuple[Ring, ...], positions: np.ndarray) -> np.ndarray:
    """Who stands inside, by the even-odd rule."""
    within = np.zeros(len(positions), dtype=bool)
    for ring in rings:
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            crosses = (y1 > positions[:, 1]) != (y2 > positions[:, 1])
            with np.errstate(divide="ignore", invalid="ignore"):
                within ^= crosses & (positions[:, 0] < (x2 - x1) * (positions[:, 1] - y1) / (y2 - y1) + x1)
    return within


def dry(rings: tuple[Ring, ...]) -> np.ndarray:
    """Which of 4,000 places, always the same, lie on land."""
    return people_inside(rings, np.random.default_rng(1).uniform(-11, 11, size=(4000, 2)))


def test_each_group_has_a_hill_where_its_members_stand_and_others_do_not():
    positions, group_of = crowds([60, 80, 40])

    terrain = draw_terrain(positions, group_of)

    assert len(terrain.contours) == 3
    for g, levels in enumerate(terrain.contours):
        shares = [people_inside(rings, positions)[group_of == g].mean() for rings in levels]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] > 0.8
        assert people_inside(levels[0], positions)[group_of != g].mean() < 0.05


def test_the_coast_runs_around_nearly_everybody_and_every_hill():
    positions, group_of = crowds([60, 80, 40])

    terrain = draw_terrain(positions, group_of)

    assert people_inside(terrain.land, positions).mean() > 0.95
    feet = np.array([point for levels in terrain.contours for ring in levels[0] for point in ring])
    assert people_inside(terrain.land, feet).all()


def test_rings_are_closed_and_inside_the_bounds():
    positions, group_of = crowds([30, 12])

    terrain = draw_terrain(positions, group_of)

    left, bottom, right, top = terrain.bounds
    for ring in (*terrain.land, *(ring for levels in terrain.contours for rings in levels for ring in rings)):
        assert ring[0] == ring[-1]
        assert len(ring) > 5
        assert all(left <= x <= right and bottom <= y <= top for x, y in ring)


def test_somebody_far_from_everybody_is_not_drawn():
    """One person of a group of forty stands where a ring of their own would give them away."""
    positions, _ = crowds([40])
    positions[0] = positions[1:].mean(axis=0) + 4.5

    terrain = draw_terrain(positions, np.zeros(40, dtype=np.int64))

    rings = [ring for levels in terrain.contours for rings in levels for ring in rings] + list(terrain.land)
    assert not any(
        people_inside((ring,), positions)[0] and people_inside((ring,), positions).sum() < 5 for ring in rings
    )
    assert all(people_inside((ring,), positions).sum() >= 5 for ring in rings)


@pytest.mark.parametrize("together", [1, 2])
def test_one_or_two_people_apart_make_no_bulge_in_coast_or_contour(together):
    positions, group_of = crowds([90, 80, 70])
    apart = np.array([10.2, 0.2]) + 0.1 * np.arange(together)[:, np.newaxis]

    usual = draw_terrain(positions, group_of)
    terrain = draw_terrain(np.vstack([positions, apart]), np.append(group_of, np.zeros(together, dtype=np.int64)))

    outlines = {"coast": (usual.land, terrain.land), "foot": (usual.contours[0][0], terrain.contours[0][0])}
    assert not people_inside(terrain.land, apart).any()
    for before, after in outlines.values():
        reach_before, reach_after = (max(x for ring in rings for x, _ in ring) for rings in (before, after))
        assert reach_after - reach_before < 0.4


def test_at_least_the_stated_share_of_a_group_stands_inside_each_of_its_contours():
    positions, group_of = crowds([60, 80, 40])

    terrain = draw_terrain(positions, group_of, TerrainOptions(tolerance=0.05))

    for g, levels in enumerate(terrain.contours):
        inside = [people_inside(rings, positions)[group_of == g].mean() for rings in levels]
        assert all(share >= stated - 0.05 for share, stated in zip(inside, (0.9, 0.6, 0.3), strict=True))


def test_one_more_person_moves_the_coast_a_little_wherever_they_stand():
    positions, group_of = crowds([90, 80, 70])
    centres = np.array([positions[group_of == g].mean(axis=0) for g in range(3)])
    before = dry(draw_terrain(positions, group_of).land)

    for newcomer in np.random.default_rng(3).uniform(-9, 9, size=(20, 2)):
        nearest = np.hypot(*(newcomer - centres).T).argmin()
        after = dry(draw_terrain(np.vstack([positions, newcomer]), np.append(group_of, nearest)).land)

        assert (before != after).mean() < 0.05 * before.mean()


def test_a_small_group_far_away_is_not_cut_off_at_the_edge_of_the_picture():
    rng = np.random.default_rng(5)
    positions = np.vstack([rng.normal(size=(400, 2)), rng.normal(size=(16, 2)) * 2 + [-14, 3]])

    terrain = draw_terrain(positions, np.repeat([0, 1], [400, 16]))

    assert people_inside(terrain.contours[1][0], positions)[400:].mean() >= 0.8
    left, bottom, right, top = terrain.bounds
    assert all(left + 0.1 < x < right - 0.1 and bottom + 0.1 < y < top - 0.1 for ring in terrain.land for x, y in ring)


def test_people_who_all_answered_the_same_have_rings_around_them():
    positions, group_of = crowds([30, 30])
    positions[group_of == 1] = [-6, 0]

    terrain = draw_terrain(positions, group_of)

    assert [people_inside(rings, positions).sum() for rings in terrain.contours[1]] == [30, 30, 30]


@pytest.mark.parametrize("people", [0, 1, 4])
def test_fewer_than_five_people_make_no_land(people):
    terrain = draw_terrain(np.random.default_rng(0).normal(size=(people, 2)), np.zeros(people, dtype=np.int64))

    assert terrain.land == ()
    assert terrain.contours == ((),) * bool(people)


@pytest.mark.parametrize("people", [5, 6, 9, 30])
def test_five_people_make_land_wherever_they_stand(people):
    positions = np.random.default_rng(people).normal(size=(people, 2)) * [8, 1]

    assert draw_terrain(positions, np.full(people, -1)).land != ()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 12))
def test_a_few_people_make_land_however_far_some_of_them_stand_off(seed, people):
    positions = np.random.default_rng(seed).standard_cauchy(size=(people, 2))

    terrain = draw_terrain(positions, np.zeros(people, dtype=np.int64))

    left, bottom, right, top = terrain.bounds
    x, y = positions.T
    in_the_picture = ((left <= x) & (x <= right) & (bottom <= y) & (y <= top)).sum()
    assert bool(terrain.land) == (in_the_picture >= 5)
    assert all(people_inside((ring,), positions).sum() >= 5 for ring in terrain.land)


def test_people_in_one_place_make_a_round_island():
    terrain = draw_terrain(np.zeros((9, 2)), np.full(9, -1))

    assert len(terrain.land) == 1
    radii = np.hypot(*np.array(terrain.land[0]).T)
    assert radii.max() < 1.4 * radii.min()


def test_five_groups_fit_into_thirty_kilobytes():
    positions, group_of = crowds([900, 300, 200, 60, 30])

    terrain = draw_terrain(positions, group_of)

    assert len(json.dumps([terrain.land, terrain.contours], separators=(",", ":"))) < 30_000


def test_the_order_of_people_changes_nothing():
    positions, group_of = crowds([30, 50])
    shuffled = np.random.default_rng(1).permutation(80)

    assert draw_terrain(positions, group_of) == draw_terrain(positions[shuffled], group_of[shuffled])
