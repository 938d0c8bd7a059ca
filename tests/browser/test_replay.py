"""The map once more as it grew, by slider and by itself, while new maps keep coming."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.visitors import ASSEMBLY, PATIENCE, PHONE, expect_voted_on, join, newest_map, open_page
from tests.stack import Stack, wait_until

KEEP_WHAT_IS_SAID = """() => {
  window.said = [];
  const when = document.querySelector(".map-time output");
  new MutationObserver(() => window.said.push(when.textContent)).observe(when, { childList: true });
}"""


def test_the_slider_shows_the_map_as_it_was_and_new_maps_leave_its_reader_in_peace(chromium: Browser, demo: Stack):
    newest = newest_map(demo).version
    page = open_page(chromium, demo, PHONE, reduced_motion="reduce")
    page.goto(f"{ASSEMBLY}map/")
    groups = page.locator("consensus-map .name")
    expect(groups).to_have_count(3)
    when, slider = page.locator(".map-time output"), page.get_by_role("slider", name="Moment")

    slider.focus()
    page.keyboard.press("Home")

    expect(when).to_have_text(re.compile(r": 40 people, [\d,]+ votes$"))
    expect(groups).to_have_count(0)
    voter = open_page(chromium, demo, PHONE)
    join(voter, "Putri")
    voter.goto(f"{ASSEMBLY}deck/")
    for n in range(1, 9):
        voter.keyboard.press("a")
        expect_voted_on(voter, n)
    words = page.locator("[data-map-words] [data-version]")
    expect(words).not_to_have_attribute("data-version", str(newest), timeout=PATIENCE)
    expect(groups).to_have_count(0)

    page.keyboard.press("End")

    expect(groups).to_have_count(3)
    expect(when).to_have_text(re.compile(r"^Now: \d+ people"))


def test_the_replay_runs_to_the_present_and_stops(chromium: Browser, demo: Stack):
    newest_map(demo)
    page = open_page(chromium, demo, PHONE)
    page.goto(f"{ASSEMBLY}map/")
    play = page.get_by_role("button", name="Replay")
    expect(play).to_have_attribute("aria-pressed", "false")
    page.evaluate(KEEP_WHAT_IS_SAID)

    play.click()

    wait_until(lambda: any(words.startswith("Now: ") for words in page.evaluate("window.said")))
    expect(play).to_have_attribute("aria-pressed", "false")
    first, *between, last = page.evaluate("window.said")
    assert (": 40 people" in first, len(between) > 3, last.startswith("Now: ")) == (True, True, True)


def test_who_comes_back_reads_what_moved_meanwhile(chromium: Browser, demo: Stack):
    newest_map(demo)
    page = open_page(chromium, demo, PHONE)
    page.goto(f"{ASSEMBLY}map/")
    key = wait_until(lambda: page.evaluate("Object.keys(localStorage).find((key) => key.startsWith('map-seen:'))"))
    page.evaluate("(key) => localStorage.setItem(key, 1)", key)

    page.reload()

    expect(page.locator("[data-map-news]")).to_have_text(
        "Since you were last here: Groups have become clear: there are now 3."
    )
