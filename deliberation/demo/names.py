import random
import tomllib
from collections.abc import Container
from functools import cache
from pathlib import Path


@cache
def _words(language: str) -> tuple[list[str], list[str]]:
    names = tomllib.loads((Path(__file__).parent / "names.toml").read_text())
    words = names.get(language, names["en"])
    return words["animals"], words["adjectives"]


def suggested_pseudonym(language: str, rng: random.Random, taken: Container[str] = ()) -> str:
    """A friendly name to start from that nobody has yet: "Kancil Tenang", "Calm Heron"."""
    animals, adjectives = _words(language)
    names = [f"{a} {b}" if language == "id" else f"{b} {a}" for a in animals for b in adjectives]
    return rng.choice([name for name in names if name not in taken] or names)
