"""What static/js/consensus-map.js draws, for paper and for browsers without JavaScript: it does not move."""

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django import template

register = template.Library()

WIDTH = 1000.0
MARGIN = 36.0
SEA = 0.1  # width of the sea around the land where statements may stand, as a share of it
ROUNDS = 60
REACH = {"group": 32.0, "common": 19.0, "divides": 22.0, "plain": 5.0}
ON_PHONES = 2.5  # how much larger marks are drawn, so that their numbers can be read on a screen 360 pixels wide

Point = tuple[float, float]
Ring = list[Point]


@dataclass
class Mark:
    """Something on the map that needs room: a group's letter or a statement."""

    name: str
    kind: str
    x: float
    y: float

    @property
    def at(self) -> str:
        """Written here, because templates write numbers as the reader's language does."""
        return _written((self.x, self.y))


class Frame:
    """From map units to a page 1000 wide, north up."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        xmin, ymin, xmax, ymax = snapshot["bounds"]
        land = [point for ring in snapshot["land"] for point in ring] or [(xmin, ymin), (xmax, ymax)]
        points = [*land, *(_near(land, statement["at"]) for statement in snapshot["statements"])]
        self.left, self.top = min(x for x, _ in points), max(y for _, y in points)
        self.scale = (WIDTH - 2 * MARGIN) / (max(x for x, _ in points) - self.left or 1)
        self.height = 2 * MARGIN + (self.top - min(y for _, y in points)) * self.scale

    def place(self, point: Point) -> Point:
        x = MARGIN + (point[0] - self.left) * self.scale
        y = MARGIN + (self.top - point[1]) * self.scale
        return min(max(x, 22), WIDTH - 22), min(max(y, 22), self.height - 22)

    def path(self, rings: list[Ring]) -> str:
        return "".join(_smooth([self.place(point) for point in ring]) for ring in rings)


def _near(land: list[Point], point: Point) -> Point:
    """No farther from the land than a strip of sea."""
    (left, right), (bottom, top) = ((min(edge), max(edge)) for edge in zip(*land, strict=True))
    across, down = SEA * (right - left), SEA * (top - bottom)
    return min(max(point[0], left - across), right + across), min(max(point[1], bottom - down), top + down)


@register.simple_tag
def picture_box(snapshot: dict[str, Any]) -> str:
    return f"0 0 {WIDTH:.0f} {Frame(snapshot).height:.0f}"


@register.inclusion_tag("consensus_map/_picture.html")
def map_picture(snapshot: dict[str, Any]) -> dict[str, Any]:
    frame = Frame(snapshot)
    return {
        "land": frame.path(snapshot["land"]),
        "groups": [
            {"letter": group["letter"], "levels": [frame.path(level) for level in group["contours"]]}
            for group in snapshot["groups"]
        ],
        "plain": [place for place in _places(snapshot, frame) if place.kind == "plain"],
        "marks": _marks(snapshot, frame, 1.0),
        "large_marks": _marks(snapshot, frame, ON_PHONES),
    }


def _marks(snapshot: dict[str, Any], frame: Frame, size: float) -> dict[str, Any]:
    """Letters, and numbered places around them, moved apart as their size demands."""
    letters = [Mark(group["letter"], "group", *frame.place(group["centre"])) for group in snapshot["groups"]]
    named = [place for place in _places(snapshot, frame) if place.kind != "plain"]
    _move_apart(letters, [], size)
    _move_apart(named, letters, size)
    return {"letters": letters, "named": named}


def _places(snapshot: dict[str, Any], frame: Frame) -> list[Mark]:
    kinds = {**dict.fromkeys(snapshot["divides"], "divides"), **dict.fromkeys(snapshot["common_ground"], "common")}
    return [
        Mark(str(each["number"]), kinds.get(each["id"], "plain"), *frame.place(each["at"]))
        for each in snapshot["statements"]
    ]


def _smooth(ring: Ring) -> str:
    """A soft line through every corner: its direction is that of its neighbours, its handles a third of a side."""
    corners = ring[:-1] if ring[0] == ring[-1] else ring
    if len(corners) < 3:
        return ""
    count = len(corners)
    path = ["M" + _written(corners[0])]
    for i, corner in enumerate(corners):
        after = corners[(i + 1) % count]
        third = math.dist(corner, after) / 3
        leaving = _handle(corners[i - 1], corner, after, third)
        arriving = _handle(corner, after, corners[(i + 2) % count], -third)
        path.append(f"C{_written(leaving)} {_written(arriving)} {_written(after)}")
    return "".join(path) + "Z"


def _handle(before: Point, corner: Point, after: Point, length: float) -> Point:
    chord = math.dist(before, after) or 1
    return corner[0] + (after[0] - before[0]) / chord * length, corner[1] + (after[1] - before[1]) / chord * length


def _move_apart(marks: list[Mark], seated: list[Mark], size: float) -> None:
    """Moves `marks` until none lies on another or on one of the `seated`, which stay."""
    for _ in range(ROUNDS):
        moved = [_separate(first, second, size) for first, second in combinations(marks, 2)]
        moved += [_push(mark, other, size) for other in seated for mark in marks]
        if not any(moved):
            return


def _separate(first: Mark, second: Mark, size: float) -> bool:
    return _push(second, first, size, 0.5) and _push(first, second, size)


def _push(mark: Mark, other: Mark, size: float, part: float = 1.0) -> bool:
    """Moves `mark` away from `other`, by that part of what is missing."""
    needed = size * (REACH[mark.kind] + REACH[other.kind])
    dx, dy = mark.x - other.x, mark.y - other.y
    gap = math.hypot(dx, dy)
    if gap >= needed - 0.01:
        return False
    if gap < 0.01:  # the same place: each pair goes its own way, the same way every time
        dx, dy = math.cos(len(mark.name + other.name)), math.sin(len(mark.name + other.name))
    push = part * (needed - gap) / max(gap, 1)
    mark.x, mark.y = mark.x + dx * push, mark.y + dy * push
    return True


def _written(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
