"""The common order of many rankings: Schulze's own example, every small case by hand, and two judges of our own."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from schulze_condorcet import schulze_evaluate

from summarizer.schulze import Ranked, pairwise_preferences, rank_candidates, strongest_paths

LETTERS = "ABCDEF"


def places_of(*groups: tuple[int, str], letters: str = LETTERS) -> NDArray[np.int64]:
    """So many people who rank like this; equals stand together, as in "A BC", and who is not named comes last."""
    rows = []
    for people, order in groups:
        levels = order.split(" ") if " " in order else list(order)
        row = [next((i for i, level in enumerate(levels) if letter in level), len(letters)) for letter in letters]
        rows += [row] * people
    return np.array(rows)


def in_letters(ranked: Ranked) -> str:
    return "".join(LETTERS[each] for each in ranked.order)


@st.composite
def rankings(draw: st.DrawFn) -> NDArray[np.int64]:
    candidates = draw(st.integers(2, 6))
    one = st.lists(st.integers(1, candidates), min_size=candidates, max_size=candidates)
    return np.array(draw(st.lists(one, min_size=1, max_size=15)))


def test_schulzes_own_example_comes_out_as_he_printed_it():
    places = places_of(
        (5, "ACBED"),
        (5, "ADECB"),
        (8, "BEDAC"),
        (3, "CABED"),
        (7, "CAEBD"),
        (2, "CBADE"),
        (7, "DCEBA"),
        (8, "EBADC"),
        letters="ABCDE",
    )

    ranked = rank_candidates(places, ties=range(5))

    assert ranked.preferred.tolist() == [
        [0, 20, 26, 30, 22],
        [25, 0, 16, 33, 18],
        [19, 29, 0, 17, 24],
        [15, 12, 28, 0, 14],
        [23, 27, 21, 31, 0],
    ]
    assert ranked.strongest.tolist() == [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]
    assert (in_letters(ranked), ranked.winners, ranked.tied) == ("EACBD", (4,), (False,) * 4)


def test_equal_places_prefer_neither_and_no_place_comes_last():
    places = places_of((2, "AB"), (1, "AB C"), letters="ABC")

    assert pairwise_preferences(places).tolist() == [[0, 2, 3], [0, 0, 3], [0, 0, 0]]


def test_a_tie_is_broken_by_the_order_of_ties_alone():
    places = places_of((3, "ABC"), (3, "BAC"), letters="ABC")

    first, second = rank_candidates(places, [0, 1, 2]), rank_candidates(places, [1, 0, 2])

    assert (first.order, first.winners, first.tied) == ((0, 1, 2), (0, 1), (True, False))
    assert (second.order, second.winners, second.tied) == ((1, 0, 2), (1, 0), (True, False))


def test_a_circle_is_decided_by_its_weakest_link():
    places = places_of((9, "ABC"), (8, "BCA"), (6, "CAB"), letters="ABC")

    ranked = rank_candidates(places, [2, 1, 0])

    assert ranked.preferred.tolist() == [[0, 15, 9], [8, 0, 17], [14, 6, 0]]
    assert (in_letters(ranked), ranked.winners) == ("ABC", (0,))


def test_whoever_changes_nothing_leaves_the_order_of_ties():
    assert rank_candidates(np.ones((4, 3), dtype=int), [2, 0, 1]).order == (2, 0, 1)


@pytest.mark.parametrize("ties", [[0, 1], [0, 1, 1], [1, 2, 3]])
def test_an_order_of_ties_that_leaves_somebody_out_is_refused(ties: list[int]):
    with pytest.raises(ValueError, match="order of ties"):
        rank_candidates(np.ones((1, 3), dtype=int), ties)


@settings(max_examples=500)
@given(rankings())
def test_the_winners_are_those_that_another_implementation_finds(places: NDArray[np.int64]):
    candidates = [str(each) for each in range(places.shape[1])]
    levels = [sorted(set(row)) for row in places.tolist()]
    votes = [
        ">".join("=".join(c for c, place in zip(candidates, row, strict=True) if place == level) for level in found)
        for row, found in zip(places.tolist(), levels, strict=True)
    ]

    found = schulze_evaluate(votes, candidates, strength=people_who_say_so).split(">")[0].split("=")

    assert sorted(rank_candidates(places, range(len(candidates))).winners) == sorted(map(int, found))


def people_who_say_so(*, support: int, opposition: int, totalvotes: int) -> int:
    return support if support > opposition else 0


@given(rankings())
def test_the_strongest_chain_is_the_best_of_all_chains(places: NDArray[np.int64]):
    preferred = pairwise_preferences(places)
    links = np.where(preferred > preferred.T, preferred, 0)

    assert strongest_paths(preferred).tolist() == [
        [0 if i == j else best_chain(links, i, j) for j in range(len(links))] for i in range(len(links))
    ]


def best_chain(links: NDArray[np.int64], start: int, end: int) -> int:
    """By trying every way from one to the other that passes nobody twice."""
    between = [each for each in range(len(links)) if each not in (start, end)]
    ways = [(start, *way, end) for length in range(len(between) + 1) for way in permutations(between, length)]
    return max(min(int(links[a, b]) for a, b in pairwise(way)) for way in ways)


@given(rankings(), st.randoms(use_true_random=False))
def test_nobody_stands_below_one_they_beat_and_the_order_of_people_does_not_matter(places, shuffler):
    people = list(range(len(places)))
    shuffler.shuffle(people)
    ties = list(range(places.shape[1]))
    shuffler.shuffle(ties)

    ranked = rank_candidates(places, ties)

    below = [(one, other) for i, one in enumerate(ranked.order) for other in ranked.order[i + 1 :]]
    assert [pair for pair in below if ranked.beats(pair[1], pair[0])] == []
    assert ranked.order[0] == ranked.winners[0]
    assert rank_candidates(places[people], ties).order == ranked.order


@given(rankings())
def test_who_is_preferred_to_each_other_comes_first(places: NDArray[np.int64]):
    preferred = pairwise_preferences(places)
    leads = [
        i
        for i in range(len(preferred))
        if all(preferred[i, j] > preferred[j, i] for j in range(len(preferred)) if j != i)
    ]

    winners = rank_candidates(places, range(len(preferred))).winners

    assert not leads or winners == tuple(leads)
