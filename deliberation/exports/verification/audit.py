#!/usr/bin/env python3
"""Computes the numbers of the map again from the votes of the record, for auditors.

    python audit.py BUNDLE [--key VERIFIER_KEY]

First everything that verify.py checks; then voters.jsonl, which says which votes are of one person and which group the
map put them in: nobody has two votes on a statement, no vote is left out or invented, and every count, share, order and
list that the report shows of the map follows from them. Where people stand and who forms a group is found, not counted:
that takes Majelis itself. The formulas are those of Small et al. 2021 (Polis), of Pearson's test of homogeneity and of
Benjamini and Hochberg 1995.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from verify import (
    CHOICES,
    STEPS,
    Bundle,
    Record,
    Wrong,
    canonical,
    latest_votes,
    redactions,
    steps_of,
    votes_erased_since,
)

FILE = "voters.jsonl"
FLOOR, LISTED, Z_90, FALSE_DISCOVERIES = 5, 5, 1.2816, 0.05
LEAST_GROUPED = 15
Statement = dict[str, Any]


class Count(NamedTuple):
    """Of one group on one statement."""

    agree: int = 0
    disagree: int = 0
    seen: int = 0

    def of(self, side: str) -> int:
        return self.agree if side == "agree" else self.disagree


class Votes:
    """Who is in which group and chose what, and from it the counts of each group on each statement."""

    def __init__(self, header: dict[str, Any]) -> None:
        self.statements: list[str] = header["statements"]
        self.left_out = set(header["left_out"])
        self.letters: list[str] = header["letters"]
        self.groups: list[int] = []
        self.choices: list[dict[str, str]] = []

    @property
    def eligible(self) -> list[str]:
        return [each for each in self.statements if each not in self.left_out]

    def count(self) -> list[dict[str, Count]]:
        """One dictionary for each group; while there are no groups, all who voted enough are one."""
        groups = self.groups if self.letters else [0 if enough else -1 for enough in self.voted_enough()]
        counts = [dict.fromkeys(self.statements, Count()) for _ in range(max(len(self.letters), 1))]
        for group, choices in zip(groups, self.choices, strict=True):
            for statement, choice in choices.items() if group >= 0 else ():
                agree, disagree, seen = counts[group][statement]
                counts[group][statement] = Count(
                    agree + (choice == "agree"), disagree + (choice == "disagree"), seen + 1
                )
        return counts

    def voted_enough(self) -> list[bool]:
        """Seven votes, or as many as there are statements; where fifteen people have not, the most active."""
        numbers = [len(each) for each in self.choices]
        least, wanted = min(7, len(self.statements)), min(LEAST_GROUPED, len(numbers))
        if sum(number >= least for number in numbers) < wanted:
            least = sorted(numbers, reverse=True)[wanted - 1]
        return [number >= least for number in numbers]


def check_votes(record: Record) -> str:
    """Every vote is of one voter, every voter has one vote on a statement, and the map is what follows from them."""
    counted = record.named.get("record")
    if counted is None:
        return "NOT COMPUTED: there is no report that rests on a sealed record"
    if votes_erased_since(record, counted):
        return "NOT COMPUTED: votes were erased since the report was made; ask for one made after that"
    votes = linked(record, counted)
    recomputed(record.report["map"]["snapshot"], votes)
    groups = f"{len(votes.letters)} groups" if votes.letters else "no groups"
    return f"{len(votes.choices)} voters, {groups}: the map's counts, shares and lists follow from their votes"


def linked(record: Record, counted: int) -> Votes:
    lines = record.bundle.lines(FILE)
    where, first = next(lines, (FILE, b"{}"))
    header = canonical(first, where)
    if set(header) != {"map", "statements", "left_out", "letters"} or header["map"] != record.report["map"]["version"]:
        raise Wrong(where, "does not say what the map rests on")
    votes, claims = Votes(header), Claims(record, counted)
    for number, (where, line) in enumerate(lines, start=1):
        told = canonical(line, where)
        if set(told) != {"voter", "group", "votes"} or told["voter"] != number:
            raise Wrong(where, "is not the next voter")
        if type(told["group"]) is not int or not -1 <= told["group"] < len(votes.letters):
            raise Wrong(where, "is in a group that there is not")
        if choices := claims.of(number, told["votes"], where):
            votes.groups.append(told["group"])
            votes.choices.append(choices)
    claims.require_all()
    if len(votes.choices) > sum(1 for _ in record.of_type("enrol")):
        raise Wrong(FILE, "has more voters than people joined")
    return votes


class Claims:
    """Which vote is whose: each of exactly one voter."""

    def __init__(self, record: Record, counted: int) -> None:
        self.record = record
        self.standing = {
            vote: (statement, choice)
            for statement, chosen in latest_votes(record, counted).items()
            for vote, choice in chosen.items()
            if choice in CHOICES
        }
        self.voter_of: dict[str, int] = {}
        self.entries: set[int] = set()

    def of(self, voter: int, entries: list[int], where: str) -> dict[str, str]:
        """What a voter chose at last, by statement."""
        choices: dict[str, str] = {}
        for entry in entries:
            if type(entry) is not int or not 0 <= entry < self.record.size or entry in self.entries:
                raise Wrong(where, f"entry {entry} is nobody's, or somebody else's")
            leaf = self.record.leaves[entry]
            known = self.voter_of.setdefault(leaf.id, voter)
            if leaf.type != "vote" or known != voter:
                raise Wrong(where, f"entry {entry} is no vote, or another voter's")
            self.entries.add(entry)
            if leaf.id in self.standing:
                statement, choice = self.standing.pop(leaf.id)
                if statement in choices:
                    raise Wrong(where, f"has two votes on statement {statement}")
                choices[statement] = choice
        return choices

    def require_all(self) -> None:
        votes = {entry for entry, _ in self.record.of_type("vote")}
        if missing := votes - self.entries - set(redactions(self.record)):
            raise Wrong(FILE, f"says nothing of entry {min(missing)}")


def recomputed(shown: dict[str, Any], votes: Votes) -> None:
    counts = votes.count()
    compare("participants", shown["participants"], len(votes.choices))
    compare("votes", shown["votes"], sum(map(len, votes.choices)))
    if votes.letters:
        sizes = {letter: votes.groups.count(group) for group, letter in enumerate(votes.letters)}
        compare("groups", {each["letter"]: each["size"] for each in shown["groups"]}, sizes if shown["stable"] else {})
    differing = differ(counts, votes.statements)
    for told in shown["statements"]:
        compare_statement(told, counts, votes, shown["stable"], told["id"] in differing)
    there = {told["id"] for told in shown["statements"]}
    compare("common ground", shown["common_ground"], [each for each in common_ground(counts, votes) if each in there])
    divided = dividing(counts, votes, differing) if shown["stable"] else []
    compare("what divides", shown["divides"], [each for each in divided if each in there])
    for group, told in enumerate(shown["groups"]):
        compare_representative(told, group, counts, votes, there)


def compare_statement(
    told: Statement, counts: list[dict[str, Count]], votes: Votes, stable: bool, differs: bool
) -> None:
    name, here = f"statement {told['number']}", [each[told["id"]] for each in counts]
    rates = shown_rates(here, votes.letters) if stable else {}
    compare(f"{name}, groups", told["groups"], rates)
    root = math.prod(smoothed(each.agree, each.seen) for each in here) ** (1 / len(here))
    close(f"{name}, consensus", told["consensus"], root)
    close(f"{name}, divisive", told["divisive"], spread(here) if stable else 0.0)
    compare(f"{name}, differs", told["differs"], stable and differs)


def compare_representative(
    told: dict[str, Any], group: int, counts: list[dict[str, Count]], votes: Votes, there: set[str]
) -> None:
    chosen = representative(group, counts, votes)
    expected = [
        {"id": each, "side": side, **counts[group][each]._asdict()}
        for each, side in chosen
        if each in there and counts[group][each].seen >= FLOOR
    ]
    for each in expected:
        each["votes"] = each.pop("seen")
    compare(f"group {told['letter']}, its statements", told["representative"], expected)


def shown_rates(here: list[Count], letters: list[str]) -> dict[str, dict[str, int] | None]:
    """No share of fewer than five people, nor one that the others would tell."""
    hidden = {group for group, each in enumerate(here) if each.seen < FLOOR}
    if len(hidden) == 1 and len(here) > 1:
        hidden.add(min(set(range(len(here))) - hidden, key=lambda group: (here[group].seen, group)))
    return {
        letters[group]: None
        if group in hidden
        else {"agree": each.agree, "disagree": each.disagree, "votes": each.seen}
        for group, each in enumerate(here)
    }


def smoothed(supporters: int, seen: int) -> float:
    return (supporters + 1) / (seen + 2)


def spread(here: list[Count]) -> float:
    agreement = [smoothed(each.agree, each.seen) for each in here]
    return max(agreement) - min(agreement)


def common_ground(counts: list[dict[str, Count]], votes: Votes) -> list[str]:
    """What more than half of every group agrees with, each group having five votes on it; best first."""

    def shared(each: str) -> bool:
        return all(
            group[each].seen >= FLOOR and smoothed(group[each].agree, group[each].seen) > 0.5 for group in counts
        )

    def root(each: str) -> float:
        return math.prod(smoothed(group[each].agree, group[each].seen) for group in counts) ** (1 / len(counts))

    return best([each for each in votes.eligible if shared(each)], root)


def dividing(counts: list[dict[str, Count]], votes: Votes, differing: set[str]) -> list[str]:
    def compared(each: str) -> bool:
        return each in differing and sum(group[each].seen >= FLOOR for group in counts) >= 2

    return best(
        [each for each in votes.eligible if compared(each)], lambda each: spread([group[each] for group in counts])
    )


def best(candidates: list[str], worth: Any) -> list[str]:
    return sorted(candidates, key=lambda each: -worth(each))[:LISTED]  # of equals, the one that came first


def differ(counts: list[dict[str, Count]], statements: list[str]) -> set[str]:
    """What the groups answer differently, with the share of false alarms under control."""
    values = {each: homogeneity([group[each] for group in counts]) for each in statements}
    ranked = sorted(values.values())
    passed = [p for k, p in enumerate(ranked, start=1) if p <= k / len(ranked) * FALSE_DISCOVERIES]
    return {each for each, p in values.items() if passed and p <= passed[-1]}


def homogeneity(here: list[Count]) -> float:
    """Pearson's chi-squared p-value that all groups answer alike."""
    rows = [(each.agree, each.seen - each.agree - each.disagree, each.disagree) for each in here]
    answers, total = [sum(column) for column in zip(*rows, strict=True)], sum(each.seen for each in here)
    freedom = (sum(each.seen > 0 for each in here) - 1) * (sum(answer > 0 for answer in answers) - 1)
    statistic = sum(
        (found - expected) ** 2 / expected
        for row, each in zip(rows, here, strict=True)
        for found, answer in zip(row, answers, strict=True)
        if (expected := answer * each.seen / max(total, 1)) > 0
    )
    return chi_squared_above(statistic, freedom) if freedom > 0 else 1.0


def chi_squared_above(x: float, freedom: int) -> float:
    """The chance of more than x with this many degrees of freedom: the recurrence of the incomplete gamma function."""
    half = x / 2
    value = math.exp(-half) if freedom % 2 == 0 else math.erfc(math.sqrt(half))
    for k in range(2 - freedom % 2, freedom, 2):
        value += math.exp(k / 2 * math.log(half) - half - math.lgamma(k / 2 + 1)) if half > 0 else 0.0
    return value


def representative(group: int, counts: list[dict[str, Count]], votes: Votes) -> list[tuple[str, str]]:
    """The statements that tell a group from the others, each with its side; the best agreed one ahead of all."""
    if len(counts) < 2:
        return []
    told = {each: statistics(each, group, counts) for each in votes.eligible}
    sides = {each: leaning(told[each]) for each in told}
    sufficient = [each for each in told if told[each]["agree"].passes or told[each]["disagree"].passes]
    ranked = sorted(sufficient, key=lambda each: -told[each][sides[each]].score)
    head = best_agreed(group, counts, told)
    if head is None and not ranked and told:
        head = max(told, key=lambda each: max(side.ratio_test for side in told[each].values()))
    chosen = ([head] if head else []) + [each for each in ranked if each != head]
    return [(each, sides[each]) for each in sorted(chosen[:LISTED], key=lambda each: sides[each] != "agree")]


def leaning(sides: "dict[str, Side]") -> str:
    return "agree" if sides["agree"].ratio_test > sides["disagree"].ratio_test else "disagree"


class Side(NamedTuple):
    """How one side of a statement fares in a group."""

    rate: float
    test: float
    ratio: float
    ratio_test: float

    @property
    def score(self) -> float:
        return self.ratio * self.ratio_test * self.rate * self.test

    @property
    def passes(self) -> bool:
        return self.test > Z_90 and self.ratio_test > Z_90


def statistics(each: str, group: int, counts: list[dict[str, Count]]) -> dict[str, Side]:
    mine, others = counts[group][each], [other[each] for place, other in enumerate(counts) if place != group]
    return {
        side: side_of(
            mine.of(side), mine.seen, sum(other.of(side) for other in others), sum(other.seen for other in others)
        )
        for side in ("agree", "disagree")
    }


def side_of(supporters: int, seen: int, rest: int, rest_seen: int) -> Side:
    s1, n1, s2, n2 = supporters + 1, seen + 1, rest + 1, rest_seen + 1
    pooled = (s1 + s2) / (n1 + n2)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2)) if pooled < 1 else 0.0
    rate = smoothed(supporters, seen)
    return Side(
        rate=rate,
        test=2 * math.sqrt(n1) * (s1 / n1 - 0.5),
        ratio=rate / smoothed(rest, rest_seen),
        ratio_test=(s1 / n1 - s2 / n2) / deviation if deviation else 0.0,
    )


def best_agreed(group: int, counts: list[dict[str, Count]], told: dict[str, dict[str, Side]]) -> str | None:
    """The statement the group agrees with most: typical of it if any is, otherwise merely liked by it."""
    agree = {each: sides["agree"] for each, sides in told.items()}
    voted = [each for each in told if counts[group][each].agree + counts[group][each].disagree > 0]
    liked = [each for each in voted if agree[each].test > Z_90 or (agree[each].ratio > 1 and agree[each].rate > 0.5)]
    typical = [each for each in liked if agree[each].ratio > 1]
    if typical:
        return max(typical, key=lambda each: agree[each].score)
    return max(liked, key=lambda each: agree[each].rate * agree[each].test, default=None)


def compare(what: str, told: Any, found: Any) -> None:
    if told != found:
        raise Wrong(f"report.json, {what}", f"it says {told}, the votes give {found}")


def close(what: str, told: float, found: float) -> None:
    """Equal in the four digits that are shown; the last may have been rounded from a sum in another order."""
    if abs(told - found) > 0.000051:
        raise Wrong(f"report.json, {what}", f"it says {told}, the votes give {found:.4f}")


def audit(path: Path, key: str | None = None) -> Iterator[str]:
    """What each step found, those of verify.py first. Raises Wrong at the first thing that is not right."""
    record = Record(Bundle(path), key)
    yield from steps_of(record)
    yield f"{len(STEPS) + 1}. ok  {check_votes(record)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", help="the verifier key as you know it from elsewhere: a mail, a printed page")
    arguments = parser.parse_args()
    try:
        for line in audit(arguments.bundle, arguments.key):
            print(line)
    except Wrong as wrong:
        sys.exit(f"WRONG  {wrong}")
    print("Everything that could be checked is right.")


if __name__ == "__main__":
    main()
