"""What the pages promise beyond their words: reachable by keyboard, readable by machine, and nothing typed is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.models import Vote
from tests.browser.barriers import barriers_at, wider_at
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, expect_voted_on, join, open_page
from tests.stack import Stack, wait_until

OPEN_TO_ALL = ["/", "/enter/", "/styleguide/", *(ASSEMBLY + path for path in (
    "", "kit/", "map/", "proposals/", "statements/", "summary/", "report/", "projector/", "record/"
))]  # fmt: skip
FOR_PARTICIPANTS = [ASSEMBLY + path for path in ("", "deck/", "votes/", "statements/new/", "mine/receipts/")]


@pytest.fixture
def page(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, LAPTOP, reduced_motion="reduce")
    yield page
    page.context.close()


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "id")])
def test_no_page_puts_up_barriers(page: Page, demo: Stack, theme: str, language: str):
    page.emulate_media(color_scheme=theme)
    join(page, f"Dewi {theme}")
    page.context.add_cookies([{"name": "language", "value": language, "url": demo.base_url}])

    assert barriers_at(page, *OPEN_TO_ALL, *FOR_PARTICIPANTS) == []


def test_no_page_is_wider_than_a_phone(page: Page):
    page.set_viewport_size(PHONE)
    join(page, "Eka")

    assert wider_at(page, *OPEN_TO_ALL, *FOR_PARTICIPANTS) == []


def test_words_without_spaces_leave_no_page_wider_than_a_phone(page: Page):
    page.set_viewport_size(PHONE)
    join(page, "W" * 40)
    page.goto(ASSEMBLY + "statements/new/")
    page.get_by_label("Your statement").fill("x" * 280)
    page.get_by_role("button", name="Publish this statement").click()
    expect(page.get_by_text("Others can vote on it now.")).to_be_visible()
    page.goto(ASSEMBLY + "statements/")
    expect(page.get_by_text("x" * 280)).to_be_visible()

    wider = wider_at(page, *OPEN_TO_ALL, *FOR_PARTICIPANTS, ASSEMBLY + "mine/")
    page.goto(ASSEMBLY + "mine/")
    page.get_by_role("button", name="Withdraw").click()

    expect(page.get_by_role("button", name="Undo: bring it back")).to_be_visible()
    assert wider == []


def test_larger_text_is_larger_on_the_next_page_and_still_fits_a_phone(page: Page):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/")
    page.get_by_label("Reading settings").click()
    page.get_by_role("button", name="Larger").click()

    page.goto(ASSEMBLY)

    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "25px"
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_vote_without_a_line_is_kept_and_sent_when_the_line_is_back(page: Page, demo: Stack):
    join(page, "Fajar")
    page.goto(ASSEMBLY + "deck/")

    page.context.set_offline(True)
    page.keyboard.press("d")
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    expect_voted_on(page, 0)
    page.context.set_offline(False)

    expect_voted_on(page, 1)
    expect(page.get_by_text("Not sent yet")).to_be_hidden()
    with demo.orm():
        assert [vote.choice for vote in Vote.objects.filter(participant__pseudonym="Fajar")] == [-1]


def test_the_deck_is_answered_and_undone_by_keys_alone(page: Page):
    join(page, "Gita")
    page.goto(ASSEMBLY + "deck/")

    for n, key in enumerate("adp", start=1):
        page.keyboard.press(key)
        expect_voted_on(page, n)
    page.keyboard.press("u")

    expect_voted_on(page, 2)
    expect(page.get_by_role("button", name=re.compile("^Agree"))).to_be_visible()


def test_the_map_is_walked_with_arrow_keys_and_its_details_give_the_focus_back(page: Page):
    page.goto(ASSEMBLY + "map/")
    places = page.locator("consensus-map [data-key]")
    expect(page.locator('consensus-map [data-key][tabindex="0"]')).to_have_count(1)

    page.locator('consensus-map [data-key][tabindex="0"]').focus()
    page.keyboard.press("End")
    details = page.locator("[data-details]")
    words = details.locator("[data-body] .speech").first
    expect(page.get_by_role("button", name=words.inner_text(), exact=False)).to_be_focused()
    page.keyboard.press("Enter")
    expect(details.get_by_role("heading")).to_be_focused()
    expect(details).to_contain_text(re.compile(r"\d+ of \d+ agree"))
    page.keyboard.press("Escape")

    expect(details).to_be_hidden()
    expect(page.locator('consensus-map [data-key][tabindex="0"]')).to_be_focused()
    assert places.count() > 10


def test_a_draft_survives_a_reload_and_goes_once_it_has_arrived(page: Page):
    join(page, "Hadi")
    page.goto(ASSEMBLY + "proposals/")
    page.locator(".proposals a").first.click()
    words, condition = page.get_by_label("Your argument"), page.get_by_role("radio", name="Condition")
    draft = "Only if the harbour market gets a collection point of its own."

    page.wait_for_load_state()  # only its scripts keep what is written
    condition.check()
    words.fill(draft)
    page.reload()
    expect(words).to_have_value(draft)
    expect(condition).to_be_checked()
    page.get_by_role("button", name="Publish this argument").click()
    expect(page.get_by_text("Your argument is published.")).to_be_visible()
    page.reload()

    expect(words).to_have_value("")


def test_whoever_leaves_a_shared_device_leaves_no_draft_behind(page: Page):
    join(page, "Indah")
    page.goto(ASSEMBLY + "statements/new/")
    page.get_by_label("Your statement").fill("What I wrote and did not send is nobody else's business.")

    page.get_by_label("You: Indah").click()
    page.get_by_role("button", name="Leave this device").click()
    expect(page.get_by_role("heading", name="Citizens’ assemblies")).to_be_visible()

    wait_until(lambda: page.evaluate("Object.keys(localStorage)") == [])
