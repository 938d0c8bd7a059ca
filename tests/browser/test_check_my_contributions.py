"""Checking one's receipts: the browser itself does the sums, and notices what does not fit."""

import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from deliberation.actions.voting import vote_on
from deliberation.exports.bundle import ENCLOSED
from deliberation.models import SECRET_TYPES, Assembly, Choice, RecordCheck, RecordEntry
from deliberation.record.sealing import FEWEST_VOTERS
from tests.browser.visitors import ASSEMBLY, PATIENCE, PHONE, expect_voted_on, join, open_page
from tests.people import a_member
from tests.stack import Stack, wait_until


def let_no_vote_wait(demo: Stack) -> None:
    """As many people vote as it takes to seal what others left behind: whoever votes next waits alone."""
    with demo.orm():
        assembly = Assembly.objects.get(slug="sungai-bersih")
        statement = assembly.statements.get(number=1)
        for _ in range(FEWEST_VOTERS):
            vote_on(a_member(assembly), statement, Choice.AGREE)
        waiting = assembly.record.filter(type__in=SECRET_TYPES, sequence__isnull=True)
        wait_until(lambda: not waiting.exists())


def sealed_receipts(page: Page, demo: Stack, name: str) -> None:
    """One's receipts, once the sealer has got to one's joining and consent; it comes by every second."""
    own = RecordEntry.objects.filter(assembly__slug="sungai-bersih", owner__participant__pseudonym=name)
    with demo.orm():
        wait_until(lambda: own.filter(type__in=["enrol", "consent"], sequence__isnull=False).count() == 2)
    page.goto(f"{ASSEMBLY}mine/receipts/")
    expect(page.get_by_text(re.compile("^sealed, entry"))).to_have_count(2)


def test_the_browser_checks_ones_receipts_and_is_counted(chromium: Browser, demo: Stack):
    let_no_vote_wait(demo)
    page = open_page(chromium, demo, PHONE)
    join(page, "Joko")
    page.goto(f"{ASSEMBLY}deck/")
    page.get_by_role("button", name="Agree", exact=False).first.click()
    expect_voted_on(page, 1)
    sealed_receipts(page, demo, "Joko")

    page.get_by_role("button", name="Check now").click()

    expect(page.get_by_text("Your browser has checked 2 contributions")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("The checkpoint’s signature is right, too.")).to_be_visible()
    expect(page.get_by_text("promised", exact=True)).to_be_visible()  # the vote waits for nine other people
    expect(page.get_by_text("checked", exact=True)).to_have_count(2)
    with demo.orm():
        wait_until(lambda: RecordCheck.objects.filter(participant__pseudonym="Joko").count() == 1)


def test_the_browser_notices_a_vote_that_was_exchanged(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE)
    join(page, "Kartika")
    sealed_receipts(page, demo, "Kartika")

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


def test_the_browser_notices_that_a_promise_was_not_kept(chromium: Browser, demo: Stack):
    let_no_vote_wait(demo)
    page = open_page(chromium, demo, PHONE)
    join(page, "Melati")
    page.goto(f"{ASSEMBLY}deck/")
    page.get_by_role("button", name="Agree", exact=False).first.click()
    expect_voted_on(page, 1)
    expect(page.get_by_text("Receipt:")).to_be_visible()
    sealed_receipts(page, demo, "Melati")
    page.evaluate(FORGE_A_PROMISE)

    page.get_by_role("button", name="Check now").click()

    told = "One contribution that this device was promised is not in the record."
    expect(page.get_by_text(told)).to_be_visible(timeout=PATIENCE)


# As if the vote that this device was promised had been thrown away and another one put in its place.
FORGE_A_PROMISE = """() => {
    const key = "promises:sungai-bersih", kept = JSON.parse(localStorage.getItem(key));
    const [[leaf, promise]] = Object.entries(kept.promises);
    if (kept.nonces.length < 1 || !promise.includes("Promised")) throw new Error("nothing was kept");
    kept.promises = { [btoa(atob(leaf).split("").reverse().join(""))]: promise };
    localStorage.setItem(key, JSON.stringify(kept));
}"""


def test_anybody_checks_a_receipt_by_its_code_or_its_file(chromium: Browser, demo: Stack, tmp_path: Path):
    page = open_page(chromium, demo, PHONE)
    join(page, "Nusa")
    sealed_receipts(page, demo, "Nusa")
    code = page.locator(".receipts code").first.inner_text()
    (tmp_path / "receipts.txt").write_text(page.request.get(f"{ASSEMBLY}mine/receipts.txt").text())
    stranger = open_page(chromium, demo, PHONE)

    stranger.goto(f"{ASSEMBLY}record/check/")
    stranger.get_by_label("Short code").fill(code.lower())
    stranger.get_by_role("button", name="Look it up").click()
    expect(stranger.get_by_text(f"{code} is entry")).to_be_visible()
    expect(stranger.get_by_text("Your browser has followed it to the signed checkpoint")).to_be_visible()
    stranger.get_by_label("File with receipts").set_input_files(tmp_path / "receipts.txt")

    expect(stranger.get_by_text(re.compile(r"^Receipt [12]: in the record, entry [\d,]+\.$"))).to_have_count(2)
    forged = (tmp_path / "receipts.txt").read_text().replace("\nindex ", "\nindex 1")
    (tmp_path / "forged.txt").write_text(forged)
    stranger.get_by_label("File with receipts").set_input_files(tmp_path / "forged.txt")
    expect(stranger.get_by_text("it does not fit this record")).to_have_count(2)


def test_without_javascript_the_server_checks_and_says_that_it_did(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE, java_script_enabled=False)
    join(page, "Lestari")
    sealed_receipts(page, demo, "Lestari")

    expect(page.get_by_text("this machine does them")).to_be_visible()
    page.get_by_role("button", name="Check now").click()

    expect(page.get_by_text("This machine has checked 2 contributions of yours")).to_be_visible()


def test_the_record_can_be_downloaded_from_a_running_site(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE)
    page.goto(f"{ASSEMBLY}record/")
    expect(page.get_by_role("heading", name="The sealed record")).to_be_visible()

    with page.expect_download(timeout=4 * PATIENCE) as download:
        page.get_by_role("link", name="Download everything to check it yourself").click()

    assert re.fullmatch(r"sungai-bersih-record-\d+\.zip", download.value.suggested_filename)
    assert steps_of(download.value.path())[1].startswith("2. ok")


def steps_of(bundle: Path) -> list[str]:
    command = [sys.executable, str(ENCLOSED / "verify.py"), str(bundle)]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout.splitlines()
