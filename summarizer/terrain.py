"""The opinion map as a landscape: a coast around everybody and hills where a group's members stand close together.

A picture of densities, never of people: no outline rests on fewer than five of them, and none bulges out for one.
Densities are adaptive kernel estimates (I. S. Abramson, "On bandwidth variation in kernel estimates", Annals of
Statistics 10, 1982; B. W. Silverman, "Density estimation for statistics and data analysis", 1986, section 5.3), and
outlines their highest density regions (R. J. Hyndman, "Computing and graphing highest density regions", American
Statistician 50, 1996).
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

    cells: int = 112
    """along each side of the grid"""
    coast: float = 0.97
    """the least share of everybody that stands inside the coast"""
    heights: tuple[float, ...] = (0.9, 0.6, 0.3)
    """the least shares of a group's members inside its contours, outermost first"""
    shore: float = 0.6
    """how high the coast runs around a hill, as a share of the height of its foot"""
    least_people: int = 5
    """no outline is drawn around fewer"""
    finest: float = 0.025
    """width of the narrowest smoothing, as a share of the picture: people in one place make an island of that size"""
    doublings: float = 1.5
    """how often the smoothing of somebody who stands alone is doubled at most"""
    tolerance: float = 0.12
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
        """The height that at least `share` of the people stand on or above (Hyndman's sample quantile).

        It leaves the summit above it, so that people who all stand in one place have rings around them, too.
        """
        heights = np.repeat(self.height.ravel(), self.people.ravel().astype(np.int64))
        summit = float(heights.max())
        return min(float(np.quantile(heights, 1 - share, method="lower")), summit * float(np.sqrt(1 - share)))


def draw_terrain(positions: Floats, group_of: Labels, options: TerrainOptions | None = None) -> Terrain:
    """Draws the landscape of positions (P × 2) with the groups numbered 0, 1, … in `group_of` (P, -1 = none)."""
    options = options or TerrainOptions()
    bounds = _bounds(positions, group_of)
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


def _bounds(positions: Floats, group_of: Labels) -> Box:
    """A box around nearly everybody and nearly all of each group, with room for the coast, neither a strip nor a
    needle."""
    if len(positions) == 0:
        return (-1.0, -1.0, 1.0, 1.0)
    corners = [np.quantile(positions, [0.01, 0.99], axis=0)]
    corners += [np.quantile(positions[group_of == g], [0.05, 0.95], axis=0) for g in range(int(group_of.max()) + 1)]
    low, high = np.min(corners, axis=(0, 1)), np.max(corners, axis=(0, 1))
    middle, span = (low + high) / 2, np.maximum(high - low, 1e-9)
    span = np.maximum(span, span.max() * 0.62)
    half = np.maximum(span * (0.65 + 0.75 * len(positions) ** (-1 / 6)), 0.5)
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
    for reach in 1.5 ** np.arange(7):
        relief = _relief(positions, bounds, float(reach), options)
        if _outline(relief.people, relief.height, relief.level_around(share), bounds, options):
            break
    return relief


def _relief(positions: Floats, bounds: Box, reach: float, options: TerrainOptions) -> Relief:
    """An adaptive kernel estimate: the sparser a place, the wider whoever stands there is spread, so that a person
    alone makes no hill.

    A first estimate has the width of the normal reference rule, times `reach`; each person's own is that times
    √(usual height / height where they stand), usual being the geometric mean over the people, and never less than it.
    """
    left, bottom, right, top = bounds
    sides = np.array([top - bottom, right - left])
    people, _, _ = np.histogram2d(
        positions[:, 1], positions[:, 0], bins=options.cells, range=((bottom, top), (left, right))
    )
    width = reach * max(_reference_width(positions), options.finest * float(sides.max())) / (sides / options.cells)
    there = people > 0
    first = gaussian_filter(people, width, mode="constant")[there]
    usual = np.exp(np.average(np.log(first), weights=people[there]))
    doublings = np.clip(np.log2(usual / first) / 2, 0, options.doublings)
    return Relief(people, _spread(people, width, doublings))


def _spread(people: Floats, width: Floats, doublings: Floats) -> Floats:
    """Each person of `people` smoothed by `width` · 2^doublings (one number for each cell with people in it).

    Done with a few widths, half a doubling apart: whoever is between two is divided between them.
    """
    height = np.zeros_like(people)
    for step in range(int(np.ceil(2 * doublings.max())) + 1):
        part = np.zeros_like(people)
        part[people > 0] = people[people > 0] * np.clip(1 - np.abs(2 * doublings - step), 0, 1)
        height += gaussian_filter(part, width * 2 ** (step / 2), mode="constant")
    return height


def _reference_width(positions: Floats) -> float:
    """Silverman's rule for two dimensions with his robust spread, the lesser of standard deviation and quartile range
    over 1.349: σ n^(-1/6) (section 4.3.2 and equation 3.30)."""
    low, high = np.quantile(positions, [0.25, 0.75], axis=0)
    deviation, from_quartiles = positions.std(axis=0), (high - low) / 1.349
    spread = np.where(from_quartiles > 0, np.minimum(deviation, from_quartiles), deviation)
    return float(np.sqrt((spread**2).mean()) * len(positions) ** (-1 / 6))


def _land(everybody: Relief, hills: list[Relief | None], bounds: Box, options: TerrainOptions) -> tuple[Ring, ...]:
    """The coast runs around nearly everybody and a little outside the foot of every hill, without creases between them.

    Where some of the few stand so far off that nearly everybody is too few, it runs around all of them.
    """
    height = everybody.height / everybody.level_around(options.coast)
    for hill in hills:
        if hill is not None:
            height = np.hypot(height, hill.height / (options.shore * hill.level_around(options.heights[0])))
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
