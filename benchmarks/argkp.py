"""ArgKP-2021 as blocks: the arguments, experts' key points and labels of one topic and stance.

The two stances of a topic are measured on one scale, as the sides of one proposal are.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.embedding import Encoder
from summarizer.matching import match_probabilities
from summarizer.similarity import ProposalScale, Texts

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "argkp"
UNDECIDED = -1

Row = dict[str, str]


@dataclass(frozen=True)
class Block:
    """labels (arguments, key points): 1 makes the point, 0 does not, UNDECIDED among the annotators."""

    topic: str
    stance: str
    arguments: Texts
    key_points: Texts
    labels: NDArray[np.int8]
    scale: ProposalScale

    @property
    def makes(self) -> NDArray[np.bool_]:
        return self.labels == 1

    def probabilities(self, points: Texts) -> NDArray[np.float64]:
        """As the product gives them: (arguments, points)."""
        said = self.scale.compare(self.arguments, self.arguments)
        rows = np.arange(len(self.labels))
        return match_probabilities(said, self.scale.compare(self.arguments, points), rows)


def blocks(split: str, encoder: Encoder) -> list[Block]:
    arguments, key_points = _rows(f"arguments_{split}.csv"), _rows(f"key_points_{split}.csv")
    labels = {(row["arg_id"], row["key_point_id"]): int(row["label"]) for row in _rows(f"labels_{split}.csv")}
    return [
        block
        for topic in sorted({row["topic"] for row in arguments})
        for block in _topic(
            [row for row in arguments if row["topic"] == topic],
            [row for row in key_points if row["topic"] == topic],
            labels,
            encoder,
        )
    ]


def draw(found: Sequence[Block], most: int, seed: int) -> list[Block]:
    """The same blocks with at most so many arguments each, measured on what is left of their topic."""
    rng = np.random.default_rng(seed)
    rows = [rng.permutation(len(block.labels))[:most] for block in found]
    drawn = []
    for block, kept in zip(found, rows, strict=True):
        topic = [
            other.arguments.at(some.tolist())
            for other, some in zip(found, rows, strict=True)
            if other.topic == block.topic
        ]
        drawn.append(
            Block(
                block.topic,
                block.stance,
                block.arguments.at(kept.tolist()),
                block.key_points,
                block.labels[kept],
                ProposalScale(_together(topic)),
            )
        )
    return drawn


def _topic(
    arguments: list[Row], key_points: list[Row], labels: dict[tuple[str, str], int], encoder: Encoder
) -> list[Block]:
    stances = sorted({row["stance"] for row in arguments})
    said = {stance: [row for row in arguments if row["stance"] == stance] for stance in stances}
    texts = {stance: _texts([row["argument"] for row in said[stance]], encoder) for stance in stances}
    scale = ProposalScale(_together(list(texts.values())))
    points = {stance: [row for row in key_points if row["stance"] == stance] for stance in stances}
    return [
        Block(
            topic=arguments[0]["topic"],
            stance=stance,
            arguments=texts[stance],
            key_points=_texts([row["key_point"] for row in points[stance]], encoder),
            labels=np.array(
                [
                    [labels.get((row["arg_id"], point["key_point_id"]), UNDECIDED) for point in points[stance]]
                    for row in said[stance]
                ],
                dtype=np.int8,
            ),
            scale=scale,
        )
        for stance in stances
    ]


def _together(some: Sequence[Texts]) -> Texts:
    return Texts(
        tuple(text for texts in some for text in texts.texts),
        tuple(language for texts in some for language in texts.languages),
        np.concatenate([texts.vectors for texts in some]),
    )


def _rows(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _texts(texts: list[str], encoder: Encoder) -> Texts:
    return Texts(tuple(texts), ("en",) * len(texts), encoder.encode(texts))
