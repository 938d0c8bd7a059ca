"""Somebody who opens every page they can reach and writes into every field that takes words."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from django.test import Client

WORDS = {"text", "email", "search", "textarea"}


@dataclass
class Form:
    page: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # name of a field that takes words → its kind


class Page(HTMLParser):
    """The links and the forms of a page."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, [], []
        self._form: Form | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "a" and told.get("href"):
            self.links.append(urldefrag(urljoin(self.address, told["href"]))[0])
        elif tag == "form":
            self._form = Form(self.address, urljoin(self.address, told.get("action") or self.address))
            self._form.values["method"] = told.get("method", "get").lower()
            self.forms.append(self._form)
        elif self._form is not None and told.get("name"):
            self._field(tag, told)
        elif self._form is not None and tag == "option" and self._select and told.get("value"):
            self._form.values.setdefault(self._select, told["value"])

    def _field(self, tag: str, told: dict[str, str]) -> None:
        name, kind = told["name"], "textarea" if tag == "textarea" else told.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "button" or kind in ("radio", "checkbox", "hidden", "number"):
            self._form.values.setdefault(name, told.get("value", "on"))
        elif kind in WORDS and tag in ("input", "textarea"):
            self._form.words[name] = kind

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""


def reachable(browser: Client, start: str, within: str, of_a_kind: int = 1) -> dict[str, bytes]:
    """Addresses below `within` that links lead to from `start`, and what they answer; one of each kind of page."""
    found: dict[str, bytes] = {}
    kinds: Counter[str] = Counter()
    waiting = [start]
    while waiting:
        address = waiting.pop(0)
        if address in found or not address.startswith(within) or kinds[kind_of(address)] == of_a_kind:
            continue
        kinds[kind_of(address)] += 1
        answer = browser.get(address, follow=True)
        found[address] = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            waiting += Page(address, found[address].decode()).links
    return found


def kind_of(address: str) -> str:
    """The address without the names and numbers in it."""
    return re.sub(r"\?.*|/[\w-]{12,16}(?=/|$)|\d+", "?", address)


def write_everywhere(browser: Client, start: str, within: str, words: str) -> list[tuple[str, int]]:
    """Send every form that takes words, once; which addresses took them, and how they answered."""
    sent: dict[str, int] = {}
    for address, content in reachable(browser, start, within).items():
        if not content.lstrip().startswith(b"<!doctype html>"):
            continue
        for form in Page(address, content.decode()).forms:
            kind = kind_of(form.action)
            if form.values.pop("method") != "post" or not form.words or sent.get(kind) in (200, 302):
                continue
            address_of_words = f"{words.replace(' ', '-').strip('.')}@example.org"
            filled = {name: address_of_words if of == "email" else words for name, of in form.words.items()}
            sent[kind] = browser.post(form.action, {**form.values, **filled}).status_code
    return sorted(sent.items())
