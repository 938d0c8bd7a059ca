"""The same picture as static/js/consensus-map.js draws, for paper and for browsers without JavaScript: it does not move."""

from typing import Any

from django import template

register = template.Library()

WIDTH = 1000.0
MARGIN = 36.0

Point = tuple[float, float]


class Frame:
    """From map units to a page 1000 wide, north up."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        xmin, ymin, xmax, ymax = snapshot["bounds"]
        points = [point for ring in snapshot["land"] for point in ring] or [(xmin, ymin), (xmax, ymax)]
        points += [
            (min(max(x, xmin), xmax), min(max(y, ymin), ymax)) for x, y in (s["at"] for s in snapshot["statements"])
        ]
        self.left, self.top = min(x for x, _ in points), max(y for _, y in points)
        self.scale = (WIDTH - 2 * MARGIN) / (max(x for x, _ in points) - self.left or 1)
        self.height = 2 * MARGIN + (self.top - min(y for _, y in points)) * self.scale

    def place(self, point: Point) -> Point:
        x = MARGIN + (point[0] - self.left) * self.scale
        y = MARGIN + (self.top - point[1]) * self.scale
        return min(max(x, 12), WIDTH - 12), min(max(y, 12), self.height - 12)

    def seat(self, point: Point) -> str:
        """Written here, because templates write numbers as the reader's language does."""
        return "{:.1f} {:.1f}".format(*self.place(point))

    def path(self, rings: list[list[Point]]) -> str:
        return "".join(
            "M" + "L".join("{:.1f} {:.1f}".format(*self.place(point)) for point in ring) + "Z" for ring in rings
        )


@register.simple_tag
def picture_box(snapshot: dict[str, Any]) -> str:
    return f"0 0 {WIDTH:.0f} {Frame(snapshot).height:.0f}"


@register.inclusion_tag("consensus_map/_picture.html")
def map_picture(snapshot: dict[str, Any]) -> dict[str, Any]:
    frame = Frame(snapshot)
    return {
        "land": frame.path(snapshot["land"]),
        "groups": [
            {
                "letter": group["letter"],
                "levels": [frame.path(level) for level in group["contours"]],
                "at": frame.seat(group["centre"]),
            }
            for group in snapshot["groups"]
        ],
        "places": _places(snapshot, frame),
    }


def _places(snapshot: dict[str, Any], frame: Frame) -> list[dict[str, Any]]:
    kinds = {**dict.fromkeys(snapshot["divides"], "divides"), **dict.fromkeys(snapshot["common_ground"], "common")}
    places = [
        {"number": each["number"], "at": frame.seat(each["at"]), "kind": kinds.get(each["id"], "plain")}
        for each in snapshot["statements"]
    ]
    return sorted(places, key=lambda place: ("plain", "divides", "common").index(place["kind"]))
