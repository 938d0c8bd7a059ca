"""Somebody without a device takes part: let in, read out to, entered for by keys, and then on a device of her own."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.trusting import invite
from deliberation.models import Assembly, Role, Vote
from tests.browser.barriers import barriers
from tests.browser.visitors import LAPTOP, PHONE, expect_voted_on, open_page
from tests.people import a_statement, an_assembly
from tests.stack import Stack, wait_until

NAMES = {"laptop": "Mbah Sarinem", "phone": "Mbah Tukijo"}
SIZES = {"laptop": LAPTOP, "phone": PHONE}


@pytest.fixture
def assembly(stack: Stack) -> Assembly:
    with stack.orm():
        made = an_assembly(f"helped-{Assembly.objects.count()}")
        for text in ("The market needs a bus.", "Waste is collected twice a week.", "The river gets a path."):
            a_statement(made, text)
    return made


@pytest.mark.timeout(600)
@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_a_helper_enters_by_keyboard_and_she_takes_over_with_her_slip(
    chromium: Browser, stack: Stack, assembly: Assembly, screen: str
):
    helper = the_scribe(chromium, stack, assembly, SIZES[screen])
    name = NAMES[screen]

    code = let_in(helper, assembly, name)
    read_out_and_enter(helper, stack, name)
    write_for_her(helper)
    her = take_over(chromium, stack, assembly, code)

    refused(helper, name)
    see_what_was_entered(her, assembly)
    helper.context.close()
    her.context.close()


def the_scribe(chromium: Browser, stack: Stack, assembly: Assembly, size: dict[str, int]) -> Page:
    with stack.orm():
        _, (code,) = invite(assembly, {Role.SCRIBE}, timedelta(days=1))
    page = open_page(chromium, stack, size, reduced_motion="reduce")
    come_in(page, code)
    page.goto(f"/a/{assembly.slug}/desk/helping/")
    assert barriers(page) == []
    return page


def come_in(page: Page, code: str) -> None:
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").first.click()
    expect(page).not_to_have_url(re.compile("/enter/"))


def let_in(page: Page, assembly: Assembly, name: str) -> str:
    page.get_by_role("link", name="Somebody without a device").click()
    page.get_by_label("Their name here").fill(name)
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_text("Please read the sentences out to them first.").first).to_be_visible()
    expect(page.get_by_label("Their name here")).to_have_value(name)
    for words in ("I take part", "A helper of this assembly", "I have read each sentence"):
        page.get_by_role("checkbox", name=re.compile(f"^{words}")).check()
    assert barriers(page) == []
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_role("heading", name=f"A slip for {name}")).to_be_visible()
    assert barriers(page) == []
    code = page.locator(".ticket-code").inner_text()
    page.get_by_role("button", name="They hold it, go on").click()
    return code


def read_out_and_enter(page: Page, stack: Stack, name: str) -> None:
    """A, D and P as on everybody's deck; U takes the last one back."""
    expect(page.get_by_text(f"You are entering for {name}")).to_be_visible()
    expect_voted_on(page, 0)
    assert barriers(page) == []
    for count, key in enumerate(("a", "d", "p"), start=1):
        page.keyboard.press(key)
        expect_voted_on(page, count)
    page.keyboard.press("u")
    expect_voted_on(page, 2)
    kept = page.evaluate("() => Object.keys(localStorage)")
    assert kept == []
    with stack.orm():
        wait_until(lambda: Vote.objects.standing().filter(participant__pseudonym=name).count() == 2)


def write_for_her(page: Page) -> None:
    page.get_by_role("link", name="Statement", exact=True).click()
    page.get_by_label("Your statement").fill("Old people need a bench at every stop.")
    page.get_by_role("button", name="Publish this statement").click()
    expect(page.get_by_text(re.compile(r"Your statement is number \d+\."))).to_be_visible()
    assert barriers(page) == []


def take_over(chromium: Browser, stack: Stack, assembly: Assembly, code: str) -> Page:
    page = open_page(chromium, stack, PHONE, reduced_motion="reduce")
    come_in(page, code)
    return page


def refused(page: Page, name: str) -> None:
    """The page that stood open when she came enters nothing more, and one loaded anew says why."""
    page.keyboard.press("a")
    expect(page.get_by_text("You are not entering for this person any more")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="You are not entering for this person now")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="To the people you may enter for").click()
    expect(page.get_by_role("heading", name="Enter for somebody")).to_be_visible()
    expect(page.get_by_text(name)).to_have_count(0)


def see_what_was_entered(page: Page, assembly: Assembly) -> None:
    page.goto(f"/a/{assembly.slug}/votes/")
    expect(page.get_by_text("Entered for you by a helper. You may change it.")).to_have_count(2)
    page.goto(f"/a/{assembly.slug}/mine/")
    expect(page.get_by_text("entered by a helper")).to_have_count(1)
