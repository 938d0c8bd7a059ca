"""What a facilitator has in sight, a question that opens on a phone that looks elsewhere, and the key at the wall."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deliberation.actions.running import go, open_session, plan_session
from deliberation.models import Assembly
from tests.browser.test_session import a_phone, a_window, the_facilitator
from tests.browser.visitors import PHONE, PROJECTOR, press
from tests.people import an_assembly
from tests.sessions import AGENDA, TITLES
from tests.stack import Stack

LAPTOP_BESIDE_A_PROJECTOR = {"width": 1280, "height": 720}
PHONE_IN_THE_HAND = {"width": 360, "height": 740}
WORD = "retribusi"
ROOM = "[data-room]"
BLANK = re.compile(r"\bblank\b")


@pytest.fixture
def assembly(stack: Stack) -> Assembly:
    """An evening that is open, at the poll, which is not asked yet."""
    with stack.orm():
        made = an_assembly(f"ruang-{Assembly.objects.count()}")
        session = open_session(plan_session(made, TITLES, AGENDA))
        go(go(session, 1), 1)
    return made


@pytest.fixture
def facilitator(chromium: Browser, stack: Stack, assembly: Assembly) -> Iterator[Page]:
    page = the_facilitator(chromium, stack, assembly)
    expect(page.locator("#step-ask")).to_be_visible()
    page.wait_for_load_state()
    yield page
    page.context.close()


@pytest.fixture
def phone(chromium: Browser, stack: Stack, assembly: Assembly) -> Iterator[Page]:
    page = a_phone(chromium, stack, assembly, "Gita")
    page.set_viewport_size({**PHONE, "height": 480})  # a keyboard takes the rest
    expect(page.get_by_role("heading", name="Anda akan ditanya")).to_be_visible()
    page.wait_for_load_state()
    yield page
    page.context.close()


def ask(facilitator: Page) -> None:
    facilitator.locator("#step-ask").click()


def bar_of(phone: Page) -> Locator:
    return phone.get_by_role("link", name="Ada pertanyaan: jawab sekarang")


@pytest.mark.parametrize("size", [LAPTOP_BESIDE_A_PROJECTOR, PHONE_IN_THE_HAND], ids=["laptop", "phone"])
def test_what_is_on_and_what_leads_on_is_in_sight_without_scrolling(facilitator: Page, size: dict[str, int]):
    facilitator.set_viewport_size(size)

    for part in ("#now", ".lead-keys .timer", "#step-start", "#step-ask", "#step-blank", "#step-next"):
        expect(facilitator.locator(part)).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_keys_stay_in_sight_however_far_it_is_scrolled(facilitator: Page):
    facilitator.set_viewport_size(PHONE_IN_THE_HAND)

    facilitator.get_by_role("heading", name="Kartu").scroll_into_view_if_needed()
    facilitator.mouse.wheel(0, 10_000)

    for part in (".lead-keys .timer", "#step-blank", "#step-next"):
        expect(facilitator.locator(part)).to_be_in_viewport(ratio=1)
    expect(facilitator.locator("#now")).not_to_be_in_viewport()


def test_a_question_that_opens_out_of_sight_is_said_once_and_a_bar_leads_to_it(facilitator: Page, phone: Page):
    phone.get_by_role("button", name="Saya butuh bantuan").scroll_into_view_if_needed()

    ask(facilitator)

    expect(bar_of(phone)).to_be_visible()
    expect(phone.locator("body > [role=status]")).to_have_text("Ada pertanyaan untuk dijawab.")
    bar_of(phone).click()
    expect(phone.locator("#option-1")).to_be_in_viewport()
    expect(phone.locator("#option-1")).to_be_focused()
    phone.locator("#option-1").click()
    expect(phone.get_by_text("Jawaban Anda tersimpan.")).to_be_visible()
    phone.get_by_role("button", name="Saya butuh bantuan").scroll_into_view_if_needed()
    expect(phone.locator("#option-1")).not_to_be_in_viewport()
    expect(bar_of(phone)).to_be_hidden()


def test_whoever_is_typing_when_a_question_opens_is_told_and_keeps_what_they_type(facilitator: Page, phone: Page):
    phone.locator("#card-word").press_sequentially(WORD[:4])

    ask(facilitator)

    expect(bar_of(phone)).to_be_visible()
    expect(phone.locator("#card-word")).to_be_focused()
    phone.keyboard.type(WORD[4:])
    bar_of(phone).click()
    expect(phone.locator("#option-1")).to_be_in_viewport()
    expect(phone.locator("#card-word")).to_have_value(WORD)


def test_a_question_in_sight_needs_no_bar(facilitator: Page, phone: Page):
    ask(facilitator)

    expect(phone.locator("#option-1")).to_be_visible()
    phone.locator("#option-1").scroll_into_view_if_needed()
    expect(bar_of(phone)).to_be_hidden()


def test_the_key_at_the_wall_and_the_one_in_the_cockpit_blank_the_same_wall(
    chromium: Browser, stack: Stack, assembly: Assembly, facilitator: Page
):
    wall = a_window(chromium, stack, PROJECTOR)
    wall.goto(f"/a/{assembly.slug}/projector/")
    expect(wall.get_by_role("heading", level=1)).to_be_visible()

    press(wall, "b")
    expect(wall.locator(ROOM)).to_have_class(BLANK)
    ask(facilitator)  # other news leave it dark
    expect(wall.locator(".poll-count")).to_contain_text("0 jawaban sejauh ini")
    expect(wall.locator(ROOM)).to_have_class(BLANK)
    press(wall, "b")
    expect(wall.locator(ROOM)).not_to_have_class(BLANK)
    press(facilitator, "b")
    expect(wall.locator(ROOM)).to_have_class(BLANK)
    press(wall, "b")
    expect(wall.get_by_role("heading", level=1)).to_be_visible()
    wall.context.close()


def test_a_key_that_has_become_another_keeps_the_place_of_whoever_pressed_it(facilitator: Page):

    press(facilitator, "t")
    expect(facilitator.get_by_role("button", name="Jeda")).to_be_focused()
    press(facilitator, "t")
    expect(facilitator.get_by_role("button", name="Mulai hitung waktu")).to_be_focused()
