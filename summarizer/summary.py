"""The document that people read: quotations, at most gated rewrites, and statistics that code wrote.

Each sentence names what it rests on. Numbers come from counted rows, words from participants or from `wording`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from summarizer import wording
from summarizer.audit import Audit, corrected_share
from summarizer.key_points import Argument, KeyPoint, SideKeyPoints
from summarizer.near_copies import people_of_copies
from summarizer.sentences import GroupCount, Sentence, verify_quotes
from summarizer.text import says_something
from summarizer.topics import Contribution, Topic
from summarizer.whole import Told, Votes, WholeSection, tell_whole
from summarizer.wording import Choice


@dataclass(frozen=True)
class Point:
    """A key point in somebody's words, optionally rewritten, how many made it, and how many of them in like words."""

    quote: Sentence
    rewrite: Sentence | None
    prevalence: Sentence
    copies: Sentence | None = None


@dataclass(frozen=True)
class SideSection:
    """What was said on one side of one proposal. `unreflected` are the arguments that no point stands for.

    Of those, `verbatim` are told in full where very few people are left, else `voices` are sentences to read first.
    """

    proposal: str
    side: str
    opening: Sentence
    points: tuple[Point, ...]
    voices: tuple[Sentence, ...]
    verbatim: tuple[Sentence, ...]
    coverage: Sentence
    unreflected: tuple[str, ...]
    people: int
    covered: int
    not_read: dict[str, str]


@dataclass(frozen=True)
class GroupSection:
    """An opinion group by the statements that it stands for; its members' arguments are never quoted as the group's."""

    group: str
    statements: tuple[tuple[Sentence, Sentence], ...]


@dataclass(frozen=True)
class TopicSection:
    """What was talked about, on every side: its words in each language, one contribution as example, and who spoke."""

    terms: dict[str, tuple[str, ...]]
    example: Sentence
    members: tuple[str, ...]
    people: int


@dataclass(frozen=True)
class Summary:
    """A frozen document. If anything in `rests_on` is edited, withdrawn or deleted, the document no longer holds."""

    sides: tuple[SideSection, ...]
    groups: tuple[GroupSection, ...]
    topics: tuple[TopicSection, ...]
    whole: WholeSection | None
    rests_on: tuple[str, ...]
    left_out: dict[str, str]

    def sentences(self) -> Iterator[Sentence]:
        if self.whole:
            yield from _sentences_of_whole(self.whole)
        for side in self.sides:
            yield side.opening
            for point in side.points:
                yield from filter(None, (point.quote, point.rewrite, point.prevalence, point.copies))
            yield from side.voices
            yield from side.verbatim
            yield side.coverage
        for topic in self.topics:
            yield topic.example
        for group in self.groups:
            for pair in group.statements:
                yield from pair

    def as_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        document: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return document


@dataclass(frozen=True)
class ProposalArguments:
    """One proposal's arguments and what find_key_points made of them.

    Audits are keyed by the quoted argument's id, rewrites by that id and the quotation: one text may be quoted twice.
    """

    id: str
    arguments: tuple[Argument, ...]
    sides: tuple[SideKeyPoints, ...]
    audits: Mapping[str, Audit] = field(default_factory=dict)
    rewrites: Mapping[tuple[str, str], Sentence] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupStatement:
    """A statement that tells a group from the others: n of its denominator voters made this choice."""

    id: str
    text: str
    language: str
    choice: Choice
    n: int
    denominator: int


@dataclass(frozen=True)
class SummaryOptions:
    """A group's rate is not told when fewer than `privacy_floor` of its members voted."""

    fewest_authors: int = 3
    privacy_floor: int = 5


def summarise(
    proposals: Iterable[ProposalArguments],
    groups: Mapping[str, Sequence[GroupStatement]],
    options: SummaryOptions | None = None,
    *,
    votes: Votes | None = None,
    topics: Sequence[Topic] = (),
    contributions: Sequence[Contribution] = (),
    copies: Sequence[Sequence[str]] = (),
) -> Summary:
    """Assemble the document from key points and representative statements; proposals keep their order.

    `votes` is the frozen map of the whole assembly. `topics` cluster `contributions`. `copies` are groups of argument
    ids in nearly the same words. Raises MisquotationError if a quotation is not literally in the text that it cites.
    """
    options = options or SummaryOptions()
    proposals = list(proposals)
    told = {label: _told(statements, options) for label, statements in sorted(groups.items())}
    by_id = {each.id: each for each in contributions}
    summary = Summary(
        sides=tuple(_side(proposal, side, copies, options) for proposal in proposals for side in proposal.sides),
        groups=tuple(_group(label, statements) for label, statements in told.items()),
        topics=tuple(_topic(topic, by_id) for topic in topics),
        whole=tell_whole(votes) if votes else None,
        rests_on=_rests_on(proposals, told),
        left_out=_left_out(proposals, groups, told, votes),
    )
    verify_quotes(summary.sentences(), _texts(proposals, groups, votes, contributions))
    return summary


def _texts(
    proposals: Sequence[ProposalArguments],
    groups: Mapping[str, Sequence[GroupStatement]],
    votes: Votes | None,
    contributions: Sequence[Contribution],
) -> dict[str, str]:
    texts = {argument.id: argument.text for proposal in proposals for argument in proposal.arguments}
    texts |= {statement.id: statement.text for statements in groups.values() for statement in statements}
    texts |= {statement.id: statement.text for statement in (votes.statements if votes else ())}
    return texts | {each.id: each.text for each in contributions}


def _sentences_of_whole(whole: WholeSection) -> Iterator[Sentence]:
    told: tuple[Told, ...] = (*whole.common_ground, *whole.divides, *whole.unsure)
    for each in told:
        yield each.quote
        yield each.votes
    if whole.waiting:
        yield whole.waiting


def input_digest(*inputs: Any) -> str:
    """SHA-256 over dataclasses, mappings, lists, strings and numbers; the order inside lists matters, so sort first."""
    canonical = json.dumps(inputs, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    return {"type": type(value).__name__, **asdict(value)}


def _side(
    proposal: ProposalArguments, side: SideKeyPoints, copies: Sequence[Sequence[str]], options: SummaryOptions
) -> SideSection:
    by_id = {argument.id: argument for argument in proposal.arguments}
    few = len({by_id[argument].author for argument in side.unmatched}) < options.fewest_authors
    return SideSection(
        proposal=proposal.id,
        side=side.side,
        opening=Sentence(wording.opening(side.side, side.participants, len(side.arguments)), "statistic", ()),
        points=tuple(_point(proposal, side, point, copies, options) for point in side.key_points),
        voices=tuple(Sentence({each.language: each.quote}, "quote", (each.quoted_from,)) for each in side.voices),
        verbatim=_verbatim(side, by_id) if few else (),
        coverage=_coverage(side, options),
        unreflected=side.unmatched,
        people=side.participants,
        covered=side.covered,
        not_read=dict(side.flags),
    )


def _verbatim(side: SideKeyPoints, by_id: Mapping[str, Argument]) -> tuple[Sentence, ...]:
    quotable = [by_id[one] for one in side.unmatched if one not in side.flags and by_id[one].quotable]
    return tuple(Sentence({each.language: each.text}, "quote", (each.id,)) for each in quotable)


def _point(
    proposal: ProposalArguments,
    side: SideKeyPoints,
    point: KeyPoint,
    copies: Sequence[Sequence[str]],
    options: SummaryOptions,
) -> Point:
    cites = (point.quoted_from, *(argument for argument in point.arguments if argument != point.quoted_from))
    audit = proposal.audits.get(point.quoted_from)
    prevalence = Sentence(
        text=wording.prevalence(side.side, point.authors, side.participants),
        kind="statistic",
        cites=cites,
        n=point.authors,
        denominator=side.participants,
        per_group=_per_group(point, side, options),
        interval=corrected_share(point.authors, side.participants, audit) if audit else None,
    )
    quote = Sentence({point.language: point.quote}, "quote", cites)
    alike = people_of_copies(cites, copies, {one.id: one.author for one in proposal.arguments})
    return Point(quote, proposal.rewrites.get((point.quoted_from, point.quote)), prevalence, _copies(alike, cites))


def _per_group(point: KeyPoint, side: SideKeyPoints, options: SummaryOptions) -> dict[str, GroupCount]:
    """The authors stand beside the count by name, so a count that names one group alone would tell how they voted."""
    told = {
        group: GroupCount(point.authors_by_group.get(group, 0), total)
        for group, total in side.participants_by_group.items()
        if group and point.authors_by_group.get(group, 0) >= options.privacy_floor
    }
    return told if len(told) > 1 else {}


def _copies(people: int, cites: tuple[str, ...]) -> Sentence | None:
    return Sentence(wording.nearly_the_same(people), "statistic", cites, people) if people > 1 else None


def _topic(topic: Topic, by_id: Mapping[str, Contribution]) -> TopicSection:
    example = by_id[topic.example]
    return TopicSection(
        terms=dict(topic.terms),
        example=Sentence({example.language: example.text}, "quote", (example.id,)),
        members=topic.members,
        people=len({by_id[member].author for member in topic.members}),
    )


def _coverage(side: SideKeyPoints, options: SummaryOptions) -> Sentence:
    if side.key_points:
        text = wording.coverage(len(side.key_points), side.covered, side.participants)
    else:
        text = wording.no_shared_point(options.fewest_authors, side.participants)
    return Sentence(text, "statistic", (), side.covered, side.participants)


def _told(statements: Sequence[GroupStatement], options: SummaryOptions) -> list[GroupStatement]:
    known = [statement for statement in statements if statement.denominator >= options.privacy_floor]
    return [statement for statement in known if says_something(statement.text)]


def _group(label: str, statements: Sequence[GroupStatement]) -> GroupSection:
    return GroupSection(label, tuple(_group_statement(label, statement) for statement in statements))


def _group_statement(label: str, statement: GroupStatement) -> tuple[Sentence, Sentence]:
    votes = Sentence(
        text=wording.group_vote(label, statement.choice, statement.n, statement.denominator),
        kind="statistic",
        cites=(statement.id,),
        n=statement.n,
        denominator=statement.denominator,
        per_group={label: GroupCount(statement.n, statement.denominator)},
    )
    return Sentence({statement.language: statement.text}, "quote", (statement.id,)), votes


def _rests_on(
    proposals: Sequence[ProposalArguments], groups: Mapping[str, Sequence[GroupStatement]]
) -> tuple[str, ...]:
    arguments = {argument.id for proposal in proposals for argument in proposal.arguments}
    return tuple(sorted(arguments | {statement.id for statements in groups.values() for statement in statements}))


def _left_out(
    proposals: Sequence[ProposalArguments],
    groups: Mapping[str, Sequence[GroupStatement]],
    told: Mapping[str, Sequence[GroupStatement]],
    votes: Votes | None,
) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for side in (side for proposal in proposals for side in proposal.sides):
        reasons |= dict.fromkeys(side.unmatched, "no key point of its side says the same")
        reasons |= {argument: f"not quotable: {flag}" for argument, flag in side.flags.items()}
    shown = {statement.id for statements in told.values() for statement in statements}
    given = {statement.id for statements in groups.values() for statement in statements}
    reasons |= dict.fromkeys(given - shown, "too few members of the group voted on it")
    voted = votes.statements if votes else ()
    reasons |= {each.id: "nothing is left of it but a link" for each in voted if not says_something(each.text)}
    return dict(sorted(reasons.items()))
