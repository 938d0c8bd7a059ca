"""Moderating by keyboard, many at once, and an appeal from a phone that somebody else decides."""

import itertools
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.stating import make_statement
from deliberation.actions.trusting import invite
from deliberation.analysis.noticing import read_waiting
from deliberation.models import Assembly, Participant, Role
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, join, open_page, press
from tests.stack import Stack

DESK = ASSEMBLY + "desk/"
WRITTEN = [f"Bin number {n} by the market should be emptied every day." for n in range(1, 13)]
numbers = itertools.count(1)  # of citizens: all of them come to one demo assembly


def somebody_who(role: Role, chromium: Browser, demo: Stack) -> Page:
    with demo.orm():
        _, (code,) = invite(Assembly.objects.get(slug="sungai-bersih"), {role}, timedelta(days=1))
    page = open_page(chromium, demo, LAPTOP, reduced_motion="reduce")
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("button", name="I have kept it, go on").click()
    expect(page.get_by_role("heading", name=re.compile("^As "))).to_be_visible()
    return page


@pytest.fixture
def moderator(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = somebody_who(Role.MODERATOR, chromium, demo)
    yield page
    page.context.close()


@pytest.fixture
def facilitator(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = somebody_who(Role.FACILITATOR, chromium, demo)
    yield page
    page.context.close()


@pytest.fixture
def citizen(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, PHONE)
    join(page, f"Wulan {next(numbers)}")
    yield page
    page.context.close()


def test_ten_in_a_row_then_two_at_once_and_an_appeal_by_phone(
    moderator: Page, facilitator: Page, citizen: Page, demo: Stack
):
    with demo.orm():
        wulan = Participant.objects.filter(pseudonym__startswith="Wulan ").latest("pk")
        for text in WRITTEN:
            make_statement(wulan, text, "en")
    moderator.goto(DESK + "statements/")
    press(moderator, "j")
    for text in reversed(WRITTEN[2:]):
        expect(moderator.locator("[data-item]:focus")).to_contain_text(text)
        press(moderator, "s")
        expect(moderator.get_by_text(text)).to_have_count(0)

    expect(moderator.locator("[data-item]:focus")).to_contain_text(WRITTEN[1])
    for key in "xjx":
        press(moderator, key)
    moderator.get_by_text("Hide them", exact=True).press("Enter")
    moderator.get_by_role("button", name="It says the same as another one").first.press("Enter")

    expect(moderator.get_by_role("status")).to_contain_text("2 contributions are hidden.")
    citizen.goto(ASSEMBLY + "mine/")
    citizen.get_by_role("link", name="Ask somebody else to look again").first.click()
    citizen.get_by_label("Why should it be shown?").fill("The others are about other bins.")
    citizen.get_by_role("button", name="Send").click()
    expect(citizen.get_by_text("Sent. Somebody else than before looks at it again")).to_be_visible()
    moderator.goto(DESK + "appeals/")
    expect(moderator.get_by_text("Somebody else decides on this one")).to_be_visible()
    facilitator.goto(ASSEMBLY)
    facilitator.get_by_role("link", name="Look at it").click()
    facilitator.get_by_label("It is shown again").check()
    facilitator.get_by_label("Your reasons, for the author alone").fill("They are about other bins indeed.")
    facilitator.get_by_role("button", name="Decide").click()
    expect(facilitator.get_by_text("Decided. The author is told")).to_be_visible()
    citizen.goto(ASSEMBLY + "mine/")
    expect(citizen.get_by_text("They are about other bins indeed.")).to_be_visible()


def test_nobody_else_reads_it_before_a_moderator_does_who_is_helped_and_works_by_keyboard(
    moderator: Page, facilitator: Page, citizen: Page, demo: Stack
):
    facilitator.goto(DESK + "statements/")
    facilitator.get_by_role("button", name="Read new texts first").click()
    try:
        expect(facilitator.get_by_text("nobody else reads a new text before one of you has").first).to_be_visible()
        citizen.goto(ASSEMBLY + "statements/new/")
        expect(citizen.get_by_text("A moderator reads it before others do.")).to_be_visible()
        citizen.get_by_label("Your statement").fill("Ring me on 0812-3456-7890 about the bins at the school gate.")
        citizen.get_by_role("button", name="Publish this statement").click()
        expect(citizen.get_by_text("A moderator reads it first; then others can vote on it.")).to_be_visible()
        number = number_of_newest(demo)
        read_what_waits(demo)
        facilitator.goto(ASSEMBLY + "statements/")
        expect(facilitator.get_by_text("0812-3456-7890")).to_have_count(0)

        moderator.goto(DESK + "statements/")
        newest = moderator.locator("[data-item]").first
        expect(newest.get_by_text("phone number:")).to_be_visible()
        press(moderator, "j")
        press(moderator, "m")
        moderator.keyboard.type("1")
        press(moderator, "Enter")

        expect(moderator.get_by_role("status")).to_contain_text("put together with statement 1.")
        press(moderator, "u")
        expect(moderator.get_by_role("status")).to_contain_text("waits again. Nobody else reads it.")
        citizen.goto(ASSEMBLY + "mine/")
        waiting = citizen.get_by_role("listitem").filter(has_text=f"Statement {number}")
        expect(waiting.get_by_text("Waiting for a moderator")).to_be_visible()
    finally:
        facilitator.goto(DESK + "statements/")
        facilitator.get_by_role("button", name="Show new texts at once").click()
        expect(facilitator.get_by_role("button", name="Read new texts first")).to_be_visible()


def number_of_newest(demo: Stack) -> int:
    with demo.orm():
        return Assembly.objects.get(slug="sungai-bersih").statements.latest("number").number


def read_what_waits(demo: Stack) -> None:
    """What the interactive worker does every few seconds; this machine runs without one."""
    with demo.orm():
        read_waiting()
