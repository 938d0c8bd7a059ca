"""A small town's arguments about evening buses, in two languages, and an embedding a reader can check by hand."""

from collections.abc import Sequence

import numpy as np

from summarizer.key_points import Argument, KeyPointOptions
from summarizer.similarity import Vectors

# Where a third of all pairs are alike, being alike is nothing special: eleven arguments are a short yardstick.
FEW = KeyPointOptions(threshold=0.3)

THEMES = {"safe": 0, "aman": 0, "cost": 1, "biaya": 1, "noise": 2, "bising": 2, "driver": 3, "sopir": 3}


def embed_by_theme(texts: Sequence[str]) -> Vectors:
    """One axis a theme word, one for everything else, rows of unit length."""
    vectors = np.full((len(texts), 5), 0.1, dtype=np.float32)
    for row, text in enumerate(texts):
        for word, axis in THEMES.items():
            vectors[row, axis] += word in text.lower()
        vectors[row, 4] += not any(word in text.lower() for word in THEMES)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def argument(
    id: str, author: str, text: str, side: str = "for", language: str = "en", group: str | None = None
) -> Argument:
    return Argument(id=id, author=author, side=side, language=language, text=text, opinion_group=group)


def evening_buses() -> list[Argument]:
    return [
        argument("a1", "Ana", "An evening bus keeps my daughter safe on her way home.", group="A"),
        argument("a2", "Ben", "An evening bus keeps nurses safe on the way home.", group="B"),
        argument("a3", "Chidi", "The evening bus keeps old people safe on their way home.", group="A"),
        argument("a4", "Ana", "And an evening bus keeps my son safe on his way home too.", group="A"),
        argument("a5", "Dewi", "Each ride would cost less than a motorcycle taxi.", group="B"),
        argument("a6", "Eko", "A ticket would cost less than my motorcycle taxi.", group="B"),
        argument("a7", "Fitri", "The ride will cost less than the motorcycle taxi.", group="B"),
        argument("a8", "Gus", "Shops could stay open until late.", group="A"),
        argument("a9", "Hana", "My choir rehearses on Tuesdays.", group=None),
        argument("b1", "Ika", "The noise of buses at night wakes the street.", side="against", group="A"),
        argument("b2", "Joko", "There are too few people who would ride it.", side="against", group="B"),
    ]
