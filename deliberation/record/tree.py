"""The Merkle tree of RFC 6962 (the same in RFC 9162): a root for any number of leaves, and short proofs about it.

Proofs are named as ranges of leaves, whose roots the caller looks up where it keeps them; nothing here reads or stores.
"""

import hashlib
from collections.abc import Sequence

Range = tuple[int, int]  # the leaves from the first number up to, and without, the second
Node = tuple[int, int, bytes]  # the level, the place within it, and the root of the 2**level leaves below

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(count: int) -> int:
    """The largest power of two below `count`: how many leaves are on the left."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    growth = Growth(0, [])
    for each in hashes:
        growth.add(each)
    return growth.root


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose roots prove that a tree of `size` has the leaf `index`, the leaf's neighbour first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose roots prove that a tree of `new` leaves begins with the tree of the first `old` ones."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not continue one of {old}")
    path, start, end = [], 0, new
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return [*([(start, end)] if start else []), *path[::-1]]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from a leaf hash to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, reached = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(step, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof leads from the older root to the newer (RFC 9162, section 2.1.4.2)."""
    if not 0 < old <= new or (old == new and (proof or old_root != new_root)):
        return False
    if old == new:
        return True
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not steps:
        return False
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def peaks(size: int) -> list[Range]:
    """The complete subtrees that a tree of `size` is made of, the largest first."""
    ranges, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            ranges.append((start, start + (1 << level)))
            start += 1 << level
    return ranges


class Growth:
    """A tree that leaves are added to, known by the roots of its peaks alone."""

    def __init__(self, size: int, roots: Sequence[bytes]) -> None:
        self.size = size
        self._roots = list(roots)

    def add(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash; the subtrees that it completes, from the leaf upward."""
        completed = [(0, self.size, leaf)]
        self._roots.append(leaf)
        self.size += 1
        level = 0
        while not self.size >> level & 1:
            right, left = self._roots.pop(), self._roots.pop()
            level += 1
            self._roots.append(node_hash(left, right))
            completed.append((level, (self.size >> level) - 1, self._roots[-1]))
        return completed

    @property
    def root(self) -> bytes:
        if not self._roots:
            return EMPTY
        *left, reached = self._roots
        for root in reversed(left):
            reached = node_hash(root, reached)
        return reached
