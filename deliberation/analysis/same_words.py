"""Who used nearly the same words, when, and what the results are with them and without: for facilitators to judge."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deliberation.models import Argument, Assembly, Choice, Participant, Statement, Summary, SummaryState, Vote
from summarizer.near_copies import near_copies

JUST_JOINED = timedelta(hours=1)
FEWEST = 5  # people on either side of a difference, so that it tells nobody's vote

Contribution = Statement | Argument


@dataclass(frozen=True)
class Share:
    """How many of how many: of those who voted, or of those who wrote on this side."""

    n: int
    of: int

    @property
    def percent(self) -> int:
        return round(100 * self.n / self.of) if self.of else 0


@dataclass(frozen=True)
class Comparison:
    """One result with these people and without them; both None where the difference would tell how somebody voted."""

    about: str  # "votes", "side" or "point"
    contribution: Contribution
    people: Share | None
    without: Share | None


@dataclass(frozen=True)
class SameWords:
    """Contributions in nearly the same words, the earliest first, by two people or more."""

    contributions: list[Contribution]
    comparisons: list[Comparison]

    @property
    def authors(self) -> list[Participant]:
        return list({each.author_id: each.author for each in self.contributions}.values())

    @property
    def written(self) -> tuple[datetime, datetime]:
        return self.contributions[0].created_at, self.contributions[-1].created_at

    @property
    def joined(self) -> tuple[datetime, datetime]:
        moments = sorted(author.joined_at for author in self.authors)
        return moments[0], moments[-1]

    @property
    def newcomers(self) -> int:
        """How many wrote within an hour of joining."""
        return len({e.author_id for e in self.contributions if e.created_at - e.author.joined_at <= JUST_JOINED})


def same_words(assembly: Assembly) -> list[SameWords]:
    """Statements in nearly the same words, then arguments on one proposal; those of the most people first."""
    statements = list(assembly.statements.shown().filter(author__isnull=False).select_related("author"))
    arguments = list(assembly.arguments.shown().select_related("author", "proposal"))
    found = [_of_statements(group) for group in _groups(statements)]
    blocks: dict[int, list[Argument]] = defaultdict(list)
    for argument in arguments:
        blocks[argument.proposal_id].append(argument)
    points = _key_points(assembly)
    for block in blocks.values():
        found += [_of_arguments(group, block, points) for group in _groups(block)]
    return sorted(found, key=lambda each: -len(each.authors))


def _groups(written: list[Any]) -> list[list[Any]]:
    """Groups by two authors or more: who repeats themselves is counted once anyway."""
    by_id = {each.public_id: each for each in written}
    groups = near_copies({each.public_id: each.text for each in written})
    listed = [sorted((by_id[one] for one in group), key=lambda each: each.created_at) for group in groups]
    return [group for group in listed if len({each.author_id for each in group}) > 1]


def _of_statements(group: list[Statement]) -> SameWords:
    authors = {each.author_id for each in group}
    compared = [_votes(each, authors) for each in group]
    return SameWords(group, [each for each in compared if each is not None])


def _votes(statement: Statement, authors: set[int]) -> Comparison | None:
    """None where nobody has voted on it yet."""
    votes = dict(Vote.objects.standing().filter(statement=statement).values_list("participant", "choice"))
    if not votes:
        return None
    others = [choice for voter, choice in votes.items() if voter not in authors]
    theirs = len(votes) - len(others)
    if len(others) < FEWEST or 0 < theirs < FEWEST:
        return Comparison("votes", statement, None, None)
    return Comparison("votes", statement, _agreeing(list(votes.values())), _agreeing(others))


def _agreeing(choices: list[int]) -> Share:
    return Share(choices.count(Choice.AGREE), len(choices))


def _of_arguments(group: list[Argument], block: list[Argument], points: list[set[str]]) -> SameWords:
    """Arguments are public with their names: counts of people hide nothing here."""
    comparisons = []
    for side in sorted({each.side for each in group}):
        all_of_it = {each.author_id for each in block if each.side == side}
        same = [each for each in group if each.side == side]
        rest = all_of_it - {each.author_id for each in same}
        comparisons.append(Comparison("side", same[0], _people(all_of_it), _people(rest)))
        comparisons += _points(same, block, points, len(all_of_it))
    return SameWords(group, comparisons)


def _people(everybody: set[int]) -> Share:
    return Share(len(everybody), len(everybody))


def _points(same: list[Argument], block: list[Argument], points: list[set[str]], of: int) -> list[Comparison]:
    """The key points of the published summary that rest on two or more of these people."""
    author_of = {each.public_id: each.author_id for each in block}
    theirs = {each.author_id for each in same}
    found = []
    for cites in points:
        people = {author_of[one] for one in cites if one in author_of}
        if len(people & theirs) > 1 and cites & {each.public_id for each in same}:
            rest = people - theirs
            found.append(Comparison("point", same[0], Share(len(people), of), Share(len(rest), of - len(theirs))))
    return found


def _key_points(assembly: Assembly) -> list[set[str]]:
    published = Summary.objects.filter(assembly=assembly, state=SummaryState.PUBLISHED).first()
    if published is None:
        return []
    sides = [side for proposal in published.document["proposals"] for side in proposal["sides"]]
    return [set(point["prevalence"]["cites"]) for side in sides for point in side["points"]]
