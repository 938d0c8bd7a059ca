"""Words of the glossary, marked where they first stand in a text: a link, and beside it the meaning."""

import re
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.html import format_html
from markdown_it.token import Token

from deliberation.models import Assembly, GlossaryEntry
from deliberation.views.prose import markdown

PARTS = re.compile(r"[(),;/]")
JOINTS = re.compile(r"\s+(?:and|dan|or|atau)\s+")
SHORTEST = 2


class Terms:
    """The glossary of one assembly in one language. Each term is marked once: make a new one for each page."""

    def __init__(self, assembly: Assembly, language: str) -> None:
        self._address = reverse("glossary", args=[assembly.slug])
        entries = GlossaryEntry.objects.filter(assembly=assembly, language=language).standing()
        self._left = {form: entry for entry in entries for form in forms_of(entry.term)}

    def render(self, text: str) -> str:
        """Markdown as HTML, with the terms that were not met before."""
        tokens = markdown.parse(text)
        for before, token in zip([None, *tokens], tokens, strict=False):
            if token.type == "inline" and not (before and before.type == "heading_open"):
                token.children = list(self._marked(token.children or []))
        return markdown.renderer.render(tokens, markdown.options, {})

    def _marked(self, children: Iterable[Token]) -> Iterator[Token]:
        links = 0
        for child in children:
            links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "text" and not links:
                yield from self._split(child.content)
            else:
                yield child

    def _split(self, text: str) -> Iterator[Token]:
        """The text in pieces; one that is a term becomes a link."""
        while (found := self._next(text)) is not None:
            entry, start, end = found
            self._left = {form: each for form, each in self._left.items() if each is not entry}
            yield Token("text", "", 0, content=text[:start])
            yield Token("html_inline", "", 0, content=self._link(entry, text[start:end]))
            text = text[end:]
        yield Token("text", "", 0, content=text)

    def _next(self, text: str) -> tuple[GlossaryEntry, int, int] | None:
        found = ((pattern_of(form).search(text), entry) for form, entry in self._left.items())
        places = [(each.start(), -each.end(), entry.pk, entry) for each, entry in found if each]
        if not places:
            return None
        start, end, _, entry = min(places, key=lambda place: place[:3])
        return entry, start, -end

    def _link(self, entry: GlossaryEntry, words: str) -> str:
        href = f"{self._address}#{entry.anchor}"
        return format_html('<a class="term" href="{}" data-meaning="{}">{}</a>', href, entry.meaning, words)


def forms_of(term: str) -> list[str]:
    """The words under which a term may stand in a text: “Landfill (TPA)” is also “landfill” and “TPA”."""
    pieces = [term, *PARTS.split(term)]
    if PARTS.search(term):
        pieces += [each for piece in PARTS.split(term) for each in JOINTS.split(piece)]
    return list(dict.fromkeys(piece.strip() for piece in pieces if len(piece.strip()) >= SHORTEST))


def pattern_of(form: str) -> re.Pattern[str]:
    """Whole words; abbreviations as they are written, other words also at the beginning of a sentence or in plural."""
    abbreviation = form.isupper()
    return re.compile(
        rf"\b{re.escape(form)}{'' if abbreviation else '(?:s|es)?'}\b", 0 if abbreviation else re.IGNORECASE
    )
