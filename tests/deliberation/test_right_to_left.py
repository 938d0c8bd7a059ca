"""A language that is written from right to left finds pages that do not assume the other way."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.people import a_member, a_statement, an_assembly, browser_of

PHYSICAL = re.compile(
    r"(margin|padding|border)-(left|right)|(^|[;{\s])(left|right)\s*:|text-align:\s*(left|right)|float:\s*(left|right)"
    r"|border-(top|bottom)-(left|right)-radius|inset:( [^\s;]+){4};|border-radius: (0 \S+ \S+ 0|\S+ 0 0 \S+);"
)


@pytest.mark.django_db(transaction=True)
def test_a_page_says_which_way_its_language_runs_and_leaves_each_statement_its_own(settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    assembly = an_assembly("river")
    a_statement(assembly, "Let us plant trees.")
    browser = browser_of(a_member(assembly))

    pages = {
        language: browser.get("/a/river/deck/", headers={"accept-language": language}).content.decode()
        for language in ("ar", "en")
    }

    assert '<html lang="ar" dir="rtl">' in pages["ar"]
    assert '<html lang="en" dir="ltr">' in pages["en"]
    assert 'lang="en" dir="auto"' in pages["ar"]


def test_stylesheets_name_the_sides_by_reading_and_not_by_screen():
    files = sorted(Path(settings.BASE_DIR, "static", "css").glob("*.css"))

    found = [
        f"{file.name}: {line.strip()[:100]}"
        for file in files
        for line in file.read_text().splitlines()
        if PHYSICAL.search(line)
    ]

    assert files
    assert found == []
