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
from summarizer.sentences import GroupCount, Sentence, verify_quotes
from summarizer.wording import Choice


@dataclass(frozen=True)
class Point:
    """A key point in somebody's words, optionally rewritten, and how many made it."""

    quote: Sentence
    rewrite: Sentence | None
    prevalence: Sentence


@dataclass(frozen=True)
class SideSection:
    """What was said on one side of one proposal. `unreflected` are the arguments that no point stands for."""

    proposal: str
    side: str
    opening: Sentence
    points: tuple[Point, ...]
    verbatim: tuple[Sentence, ...]
    coverage: Sentence
    unreflected: tuple[str, ...]


@dataclass(frozen=True)
class GroupSection:
    """An opinion group by the statements that it stands for; its members' arguments are never quoted as the group's."""

    group: str
    statements: tuple[tuple[Sentence, Sentence], ...]


@dataclass(frozen=True)
class Summary:
    """A frozen document. If anything in `rests_on` is edited, withdrawn or deleted, the document no longer holds."""

    sides: tuple[SideSection, ...]
    groups: tuple[GroupSection, ...]
    rests_on: tuple[str, ...]
    left_out: dict[str, str]

    def sentences(self) -> Iterator[Sentence]:
        for side in self.sides:
            yield side.opening
            for point in side.points:
                yield from filter(None, (point.quote, point.rewrite, point.prevalence))
            yield from side.verbatim
            yield side.coverage
        for group in self.groups:
            for pair in group.statements:
                yield from pair

    def as_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        document: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return document


@dataclass(frozen=True)
class ProposalArguments:
    """One proposal's arguments and what find_key_points made of them; audits are keyed by the quoted argument's id."""

    id: str
    arguments: tuple[Argument, ...]
    sides: tuple[SideKeyPoints, ...]
    audits: Mapping[str, Audit] = field(default_factory=dict)
    rewrites: Mapping[str, Sentence] = field(default_factory=dict)


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
) -> Summary:
    """Assemble the document from key points and representative statements; proposals keep their order.

    Raises MisquotationError if a quotation is not literally in the text that it cites.
    """
    options = options or SummaryOptions()
    proposals = list(proposals)
    sides = tuple(_side(proposal, side, options) for proposal in proposals for side in proposal.sides)
    told = {label: _told(statements, options) for label, statements in sorted(groups.items())}
    summary = Summary(
        sides=sides,
        groups=tuple(_group(label, statements) for label, statements in told.items()),
        rests_on=_rests_on(proposals, told),
        left_out=_left_out(proposals, groups, told),
    )
    texts = {argument.id: argument.text for proposal in proposals for argument in proposal.arguments}
    texts |= {statement.id: statement.text for statements in groups.values() for statement in statements}
    verify_quotes(summary.sentences(), texts)
    return summary


def input_digest(*inputs: Any) -> str:
    """SHA-256 over dataclasses, mappings, lists, strings and numbers; the order inside lists matters, so sort first."""
    canonical = json.dumps(inputs, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    return {"type": type(value).__name__, **asdict(value)}


def _side(proposal: ProposalArguments, side: SideKeyPoints, options: SummaryOptions) -> SideSection:
    by_id = {argument.id: argument for argument in proposal.arguments}
    unreflected_authors = {by_id[argument].author for argument in side.unmatched}
    few = not side.key_points and side.participants < wording.COUNTS_ONLY_BELOW
    verbatim = side.unmatched if few or len(unreflected_authors) < options.fewest_authors else ()
    points = tuple(_point(proposal, side, point) for point in side.key_points)
    return SideSection(
        proposal=proposal.id,
        side=side.side,
        opening=Sentence(
            wording.opening(side.side, side.participants, len(side.arguments)), "statistic", side.arguments
        ),
        points=points,
        verbatim=tuple(_verbatim(by_id[argument]) for argument in verbatim if argument not in side.flags),
        coverage=_coverage(side, options),
        unreflected=side.unmatched,
    )


def _point(proposal: ProposalArguments, side: SideKeyPoints, point: KeyPoint) -> Point:
    cites = (point.quoted_from, *(argument for argument in point.arguments if argument != point.quoted_from))
    audit = proposal.audits.get(point.quoted_from)
    prevalence = Sentence(
        text=wording.prevalence(side.side, point.authors, side.participants),
        kind="statistic",
        cites=cites,
        n=point.authors,
        denominator=side.participants,
        per_group={
            group: GroupCount(point.authors_by_group.get(group, 0), total)
            for group, total in side.participants_by_group.items()
        },
        interval=corrected_share(point.authors, side.participants, audit) if audit else None,
    )
    quote = Sentence({point.language: point.quote}, "quote", cites)
    return Point(quote, proposal.rewrites.get(point.quoted_from), prevalence)


def _verbatim(argument: Argument) -> Sentence:
    return Sentence({argument.language: argument.text}, "quote", (argument.id,))


def _coverage(side: SideKeyPoints, options: SummaryOptions) -> Sentence:
    if side.key_points:
        text = wording.coverage(len(side.key_points), side.covered, side.participants)
    else:
        text = wording.no_shared_point(options.fewest_authors, side.participants)
    return Sentence(text, "statistic", side.arguments, side.covered, side.participants)


def _told(statements: Sequence[GroupStatement], options: SummaryOptions) -> list[GroupStatement]:
    return [statement for statement in statements if statement.denominator >= options.privacy_floor]


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
) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for side in (side for proposal in proposals for side in proposal.sides):
        reasons |= dict.fromkeys(side.unmatched, "no key point of its side says the same")
        reasons |= {argument: f"not quotable: {flag}" for argument, flag in side.flags.items()}
    shown = {statement.id for statements in told.values() for statement in statements}
    given = {statement.id for statements in groups.values() for statement in statements}
    reasons |= dict.fromkeys(given - shown, "too few members of the group voted on it")
    return dict(sorted(reasons.items()))
