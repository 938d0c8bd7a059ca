import numpy as np
import pytest

from summarizer.far_off import far_off
from summarizer.similarity import Vectors


def texts_about_one_thing(count: int, seed: int = 1) -> Vectors:
    """Unit vectors around one direction, each with a little of its own."""
    rng = np.random.default_rng(seed)
    rows = np.array([1.0, *[0.0] * 15]) + rng.normal(0, 0.1, (count, 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def with_a_stranger(count: int) -> Vectors:
    return np.vstack([texts_about_one_thing(count), np.eye(16, dtype=np.float32)[[7]]])


def test_the_one_that_has_nothing_near_it_is_far_off() -> None:
    vectors = with_a_stranger(30)

    (found,) = far_off(vectors, ["en"] * 31, among=[30])

    nearest = np.sort(vectors[:30] @ vectors[30])[-3:].mean()
    assert (found.row, found.closeness) == (30, round(float(nearest), 4))
    assert found.usual > found.closeness


def test_only_those_asked_about_are_named() -> None:
    assert far_off(with_a_stranger(30), ["en"] * 31, among=[0, 1, 2]) == ()


@pytest.mark.parametrize(("count", "known"), [(18, False), (19, True)])
def test_with_fewer_than_twenty_texts_nobody_knows_what_is_usual(count: int, known: bool) -> None:
    vectors = with_a_stranger(count)

    assert (far_off(vectors, ["en"] * (count + 1), among=[count]) != ()) is known


def test_a_language_is_measured_by_itself() -> None:
    both = np.vstack([texts_about_one_thing(30), np.roll(texts_about_one_thing(30, seed=2), 5, axis=1)])

    assert far_off(both, ["en"] * 30 + ["id"] * 30, among=range(60)) == far_off(
        both[:30], ["en"] * 30, among=range(30)
    ) + tuple(
        type(each)(each.row + 30, each.closeness, each.usual)
        for each in far_off(both[30:], ["id"] * 30, among=range(30))
    )
