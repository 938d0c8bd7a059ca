"""Does a text find its translation? English and Indonesian sentences of NusaX, each among all the others.

python -m benchmarks.languages
"""

import csv
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.packaged_encoder import packaged_encoder
from summarizer.similarity import Centres

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "nusax"
PAIRS = 400


def main() -> None:
    encoder = packaged_encoder()
    with (DATA / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:PAIRS]
    english, indonesian = [row["english"] for row in rows], [row["indonesian"] for row in rows]
    there = encoder.encode(english)
    back = encoder.encode(indonesian)
    together = Centres(np.concatenate([there, back]), ["en"] * len(rows) + ["id"] * len(rows))
    centred = together.around(there, ["en"] * len(rows)) @ together.around(back, ["id"] * len(rows)).T
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit(english + indonesian)
    ways = {
        "majelis (centred on each language)": centred,
        "multilingual-e5-small as it is": there @ back.T,
        "character TF-IDF": (grams.transform(english) @ grams.transform(indonesian).T).toarray(),
    }
    for name, scores in ways.items():
        right = np.arange(len(rows))
        onward, returning = (scores.argmax(axis=1) == right).mean(), (scores.argmax(axis=0) == right).mean()
        print(f"{name:36} en→id {onward:.4f}  id→en {returning:.4f}  of {len(rows)}")


if __name__ == "__main__":
    main()
