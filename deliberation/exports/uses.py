"""Where contributions were used: from what somebody wrote to the map, the summary, the report and the recommendations
that rest on it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from deliberation import visibility
from deliberation.models import Assembly, Candidate, Participant

QUOTED, COUNTED = "quoted", "counted"
COMMON_GROUND, DIVIDES, TYPICAL, MAPPED = "common_ground", "divides", "typical", "mapped"
FIRST, CANDIDATE = "first", "candidate"

Found = Iterator[tuple[str, str]]  # the public id of what was used, and how


@dataclass(frozen=True)
class Use:
    """One place: a map, a summary, a report or a drafting round, and what the contribution is there."""

    where: str  # map, summary, report or drafting
    version: int
    how: str  # quoted, counted; common_ground, divides, typical, mapped; first, candidate
    url: str


def uses_in(assembly: Assembly, reader: Participant | None) -> dict[str, list[Use]]:
    """What became of everything that was contributed, as far as this reader may see it, by public id.

    The newest map and report, the newest public summary that rests on it, and each drafting round; of what something
    is in one place, what matters most comes first. As many queries for one contribution as for a thousand.
    """
    uses: dict[str, list[Use]] = defaultdict(list)

    def add(where: str, version: int, found: Found, address: str, *of: object) -> None:
        url = reverse(address, args=[assembly.slug, *of])
        for public_id, how in found:
            uses[public_id].append(Use(where, version, how, url))

    current = visibility.current_map(assembly, reader)
    if current is not None:
        add("map", current.version, _on_map(current.snapshot), "map")
    told: set[str] = set()
    for summary in visibility.summaries_for(assembly, reader).filter(published_at__isnull=False).order_by("-version"):
        here = dict(_in_summary(summary.document))
        add("summary", summary.version, ((id, how) for id, how in here.items() if id not in told), "summary")
        told |= here.keys()
    report = visibility.reports_for(assembly, reader).first()
    if report is not None:
        add("report", report.version, _in_report(report.snapshot), "report_version", report.version)
    for (number, public_id), found in _in_rounds(assembly, reader).items():
        add("drafting", number, iter(found), "drafting_round", public_id)
    return dict(uses)


def _on_map(snapshot: dict[str, Any]) -> Found:
    for how in (COMMON_GROUND, DIVIDES):
        yield from ((public_id, how) for public_id in snapshot[how])
    typical = {each["id"] for group in snapshot["groups"] for each in group["representative"]}
    yield from ((public_id, TYPICAL) for public_id in typical)
    yield from ((each["id"], MAPPED) for each in snapshot["statements"])


def _in_report(frozen: dict[str, Any]) -> Found:
    yield from _on_map(frozen["map"]["snapshot"])
    if frozen["summary"]:
        yield from _in_summary(frozen["summary"]["document"])


def _in_summary(document: dict[str, Any]) -> Found:
    """Once each: whoever is quoted is counted, too."""
    sentences = list(_sentences(document))
    quoted = {each["place"]["id"] for each in sentences if each["kind"] == "quote"}
    cited = {public_id for each in sentences for public_id in each["cites"]}
    yield from ((public_id, QUOTED if public_id in quoted else COUNTED) for public_id in sorted(cited))


def _sentences(told: Any) -> Iterator[dict[str, Any]]:
    """Every sentence, wherever it stands: it is what names its kind and what it cites."""
    if isinstance(told, dict):
        if "cites" in told and "kind" in told:
            yield told
        else:
            for each in told.values():
                yield from _sentences(each)
    elif isinstance(told, list):
        for each in told:
            yield from _sentences(each)


def _in_rounds(assembly: Assembly, reader: Participant | None) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """What candidates rest on, by round; first is what people preferred at last, and what that was written from."""
    rounds = visibility.drafting_rounds_for(assembly, reader)
    first = {turn.round_id: turn.result for turn in visibility.counted_turns(assembly).order_by("number")}
    winners = {result["order"][0] for result in first.values() if result["counted"]}
    candidates = Candidate.objects.standing().filter(round__in=rounds).select_related("round", "statement", "wording")
    preferred = {each.pk for each in candidates if each.public_id in winners}
    preferred |= {each.revises_id for each in candidates if each.pk in preferred}
    found: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    for each in candidates:
        rests_on = [each.statement.public_id] if each.statement else each.wording.cites if each.wording else []
        how = FIRST if each.pk in preferred else CANDIDATE
        found[each.round.number, each.round.public_id] += [(public_id, how) for public_id in rests_on]
    return found
