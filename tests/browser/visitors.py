"""What every visitor does, in whatever browser."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from deliberation import locks
from deliberation.analysis.votes import read_votes
from deliberation.models import Assembly, ConsensusMap
from tests.stack import Stack, wait_until

ASSEMBLY = "/a/sungai-bersih/"
PHONE = {"width": 360, "height": 780}
LAPTOP = {"width": 1280, "height": 900}
PROJECTOR = {"width": 1920, "height": 1080}
FARTHEST = 60  # presses of Tab; whoever needs more has been lost on the way
PATIENCE = 30_000  # milliseconds; how long it takes is printed by benchmarks, not judged here


def open_page(chromium: Browser, stack: Stack, size: dict[str, int], **options: object) -> Page:
    """A browser of its own, with nothing remembered."""
    context = chromium.new_context(base_url=stack.base_url, viewport=size, locale="en-GB", **options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def join(page: Page, name: str) -> None:
    page.goto(ASSEMBLY)
    page.get_by_role("link", name="Take part").first.click()
    page.get_by_label("Your name here").fill(name)
    page.get_by_role("checkbox", name=re.compile("^I take part")).check()
    page.get_by_role("button", name="Join the assembly").click()
    expect(page.get_by_text(f"You are in, {name}.")).to_be_visible()


def press(page: Page, key: str) -> None:
    """Keys are heard once the scripts of the page have run, which may be after its words are there."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def press_to(page: Page, wanted: Locator, back: bool = False) -> None:
    """Go on with Tab until this has the focus, as somebody without a mouse does."""
    expect(wanted).to_be_visible()
    page.wait_for_load_state()  # scripts may put the focus elsewhere when they begin
    for _ in range(FARTHEST):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached with Tab")


def newest_map(demo: Stack) -> ConsensusMap:
    """The map of all votes that there are, whoever gave them: no other is on its way."""

    def of_all_votes() -> ConsensusMap | None:
        assembly = Assembly.objects.get(slug="sungai-bersih")
        with locks.one_moment():
            newest, votes = assembly.maps.first(), read_votes(assembly.pk, None, warm=False).matrix
        counted = (votes.shape[0], votes.vote_count)
        return newest if (newest.participants, newest.votes) == counted else None

    with demo.orm():
        return wait_until(of_all_votes)


def expect_voted_on(page: Page, count: int) -> None:
    """The deck's progress; how many statements there are in all is other visitors' doing."""
    expect(page.get_by_text(re.compile(rf"^{count} of \d+$"))).to_be_visible(timeout=PATIENCE)
