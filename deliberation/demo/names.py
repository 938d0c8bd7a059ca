import random
import tomllib
from functools import cache
from pathlib import Path


@cache
def _words(language: str) -> tuple[list[str], list[str]]:
    names = tomllib.loads((Path(__file__).parent / "names.toml").read_text())
    words = names.get(language, names["en"])
    return words["animals"], words["adjectives"]


def suggested_pseudonym(language: str, rng: random.Random) -> str:
    """A friendly name to start from: "Kancil Tenang", "Calm Heron"."""
    animals, adjectives = _words(language)
    animal, adjective = rng.choice(animals), rng.choice(adjectives)
    return f"{animal} {adjective}" if language == "id" else f"{adjective} {animal}"
