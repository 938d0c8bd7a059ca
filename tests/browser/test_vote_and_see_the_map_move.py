"""The main job in real browsers on real servers: join, vote, and see the map change in another window."""

import re

from playwright.sync_api import Browser, Page, expect

from deliberation.models import ConsensusMap, Vote
from tests.stack import Stack

PHONE = {"width": 360, "height": 780}
PROJECTOR = {"width": 1920, "height": 1080}
PATIENCE = 30_000  # milliseconds; how long it takes is printed by benchmarks, not judged here


def open_page(chromium: Browser, stack: Stack, size: dict[str, int], javascript: bool = True) -> Page:
    context = chromium.new_context(
        base_url=stack.base_url, viewport=size, java_script_enabled=javascript, locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def join(page: Page, name: str) -> None:
    page.goto("/a/sungai-bersih/")
    page.get_by_role("link", name="Take part").first.click()
    page.get_by_label("Your name here").fill(name)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Join the assembly").click()


def test_a_vote_on_a_phone_moves_the_map_on_the_wall(chromium: Browser, demo: Stack):
    wall = open_page(chromium, demo, PROJECTOR)
    wall.goto("/a/sungai-bersih/map/")
    shown = wall.locator("[data-map-words] [data-version]").get_attribute("data-version")
    wall.evaluate("window.stillTheSamePage = true")
    phone = open_page(chromium, demo, PHONE)

    join(phone, "Ana")
    phone.goto("/a/sungai-bersih/deck/")
    for n in range(1, 11):
        phone.get_by_role("button", name="Agree", exact=False).first.click()
        expect(phone.get_by_text(f"{n} of 60")).to_be_visible(timeout=PATIENCE)

    expect(wall.locator("[data-map-words] [data-version]")).not_to_have_attribute(
        "data-version", str(shown), timeout=PATIENCE
    )
    assert wall.evaluate("window.stillTheSamePage") is True
    with demo.orm():
        assert Vote.objects.filter(participant__pseudonym="Ana").count() == 10
        assert ConsensusMap.objects.first().participants == 241


def test_everything_that_counts_works_without_javascript(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE, javascript=False)

    join(page, "Budi")
    page.goto("/a/sungai-bersih/deck/")
    for n, answer in enumerate(["Agree", "Disagree", "Pass for now"], start=1):
        page.get_by_role("button", name=re.compile(f"^{answer}")).click()
        expect(page.get_by_text(f"{n} of 60")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("2 of 60")).to_be_visible()
    page.goto("/a/sungai-bersih/map/")

    expect(page.get_by_role("heading", name="Common ground")).to_be_visible()
    page.get_by_text("All statements as a table").click()
    expect(page.get_by_role("table").locator("tbody tr").first).to_be_visible()
    with demo.orm():
        votes = Vote.objects.filter(participant__pseudonym="Budi").order_by("created_at")
        assert [vote.choice for vote in votes] == [1, -1, 9]


def test_two_windows_of_one_person_do_not_overwrite_each_other(chromium: Browser, demo: Stack):
    first = open_page(chromium, demo, PHONE)
    join(first, "Citra")
    first.goto("/a/sungai-bersih/deck/")
    second = first.context.new_page()
    second.goto("/a/sungai-bersih/deck/")

    first.get_by_role("button", name=re.compile("^Agree")).click()
    expect(first.get_by_text("1 of 60")).to_be_visible()
    second.get_by_role("button", name=re.compile("^Disagree")).click()

    expect(second.get_by_text("You voted on this statement elsewhere")).to_be_visible(timeout=PATIENCE)
    with demo.orm():
        assert [vote.choice for vote in Vote.objects.filter(participant__pseudonym="Citra")] == [1]
