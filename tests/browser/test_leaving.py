"""Somebody goes on to another page, which is slow to come, while news comes to the page they are on."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from deliberation.models import Assembly, DraftingRound, Participant, Role
from tests.browser.visitors import LAPTOP, open_page
from tests.drafting_rounds import a_round
from tests.people import a_statement, an_assembly
from tests.stack import Stack
from tests.voters import Voter


@pytest.fixture
def assembly(stack: Stack) -> Assembly:
    with stack.orm():
        return an_assembly(f"leaving-{Assembly.objects.count()}")


@pytest.fixture
def page(chromium: Browser, stack: Stack, assembly: Assembly) -> Iterator[Page]:
    page = open_page(chromium, stack, LAPTOP, reduced_motion="reduce", service_workers="block")
    page.goto(f"/a/{assembly.slug}/join/")
    page.get_by_label("Your name here").fill("Lia who leaves")
    page.get_by_role("checkbox", name=re.compile("^I take part")).check()
    page.get_by_role("button", name="Join the assembly").click()
    expect(page.get_by_text("You are in, Lia who leaves.")).to_be_visible()
    yield page
    page.context.close()


@pytest.fixture
def drafting(stack: Stack, assembly: Assembly) -> DraftingRound:
    with stack.orm():
        return a_round(assembly)


@pytest.fixture
def close_the_ranking(stack: Stack, assembly: Assembly, drafting: DraftingRound) -> Callable[[], None]:
    """A facilitator does, and everybody's page of the round is renewed."""
    ben = Voter(stack, assembly.slug).join()
    with stack.orm():
        Participant.objects.filter(pseudonym=ben.name).update(roles=[Role.FACILITATOR])

    def close() -> None:
        assert ben._post(f"/a/{assembly.slug}/desk/drafting/{drafting.public_id}/steps/", step="close").is_redirect

    return close


@pytest.fixture
def address(assembly: Assembly, drafting: DraftingRound) -> str:
    return f"/a/{assembly.slug}/drafting/{drafting.public_id}/"


class Held:
    """Until `let_go`, whatever is asked for at this address does not come. A service worker would ask unheld."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.routes = page, address, list[Route]()
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        self.routes.append(route)

    def when(self, pressed: Locator) -> None:
        with self.page.expect_request(self.address):
            pressed.click(no_wait_after=True)

    def let_go(self) -> None:
        for route in self.routes:
            route.continue_()
        self.page.unroute(self.address)


@pytest.fixture
def beside(chromium: Browser, stack: Stack) -> Iterator[Page]:
    """Somebody who watches: what their page shows anew, the other page has heard of too."""
    page = open_page(chromium, stack, LAPTOP, reduced_motion="reduce", service_workers="block")
    yield page
    page.context.close()


def test_a_link_leads_where_it_leads_though_news_comes_first(
    page: Page, beside: Page, address: str, close_the_ranking: Callable[[], None]
):
    for each in (beside, page):
        each.goto(address)
    slow = Held(page, "**/proposals/")
    slow.when(page.locator("nav.ways").get_by_role("link", name="Proposals"))

    close_the_ranking()
    expect(beside.get_by_text("The ranking is closed.")).to_be_visible()
    slow.let_go()

    expect(page).to_have_url(re.compile("/proposals/$"))


def test_what_was_sent_is_answered_though_news_comes_first(
    page: Page, beside: Page, address: str, close_the_ranking: Callable[[], None]
):
    for each in (beside, page):
        each.goto(address)
    slow = Held(page, "**/rankings/")
    page.get_by_label("Place of candidate 2").select_option("1")
    slow.when(page.get_by_role("button", name="Give my ranking"))

    close_the_ranking()
    expect(beside.get_by_text("The ranking is closed.")).to_be_visible()
    slow.let_go()

    expect(page.get_by_text("This ranking is closed, so yours was not counted.")).to_be_visible()


def test_a_link_leads_where_it_leads_though_the_first_map_comes_first(
    page: Page, beside: Page, stack: Stack, assembly: Assembly
):
    with stack.orm():
        statements = [a_statement(assembly).public_id for _ in range(3)]
    for each in (beside, page):
        each.goto(f"/a/{assembly.slug}/map/")
    slow = Held(page, "**/deck/")
    slow.when(page.get_by_role("link", name="Vote on statements"))

    for voter in [Voter(stack, assembly.slug).join() for _ in range(5)]:
        assert [voter.vote(each, "agree").status_code for each in statements] == [200, 200, 200]
    expect(beside.locator("consensus-map")).to_be_visible()
    slow.let_go()

    expect(page).to_have_url(re.compile("/deck/$"))
