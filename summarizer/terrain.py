"""The opinion map as a landscape: a coast around everybody and hills where a group's members stand close together.

A picture of densities, never of people: no outline rests on fewer than five of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import contourpy
import numpy as np
from scipy.ndimage import gaussian_filter, label

from summarizer.grouping import Labels
from summarizer.votes import Flags, Floats

Ring: TypeAlias = tuple[tuple[float, float], ...]
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class TerrainOptions:
    """How fine the landscape is drawn."""

    cells: int = 96
    """along each side of the grid"""
    coast: float = 0.97
    """the share of everybody inside the coast"""
    heights: tuple[float, ...] = (0.9, 0.6, 0.3)
    """the shares of a group's members inside its contours, outermost first"""
    least_people: int = 5
    """no outline is drawn around fewer"""
    reach: float = 0.75
    """width of the smoothing, as a share of what is usual for a density of that many people"""
    tolerance: float = 0.25
    """how far, in grid cells, a simplified ring may stray"""
    speck: float = 6.0
    """islands and lakes of fewer grid cells are not drawn"""


@dataclass(frozen=True)
class Terrain:
    """`bounds` (xmin, ymin, xmax, ymax), `land` rings, and for each group its contours from the outermost level in,
    each a list of closed rings. All in map units; holes are rings too, so fill by the even-odd rule."""

    bounds: Box
    land: tuple[Ring, ...]
    contours: tuple[tuple[tuple[Ring, ...], ...], ...]


@dataclass(frozen=True, eq=False)
class Relief:
    """How many stand in each cell (row = y), and that count smoothed into heights."""

    people: Floats
    height: Floats

    def level_around(self, share: float) -> float:
        """The height above which `share` of the mass lies."""
        highest_first = np.sort(self.height, axis=None)[::-1]
        mass = np.cumsum(highest_first)
        return float(highest_first[min(int(np.searchsorted(mass, share * mass[-1])), len(mass) - 1)])


def draw_terrain(positions: Floats, group_of: Labels, options: TerrainOptions | None = None) -> Terrain:
    """Draws the landscape of positions (P × 2) with the groups numbered 0, 1, … in `group_of` (P, -1 = none)."""
    options = options or TerrainOptions()
    bounds = _bounds(positions)
    inside = _inside(positions, bounds)
    positions, group_of = positions[inside], group_of[inside]
    hills = [
        _smoothed_until_carried(positions[group_of == g], bounds, options, options.heights[0])
        for g in range(int(group_of.max(initial=-1)) + 1)
    ]
    everybody = _smoothed_until_carried(positions, bounds, options, options.coast)
    return Terrain(
        bounds=bounds,
        land=() if everybody is None else _land(everybody, hills, bounds, options),
        contours=tuple(() if hill is None else _contours(hill, bounds, options) for hill in hills),
    )


def _bounds(positions: Floats) -> Box:
    """A box around nearly everybody with room for the coast, neither a strip nor a needle."""
    if len(positions) == 0:
        return (-1.0, -1.0, 1.0, 1.0)
    low, high = np.quantile(positions, [0.01, 0.99], axis=0)
    middle, span = (low + high) / 2, np.maximum(high - low, 1e-9)
    span = np.maximum(span, span.max() * 0.62)
    half = np.maximum(span * (0.65 + 0.5 * len(positions) ** (-1 / 6)), 0.5)
    return _rounded_box(*(middle - half), *(middle + half))


def _rounded_box(*edges: float) -> Box:
    left, bottom, right, top = (round(float(edge), 3) for edge in edges)
    return left, bottom, right, top


def _inside(positions: Floats, bounds: Box) -> Flags:
    low, high = np.array(bounds[:2]), np.array(bounds[2:])
    return np.asarray(((positions >= low) & (positions <= high)).all(axis=1))


def _smoothed_until_carried(positions: Floats, bounds: Box, options: TerrainOptions, share: float) -> Relief | None:
    """A relief smoothed ever more until a piece of it carries enough people; None if there are too few of them."""
    if len(positions) < options.least_people:
        return None
    for reach in options.reach * 1.5 ** np.arange(7):
        relief = _relief(positions, bounds, float(reach), options.cells)
        if _outline(relief.people, relief.height, relief.level_around(share), bounds, options):
            break
    return relief


def _relief(positions: Floats, bounds: Box, reach: float, cells: int) -> Relief:
    """Smoothed by Scott's rule times `reach`; people close together are spread over a twentieth of the picture."""
    left, bottom, right, top = bounds
    people, _, _ = np.histogram2d(positions[:, 1], positions[:, 0], bins=cells, range=((bottom, top), (left, right)))
    sides = np.array([top - bottom, right - left])
    spread = max(float(positions.std(axis=0).mean()), float(sides.max()) / 20)
    widths = reach * spread * len(positions) ** (-1 / 6) / (sides / cells)
    return Relief(people, gaussian_filter(people, widths, mode="constant"))


def _land(everybody: Relief, hills: list[Relief | None], bounds: Box, options: TerrainOptions) -> tuple[Ring, ...]:
    """The coast runs around nearly everybody and a little outside the foot of every hill.

    Where some of the few stand so far off that nearly everybody is too few, it runs around all of them.
    """
    height = everybody.height / everybody.level_around(options.coast)
    for hill in hills:
        if hill is not None:
            height = np.maximum(height, hill.height / (0.4 * hill.level_around(options.heights[0])))
    usual = _outline(everybody.people, height, 1.0, bounds, options)
    return usual or _outline(everybody.people, height, float(height[everybody.people > 0].min()), bounds, options)


def _contours(hill: Relief, bounds: Box, options: TerrainOptions) -> tuple[tuple[Ring, ...], ...]:
    levels = [
        _outline(hill.people, hill.height, hill.level_around(share), bounds, options) for share in options.heights
    ]
    return tuple(rings for rings in levels if rings)


def _outline(people: Floats, height: Floats, level: float, bounds: Box, options: TerrainOptions) -> tuple[Ring, ...]:
    """Rings around what is higher than `level`, without the pieces that carry too few people."""
    pieces, piece_count = label(height >= level)
    carried = np.bincount(pieces.ravel(), people.ravel(), minlength=piece_count + 1)
    kept = np.where((carried >= options.least_people)[pieces] | (pieces == 0), height, 0.0)
    contours = contourpy.contour_generator(z=np.pad(kept, 1), line_type=contourpy.LineType.Separate)
    lines = [_simplified(np.asarray(line, dtype=np.float64), options.tolerance) for line in contours.lines(level)]
    return tuple(_in_map_units(line, bounds, options.cells) for line in lines if _area(line) > options.speck)


def _in_map_units(line: Floats, bounds: Box, cells: int) -> Ring:
    """From grid places (cell 1 is the first inside the padding, its middle at 1) to rounded map units."""
    left, bottom, right, top = bounds
    share = (line - 0.5) / cells
    ring = np.column_stack([left + share[:, 0] * (right - left), bottom + share[:, 1] * (top - bottom)])
    digits = 3 if right - left < 10 else 2
    return tuple((round(float(x), digits), round(float(y), digits)) for x, y in ring)


def _simplified(line: Floats, tolerance: float) -> Floats:
    """Douglas and Peucker's algorithm on a closed ring, cut open at its start and at the point farthest from it."""
    far = int(np.hypot(*(line - line[0]).T).argmax())
    kept = np.zeros(len(line), dtype=np.bool_)
    kept[[0, far, -1]] = True
    stretches = [(0, far), (far, len(line) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        away = _distances_to_chord(line[first + 1 : last], line[first], line[last])
        farthest = int(away.argmax())
        if away[farthest] > tolerance:
            split = first + 1 + farthest
            kept[split] = True
            stretches += [(first, split), (split, last)]
    return line[kept]


def _distances_to_chord(points: Floats, start: Floats, end: Floats) -> Floats:
    along = end - start
    length = float(np.hypot(*along))
    offsets = points - start
    if length == 0:
        return np.hypot(offsets[:, 0], offsets[:, 1])
    across: Floats = np.abs(along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / length
    return across


def _area(ring: Floats) -> float:
    """The area inside a closed ring (the shoelace formula)."""
    x, y = ring.T
    return abs(float(x[:-1] @ y[1:] - x[1:] @ y[:-1])) / 2
