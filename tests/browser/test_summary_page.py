"""The summary as citizens read it: sources without JavaScript, and a notice in its place once a source is gone."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from deliberation.actions import publishing, summarising
from deliberation.actions.mapping import refresh_map
from deliberation.models import Argument, Assembly, Participant, Summary, hash_of_code, new_code
from tests.browser.barriers import barriers
from tests.browser.visitors import LAPTOP, PHONE, open_page
from tests.deliberation.test_summary import COST, JOBS, NOISE, SMELL
from tests.people import a_member, a_proposal, an_assembly, two_camps
from tests.stack import Stack


@pytest.fixture
def river(fresh_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Assembly:
    monkeypatch.setattr(settings, "GENERATOR", "off")
    with fresh_stack.orm():
        made = an_assembly("river")
        two_camps(made)
        refresh_map(made)
        proposal = a_proposal(made)
        for side, texts in (("for", SMELL + JOBS), ("against", COST + NOISE)):
            for text in texts:
                Argument.objects.create(
                    assembly=made, proposal=proposal, author=a_member(made), side=side, text=text, language="en"
                )
        publishing.publish(summarising.write(made), by=None)
    return made


@pytest.fixture
def readers(fresh_stack: Stack, chromium: Browser, river: Assembly) -> Iterator[dict[str, Page]]:
    pages = {language: open_page(chromium, fresh_stack, PHONE, reduced_motion="reduce") for language in ("en", "id")}
    for language, page in pages.items():
        page.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": fresh_stack.base_url}]
        )
        page.goto("/a/river/summary/")
    yield pages
    for page in pages.values():
        page.context.close()


def cited_author(river: Assembly) -> Participant:
    sides = Summary.objects.get(assembly=river).document["proposals"][0]["sides"]
    cited = next(point["quote"]["cites"][-1] for side in sides for point in side["points"])
    return Argument.objects.select_related("author__account").get(public_id=cited).author


def come_in(page: Page, person: Participant) -> None:
    """With the recovery code that somebody kept."""
    code = new_code()
    Participant.objects.filter(pk=person.pk).update(recovery_hash=hash_of_code(code))
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").click()
    expect(page).not_to_have_url(re.compile("/enter/"))


def test_a_source_taken_back_withdraws_the_summary_from_every_open_page(
    fresh_stack: Stack, chromium: Browser, river: Assembly, readers: dict[str, Page]
):
    author = open_page(chromium, fresh_stack, LAPTOP)
    with fresh_stack.orm():
        come_in(author, cited_author(river))
    for page in readers.values():
        assert barriers(page) == []
        expect(page.locator(".point").first).to_be_visible()
    author.goto("/a/river/mine/")

    author.get_by_role("button", name="Withdraw").first.click()

    expect(readers["en"].get_by_text("The summary was withdrawn")).to_be_visible()
    expect(readers["id"].get_by_text("Rangkuman ditarik")).to_be_visible()
    for page in readers.values():
        expect(page.locator(".point")).to_have_count(0)
        assert barriers(page) == []
    author.context.close()


def test_every_line_opens_its_sources_without_javascript(fresh_stack: Stack, chromium: Browser, river: Assembly):
    page = open_page(chromium, fresh_stack, PHONE, java_script_enabled=False)
    page.goto("/a/river/summary/")
    line = page.locator("details.point").first

    line.locator("summary").press("Enter")

    expect(line.get_by_role("link", name="where it stands").first).to_be_visible()
    page.context.close()
