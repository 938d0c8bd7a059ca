"""How it goes, for the facilitator: against what was aimed at, who is not heard yet, and whether groups last."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deliberation import visibility
from deliberation.analysis.stability import stability_word
from deliberation.analysis.watching import Moment, heard, moments, seats, ways
from deliberation.models import Pool
from deliberation.views.desk import least_heard
from deliberation.views.page import Visit, for_facilitators

NEEDING_VOTES = 10
WIDE, HIGH = 600, 160  # of the chart, in its own units
GAP = 0.2  # of a column


@require_safe
@for_facilitators
def watch(visit: Visit) -> HttpResponse:
    people = heard(visit.assembly)
    rows = least_heard(visit, NEEDING_VOTES)
    pool = Pool.objects.filter(assembly=visit.assembly).first()
    told = moments(visibility.maps_for(visit.assembly, visit.participant))
    return visit.render(
        "desk/watch.html",
        heard=people,
        ways=[{"way": way, "percent": _percent(way.voted, way.joined)} for way in ways(visit.assembly)],
        voted_percent=_percent(people.voted, people.joined),
        categories=seats(pool) if pool and pool.is_drawn and pool.deleted_at is None else [],
        least_heard=[{**row, "percent": _percent(row["votes"], people.voted)} for row in rows],
        moments=[_told(moment) for moment in told],
        columns=_columns(told),
        highest=max((moment.participants for moment in told), default=0),
        wide=WIDE,
        high=HIGH,
    )


def _percent(part: int | None, whole: int) -> float:
    return round(100 * part / whole, 1) if part and whole else 0.0


def _told(moment: Moment) -> dict[str, Any]:
    return {"moment": moment, "word": stability_word({"stability": moment.stability})}


def _columns(told: list[Moment]) -> list[list[dict[str, Any]]]:
    """Each map as a column of its groups, one on the other; those in no group on top."""
    if not told:
        return []
    width, highest = WIDE / len(told), max(moment.participants for moment in told) or 1
    return [
        _column(moment, x=i * width + width * GAP / 2, width=width * (1 - GAP), unit=HIGH / highest)
        for i, moment in enumerate(told)
    ]


def _column(moment: Moment, x: float, width: float, unit: float) -> list[dict[str, Any]]:
    in_none = moment.participants - sum(moment.groups.values())
    parts, top = [], float(HIGH)
    for letter, people in [*sorted(moment.groups.items()), ("", in_none)]:
        height = people * unit
        top -= height
        parts.append({"letter": letter, "x": _n(x), "y": _n(top), "width": _n(width), "height": _n(height)})
    return [part for part in parts if float(part["height"]) > 0]


def _n(number: float) -> str:
    """As SVG reads numbers, whatever language the page is in."""
    return f"{number:.1f}"
