"""Where one person stands on the public map: computed from their own votes and the snapshot alone."""

import math
from typing import Any


def place_of(snapshot: dict[str, Any], votes: dict[str, int]) -> dict[str, Any] | None:
    """x, y, nearest group, and with each group how many of one's votes its majority shares; None below the floor.

    The same arithmetic as in static/js: √(C / n) · Σ (v - mean) · loading over the n statements voted on.
    """
    cells = [(each, votes[each["id"]]) for each in snapshot["statements"] if each["id"] in votes]
    if len(cells) < snapshot["min_votes"]:
        return None
    scale = snapshot["scale"] / math.sqrt(len(cells))
    x, y = (scale * sum((vote - each["mean"]) * each["loading"][axis] for each, vote in cells) for axis in (0, 1))
    nearest = min(snapshot["groups"], key=lambda group: math.dist(group["centre"], (x, y)), default=None)
    return {
        "x": x,
        "y": y,
        "group": nearest and nearest["letter"],
        "agree_with": [_shared(group["letter"], cells) for group in snapshot["groups"]],
    }


def _shared(letter: str, cells: list[tuple[dict[str, Any], int]]) -> dict[str, Any]:
    compared = [
        (vote, majority) for each, vote in cells if vote and (majority := _majority(each["groups"].get(letter)))
    ]
    return {"letter": letter, "same": sum(vote == majority for vote, majority in compared), "of": len(compared)}


def _majority(rates: dict[str, int] | None) -> int:
    """+1 where more of a group agree than disagree, -1 the other way round, 0 where neither or not shown."""
    if rates is None:
        return 0
    return (rates["agree"] > rates["disagree"]) - (rates["agree"] < rates["disagree"])
