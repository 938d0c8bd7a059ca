"""A deliberation that was held on Polis, from its export files."""

import re
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from deliberation.actions.importing import PolisExport, import_export
from deliberation.forms.polis import BadExportError, digest_of, read_export, read_files
from deliberation.models import PolisImport

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})?")
ENOUGH_TO_GUESS = 5_000  # characters
COUNTED = {
    "participants": "participants who voted",
    "statements": "statements",
    "statements_voted_on": "statements voted on",
    "vote_events": "vote events",
    "votes": "last votes",
}


class Command(BaseCommand):
    help = "Imports a Polis export (comments.csv with votes.csv or participants-votes.csv) as a closed assembly."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="the folder with the export's files")
        parser.add_argument("--language", help="of the statements, as in de or zh-Hant; guessed where not given")

    def handle(self, *_: Any, directory: Path, language: str | None, **__: Any) -> None:
        if language and not LANGUAGE_TAG.fullmatch(language):
            raise CommandError(f"--language is {language!r}; write it like de or zh-Hant.")
        try:
            self._import(directory.resolve(), language)
        except BadExportError as error:
            raise CommandError(f"{error} Nothing was imported.") from error

    def _import(self, directory: Path, language: str | None) -> None:
        files = read_files(directory)
        earlier = PolisImport.objects.select_related("assembly").filter(digest=digest_of(files)).first()
        if earlier is not None:
            self.stdout.write("This export was imported before, so nothing was imported.")
            return self._report(earlier)
        self.stdout.write(f"Reading {', '.join(files)}")
        export = read_export(files, directory.name)
        language = language or language_of(comment.text for comment in export.comments)
        self.stdout.write(
            f"Writing {len(export.comments):,} statements in {language!r} and {len(export.votes):,} votes"
        )
        self._mention_gaps(export)
        return self._report(import_export(export, language, self._show_progress))

    def _mention_gaps(self, export: PolisExport) -> None:
        if without_text := sum(not comment.text for comment in export.comments):
            self.stdout.write(
                f"{without_text} of the statements have no text in the export: kept with their votes, hidden"
            )
        if export.events is None:
            self.stdout.write("The export tells last votes alone: how often they were changed is not known")

    def _show_progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            filled = 30 * done // max(total, 1)
            self.stdout.write(f"\r{'█' * filled}{'░' * (30 - filled)} {done:,}", ending="\n" if done == total else "")
            self.stdout.flush()

    def _report(self, imported: PolisImport) -> None:
        for name, label in COUNTED.items():
            count = imported.counts[name]
            self.stdout.write(f"  {label:<24}{'not in export' if count is None else format(count, ','):>14}")
        self.stdout.write(f"{settings.BASE_URL}/a/{imported.assembly.slug}/")


def language_of(texts: Iterable[str]) -> str:
    """The language that most of the statements are in, as far as their first words tell."""
    from lingua import LanguageDetectorBuilder  # slow import

    detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
    found = detector.detect_language_of(" ".join(texts)[:ENOUGH_TO_GUESS])
    return found.iso_code_639_1.name.lower() if found else settings.LANGUAGE_CODE
