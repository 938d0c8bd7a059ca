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
    reach: float = 0.55
    """width of the smoothing, as a share of what is usual for a density of that many people"""
    tolerance: float = 0.25
    """how far, in grid cells, a simplified ring may stray"""


@dataclass(frozen=True)
class Terrain:
    """`bounds` (xmin, ymin, xmax, ymax), `land` rings, and for each group its contours from the outermost level in,
    each a list of closed rings. All in map units; holes are rings too, so fill by the even-odd rule."""

    bounds: Box
    land: tuple[Ring, ...]
    contours: tuple[tuple[tuple[Ring, ...], ...], ...]


def draw_terrain(positions: Floats, group_of: Labels, options: TerrainOptions | None = None) -> Terrain:
    """Draws the landscape of positions (P × 2) with the groups numbered 0, 1, … in `group_of` (P, -1 = none)."""
    options = options or TerrainOptions()
    bounds = _bounds(positions)
    inside = _inside(positions, bounds)
    positions, group_of = positions[inside], group_of[inside]
    groups = range(int(group_of.max(initial=-1)) + 1)
    return Terrain(
        bounds=bounds,
        land=_land(positions, bounds, options),
        contours=tuple(_hill(positions[group_of == g], bounds, options) for g in groups),
    )


def _bounds(positions: Floats) -> Box:
    """A box around nearly everybody with room for the coast, neither a strip nor a needle."""
    if len(positions) == 0:
        return (-1.0, -1.0, 1.0, 1.0)
    low, high = np.quantile(positions, [0.01, 0.99], axis=0)
    middle, span = (low + high) / 2, np.maximum(high - low, 1e-9)
    span = np.maximum(span, span.max() * 0.62)
    half = np.maximum(span * 0.75, 0.5)
    return _rounded_box(*(middle - half), *(middle + half))


def _rounded_box(*edges: float) -> Box:
    left, bottom, right, top = (round(float(edge), 3) for edge in edges)
    return left, bottom, right, top


def _inside(positions: Floats, bounds: Box) -> Flags:
    low, high = np.array(bounds[:2]), np.array(bounds[2:])
    return np.asarray(((positions >= low) & (positions <= high)).all(axis=1))


def _land(positions: Floats, bounds: Box, options: TerrainOptions) -> tuple[Ring, ...]:
    """The coast; smoothed ever more until at least one piece of land carries enough people."""
    reach = options.reach * 1.5
    while len(positions) >= options.least_people:
        people, density = _density(positions, bounds, reach, options.cells)
        rings = _outline(people, density, options.coast, bounds, options)
        if rings:
            return rings
        reach *= 2
    return ()


def _hill(positions: Floats, bounds: Box, options: TerrainOptions) -> tuple[tuple[Ring, ...], ...]:
    if len(positions) < options.least_people:
        return ()
    people, density = _density(positions, bounds, options.reach, options.cells)
    levels = [_outline(people, density, share, bounds, options) for share in options.heights]
    return tuple(rings for rings in levels if rings)


def _density(positions: Floats, bounds: Box, reach: float, cells: int) -> tuple[Floats, Floats]:
    """How many stand in each cell (row = y), and that count smoothed by Scott's rule times `reach`."""
    left, bottom, right, top = bounds
    people, _, _ = np.histogram2d(positions[:, 1], positions[:, 0], bins=cells, range=((bottom, top), (left, right)))
    widths = np.array([top - bottom, right - left]) / cells
    spread = max(float(positions.std(axis=0).mean()), float(widths.max()) * cells / 20)
    return people, gaussian_filter(people, reach * spread * len(positions) ** (-1 / 6) / widths, mode="constant")


def _outline(people: Floats, density: Floats, share: float, bounds: Box, options: TerrainOptions) -> tuple[Ring, ...]:
    """Rings around the densest cells that hold `share` of the mass, without the pieces that carry too few people."""
    highest_first = np.sort(density, axis=None)[::-1]
    mass = np.cumsum(highest_first)
    level = float(highest_first[min(int(np.searchsorted(mass, share * mass[-1])), len(mass) - 1)])
    if not 0 < level < highest_first[0]:
        return ()
    pieces, piece_count = label(density >= level)
    carried = np.bincount(pieces.ravel(), people.ravel(), minlength=piece_count + 1)
    kept = np.where((carried >= options.least_people)[pieces] | (pieces == 0), density, 0.0)
    contours = contourpy.contour_generator(z=np.pad(kept, 1), line_type=contourpy.LineType.Separate)
    lines = [np.asarray(line, dtype=np.float64) for line in contours.lines(level)]
    return tuple(_in_map_units(_simplified(line, options.tolerance), bounds, options.cells) for line in lines)


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
