"""The facilitator at the desk: moderation by keys alone, a sheet of codes, and pages without barriers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.trusting import invite
from deliberation.models import Assembly, Role
from tests.browser.barriers import barriers_at, wider_at
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, join, open_page, press
from tests.stack import Stack

DESK = ASSEMBLY + "desk/"
PAGES = [DESK, DESK + "statements/", DESK + "statements/?show=all", DESK + "appeals/", DESK + "people/"]
OF_AUTHORS = [ASSEMBLY + "mine/", ASSEMBLY + "moderation/"]


@pytest.fixture
def facilitator(chromium: Browser, demo: Stack) -> Iterator[Page]:
    with demo.orm():
        _, (code,) = invite(Assembly.objects.get(slug="sungai-bersih"), {Role.FACILITATOR}, timedelta(days=1))
    page = open_page(chromium, demo, LAPTOP, reduced_motion="reduce")
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("button", name="I have kept it, go on").click()
    expect(page.get_by_role("heading", name="As facilitator")).to_be_visible()
    yield page
    page.context.close()


def test_a_statement_is_hidden_and_shown_again_by_keys_alone(facilitator: Page, chromium: Browser, demo: Stack):
    text = "The ferry should run until midnight on market days."
    citizen = open_page(chromium, demo, PHONE)
    join(citizen, "Hana")
    citizen.goto(ASSEMBLY + "statements/new/")
    citizen.get_by_label("Your statement").fill(text)
    citizen.get_by_role("button", name="Publish this statement").click()
    expect(citizen.get_by_text("Others can vote on it now.")).to_be_visible()
    facilitator.goto(DESK + "statements/")
    expect(facilitator.locator("[data-item]").first).to_contain_text(text)

    for key in "jr3":
        press(facilitator, key)

    expect(facilitator.get_by_role("status")).to_contain_text("hidden.")
    expect(facilitator.get_by_text(text)).to_have_count(0)
    citizen.goto(ASSEMBLY + "mine/")
    expect(citizen.get_by_text("The reason: It is not about the question.")).to_be_visible()
    citizen.goto(ASSEMBLY + "statements/")
    expect(citizen.get_by_text(text)).to_have_count(0)

    press(facilitator, "u")

    expect(facilitator.get_by_role("status")).to_contain_text("everybody can read it.")
    citizen.reload()
    expect(citizen.get_by_text(text)).to_be_visible()
    citizen.goto(ASSEMBLY + "mine/")
    citizen.get_by_role("button", name="Withdraw").click()
    expect(citizen.get_by_role("button", name="Undo: bring it back")).to_be_visible()
    citizen.context.close()


def test_a_code_from_a_sheet_lets_one_person_in(facilitator: Page, chromium: Browser, demo: Stack):
    facilitator.goto(DESK + "people/")
    facilitator.get_by_label("A sheet of codes, each for one person").check()
    facilitator.get_by_label("For how many people?").fill("3")
    facilitator.get_by_role("button", name="Make the invitation").click()
    expect(facilitator.locator(".ticket-code")).to_have_count(3)
    codes = facilitator.locator(".ticket-code").all_inner_texts()
    guest = open_page(chromium, demo, PHONE)

    guest.goto(f"/enter/#{codes[0]}")
    guest.get_by_role("button", name="Come in").click()

    assert len(set(codes)) == 3
    expect(guest.get_by_role("link", name="Take part").first).to_be_visible()
    guest.context.close()


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "id")])
def test_no_page_of_the_desk_puts_up_barriers(facilitator: Page, demo: Stack, theme: str, language: str):
    facilitator.emulate_media(color_scheme=theme)
    facilitator.context.add_cookies([{"name": "language", "value": language, "url": demo.base_url}])

    assert barriers_at(facilitator, *PAGES, *OF_AUTHORS) == []


def test_no_page_of_the_desk_is_wider_than_a_phone(facilitator: Page):
    facilitator.set_viewport_size(PHONE)

    assert wider_at(facilitator, *PAGES, *OF_AUTHORS) == []
