"""Learning on a phone: a word explained where it stands, a law beside plain words, and a question that is answered."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.trusting import give_roles
from deliberation.models import Participant, Role
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, join, open_page
from tests.stack import Stack

pytestmark = pytest.mark.timeout(900)  # whoever comes first waits until the demo assembly is made

ASKED = "How many people would the crews of three-wheelers employ?"


@pytest.fixture
def phone(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, PHONE, reduced_motion="reduce", has_touch=True)
    yield page
    page.context.close()


@pytest.fixture
def laptop(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, LAPTOP, reduced_motion="reduce")
    yield page
    page.context.close()


@pytest.fixture
def old_phone(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, PHONE, java_script_enabled=False)
    yield page
    page.context.close()


def test_a_touch_explains_a_word_and_the_keyboard_does_too(phone: Page):
    phone.goto(ASSEMBLY + "kit/")
    term, meaning = phone.locator("a.term").first, phone.get_by_role("complementary", name="What it means")

    term.tap()
    expect(meaning).to_contain_text("Lembayung's is at Bukit Kapur.")
    meaning.get_by_role("button", name="Close").tap()
    expect(meaning).to_be_hidden()
    term.press("Enter")
    expect(meaning).to_be_visible()
    phone.keyboard.press("Escape")

    expect(meaning).to_be_hidden()
    expect(term).to_be_focused()


def test_without_javascript_a_word_leads_to_its_meaning_and_what_was_read_is_kept(old_phone: Page):
    join(old_phone, "Sari without script")
    old_phone.goto(ASSEMBLY + "kit/")
    old_phone.get_by_role("button", name=re.compile("^I have read this")).first.click()
    expect(old_phone.get_by_text("1 of 6 read")).to_be_visible()

    old_phone.locator("a.term").first.click()

    expect(old_phone.locator(".glossary :target")).to_contain_text("Landfill (TPA)")


def test_clauses_stand_side_by_side_on_a_laptop_and_one_below_the_other_on_a_phone(phone: Page, laptop: Page):
    for page, beside in ((laptop, True), (phone, False)):
        page.goto(ASSEMBLY + "kit/")
        law, plain = (page.locator(f".clause >> nth=1 >> {part}").bounding_box() for part in (".of-law", ".plainly"))
        assert (plain["x"] > law["x"] + law["width"] - 1) is beside
        assert (plain["y"] >= law["y"] + law["height"]) is not beside


def test_a_question_is_asked_answered_and_told_of(phone: Page, laptop: Page, demo: Stack):
    join(phone, "Wulan who asks")
    join(laptop, "Dr Hasan")
    with demo.orm():
        give_roles(Participant.objects.get(pseudonym="Dr Hasan"), {Role.EXPERT})
    phone.goto(ASSEMBLY + "questions/new/")
    phone.get_by_label("Your question").fill(ASKED)
    phone.reload()
    expect(phone.get_by_label("Your question")).to_have_value(ASKED)

    phone.get_by_role("button", name="Send the question").tap()
    expect(phone.get_by_text("You find the answer here")).to_be_visible()
    laptop.goto(ASSEMBLY + "answering/")
    laptop.get_by_role("listitem").filter(has_text=ASKED).get_by_role("link", name="Answer it").click()
    english = laptop.get_by_role("region", name="English")
    english.get_by_label("Your answer").fill("About 180, if each crew has three people.")
    english.get_by_label("What it rests on").fill("Draft budget (invented)")
    english.get_by_role("button", name="Publish this answer").click()
    expect(laptop.get_by_text("Your answer is public")).to_be_visible()

    phone.goto(ASSEMBLY + "questions/")
    phone.get_by_role("listitem").filter(has_text=ASKED).get_by_role("link", name="Read the answer").tap()
    expect(phone.get_by_text("About 180, if each crew has three people.")).to_be_visible()
