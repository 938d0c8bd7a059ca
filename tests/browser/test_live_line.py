"""The live line in real browsers: lost, found again, and never louder than the news it brings."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitors import ASSEMBLY, LAPTOP, PATIENCE, PHONE, expect_voted_on, join, newest_map, open_page
from tests.stack import Stack

COUNT_ANNOUNCEMENTS = """() => {
  window.said = [];
  const line = document.querySelector("[data-map-news]");
  const heard = new MutationObserver(() => window.said.push(line.textContent));
  heard.observe(line, { childList: true, characterData: true, subtree: true });
  window.versions = [];
  document.addEventListener("majelis:map", ({ detail }) => window.versions.push(detail.version));
}"""


def version_on(page: Page) -> str:
    return str(page.locator("[data-map-words] [data-version]").get_attribute("data-version"))


@pytest.mark.timeout(600)
def test_a_line_lost_with_the_server_is_told_calmly_and_both_windows_find_the_newest_map(
    chromium: Browser, demo: Stack
):
    phone = open_page(chromium, demo, PHONE, service_workers="block")
    join(phone, "Sinta Votes")
    phone.goto(ASSEMBLY + "deck/")
    expect(phone.locator(".ballot h2")).to_be_visible()
    one = open_page(chromium, demo, LAPTOP)
    one.goto(ASSEMBLY + "map/")
    other = one.context.new_page()
    other.goto(ASSEMBLY + "map/")
    for window in (one, other):
        window.evaluate(COUNT_ANNOUNCEMENTS)
    before = version_on(one)

    demo.stop("web")
    try:
        for window in (one, other):
            expect(window.get_by_text("The live line is down.")).to_be_visible(timeout=PATIENCE)
    finally:
        demo.start("web")
    demo.supervisor.wait_for("web", demo.answers)
    for n in range(1, 8):
        phone.keyboard.press("a")
        expect_voted_on(phone, n)

    for window in (one, other):
        expect(window.get_by_text("The live line is down.")).to_be_hidden(timeout=2 * PATIENCE)
        expect(window.locator("[data-map-words] [data-version]")).not_to_have_attribute(
            "data-version", before, timeout=2 * PATIENCE
        )
    newest = str(newest_map(demo).version)
    for window in (one, other):
        expect(window.locator("[data-map-words] [data-version]")).to_have_attribute(
            "data-version", newest, timeout=PATIENCE
        )
        said, versions = window.evaluate("[window.said, window.versions]")
        assert len(said) <= len(set(versions)), (said, versions)
        assert len(versions) == len(set(versions))
    for page in (phone, one):
        page.context.close()
