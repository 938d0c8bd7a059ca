"""Where the tree of an assembly is kept: leaf hashes in their entries, and one row for every 256, 65,536, … of them."""

from collections.abc import Iterable

from deliberation.models import RecordEntry, RecordSubtree
from deliberation.record import tree

BITS = 8
TILE = 1 << BITS


class RecordDamagedError(Exception):
    """The stored record does not fit together; nothing more may be signed."""


class Nodes:
    """Roots of any stretch of sealed leaves, from few rows: what is read once is read a tile at a time and kept."""

    def __init__(self, assembly_id: int) -> None:
        self.assembly_id = assembly_id
        self._tiles: dict[tuple[int, int], dict[int, bytes]] = {}

    def root_of(self, start: int, end: int) -> bytes:
        """The root over the leaves from `start` up to, and without, `end`. Raises RecordDamagedError."""
        count = end - start
        level = count.bit_length() - 1
        if count == 1 << level and level % BITS == 0 and start % count == 0:
            return self._stored(level, start >> level)
        middle = start + tree.split(count)
        return tree.node_hash(self.root_of(start, middle), self.root_of(middle, end))

    def roots_of(self, ranges: Iterable[tree.Range]) -> list[bytes]:
        return [self.root_of(start, end) for start, end in ranges]

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        return self.roots_of(tree.inclusion_ranges(index, size))

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        return self.roots_of(tree.consistency_ranges(old, new))

    def _stored(self, level: int, place: int) -> bytes:
        key = (level, place // TILE)
        if key not in self._tiles:
            self._tiles[key] = self._read(*key)
        if place not in self._tiles[key]:
            raise RecordDamagedError(f"assembly {self.assembly_id} has no node {place} on level {level}")
        return self._tiles[key][place]

    def _read(self, level: int, tile: int) -> dict[int, bytes]:
        places = range(tile * TILE, (tile + 1) * TILE)
        if level:
            kept = RecordSubtree.objects.filter(level=level, place__gte=places.start, place__lt=places.stop)
            rows = kept.filter(assembly=self.assembly_id).values_list("place", "root")
        else:
            entries = RecordEntry.objects.filter(sequence__gte=places.start, sequence__lt=places.stop)
            rows = entries.filter(assembly=self.assembly_id).values_list("sequence", "leaf_hash")
        return {place: bytes(root) for place, root in rows}
