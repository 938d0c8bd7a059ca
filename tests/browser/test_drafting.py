"""A drafting round in the room: the facilitator opens it, phones rank in three ways, and everybody reads the result."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.ranking import rank
from deliberation.actions.trusting import invite
from deliberation.models import Assembly, DraftingRound, RecordOwner, Role, Route
from tests.browser.barriers import barriers_at
from tests.browser.visitors import ASSEMBLY, LAPTOP, PATIENCE, PHONE, join, open_page
from tests.stack import Stack

DESK = ASSEMBLY + "desk/drafting/"


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


def a_phone(chromium: Browser, stack: Stack, name: str, **options: object) -> Page:
    page = open_page(chromium, stack, PHONE, reduced_motion="reduce", **options)
    join(page, name)
    return page


def test_a_round_is_opened_ranked_in_three_ways_counted_and_read(facilitator: Page, chromium: Browser, demo: Stack):
    question = "What should we recommend on schools?"
    begin(facilitator, question)
    candidates = facilitator.locator("#candidates .candidate")
    facilitator.get_by_role("button", name="Make it a candidate").first.click()
    expect(candidates).to_have_count(1)
    facilitator.get_by_label("The words to rank · English").fill("Every school sorts its waste with its pupils.")
    facilitator.get_by_label("The words to rank · Indonesia").fill("Setiap sekolah memilah sampah bersama muridnya.")
    facilitator.get_by_role("button", name="Add this draft").click()
    expect(candidates).to_have_count(2)
    facilitator.get_by_role("button", name="Open the ranking").click()
    expect(facilitator.get_by_text(re.compile(r"^0 of \d+ people have ranked\.$"))).to_be_visible()
    here = facilitator.url.replace("/desk/", "/").removeprefix(demo.base_url)

    by_touch = a_phone(chromium, demo, "Rina", has_touch=True)
    by_touch.goto(here)
    by_touch.get_by_label("Place of candidate 2").select_option("1")
    expect(by_touch.get_by_text("Your order: 2 · last: 1.")).to_be_visible()
    by_touch.get_by_role("button", name="Give my ranking").tap()
    by_keys = a_phone(chromium, demo, "Sari")
    by_keys.goto(here)
    rank_by_keys(by_keys, {1: "2", 2: "1"})
    without_scripts = a_phone(chromium, demo, "Tono", java_script_enabled=False)
    without_scripts.goto(here)
    for n in (1, 2):
        without_scripts.get_by_label(f"Place of candidate {n}").select_option("1")
    without_scripts.get_by_role("button", name="Give my ranking").click()

    for phone in (by_touch, by_keys, without_scripts):
        expect(phone.get_by_text("Your ranking stands.")).to_be_visible(timeout=PATIENCE)
        expect(phone.get_by_text("Result of the ranking")).to_have_count(0)
    expect(facilitator.get_by_text(re.compile(r"^3 of \d+ people have ranked\.$"))).to_be_visible(timeout=PATIENCE)
    assert who_made_the_numbers(demo) == {"Rina": True, "Sari": True, "Tono": False}
    two_more_rank(demo, question)

    facilitator.reload()
    facilitator.get_by_role("button", name="Close the ranking and count").click()

    told = "Candidate 2 comes first: more people prefer it to each of the others than the other way round."
    for page in (facilitator, by_touch, by_keys):  # phones hear of it
        expect(page.get_by_text(told)).to_be_visible(timeout=PATIENCE)
    without_scripts.reload()
    expect(
        without_scripts.get_by_text("4 of 5 prefer candidate 2 to candidate 1, 0 the other way round.")
    ).to_be_visible()
    for phone in (by_touch, by_keys, without_scripts):
        phone.context.close()


def begin(facilitator: Page, question: str) -> None:
    facilitator.goto(DESK)
    facilitator.get_by_label("The question · English").fill(question)
    facilitator.get_by_label("The question · Indonesia").fill("Apa yang kita rekomendasikan tentang sekolah?")
    facilitator.get_by_role("button", name="Begin this round").click()
    expect(facilitator.get_by_role("heading", name=question)).to_be_visible()


def rank_by_keys(page: Page, places: dict[int, str]) -> None:
    """Nothing but the keyboard: a place is typed into its list, and Enter presses the button."""
    for number, place in places.items():
        page.get_by_label(f"Place of candidate {number}").focus()
        page.keyboard.type(place)
        expect(page.get_by_label(f"Place of candidate {number}")).to_have_value(place)
    page.get_by_role("button", name="Give my ranking").focus()
    page.keyboard.press("Enter")


def who_made_the_numbers(demo: Stack) -> dict[str, bool]:
    """Whether each one's own browser put a random number into their ranking, so that its receipt is nobody else's."""
    names = ["Rina", "Sari", "Tono"]
    with demo.orm():
        owners = RecordOwner.objects.filter(entry__type="ranking", participant__pseudonym__in=names)
        return dict(owners.values_list("participant__pseudonym", "nonce_is_own"))


def two_more_rank(demo: Stack, question: str) -> None:
    with demo.orm():
        drafting = DraftingRound.objects.get(translations__question=question)
        second = drafting.candidates.get(number=2).public_id
        for person in drafting.assembly.participants.filter(route=Route.SIMULATED)[:2]:
            rank(person, drafting.turns.select_related("round").get(), {second: 1})


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "id")])
def test_no_page_of_drafting_puts_up_barriers_or_is_wider_than_a_phone(
    facilitator: Page, demo: Stack, theme: str, language: str
):
    with demo.orm():
        rounds = list(DraftingRound.objects.order_by("number").values_list("public_id", flat=True)[:2])
    paths = [ASSEMBLY + "drafting/", DESK]
    paths += [f"{place}{each}/" for place in (ASSEMBLY + "drafting/", DESK) for each in rounds]
    facilitator.emulate_media(color_scheme=theme)
    facilitator.context.add_cookies([{"name": "language", "value": language, "url": demo.base_url}])
    facilitator.set_viewport_size(PHONE)

    assert barriers_at(facilitator, *paths) == []
