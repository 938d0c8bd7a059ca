"""Words written in advance, as they stand in TOML files: each table is checked as it is read."""

from pathlib import Path
from typing import Generic, TypeVar

import msgspec

Words = TypeVar("Words")


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a TOML file; what it should not hold is refused."""


class Bilingual(Content, Generic[Words], frozen=True):
    id: Words
    en: Words

    def translations(self) -> dict[str, Words]:
        return {"id": self.id, "en": self.en}


Loaded = TypeVar("Loaded", bound=Content)


def load(path: Path, kind: type[Loaded]) -> Loaded:
    return msgspec.toml.decode(path.read_bytes(), type=kind)
