"""Does a text find its translation? English and Indonesian sentences of NusaX, each among all the others.

python -m benchmarks.languages
"""

import csv
from pathlib import Path

import numpy as np

from benchmarks.packaged_encoder import packaged_encoder
from summarizer.similarity import BlockScale, Texts

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "nusax"
PAIRS = 400


def main() -> None:
    encoder = packaged_encoder()
    with (DATA / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:PAIRS]
    english, indonesian = [row["english"] for row in rows], [row["indonesian"] for row in rows]
    there = encoder.encode(english)
    back = encoder.encode(indonesian)
    meaning = there @ back.T
    everything = Texts(tuple(english), ("en",) * len(rows), there)
    wording = BlockScale(everything).compare(everything, Texts(tuple(indonesian), ("en",) * len(rows), back)).wording
    for name, scores in (("multilingual-e5-small", meaning), ("character TF-IDF", wording)):
        right = np.arange(len(rows))
        onward, returning = (scores.argmax(axis=1) == right).mean(), (scores.argmax(axis=0) == right).mean()
        print(f"{name:24} en→id {onward:.3f}  id→en {returning:.3f}  of {len(rows)}")


if __name__ == "__main__":
    main()
