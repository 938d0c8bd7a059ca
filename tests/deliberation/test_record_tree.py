"""The tree against the definitions of RFC 6962, section 2.1, written down here as the RFC says them: recursively."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.record.tree import (
    EMPTY,
    Growth,
    consistency_ranges,
    inclusion_ranges,
    is_consistent,
    is_included,
    leaf_hash,
    peaks,
    root_of,
)

# The leaves that implementations of Certificate Transparency test with, and their roots.
LEAVES = [bytes.fromhex(leaf) for leaf in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]]
LEAVES.append(bytes(range(0x60, 0x70)))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def largest_power_below(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\x00" + leaves[0])
    k = largest_power_below(len(leaves))
    return sha(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], complete: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if complete else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], complete), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def made_up(count: int) -> list[bytes]:
    return [f"leaf {n}".encode() for n in range(count)]


def hashes(leaves: list[bytes]) -> list[bytes]:
    return [leaf_hash(leaf) for leaf in leaves]


def proof_from(ranges: list[tuple[int, int]], leaves: list[bytes]) -> list[bytes]:
    return [root_of(hashes(leaves[start:end])) for start, end in ranges]


def test_the_roots_of_certificate_transparencys_eight_leaves():
    assert [root_of(hashes(LEAVES[:n])).hex() for n in range(1, 9)] == ROOTS


def test_no_leaves_have_the_hash_of_nothing():
    assert root_of([]) == EMPTY == sha(b"")


@pytest.mark.parametrize("size", range(1, 66))
def test_roots_and_proofs_are_those_of_the_definition(size):
    leaves = made_up(size)

    assert root_of(hashes(leaves)) == mth(leaves)
    for index in range(size):
        assert proof_from(inclusion_ranges(index, size), leaves) == path(index, leaves)
    for old in range(1, size + 1):
        assert proof_from(consistency_ranges(old, size), leaves) == subproof(old, leaves)


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_included_at_its_own_place_only(size):
    leaves, root = made_up(size), mth(made_up(size))

    for index in range(size):
        proof = path(index, leaves)
        places = [at for at in range(size) if is_included(leaf_hash(leaves[index]), at, size, proof, root)]
        assert places == [index]
        assert not is_included(leaf_hash(b"another"), index, size, proof, root)
        assert not is_included(leaf_hash(leaves[index]), index, size, [*proof, root], root)
        assert not proof or not is_included(leaf_hash(leaves[index]), index, size, proof[:-1], root)


@pytest.mark.parametrize("new", range(1, 34))
def test_every_beginning_is_consistent_and_no_other_past_is(new):
    leaves = made_up(new)

    for old in range(1, new + 1):
        proof = subproof(old, leaves)
        assert is_consistent(old, mth(leaves[:old]), new, mth(leaves), proof)
        assert not is_consistent(old, mth([*leaves[: old - 1], b"another"]), new, mth(leaves), proof)
        assert not is_consistent(old, mth(leaves[:old]), new, mth([*leaves[:-1], b"another"]), proof)
        assert not is_consistent(old, mth(leaves[:old]), new, mth(leaves), [*proof, EMPTY])
        if old < new:
            assert not is_consistent(new, mth(leaves), old, mth(leaves[:old]), proof)


@given(st.integers(0, 300), st.integers(1, 300))
def test_a_tree_goes_on_from_its_peaks_alone(size, more):
    leaves = made_up(size + more)
    growth = Growth(size, proof_from(peaks(size), leaves))

    for leaf in leaves[size:]:
        growth.add(leaf_hash(leaf))

    assert (growth.size, growth.root) == (size + more, mth(leaves))


@given(st.integers(1, 600))
def test_growing_tells_each_complete_subtree_once(size):
    leaves = made_up(size)
    growth = Growth(0, [])

    told = [node for leaf in leaves for node in growth.add(leaf_hash(leaf))]

    expected = {(level, place) for level in range(size.bit_length()) for place in range(size >> level)}
    assert len(told) == len(expected)
    assert {(level, place) for level, place, _ in told} == expected


@given(st.integers(1, 2**40), st.data())
def test_proofs_are_short(size, data):
    index = data.draw(st.integers(0, size - 1))

    assert len(inclusion_ranges(index, size)) <= (size - 1).bit_length()
    assert len(consistency_ranges(index + 1, size)) <= (size - 1).bit_length() + 1


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 5), (5, 5)])
def test_there_is_no_proof_of_a_leaf_outside(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_ranges(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_a_shorter_tree_continues_nothing(old, new):
    with pytest.raises(ValueError, match="does not continue"):
        consistency_ranges(old, new)
    assert not is_consistent(old, EMPTY, new, EMPTY, [])
