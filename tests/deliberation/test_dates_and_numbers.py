"""Dates and numbers as each language writes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

WHEN = datetime(2026, 11, 22, 18, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
PAGE = """{{ n|floatformat:"0g" }} · {{ when|date:"DATETIME_FORMAT" }} · {{ when|date:"SHORT_DATETIME_FORMAT" }} ·
{{ when|date:"DATE_FORMAT" }} · {{ when|date:"MONTH_DAY_FORMAT" }} · {{ when|date:"TIME_FORMAT" }}"""


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1,234 · 22 November 2026, 18:00 · 22 November, 18:00 · 22 November 2026 · 22 November · 18:00"),
        ("id", "1.234 · 22 November 2026 18.00 · 22 November, 18.00 · 22 November 2026 · 22 November · 18.00"),
    ],
)
def test_each_language_writes_dates_and_numbers_its_own_way(language: str, written: str):
    with translation.override(language):
        told = Template(PAGE).render(Context({"n": 1234, "when": WHEN})).replace("\n", " ")

    assert told == written
