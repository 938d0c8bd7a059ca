"""What came of a ranking, in words and as tables that anybody can follow."""

import hashlib
from typing import Any

from deliberation.analysis.drafting import order_of_ties
from deliberation.models import RankingTurn

Told = dict[str, Any]


def result_shown(turn: RankingTurn, told: dict[str, Told]) -> Told:
    """What was counted, in words and as tables. Every number is a number of people."""
    result = turn.result
    shown = {
        "turn": turn.number,
        "rankings": result["rankings"],
        "counted": result["counted"],
        "closed_at": turn.closed_at,
        "candidates": [told[each] for each in result["candidates"]],
    }
    if not result["counted"]:
        return shown
    pairs = Pairs(result)
    return {
        **shown,
        "how": _how(pairs, result),
        "winners": [told[each] for each in result["winners"]],
        "order": [
            {**told[each], "place": place, "over": _over(pairs, told, each)}
            for place, each in enumerate(result["order"], start=1)
        ],
        "preferred": [{"row": told[one], "cells": pairs.row("preferred", one)} for one in result["candidates"]],
        "strongest": [{"row": told[one], "cells": pairs.row("strongest", one)} for one in result["candidates"]],
        "tie_broken": any(result["tied"]),
        "ties": ties_shown(bytes(turn.opening), result["candidates"], told),
    }


class Pairs:
    """Numbers about two candidates, by their public ids."""

    def __init__(self, result: Told) -> None:
        self.result = result
        self.column = {public_id: j for j, public_id in enumerate(result["candidates"])}

    def preferred(self, one: str, other: str) -> int:
        return self.result["preferred"][self.column[one]][self.column[other]]

    def row(self, table: str, one: str) -> list[Told]:
        """The cells of a table's row: the number, and whether it is the larger of the two for this pair."""
        numbers, i = self.result[table], self.column[one]
        return [
            {"n": numbers[i][j], "more": numbers[i][j] > numbers[j][i], "same": i == j} for j in range(len(numbers))
        ]


def _how(pairs: Pairs, result: Told) -> str:
    """Whether the first was preferred to each other, led only by chains, or took the rule for ties."""
    first, *others = result["order"]
    if len(result["winners"]) > 1:
        return "tie"
    if all(pairs.preferred(first, each) > pairs.preferred(each, first) for each in others):
        return "each"
    return "chains"


def _over(pairs: Pairs, told: dict[str, Told], one: str) -> list[Told]:
    """How many prefer it to each that stands below it, and how many the other way round."""
    order = pairs.result["order"]
    of = pairs.result["rankings"]
    rows = []
    for other in order[order.index(one) + 1 :]:
        n, m = pairs.preferred(one, other), pairs.preferred(other, one)
        rows.append({"other": told[other]["number"], "n": n, "m": m, "of": of, "equal": of - n - m})
    return rows


def ties_shown(opening: bytes, ids: list[str], told: dict[str, Told]) -> Told:
    """The order of ties, and everything with which anybody computes it again."""
    rows = [
        {"number": told[each]["number"], "id": each, "hash": hashlib.sha256(opening + each.encode()).hexdigest()}
        for each in order_of_ties(opening, ids)
    ]
    return {"opening": opening.hex(), "rows": rows, "numbers": [row["number"] for row in rows]}
