"""ArgKP-2021 as blocks: the arguments, experts' key points and labels of one topic and stance."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.embedding import Encoder
from summarizer.similarity import Texts

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "argkp"
UNDECIDED = -1


@dataclass(frozen=True)
class Block:
    """labels (arguments, key points): 1 makes the point, 0 does not, UNDECIDED among the annotators."""

    topic: str
    stance: str
    arguments: Texts
    key_points: Texts
    labels: NDArray[np.int8]

    @property
    def makes(self) -> NDArray[np.bool_]:
        return self.labels == 1


def blocks(split: str, encoder: Encoder) -> Iterator[Block]:
    arguments, key_points = _rows(f"arguments_{split}.csv"), _rows(f"key_points_{split}.csv")
    labels = {(row["arg_id"], row["key_point_id"]): int(row["label"]) for row in _rows(f"labels_{split}.csv")}
    for topic, stance in sorted({(row["topic"], row["stance"]) for row in arguments}):
        said = [row for row in arguments if (row["topic"], row["stance"]) == (topic, stance)]
        points = [row for row in key_points if (row["topic"], row["stance"]) == (topic, stance)]
        yield Block(
            topic=topic,
            stance=stance,
            arguments=_texts([row["argument"] for row in said], encoder),
            key_points=_texts([row["key_point"] for row in points], encoder),
            labels=np.array(
                [[labels.get((row["arg_id"], point["key_point_id"]), UNDECIDED) for point in points] for row in said],
                dtype=np.int8,
            ),
        )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _texts(texts: list[str], encoder: Encoder) -> Texts:
    return Texts(tuple(texts), ("en",) * len(texts), encoder.encode(texts))
