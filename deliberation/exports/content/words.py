"""Today's words of what a frozen report names by id: what was hidden, withdrawn or erased since is not there."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from deliberation import visibility
from deliberation.exports.content.blocks import Said, Source
from deliberation.models import Argument, Assembly, Candidate, Redaction, Report, Statement, Summary, Wording
from deliberation.models import in_language as translated


@dataclass(frozen=True)
class StatementWords:
    number: int
    text: str
    language: str
    url: str
    is_quotable: bool


@dataclass(frozen=True)
class ArgumentWords:
    public_id: str
    text: str
    language: str
    side: str
    proposal: str
    author: str
    url: str
    is_quotable: bool


@dataclass
class Words:
    """What the builders of sections share: the frozen report, its words, and the numbers that sources get."""

    report: Report
    language: str
    level: Redaction
    site: str
    statements: dict[str, StatementWords]
    arguments: dict[str, ArgumentWords]
    wordings: dict[str, Wording]
    candidates: dict[str, tuple[str, str]]  # text and language
    cited: dict[str, int] = field(default_factory=dict)

    @property
    def frozen(self) -> dict[str, Any]:
        return self.report.snapshot

    @property
    def assembly(self) -> Assembly:
        return self.report.assembly

    @property
    def names_people(self) -> bool:
        return self.level != Redaction.PUBLIC

    @property
    def is_for_archive(self) -> bool:
        return self.level == Redaction.ARCHIVE

    def address(self, name: str, *arguments: object, anchor: str = "") -> str:
        path = reverse(name, args=[self.assembly.slug, *arguments])
        return f"{self.site}{path}{'#' if anchor else ''}{anchor}"

    def full_address(self, name: str) -> str:
        """With the site before it on the site itself too: for what leaves the screen."""
        return f"{'' if self.site else settings.BASE_URL}{self.address(name)}"

    def cite(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """Numbers for contributions, in the order in which a reader meets them; what is gone has none."""
        return tuple(
            Source(self.cited.setdefault(each, len(self.cited) + 1), self.arguments[each].url)
            for each in ids
            if each in self.arguments
        )

    def argument_said(self, public_id: str, note: str = "") -> Said | None:
        """A whole argument; None where it is gone or its author does not want to be quoted."""
        argument = self.arguments.get(public_id)
        if argument is None or not argument.is_quotable:
            return None
        by = argument.author if self.names_people else ""
        return Said(argument.text, argument.language, note, by, argument.url, self.cite([public_id]))


def read_words(report: Report, language: str, level: Redaction, site: str) -> Words:
    """Call it in one moment with whatever else goes into the same file."""
    words = Words(report, language, level, site, {}, {}, _wordings(report, language), {})
    quotable = set(Statement.objects.filter(assembly=report.assembly).quotable().values_list("pk", flat=True))
    for statement in visibility.statements_for(report.assembly):
        words.statements[statement.public_id] = _statement(statement, words, statement.pk in quotable)
    arguments = Argument.objects.filter(assembly=report.assembly)
    quotable = set(arguments.quotable().values_list("pk", flat=True))
    for argument in arguments.shown().select_related("author", "proposal"):
        words.arguments[argument.public_id] = _argument(argument, words, argument.pk in quotable)
    words.candidates = dict(_candidates(words))
    return words


def _candidates(words: Words) -> Iterator[tuple[str, tuple[str, str]]]:
    """What was ranked: a statement in today's words, or what was drafted."""
    ranked = Candidate.objects.filter(assembly=words.assembly).select_related("statement")
    for candidate in ranked.prefetch_related("translations"):
        drafted = translated(candidate.translations.all(), words.language)
        if candidate.statement is None and drafted is not None:
            yield candidate.public_id, (drafted.text, drafted.language)
        elif candidate.statement and (said := words.statements.get(candidate.statement.public_id)):
            yield candidate.public_id, (said.text, said.language)


def _statement(statement: Statement, words: Words, is_quotable: bool) -> StatementWords:
    text, language = statement.text_in(words.language)
    if not is_quotable:
        text, language = _("(its author does not want to be quoted here)"), words.language
    url = words.address("statements", anchor=f"statement-{statement.public_id}")
    return StatementWords(statement.number, text, language, url, is_quotable)


def _argument(argument: Argument, words: Words, is_quotable: bool) -> ArgumentWords:
    return ArgumentWords(
        public_id=argument.public_id,
        text=argument.text,
        language=argument.language,
        side=argument.side,
        proposal=argument.proposal.public_id,
        author=argument.author.pseudonym,
        url=words.address("proposal", argument.proposal.public_id, anchor=f"argument-{argument.public_id}"),
        is_quotable=is_quotable,
    )


def _wordings(report: Report, language: str) -> dict[str, Wording]:
    """New words in its summary that somebody ticked, by the key of their sentence; in the reader's language first."""
    frozen = report.snapshot["summary"]
    summary = frozen and Summary.objects.filter(assembly=report.assembly, version=frozen["version"]).first()
    if not summary:
        return {}
    ticked = sorted(summary.wordings.filter(ticked_at__isnull=False), key=lambda each: each.language == language)
    return {wording.key: wording for wording in ticked}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def in_language(by_language: dict[str, Any], language: str) -> Any:
    return by_language.get(language) or next(iter(by_language.values()), None)


def number(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


def day(value: Any) -> str:
    return str(date_format(value, "j F Y"))


def moment(value: Any) -> str:
    return str(date_format(value, "j M Y, H:i"))
