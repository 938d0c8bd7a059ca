"""The deck in a hand: by finger, by key, and while there is no line at all."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.models import Participant, RecordEntry, Vote
from tests.browser.visitors import ASSEMBLY, PHONE, expect_voted_on, join, open_page
from tests.stack import Stack, wait_until

DECK = ASSEMBLY + "deck/"


@pytest.fixture
def phone(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, PHONE, reduced_motion="reduce", has_touch=True)
    yield page
    page.context.close()


def statement_shown(page: Page) -> str:
    return page.locator(".ballot h2").inner_text()


def open_a_kept_deck(page: Page) -> None:
    """A deck that this browser keeps: the worker is there from the second visit on."""
    page.goto(DECK)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.locator(".ballot h2")).to_be_visible()
    wait_until(lambda: page.evaluate(f"caches.match('{DECK}', {{ ignoreVary: true }}).then(Boolean)"))


def test_votes_without_a_server_wait_through_a_reload_and_are_sent_once_and_in_order(phone: Page, demo: Stack):
    join(phone, "Rini Offline")
    open_a_kept_deck(phone)
    seen = [statement_shown(phone)]
    demo.stop("web")
    try:
        for n, key in enumerate("adp", start=1):
            phone.keyboard.press(key)
            words = f"{n} votes are kept on this device" if n > 1 else "Your vote is kept on this device"
            expect(phone.get_by_text(words)).to_be_visible()
            expect(phone.locator(".ballot h2")).not_to_have_text(seen[-1])
            seen.append(statement_shown(phone))
        phone.reload()
        expect(phone.get_by_text("3 votes are kept on this device")).to_be_visible()
        expect(phone.locator(".ballot h2")).to_have_text(seen[-1])
        phone.keyboard.press("a")
        expect(phone.get_by_text("4 votes are kept on this device")).to_be_visible()
        phone.keyboard.press("u")
        expect(phone.get_by_text("3 votes are kept on this device")).to_be_visible()
        expect(phone.locator(".ballot h2")).to_have_text(seen[-1])
    finally:
        demo.start("web")
    demo.supervisor.wait_for("web", demo.answers)

    expect_voted_on(phone, 3)
    expect(phone.locator("[data-status]")).to_be_hidden()
    with demo.orm():
        rini = Participant.objects.get(pseudonym="Rini Offline")
        votes = Vote.objects.filter(participant=rini).order_by("changed_at")
        assert [(vote.statement.text_in("en")[0], vote.choice, vote.revision) for vote in votes] == [
            (seen[0], 1, 1),
            (seen[1], -1, 1),
            (seen[2], 0, 1),
        ]
        assert RecordEntry.objects.filter(type="vote", owner__participant=rini).count() == 3


def test_a_page_that_needs_a_line_says_so_where_there_is_none(phone: Page, demo: Stack):
    join(phone, "Rina Offline")
    open_a_kept_deck(phone)

    phone.context.set_offline(True)
    phone.goto(ASSEMBLY + "proposals/")

    expect(phone.get_by_role("heading", name="You seem to be offline")).to_be_visible()
    phone.context.set_offline(False)
    phone.get_by_role("link", name="Try again").click()
    expect(phone.get_by_role("heading", name="Proposals")).to_be_visible()


def test_whoever_leaves_the_device_takes_the_kept_deck_along(phone: Page):
    join(phone, "Rama Leaves")
    open_a_kept_deck(phone)
    phone.keyboard.press("a")
    expect_voted_on(phone, 1)

    phone.get_by_label("You: Rama Leaves").click()
    phone.get_by_role("button", name="Leave this device").click()
    expect(phone.get_by_role("heading", name="Citizens’ assemblies")).to_be_visible()

    wait_until(lambda: not phone.evaluate("caches.has('decks')"))
    wait_until(lambda: phone.evaluate("Object.keys(localStorage)") == [])
    kept = phone.evaluate(
        "caches.keys().then(async (names) => (await Promise.all(names.map(async (name) =>"
        " (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat())"
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]


def swipe(page: Page, by: int) -> None:
    box = page.locator(".ballot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers = page.context.new_cdp_session(page)
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x + by * step / 8, "y": y}
        fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_paper_pushed_right_agrees_left_disagrees_and_a_little_means_nothing(phone: Page, demo: Stack):
    join(phone, "Raka Swipes")
    phone.goto(DECK)

    swipe(phone, 40)
    swipe(phone, 150)
    expect_voted_on(phone, 1)
    swipe(phone, -150)
    expect_voted_on(phone, 2)

    with demo.orm():
        votes = Vote.objects.filter(participant__pseudonym="Raka Swipes").order_by("changed_at")
        assert [vote.choice for vote in votes] == [1, -1]


def test_what_is_important_is_marked_with_a_key_and_shown_among_one_s_votes(phone: Page, demo: Stack):
    join(phone, "Ratna Marks")
    phone.goto(DECK)

    phone.keyboard.press("i")
    expect(phone.get_by_role("checkbox", name="This is important to me")).to_be_checked()
    phone.keyboard.press("d")
    expect_voted_on(phone, 1)
    expect(phone.get_by_role("checkbox", name="This is important to me")).not_to_be_checked()
    phone.goto(ASSEMBLY + "votes/")

    expect(phone.get_by_role("button", name=re.compile("is important to me"))).to_have_attribute("aria-pressed", "true")
    with demo.orm():
        votes = Vote.objects.filter(participant__pseudonym="Ratna Marks")
        assert [(vote.choice, vote.important) for vote in votes] == [(-1, True)]


def test_a_statement_put_off_makes_room_for_the_next_without_a_vote(phone: Page, demo: Stack):
    join(phone, "Reza Later")
    phone.goto(DECK)
    first = statement_shown(phone)

    phone.keyboard.press("l")

    expect(phone.locator(".ballot h2")).not_to_have_text(first)
    expect_voted_on(phone, 0)
    phone.reload()
    expect(phone.locator(".ballot h2")).not_to_have_text(first)
