import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.forms.kit import InLanguagesForm
from deliberation.forms.text import TextField
from deliberation.models import LONGEST_STATEMENT

LONGEST_PROPOSAL_TITLE = 120
LONGEST_PROPOSAL = 3_000
MOST_SEEDS = 50  # at once
BULLET = re.compile(r"^(?:[-–*•]|\d{1,2}[.)])\s+")
SHOWN_OF_A_LINE = 40  # characters by which a line is found again


class ProposalForm(InLanguagesForm):
    """A proposal as people argue on it: whole in each language, for nobody argues on what they cannot read."""

    parts = {
        "title": {"label": _("Title"), "longest": LONGEST_PROPOSAL_TITLE, "lines": 1},
        "body": {"label": _("What is proposed"), "longest": LONGEST_PROPOSAL, "lines": 6},
    }

    def __init__(self, *args: object, **options: Any) -> None:
        super().__init__(*args, whole=True, **options)


class SeedForm(InLanguagesForm):
    """A statement of the organisers to begin with, in each language."""

    parts = {"text": {"label": _("Statement"), "longest": LONGEST_STATEMENT, "lines": 2}}

    def __init__(self, *args: object, **options: Any) -> None:
        super().__init__(*args, whole=True, **options)


class SeedsForm(InLanguagesForm):
    """Several statements of the organisers at once, one a line. Where there are two languages, the lines belong
    together: the third of one says what the third of the other says."""

    parts = {"text": {"label": _("Statements"), "longest": MOST_SEEDS * (LONGEST_STATEMENT + 5), "lines": 10}}

    def __init__(self, *args: object, there: dict[str, int], **options: Any) -> None:
        """`there` are the words that can be voted on already, as `words_of` gives them, with their numbers."""
        super().__init__(*args, whole=True, **options)
        self.there = there
        for field in self.fields.values():
            field.help_text = _("One statement a line. Paste a list, if you have one.")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for code in self.assembly.languages:
            for fault in self._faults(self._lines(code)):
                self.add_error(f"text_{code}", fault)
        counts = [len(self._lines(code)) for code in self.assembly.languages]
        if not self.errors and len(set(counts)) > 1:
            told = _("Line by line they belong together, and one language has more lines than the other: %(counts)s.")
            names = [f"{each['name']} {count}" for each, count in zip(self.languages, counts, strict=True)]
            raise ValidationError(told, params={"counts": ", ".join(names)})
        return cleaned

    @property
    def seeds(self) -> list[dict[str, str]]:
        """The statements, each by language."""
        codes = self.assembly.languages
        return [dict(zip(codes, row, strict=True)) for row in zip(*map(self._lines, codes), strict=True)]

    def _lines(self, code: str) -> list[str]:
        lines = (BULLET.sub("", line.strip()) for line in self._of(code)["text"].split("\n"))
        return [line for line in lines if line]

    def _faults(self, lines: list[str]) -> Iterator[str]:
        """What is wrong with each line, as if it had been sent alone."""
        if len(lines) > MOST_SEEDS:
            yield _("At most %(n)s at once, please.") % {"n": MOST_SEEDS}
        one, met = TextField(longest=LONGEST_STATEMENT), set()
        for line in lines:
            begins = line if len(line) <= SHOWN_OF_A_LINE else f"{line[:SHOWN_OF_A_LINE].rstrip()}…"
            words = words_of(line)
            try:
                one.clean(line)
            except ValidationError as wrong:
                yield from (f"“{begins}”: {told}" for told in wrong.messages)
            if words in met:
                yield _("“%(line)s” stands here twice. Please delete one of them.") % {"line": begins}
            elif words in self.there:
                told = _("“%(line)s” can be voted on already: it is statement %(number)s. Please delete it here.")
                yield told % {"line": begins, "number": self.there[words]}
            met.add(words)


def words_of(text: str) -> str:
    """What makes two statements the same: their words, however they are capitalised and wherever they end."""
    return text.casefold().strip(" .!?")
