"""What a facilitator has in sight, a question that opens on a phone that looks elsewhere, and the key at the wall."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.polling import open_poll
from deliberation.actions.running import go, open_session, plan_session, show_on_wall, turn_blank
from deliberation.models import Assembly, Scene, Session
from tests.browser.test_session import a_phone, a_window, the_facilitator
from tests.browser.visitors import PHONE, PROJECTOR, press
from tests.people import an_assembly
from tests.sessions import AGENDA, TITLES
from tests.stack import Stack

LAPTOP_BESIDE_A_PROJECTOR = {"width": 1280, "height": 720}
PHONE_IN_THE_HAND = {"width": 360, "height": 740}
WORD = "retribusi"


@pytest.fixture
def assembly(stack: Stack) -> Assembly:
    """An evening that is open, at the poll, which is not asked yet."""
    with stack.orm():
        made = an_assembly(f"ruang-{Assembly.objects.count()}")
        session = open_session(plan_session(made, TITLES, AGENDA))
        go(go(session, 1), 1)
    return made


@pytest.fixture
def phone(chromium: Browser, stack: Stack, assembly: Assembly) -> Iterator[Page]:
    page = a_phone(chromium, stack, assembly, "Gita")
    page.set_viewport_size({**PHONE, "height": 480})  # a keyboard takes the rest
    expect(page.get_by_role("heading", name="Anda akan ditanya")).to_be_visible()
    yield page
    page.context.close()


def ask(stack: Stack, assembly: Assembly) -> None:
    with stack.orm():
        open_poll(Session.objects.get(assembly=assembly))


def bar_of(phone: Page):
    return phone.get_by_role("link", name="Ada pertanyaan: jawab sekarang")


@pytest.mark.parametrize("size", [LAPTOP_BESIDE_A_PROJECTOR, PHONE_IN_THE_HAND], ids=["laptop", "phone"])
def test_what_is_on_and_what_leads_on_is_in_sight_without_scrolling(
    chromium: Browser, stack: Stack, assembly: Assembly, size: dict[str, int]
):
    facilitator = the_facilitator(chromium, stack, assembly)
    facilitator.set_viewport_size(size)

    for part in ("#now", ".lead-keys .timer", "#step-start", "#step-ask", "#step-blank", "#step-next"):
        expect(facilitator.locator(part)).to_be_in_viewport(ratio=1)
    facilitator.context.close()


def test_on_a_phone_the_keys_stay_in_sight_however_far_it_is_scrolled(
    chromium: Browser, stack: Stack, assembly: Assembly
):
    facilitator = the_facilitator(chromium, stack, assembly)
    facilitator.set_viewport_size(PHONE_IN_THE_HAND)

    facilitator.get_by_role("heading", name="Kartu").scroll_into_view_if_needed()
    facilitator.mouse.wheel(0, 10_000)

    for part in (".lead-keys .timer", "#step-blank", "#step-next"):
        expect(facilitator.locator(part)).to_be_in_viewport(ratio=1)
    expect(facilitator.locator("#now")).not_to_be_in_viewport()
    facilitator.context.close()


def test_a_question_that_opens_out_of_sight_is_said_once_and_a_bar_leads_to_it(
    stack: Stack, assembly: Assembly, phone: Page
):
    phone.get_by_role("button", name="Saya butuh bantuan").scroll_into_view_if_needed()

    ask(stack, assembly)

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


def test_whoever_is_typing_when_a_question_opens_is_told_and_keeps_what_they_type(
    stack: Stack, assembly: Assembly, phone: Page
):
    phone.locator("#card-word").press_sequentially(WORD[:4])

    ask(stack, assembly)

    expect(bar_of(phone)).to_be_visible()
    expect(phone.locator("#card-word")).to_be_focused()
    phone.keyboard.type(WORD[4:])
    bar_of(phone).click()
    expect(phone.locator("#option-1")).to_be_in_viewport()
    expect(phone.locator("#card-word")).to_have_value(WORD)


def test_a_question_in_sight_needs_no_bar(stack: Stack, assembly: Assembly, phone: Page):
    ask(stack, assembly)

    expect(phone.locator("#option-1")).to_be_visible()
    phone.locator("#option-1").scroll_into_view_if_needed()
    expect(bar_of(phone)).to_be_hidden()


def test_the_key_at_the_wall_and_the_one_in_the_cockpit_blank_the_same_wall(
    chromium: Browser, stack: Stack, assembly: Assembly
):
    wall = a_window(chromium, stack, PROJECTOR)
    wall.goto(f"/a/{assembly.slug}/projector/")
    expect(wall.get_by_role("heading", level=1)).to_be_visible()
    blank = re.compile(r"\bblank\b")

    press(wall, "b")
    expect(wall.locator("[data-room]")).to_have_class(blank)
    with stack.orm():  # other news leave it dark
        show_on_wall(Session.objects.get(assembly=assembly), Scene.HEARD)
    expect(wall.locator(".scene-heard")).to_have_count(1)
    expect(wall.locator("[data-room]")).to_have_class(blank)
    press(wall, "b")
    expect(wall.locator("[data-room]")).not_to_have_class(blank)
    with stack.orm():
        turn_blank(Session.objects.get(assembly=assembly))
    expect(wall.locator("[data-room]")).to_have_class(blank)
    press(wall, "b")
    expect(wall.get_by_role("heading", level=1)).to_be_visible()
    wall.context.close()


def test_a_key_that_has_become_another_keeps_the_place_of_whoever_pressed_it(
    chromium: Browser, stack: Stack, assembly: Assembly
):
    facilitator = the_facilitator(chromium, stack, assembly)

    press(facilitator, "t")
    expect(facilitator.get_by_role("button", name="Jeda")).to_be_focused()
    press(facilitator, "t")
    expect(facilitator.get_by_role("button", name="Mulai hitung waktu")).to_be_focused()
    facilitator.context.close()
