"""Checking one's receipts: the browser itself does the sums, and notices what does not fit."""

import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from deliberation.exports.bundle import ENCLOSED
from deliberation.models import RecordCheck
from tests.browser.visitors import ASSEMBLY, PATIENCE, PHONE, expect_voted_on, join, open_page
from tests.stack import Stack


def sealed_receipts(page: Page) -> None:
    """Until the joining is sealed, which takes a second."""
    for _ in range(30):
        page.goto(f"{ASSEMBLY}mine/receipts/")
        if page.get_by_text(re.compile("^sealed, entry")).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("nothing was sealed within 15 s")


def test_the_browser_checks_ones_receipts_and_is_counted(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE)
    join(page, "Joko")
    page.goto(f"{ASSEMBLY}deck/")
    page.get_by_role("button", name="Agree", exact=False).first.click()
    expect_voted_on(page, 1)
    sealed_receipts(page)

    page.get_by_role("button", name="Check now").click()

    expect(page.get_by_text("Your browser has checked your contribution")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("The checkpoint’s signature is right, too.")).to_be_visible()
    expect(page.get_by_text("promised", exact=True)).to_be_visible()  # the vote waits for nine other people
    expect(page.get_by_text("checked", exact=True)).to_be_visible()
    with demo.orm():
        assert RecordCheck.objects.filter(participant__pseudonym="Joko").count() == 1


def test_the_browser_notices_a_vote_that_was_exchanged(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE)
    join(page, "Kartika")
    sealed_receipts(page)

    def exchange(route: Route) -> None:
        told = route.fetch().json()
        told["receipts"][0]["content"] = (
            told["receipts"][0]["content"].replace("link", "lottery").replace("code", "lottery")
        )
        route.fulfill(body=json.dumps(told), content_type="application/json")

    page.route("**/mine/receipts.json", exchange)
    page.get_by_role("button", name="Check now").click()

    expect(page.get_by_text("One contribution is not in the record as it should be.")).to_be_visible(timeout=PATIENCE)
    with demo.orm():
        assert RecordCheck.objects.filter(participant__pseudonym="Kartika").count() == 0


def test_without_javascript_the_server_checks_and_says_that_it_did(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE, java_script_enabled=False)
    join(page, "Lestari")
    sealed_receipts(page)

    expect(page.get_by_text("this machine does them")).to_be_visible()
    page.get_by_role("button", name="Check now").click()

    expect(page.get_by_text("This machine has checked 1 contribution of yours")).to_be_visible()


def test_the_record_can_be_downloaded_from_a_running_site(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE)
    page.goto(f"{ASSEMBLY}record/")
    expect(page.get_by_role("heading", name="The sealed record")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything to check it yourself").click()

    assert re.fullmatch(r"sungai-bersih-record-\d+\.zip", download.value.suggested_filename)
    assert steps_of(download.value.path())[1].startswith("2. ok")


def steps_of(bundle: Path) -> list[str]:
    command = [sys.executable, str(ENCLOSED / "verify.py"), str(bundle)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
