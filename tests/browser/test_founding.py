"""Somebody with a link from the operator sets up four weekends, draws 99 of 2,000, invites them and opens the door."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from deliberation.actions.founding import make_founding_code
from deliberation.models import Assembly, KitStep, KitStepText
from tests.browser.barriers import barriers
from tests.browser.test_lottery import DRAWING_TAKES, draw, set_targets, upload
from tests.browser.visitors import LAPTOP, PATIENCE, PHONE, open_page
from tests.stack import Stack

DESK = "/a/how-shall-we-move/desk/"


@pytest.fixture(scope="module")
def bare(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A machine on which there is no assembly yet, with the worker that draws."""
    with django_db_blocker.unblock(), Stack(exports=True) as stack:
        yield stack


@pytest.fixture
def founder(chromium: Browser, bare: Stack) -> Iterator[Page]:
    """Has come in with the link, and stands before the blueprints."""
    page = open_page(chromium, bare, LAPTOP, reduced_motion="reduce")
    page.goto("/")
    expect(page.get_by_text("There is no assembly here yet.")).to_be_visible()
    with bare.orm():
        code = make_founding_code(timedelta(days=1))
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="Set up an assembly")).to_be_visible()
    yield page
    page.context.close()


@pytest.mark.timeout(900)
def test_four_weekends_from_the_blueprint_to_ninety_nine_invitations(founder: Page, bare: Stack, tmp_path: Path):
    page, found = founder, []
    found += barriers(page)
    found_four_weekends(page)
    found += barriers(page)
    found += give_learning_a_week_more(page)

    page.goto(DESK + "pool/")
    upload(page, tmp_path)
    page.get_by_role("button", name="Go on to the targets").click()
    set_targets(page)
    page.get_by_role("button", name="Check the targets and seal the pool").click()
    expect(page.get_by_role("heading", name="The pool is sealed")).to_be_visible(timeout=DRAWING_TAKES)
    draw(page)
    page.get_by_role("button", name="Invite them").click()
    expect(page.get_by_text(re.compile(r"invitations? (is|are) on (its|their) way"))).to_be_visible(timeout=PATIENCE)

    page.goto(DESK + "watch/")
    found += barriers(page)
    page.goto(DESK)
    page.get_by_text("things are done").click()
    expect(page.get_by_text("People: 99 have joined or are invited.")).to_be_visible()
    expect(page.get_by_text("Still needed to open it")).to_be_visible()
    write_a_kit(bare)
    page.reload()
    page.get_by_role("button", name=re.compile("^Open “Learning”")).click()
    expect(page.get_by_text("“Learning” is open now.")).to_be_visible()
    assert found == []


def found_four_weekends(page: Page) -> None:
    """The first try forgets something, and loses nothing."""
    page.get_by_role("link", name=re.compile("^Choose this Citizens’ assembly over four weekends")).click()
    page.get_by_label("Title").first.fill("How shall we move?")
    page.get_by_label("The question").first.fill("How should people get about in our town in ten years?")
    page.get_by_label("Who asks?").first.fill("The town council")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("This was not sent yet. What you typed is still here.")).to_be_visible()
    page.get_by_label("What happens with the result?").first.fill("The council answers each recommendation in public.")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("It is made.")).to_be_visible()
    page.get_by_role("link", name="Show me the code").click()
    kept = page.get_by_role("button", name="I have kept it, go on")
    kept.click()
    expect(kept).to_be_hidden()
    page.wait_for_load_state()


def give_learning_a_week_more(page: Page) -> list[str]:
    """Learning takes a week longer and everything after it moves along; looked at on a phone, too."""
    page.goto(DESK + "setup/")
    learning = page.locator("#phase-1")
    learning.locator("summary").click()
    ends = learning.get_by_label("To", exact=True)
    later = page.evaluate(
        "(day) => new Date(Date.parse(day) + 7 * 864e5).toISOString().slice(0, 10)", ends.input_value()
    )
    ends.fill(later)
    learning.get_by_role("button", name="Save").click()
    expect(page.get_by_text("End before that, or move everything after it too.")).to_be_visible()
    learning.get_by_label("Move everything after it by as many days").check()
    learning.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    found = barriers(page)
    page.set_viewport_size(PHONE)
    found += barriers(page)
    page.set_viewport_size(LAPTOP)
    return found


def write_a_kit(bare: Stack) -> None:
    with bare.orm():
        step = KitStep.objects.create(assembly=Assembly.objects.get(), position=1)
        KitStepText.objects.create(step=step, language="en", title="How we move today", body="Most people walk.")
