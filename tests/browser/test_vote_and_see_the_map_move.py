"""The main job in real browsers on real servers: join, vote, and see the map change in another window."""

import re

from playwright.sync_api import Browser, expect

from deliberation.models import Vote
from tests.browser.visitors import PATIENCE, PHONE, PROJECTOR, expect_voted_on, join, newest_map, open_page
from tests.stack import Stack


def test_a_vote_on_a_phone_moves_the_map_on_the_wall(chromium: Browser, demo: Stack):
    people = newest_map(demo).participants
    wall = open_page(chromium, demo, PROJECTOR)
    wall.goto("/a/sungai-bersih/map/")
    shown = wall.locator("[data-map-words] [data-version]").get_attribute("data-version")
    wall.evaluate("window.stillTheSamePage = true")
    phone = open_page(chromium, demo, PHONE)

    join(phone, "Ana")
    phone.goto("/a/sungai-bersih/deck/")
    for n in range(1, 11):
        phone.get_by_role("button", name="Agree", exact=False).first.click()
        expect_voted_on(phone, n)

    expect(wall.locator("[data-map-words] [data-version]")).not_to_have_attribute(
        "data-version", str(shown), timeout=PATIENCE
    )
    assert wall.evaluate("window.stillTheSamePage") is True
    with demo.orm():
        assert Vote.objects.filter(participant__pseudonym="Ana").count() == 10
    assert newest_map(demo).participants == people + 1


def test_everything_that_counts_works_without_javascript(chromium: Browser, demo: Stack):
    page = open_page(chromium, demo, PHONE, java_script_enabled=False)

    join(page, "Budi Votes")
    page.goto("/a/sungai-bersih/deck/")
    for n, answer in enumerate(["Agree", "Disagree", "Pass for now"], start=1):
        page.get_by_role("button", name=re.compile(f"^{answer}")).click()
        expect_voted_on(page, n)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect_voted_on(page, 2)
    page.goto("/a/sungai-bersih/map/")

    expect(page.get_by_role("heading", name="Common ground")).to_be_visible()
    page.get_by_text("All statements as a table").click()
    expect(page.get_by_role("table").locator("tbody tr").first).to_be_visible()
    with demo.orm():
        votes = Vote.objects.filter(participant__pseudonym="Budi Votes").order_by("created_at")
        assert [vote.choice for vote in votes] == [1, -1, 9]


def test_two_windows_of_one_person_do_not_overwrite_each_other(chromium: Browser, demo: Stack):
    first = open_page(chromium, demo, PHONE)
    join(first, "Citra Twice")
    first.goto("/a/sungai-bersih/deck/")
    second = first.context.new_page()
    second.goto("/a/sungai-bersih/deck/")

    first.get_by_role("button", name=re.compile("^Agree")).click()
    expect_voted_on(first, 1)
    second.get_by_role("button", name=re.compile("^Disagree")).click()

    expect(second.get_by_text("You voted on this statement elsewhere")).to_be_visible(timeout=PATIENCE)
    with demo.orm():
        assert [vote.choice for vote in Vote.objects.filter(participant__pseudonym="Citra Twice")] == [1]
