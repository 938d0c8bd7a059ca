"""How long a summary of 1,000 arguments takes: embedding, key points, and all of it again after one more argument.

python -m benchmarks.summary_speed
"""

import time
from collections.abc import Sequence

import numpy as np

from benchmarks.argkp import blocks
from benchmarks.packaged_encoder import packaged_encoder
from summarizer.embedding import Encoder
from summarizer.key_points import Argument, find_key_points
from summarizer.similarity import Vectors
from summarizer.summary import ProposalArguments, summarise

ARGUMENTS = 1000


class Remembering:
    """An encoder that embeds a text once, as the cache by content hash does."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self.seconds = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        started = time.perf_counter()
        self._known |= dict(zip(new, self._encoder.encode(new), strict=True))
        self.seconds += time.perf_counter() - started
        return np.stack([self._known[text] for text in texts])


def main() -> None:
    encoder = packaged_encoder()
    encoder.encode(["warm up"])
    said = [text for block in blocks("dev", encoder) for text in block.arguments.texts]
    texts = (said + [f"{text} Really." for text in said])[: ARGUMENTS + 1]
    arguments = [Argument(f"{row:05}", f"p{row}", "for", "en", text, "AB"[row % 2]) for row, text in enumerate(texts)]
    memory = Remembering(encoder)
    for name, some in (("1,000 arguments", arguments[:ARGUMENTS]), ("one more", arguments)):
        memory.seconds, started = 0.0, time.perf_counter()
        sides = find_key_points(some, embed=memory.encode)
        summarise([ProposalArguments("p", tuple(some), sides)], {})
        total = time.perf_counter() - started
        print(f"{name:16} embedding {memory.seconds:.1f} s, all the rest {total - memory.seconds:.1f} s")


if __name__ == "__main__":
    main()
