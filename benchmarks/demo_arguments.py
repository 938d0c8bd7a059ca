"""The demo assembly's arguments as a corpus in two languages, with gold key points; see deliberation/demo/README.md."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.key_points import Argument, SideKeyPoints, find_key_points
from summarizer.similarity import Vectors

PROPOSALS = Path(__file__).resolve().parents[1] / "deliberation" / "demo" / "proposals.toml"
ENOUGH_PEOPLE = 8


@dataclass(frozen=True)
class Found:
    """What find_key_points made of one side, and the gold point of each argument ("" where it stands alone)."""

    side: SideKeyPoints
    gold: dict[str, str]
    languages: dict[str, str]

    @property
    def points(self) -> set[str]:
        return {self.gold[argument] for argument in self.side.arguments} - {""}

    @property
    def quoted(self) -> set[str]:
        return {self.gold[point.quoted_from] for point in self.side.key_points} - {""}

    @property
    def others(self) -> list[tuple[str, str]]:
        """(quoted argument, argument matched to it), without the quotations themselves."""
        return [
            (point.quoted_from, argument)
            for point in self.side.key_points
            for argument in point.arguments
            if argument != point.quoted_from
        ]

    @property
    def right(self) -> list[tuple[str, str]]:
        return [(one, other) for one, other in self.others if self.gold[one] == self.gold[other] != ""]


def find_in_demo(language: str | None, embed: Callable[[Sequence[str]], Vectors]) -> Iterator[Found]:
    """Every side of every proposal, all in one language, or with None each argument in the one that the demo shows."""
    for proposal in tomllib.loads(PROPOSALS.read_text(encoding="utf-8"))["proposals"]:
        said = {f"{row:02}": argument for row, argument in enumerate(proposal["arguments"])}
        languages = {id: language or each["language"] for id, each in said.items()}
        arguments = [
            Argument(id, f"person {id}", each["side"], languages[id], each[languages[id]], each["camp"])
            for id, each in said.items()
        ]
        gold = {id: each["point"] for id, each in said.items()}
        yield from (Found(side, gold, languages) for side in find_key_points(arguments, embed=embed))
