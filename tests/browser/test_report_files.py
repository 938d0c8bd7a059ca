"""The facilitator has a report made as a PDF, watches it come, and a citizen downloads it."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from deliberation.actions.moderating import moderate
from deliberation.actions.reporting import make_report
from deliberation.actions.trusting import invite
from deliberation.embedded import processes
from deliberation.models import Assembly, Decision, Report, Role, Rule
from tests.browser.barriers import barriers_at
from tests.browser.visitors import ASSEMBLY, LAPTOP, PATIENCE, PHONE, open_page
from tests.stack import Stack


@pytest.fixture
def report(demo: Stack) -> Iterator[Report]:
    """A report of the demo assembly, on a machine that makes files."""
    demo.supervisor.start(processes.exporter(demo.environment))
    with demo.orm():
        made = make_report(Assembly.objects.get(slug="sungai-bersih"), by=None)
    yield made
    demo.stop("exports")


@pytest.fixture
def facilitator(chromium: Browser, demo: Stack) -> Iterator[Page]:
    with demo.orm():
        _, (code,) = invite(Assembly.objects.get(slug="sungai-bersih"), {Role.FACILITATOR}, timedelta(days=1))
    page = open_page(chromium, demo, LAPTOP, reduced_motion="reduce", accept_downloads=True)
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("button", name="I have kept it, go on").click()
    expect(page.get_by_role("heading", name="As facilitator")).to_be_visible()
    yield page
    page.context.close()


def downloaded(page: Page) -> bytes:
    with page.expect_download(timeout=4 * PATIENCE) as download:
        page.get_by_role("link", name="PDF, to print and to sign").click()
    return Path(download.value.path()).read_bytes()


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_pdf_is_ordered_made_downloaded_and_made_anew_without_hidden_words(
    facilitator: Page, chromium: Browser, demo: Stack, report: Report
):
    address = f"{ASSEMBLY}reports/{report.version}/"
    facilitator.goto(address)
    facilitator.get_by_role("link", name="Download").click()
    facilitator.get_by_role("link", name="Make a file").click()
    facilitator.get_by_role("button", name="Make this file").click()
    ready = facilitator.locator("[data-state=ready]")
    expect(ready).to_be_visible(timeout=4 * PATIENCE)
    with demo.orm():
        statement = Assembly.objects.get(slug="sungai-bersih").statements.get(number=6)
        text, _language = statement.text_in("en")
    citizen = open_page(chromium, demo, PHONE, accept_downloads=True)
    citizen.goto(address + "files/")
    assert text in words_of(downloaded(citizen))

    with demo.orm():
        moderate(statement, Decision.REJECTED, "", by=None, rule=Rule.SAME)
        citizen.reload()
        expect(citizen.locator("[data-state=ready]")).to_be_visible(timeout=4 * PATIENCE)
        without = words_of(downloaded(citizen))
        moderate(statement, Decision.SHOWN, "", by=None)

    assert text not in without


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_pages_of_files_have_no_barriers(facilitator: Page, report: Report, colours: str):
    facilitator.emulate_media(color_scheme=colours)
    address = f"{ASSEMBLY}reports/{report.version}/"

    assert barriers_at(facilitator, address, address + "files/", address + "files/new/") == []
