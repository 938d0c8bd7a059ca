"""A facilitator draws 99 members from a pool of 2,000 in the browser, and an independent run gives the same people."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from deliberation.actions.trusting import invite
from deliberation.models import Assembly, Role
from tests.browser.barriers import barriers
from tests.browser.visitors import ASSEMBLY, LAPTOP, PATIENCE, PHONE, open_page
from tests.pools import CATEGORIES, a_file
from tests.stack import Stack

POOL = ASSEMBLY + "desk/pool/"
SEED = "4 8 15 16 23 42"
DRAWING_TAKES = 120_000  # milliseconds at most on a busy machine; benchmarks.sortition measures it


@pytest.fixture(scope="module")
def drawing(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """The demo with the worker that draws."""
    with django_db_blocker.unblock(), Stack(exports=True) as stack:
        stack.manage("seed_demo")
        yield stack


@pytest.fixture
def facilitator(chromium: Browser, drawing: Stack) -> Iterator[Page]:
    with drawing.orm():
        _, (code,) = invite(Assembly.objects.get(slug="sungai-bersih"), {Role.FACILITATOR}, timedelta(days=1))
    page = open_page(chromium, drawing, LAPTOP, reduced_motion="reduce")
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("button", name="I have kept it, go on").click()
    expect(page.get_by_role("heading", name="As facilitator")).to_be_visible()
    yield page
    page.context.close()


def test_ninety_nine_of_two_thousand_are_drawn_and_drawn_again(facilitator: Page, tmp_path: Path):
    page, found = facilitator, []
    page.goto(POOL)
    found += barriers(page)

    upload(page, tmp_path)
    found += barriers(page)
    page.get_by_role("button", name="Go on to the targets").click()
    set_targets(page)
    found += barriers(page)
    page.get_by_role("button", name="Check the targets and seal the pool").click()
    expect(page.get_by_role("heading", name="The pool is sealed")).to_be_visible(timeout=DRAWING_TAKES)
    found += barriers(page)
    draw(page)
    found += barriers(page)

    expect(page.get_by_role("heading", name="99 seats, drawn")).to_be_visible()
    expect(page.locator(".people > li")).to_have_count(99)
    expect(page.get_by_text("missed", exact=True)).to_have_count(0)
    assert "The same 99 people" in repeated(page, tmp_path)
    page.set_viewport_size(PHONE)
    page.goto(ASSEMBLY + "selection/")
    expect(page.get_by_text(SEED)).to_be_visible()
    found += barriers(page)
    expect(page.get_by_text("example.org")).to_have_count(0)
    assert found == []


def upload(page: Page, directory: Path) -> None:
    file = directory / "pool.csv"
    file.write_text(a_file(), encoding="utf-8")
    page.get_by_label("The pool (CSV)").set_input_files(file)
    page.get_by_label("How many people are drawn?").fill("99")
    page.get_by_role("button", name="Take the file in").click()
    page.get_by_label("Letter").select_option("your own number or name")


def set_targets(page: Page) -> None:
    for category, shares in CATEGORIES.items():
        form = page.locator("details.category", has=page.locator("summary", has_text=re.compile(rf"^{category}")))
        for value, (share, _) in shares.items():
            form.get_by_label(value, exact=True).fill(f"{share} %")
        form.get_by_role("button", name="Save").click()
        expect(page.get_by_text(f"Saved: the targets for “{category}”.")).to_be_visible(timeout=PATIENCE)


def draw(page: Page) -> None:
    """The seal has to be signed first, and the page says so until it is."""
    seed, again = page.get_by_label("The seed"), page.get_by_role("link", name="Look again")
    expect(seed.or_(again).first).to_be_visible()
    while again.is_visible():
        with page.expect_navigation():
            again.click()
    seed.fill(SEED)
    page.get_by_role("button", name="Draw 99 people").click()
    expect(page.get_by_role("heading", name=re.compile("99 seats, drawn|The draw is running"))).to_be_visible()
    expect(page.get_by_role("heading", name="99 seats, drawn")).to_be_visible(timeout=DRAWING_TAKES)


def repeated(page: Page, directory: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name="The package that repeats the draw").click()
    zipfile.ZipFile(download.value.path()).extractall(directory)
    command = [sys.executable, "lottery.py", "pool.json", "selection.json"]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120).stdout
