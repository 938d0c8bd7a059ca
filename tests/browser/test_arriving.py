"""From the link to the first vote, and what somebody keeps in their own hands afterwards."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.models import Consent, Letter, Participant, Purpose, Vote
from tests.browser.barriers import barriers_at, wider_at
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, join, open_page, press_to
from tests.stack import Stack, wait_until

CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")
MINE = [ASSEMBLY + path for path in ("", "conversation/", "mine/data/", "welcome/")] + ["/", "/enter/", "/news/stop/x/"]


@pytest.fixture
def phone(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, PHONE, reduced_motion="reduce")
    yield page
    page.context.close()


def test_from_the_link_to_the_first_vote_are_two_screens_with_the_keyboard_alone(phone: Page, demo: Stack):
    phone.goto(ASSEMBLY)
    press_to(phone, phone.get_by_role("link", name="Take part"))
    phone.keyboard.press("Enter")
    press_to(phone, phone.get_by_label("Your name here"))
    phone.keyboard.press("Control+A")
    phone.keyboard.type("Wati Keys")
    press_to(phone, phone.get_by_role("checkbox", name=re.compile("^I take part")))
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")

    expect(phone.get_by_text("You are in, Wati Keys.")).to_be_visible()
    press_to(phone, phone.get_by_role("button", name="Agree", exact=True))
    phone.keyboard.press("Enter")

    expect(phone.get_by_text(re.compile(r"^1 of \d+$"))).to_be_visible()
    with demo.orm():
        assert Vote.objects.standing().filter(participant__pseudonym="Wati Keys").count() == 1


def test_the_map_and_ones_own_data_are_reached_on_a_phone_with_the_keyboard_alone(phone: Page, demo: Stack):
    join(phone, "Wayan Keys")
    phone.goto(ASSEMBLY)
    press_to(phone, phone.get_by_role("link", name="See what others think"))
    phone.keyboard.press("Enter")
    press_to(phone, phone.locator('consensus-map [data-key][tabindex="0"]'))
    phone.keyboard.press("End")
    expect(phone.locator("[data-details]")).to_contain_text(re.compile(r"\d+ of \d+ agree"))
    phone.keyboard.press("Escape")
    expect(phone.locator("[data-details]")).to_be_hidden()

    press_to(phone, phone.locator(".me > summary"), back=True)
    phone.keyboard.press("Enter")
    press_to(phone, phone.locator(".me-panel").get_by_role("link", name="My data"))
    phone.keyboard.press("Enter")
    for wish in ("Agree", "Withdraw"):
        press_to(phone, phone.get_by_role("button", name=re.compile(f"^{wish}.*Being quoted")))
        phone.keyboard.press("Enter")

    expect(phone.get_by_role("button", name=re.compile("^Agree.*Being quoted"))).to_be_visible()
    with demo.orm():
        consents = Consent.objects.filter(participant__pseudonym="Wayan Keys", purpose=Purpose.QUOTE)
        assert [consent.withdrawn_at is not None for consent in consents] == [True]


def test_from_the_link_to_the_first_vote_without_scripts(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE, java_script_enabled=False)

    join(page, "Wati Plain")
    page.get_by_role("button", name="Agree", exact=True).click()

    expect(page.get_by_text(re.compile(r"^1 of \d+$"))).to_be_visible()
    page.goto(ASSEMBLY)
    page.get_by_role("link", name="Show me the code").click()
    expect(page.locator("[data-code]")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "id"), ("light", "id"), ("dark", "en")])
def test_no_page_of_ones_own_puts_up_barriers(phone: Page, demo: Stack, theme: str, language: str):
    phone.emulate_media(color_scheme=theme)
    join(phone, f"Eka {theme} {language}")
    phone.context.add_cookies([{"name": "language", "value": language, "url": demo.base_url}])

    assert barriers_at(phone, *MINE) == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_of_ones_own_is_wider_than_a_phone(phone: Page, demo: Stack, language: str):
    join(phone, f"Budi {language}")
    phone.context.add_cookies([{"name": "language", "value": language, "url": demo.base_url}])

    assert wider_at(phone, *MINE) == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_ways_through_the_assembly_fit_a_phone_with_the_rest_under_more(phone: Page, demo: Stack, language: str):
    join(phone, f"Citra {language}")
    phone.context.add_cookies([{"name": "language", "value": language, "url": demo.base_url}])
    phone.goto(ASSEMBLY)
    ways = phone.locator("nav.ways")
    overflows = ways.locator("ul").first.evaluate("list => list.scrollWidth > list.clientWidth")

    press_to(phone, ways.locator("summary"))
    phone.keyboard.press("Enter")
    ways.get_by_role("link").last.click()

    assert not overflows
    expect(phone).to_have_url(re.compile(r"/record/$"))


def test_an_address_is_kept_and_brings_one_back_on_another_device(chromium: Browser, demo: Stack):
    here, there = (open_page(chromium, demo, LAPTOP) for _ in range(2))
    join(here, "Dewi Mail")
    here.goto(ASSEMBLY + "mine/data/")
    here.get_by_label("Your e-mail address").fill("dewi.mail@example.org")
    here.get_by_role("button", name="Send me a code").click()
    here.get_by_label("The code from the e-mail").fill(code_sent_to(demo, "dewi.mail@example.org"))
    here.get_by_role("button", name="Keep this address").click()
    expect(here.get_by_text("Your address is kept.")).to_be_visible()

    there.goto("/enter/")
    there.get_by_label("Your e-mail address").fill("dewi.mail@example.org")
    there.get_by_role("button", name="Send me a code").click()
    there.get_by_label("The code from the e-mail").fill(code_sent_to(demo, "dewi.mail@example.org"))
    there.get_by_role("button", name="Come in").click()

    expect(there.get_by_text("as Dewi Mail")).to_be_visible()
    for page in (here, there):
        page.context.close()


def code_sent_to(demo: Stack, address: str) -> str:
    """What the e-mail says that waits to be sent; this stack sends none. Read once, so that the next is another."""
    with demo.orm():
        letter = wait_until(lambda: Letter.objects.filter(to=address).last())
        code = CODE.search(letter.body)[0]
        letter.delete()
    return code


def test_somebody_who_has_everything_erased_is_a_stranger_on_every_device(phone: Page, demo: Stack):
    join(phone, "Fitri Gone")
    phone.get_by_role("button", name="Agree", exact=True).click()
    expect(phone.get_by_text(re.compile(r"^1 of \d+$"))).to_be_visible()
    phone.goto(ASSEMBLY + "mine/data/")
    phone.locator("summary", has_text="Erase everything").click()
    phone.get_by_label("Type your name here to confirm").fill("Fitri")
    phone.get_by_role("button", name="Erase everything now").click()
    expect(phone.get_by_text("That is not your name here")).to_be_visible()

    phone.get_by_label("Type your name here to confirm").fill("Fitri Gone")
    phone.get_by_role("button", name="Erase everything now").click()

    expect(phone.get_by_text("It is erased")).to_be_visible()
    expect(phone.get_by_role("link", name="Take part").first).to_be_visible()
    with demo.orm():
        assert not Participant.objects.filter(pseudonym="Fitri Gone").exists()
