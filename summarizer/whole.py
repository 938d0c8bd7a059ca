"""What a vote of the whole assembly came to: what everybody shares, what divides, and what people are unsure of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer import wording
from summarizer.sentences import GroupCount, Sentence
from summarizer.text import says_something
from summarizer.wording import Choice


@dataclass(frozen=True)
class VotedStatement:
    """A statement, its votes, and how many of each group's voters agree; no group below the privacy floor."""

    id: str
    text: str
    language: str
    agree: int
    disagree: int
    passed: int
    agree_by_group: Mapping[str, GroupCount] = field(default_factory=dict)

    @property
    def votes(self) -> int:
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True)
class Votes:
    """A frozen map: which statements are common ground, which divide, and which wait for votes."""

    participants: int
    votes: int
    statements: tuple[VotedStatement, ...]
    common_ground: tuple[str, ...]
    divides: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A statement in its author's words, and its votes in numbers."""

    quote: Sentence
    votes: Sentence


@dataclass(frozen=True)
class WholeSection:
    common_ground: tuple[Told, ...]
    divides: tuple[Told, ...]
    unsure: tuple[Told, ...]
    waiting: Sentence | None


@dataclass(frozen=True)
class WholeOptions:
    """At most `most` statements each; people are unsure of one when `unsure_share` of its voters passed."""

    most: int = 5
    unsure_share: float = 0.25
    privacy_floor: int = 5


def tell_whole(votes: Votes, options: WholeOptions | None = None) -> WholeSection:
    """The three lists, in the order given or by how many passed; of fewer voters than the floor nothing is told.

    Nor is a statement of which only a removed link is left.
    """
    options = options or WholeOptions()
    told = (each for each in votes.statements if each.votes >= options.privacy_floor and says_something(each.text))
    by_id = {each.id: each for each in told}
    unsure = _unsure(by_id.values(), options)
    return WholeSection(
        common_ground=tuple(_agreed(by_id[one]) for one in _known(votes.common_ground, by_id)[: options.most]),
        divides=tuple(_divided(by_id[one]) for one in _known(votes.divides, by_id)[: options.most]),
        unsure=tuple(_passed(each) for each in unsure[: options.most]),
        waiting=_waiting(votes, options),
    )


def _known(ids: Sequence[str], by_id: Mapping[str, VotedStatement]) -> list[str]:
    return [one for one in ids if one in by_id]


def _unsure(statements: Iterable[VotedStatement], options: WholeOptions) -> list[VotedStatement]:
    found = [each for each in statements if each.passed >= options.unsure_share * each.votes]
    return sorted(found, key=lambda each: (-each.passed / each.votes, each.id))


def _agreed(each: VotedStatement) -> Told:
    return Told(_quote(each), _counted(each, wording.vote(Choice.AGREE, each.agree, each.votes), each.agree))


def _divided(each: VotedStatement) -> Told:
    return Told(_quote(each), _counted(each, wording.split(each.agree, each.disagree, each.votes), each.agree))


def _passed(each: VotedStatement) -> Told:
    text = wording.vote(Choice.PASS, each.passed, each.votes)
    return Told(_quote(each), Sentence(text, "statistic", (each.id,), each.passed, each.votes))


def _quote(each: VotedStatement) -> Sentence:
    return Sentence({each.language: each.text}, "quote", (each.id,))


def _counted(each: VotedStatement, text: wording.Wording, n: int) -> Sentence:
    return Sentence(text, "statistic", (each.id,), n, each.votes, per_group=dict(each.agree_by_group))


def _waiting(votes: Votes, options: WholeOptions) -> Sentence | None:
    n = len(votes.waiting)
    return Sentence(wording.waiting(n, options.privacy_floor), "statistic", ()) if n else None
