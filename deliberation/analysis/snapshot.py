"""What everybody may see of a map: groups, densities and statements, and no rate of fewer than five people."""

from typing import Any

from summarizer.opinion_map import OpinionMap
from summarizer.terrain import draw_terrain

PRIVACY_FLOOR = 5  # the fewest people whose shared rate is shown
LISTED = 5

Names = dict[int, tuple[str, int]]
Snapshot = dict[str, Any]


def public_snapshot(
    opinions: OpinionMap, votes: int, names: Names, version: int, before: Snapshot | None = None
) -> Snapshot:
    """The map as pages, sockets and reports carry it; `names` gives the public id and number of shown statements.

    What a quick update did not test anew is told as the snapshot `before` told it, with the version that tested it.
    """
    terrain = draw_terrain(opinions.positions, opinions.group_of)
    seen = opinions.tally.sum(axis=1)
    told = [j for j, pk in enumerate(opinions.statement_ids.tolist()) if pk in names and seen[j] >= PRIVACY_FLOOR]
    ids = {j: names[int(opinions.statement_ids[j])][0] for j in told}
    statements = [_statement(opinions, j, *names[int(opinions.statement_ids[j])]) for j in told]
    enough = len(opinions.participant_ids) >= PRIVACY_FLOOR
    return {
        "participants": len(opinions.participant_ids),
        "grouped": int((opinions.group_of >= 0).sum()),
        "votes": votes,
        "statement_count": len(names),
        "stable": opinions.stable,
        "tested": _tested(opinions, ids, version) if opinions.diagnostics else before and before["tested"],
        "bounds": list(terrain.bounds),
        "land": _rings(terrain.land) if enough else [],
        "groups": [_group(opinions, g, terrain.contours[g], ids) for g in range(len(opinions.groups))]
        if opinions.stable
        else [],
        "statements": statements,
        "waiting": _waiting(opinions, names, seen),
        "common_ground": [ids[j] for j in opinions.common_ground.tolist() if j in ids],
        "divides": [ids[j] for j in opinions.divides.tolist() if j in ids] if opinions.stable else [],
        "min_votes": opinions.least_votes,
        "scale": round(opinions.scale, 6),
    }


def _tested(opinions: OpinionMap, ids: dict[int, str], version: int) -> dict[str, Any]:
    """How sure the groups are, and the second looks at statements; None for a group test without groups."""
    tests, judged = opinions.diagnostics, opinions.judgement
    slate = zip(tests.slate.statements.tolist(), tests.slate.represented, strict=True)
    bridges = [j for j in tests.bridging.argsort()[::-1].tolist() if j in ids and tests.bridging[j] > 0]
    return {
        "version": version,
        "stability": tests.stability and round(tests.stability.value, 3),
        "resamples": tests.stability and tests.stability.resamples,
        "prediction": judged
        and {
            "hidden_votes": judged.hidden_votes,
            "without_groups": round(judged.without_groups, 4),
            "with_groups": round(judged.with_groups, 4),
        },
        "slate": [{"id": ids[j], "represented": round(share, 3)} for j, share in slate if j in ids],
        "bridges": [ids[j] for j in bridges[:LISTED]],
    }


def _group(opinions: OpinionMap, g: int, contours: tuple, ids: dict[int, str]) -> dict[str, Any]:
    group = opinions.groups[g]
    return {
        "letter": group.letter,
        "size": group.size,
        "centre": _point(group.centre),
        "contours": [_rings(level) for level in contours],
        "representative": [
            {
                "id": ids[each.statement],
                "side": each.side,
                "agree": each.agree,
                "disagree": each.disagree,
                "votes": each.votes,
            }
            for each in opinions.representative[g]
            if each.statement in ids and each.votes >= PRIVACY_FLOOR
        ],
    }


def _statement(opinions: OpinionMap, j: int, public_id: str, number: int) -> dict[str, Any]:
    disagree, passed, agree = (int(count) for count in opinions.tally[j])
    return {
        "id": public_id,
        "number": number,
        "at": _point(opinions.statement_positions[j]),
        "loading": [round(float(x), 5) for x in opinions.loadings[j]],
        "mean": round(float(opinions.means[j]), 5),
        "agree": agree,
        "disagree": disagree,
        "pass": passed,
        "groups": _group_rates(opinions, j) if opinions.stable else {},
        "consensus": round(float(opinions.group_aware_consensus.agree.root[j]), 4),
        "divisive": round(float(opinions.divisive[j]), 4) if opinions.stable else 0.0,
        "differs": bool(opinions.differs[j]) and opinions.stable,
    }


def _group_rates(opinions: OpinionMap, j: int) -> dict[str, dict[str, int] | None]:
    counts = opinions.group_counts
    seen = {g: int(counts.seen[g, j]) for g in range(len(opinions.groups))}
    hidden = {g for g, votes in seen.items() if votes < PRIVACY_FLOOR}
    if len(hidden) == 1 and len(seen) > 1:  # the total minus the others would tell it
        hidden.add(min(seen.keys() - hidden, key=lambda g: (seen[g], g)))
    return {
        opinions.groups[g].letter: None
        if g in hidden
        else {"agree": int(counts.agree[g, j]), "disagree": int(counts.disagree[g, j]), "votes": votes}
        for g, votes in seen.items()
    }


def _waiting(opinions: OpinionMap, names: Names, seen: Any) -> list[dict[str, Any]]:
    """Statements with too few votes to say anything about."""
    votes = dict(zip(opinions.statement_ids.tolist(), seen.tolist(), strict=True))
    return [
        {"id": public_id, "number": number, "votes": votes.get(pk, 0)}
        for pk, (public_id, number) in sorted(names.items(), key=lambda item: item[1][1])
        if votes.get(pk, 0) < PRIVACY_FLOOR
    ]


def _rings(rings: Any) -> list[list[list[float]]]:
    return [[_point(point) for point in ring] for ring in rings]


def _point(point: Any) -> list[float]:
    return [round(float(point[0]), 3), round(float(point[1]), 3)]
