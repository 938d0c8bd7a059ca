"""Texts of templates and code to locale/<language>/, and from there to compiled catalogues, without gettext's tools."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.plural import to_gettext
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FOR_TRANSLATORS = ["Translators:"]
LINE_WIDTH = 100


class Command(BaseCommand):
    help = "Collects the texts to translate; --compile makes them usable, --check fails where one is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--compile", action="store_true", help="compile the catalogues into var/locale")
        what.add_argument("--check", action="store_true", help="list missing, fuzzy and unsound translations")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["compile"]:
            compile_all()
        elif options["check"]:
            self._check()
        else:
            self._collect()

    def _collect(self) -> None:
        texts = collect_texts()
        for language in translated_languages():
            catalog = updated(read_catalog(language), texts)
            write_catalog(catalog, language)
            todo = sum(not is_translated(message) for message in catalog if message.id)
            self.stdout.write(f"{language}: {len(catalog)} texts, {todo} without translation")

    def _check(self) -> None:
        texts = collect_texts()
        faults = [fault for language in translated_languages() for fault in faults_in(language, texts)]
        if faults:
            raise CommandError("\n".join([*faults, "Run `manage.py translations`, then translate these."]))


def translated_languages() -> list[str]:
    """All but the one the texts are written in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def source(language: str) -> Path:
    return Path(settings.BASE_DIR, "locale", language, "LC_MESSAGES", "django.po")


def compiled(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.mo")


def collect_texts() -> Catalog:
    texts = Catalog(project="Majelis", charset="utf-8")
    for path in [*sorted(Path(settings.BASE_DIR, "deliberation").rglob("*.py")), *template_files()]:
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for line, message, comments, context in texts_of(path, name):
            texts.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return texts


def template_files() -> list[Path]:
    return sorted(path for path in Path(settings.BASE_DIR, "templates").rglob("*") if path.is_file())


def texts_of(path: Path, name: str) -> Iterator[tuple[int, Any, list[str], str | None]]:
    code = path.read_text()
    if path.suffix != ".py":
        # Django turns a template into Python calls amid blanked text; that text's indentation means nothing.
        code = "\n".join(line.lstrip() for line in templatize(code, origin=name).split("\n"))
    return extract("python", io.BytesIO(code.encode()), KEYWORDS, FOR_TRANSLATORS)


def read_catalog(language: str) -> Catalog:
    if not source(language).exists():
        return empty_catalog(language)
    with source(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def empty_catalog(language: str) -> Catalog:
    locale = Locale.parse(language)
    comment = f"# Majelis in {locale.english_name}. Licence: AGPL-3.0-or-later, as Majelis itself."
    catalog = Catalog(locale, project="Majelis", header_comment=comment, charset="utf-8", fuzzy=False)
    catalog.mime_headers = [("Plural-Forms", to_gettext(locale.plural_form))]  # Babel's own table lacks some languages
    return catalog


def updated(catalog: Catalog, texts: Catalog) -> Catalog:
    """What is translated stays; what nobody says any more goes; nothing is guessed from similar texts."""
    catalog.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    return catalog


def write_catalog(catalog: Catalog, language: str) -> None:
    source(language).parent.mkdir(parents=True, exist_ok=True)
    with source(language).open("wb") as file:
        # Sorted and without line numbers, so that two people's changes seldom meet on one line.
        write_po(file, catalog, LINE_WIDTH, sort_output=True, include_lineno=False, ignore_obsolete=True)


def faults_in(language: str, texts: Catalog) -> Iterator[str]:
    catalog = read_catalog(language)
    for text in texts:
        message = catalog.get(text.id, text.context)
        shown = text.id if isinstance(text.id, str) else text.id[0]
        if not text.id:
            continue
        if message is None or not is_translated(message):
            yield f"{language}: not translated: {shown!r} ({text.locations[0][0]})"
        elif message.fuzzy:
            yield f"{language}: marked fuzzy: {shown!r}"
        else:
            yield from (f"{language}: {error}: {shown!r}" for error in message.check(catalog))


def is_translated(message: Any) -> bool:
    strings = [message.string] if isinstance(message.string, str) else message.string
    return bool(strings) and all(strings)


def compile_all() -> None:
    for language in translated_languages():
        if not source(language).exists():
            continue
        made_new = compiled(language).with_suffix(".new")
        made_new.parent.mkdir(parents=True, exist_ok=True)
        with made_new.open("wb") as file:
            write_mo(file, read_catalog(language))
        made_new.replace(compiled(language))
