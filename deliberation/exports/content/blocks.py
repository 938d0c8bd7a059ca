"""What a report says, before it is a page or a file: sections of blocks. Every format draws these and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Source:
    """A contribution that something rests on: its number in the list of sources, and where it stands."""

    number: int
    url: str


@dataclass(frozen=True)
class Paragraph:
    text: str
    tone: str = ""  # lead, soft or warning
    kind: str = "paragraph"


@dataclass(frozen=True)
class Heading:
    """Below the title of a section; `letter` is that of an opinion group."""

    text: str
    level: int = 2
    letter: str = ""
    url: str = ""
    kind: str = "heading"


@dataclass(frozen=True)
class Fact:
    term: str
    text: str
    url: str = ""
    is_code: bool = False


@dataclass(frozen=True)
class Facts:
    facts: tuple[Fact, ...]
    kind: str = "facts"


@dataclass(frozen=True)
class Said:
    """People's own words, always set apart; `note` counts them, `sources` are who said so."""

    text: str
    language: str
    note: str = ""
    by: str = ""
    url: str = ""
    sources: tuple[Source, ...] = ()
    is_quote: bool = True
    kind: str = "said"


@dataclass(frozen=True)
class Share:
    """How many agreed, as a sentence and as a bar; without counts where fewer than five people voted."""

    text: str
    letter: str = ""
    counts: tuple[int, int, int] | None = None  # agree, disagree, votes


@dataclass(frozen=True)
class Voted:
    """A statement and how it was voted on."""

    number: int
    text: str
    language: str
    url: str
    shares: tuple[Share, ...]
    kind: str = "voted"


@dataclass(frozen=True)
class Cell:
    text: str
    url: str = ""
    language: str = ""
    is_speech: bool = False


@dataclass(frozen=True)
class Table:
    """The first cell of each row that is no number is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...]
    kind: str = "table"

    @property
    def columns(self) -> list[tuple[str, bool]]:
        return list(zip(self.head, self.numeric, strict=True))

    @property
    def rows_with_columns(self) -> list[list[tuple[Cell, bool, bool]]]:
        """Each cell with whether its column holds numbers, and whether it is the heading of its row."""
        heading = self.numeric.index(False)
        return [[(cell, self.numeric[place], place == heading) for place, cell in enumerate(row)] for row in self.rows]


@dataclass(frozen=True)
class Items:
    items: tuple[str, ...]
    is_numbered: bool = False
    kind: str = "items"


@dataclass(frozen=True)
class Picture:
    """The map; what it shows stands in words in other sections."""

    alternative: str
    keys: tuple[str, str, str]  # common ground, divides, how to read it
    snapshot: dict[str, Any] = field(repr=False)
    kind: str = "picture"


@dataclass(frozen=True)
class Lines:
    """Text to be compared letter for letter."""

    text: str
    label: str
    kind: str = "lines"


@dataclass(frozen=True)
class Code:
    """An address as a QR code."""

    url: str
    label: str
    kind: str = "code"


Block = Paragraph | Heading | Facts | Said | Voted | Table | Items | Picture | Lines | Code


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report in one language, at one level, with the sections that were picked."""

    title: str
    remit: str
    eyebrow: str
    language: str
    level: str
    level_line: str  # for whom this copy is
    version: int
    day: str
    facts: tuple[Fact, ...]
    warning: str
    footer: str
    contents: str  # the heading of the table of contents
    page_of: str  # "Page {page} of {pages}"
    url: str
    digest: str
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks
