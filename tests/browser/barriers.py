"""What keeps somebody from reading a page, as far as a machine can tell: what axe finds, or more than fits the screen.

Our pages renew themselves when news comes. One that does so while it is looked at is looked at again.
"""

from collections.abc import Callable
from typing import TypeVar

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page

Read = TypeVar("Read")

TIMES = 5
RENEWED = ("Execution context was destroyed", "axe is not defined")
LOOK = "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNFOLD = "document.querySelectorAll('main details.more').forEach((details) => (details.open = true))"


def barriers(page: Page) -> list[str]:
    """Of the page as it stands there."""
    return read(page, lambda: [*violations_on(page), *wider_on(page)])


def barriers_at(page: Page, *paths: str) -> list[str]:
    """Of each of these pages, with everything in it unfolded."""

    def unfolded() -> list[str]:
        page.evaluate(UNFOLD)
        return [*violations_on(page), *wider_on(page)]

    return looked_at(page, paths, unfolded)


def wider_at(page: Page, *paths: str) -> list[str]:
    """Which of these pages are wider than their screen; much sooner said than all that axe asks."""
    return looked_at(page, paths, lambda: wider_on(page))


def looked_at(page: Page, paths: tuple[str, ...], look: Callable[[], list[str]]) -> list[str]:
    found = []
    for path in paths:
        page.goto(path)
        found += [f"{path}: {each}" for each in read(page, look)]
    return found


def read(page: Page, look: Callable[[], Read]) -> Read:
    """What the look gives of a whole page; of one that was renewed meanwhile, the next look."""
    for _ in range(TIMES - 1):
        page.wait_for_load_state()
        try:
            return look()
        except Error as error:
            if not any(sign in error.message for sign in RENEWED):
                raise
    page.wait_for_load_state()
    return look()


def violations_on(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    page.wait_for_load_state()  # the script may have met a page that was only beginning
    return [
        f"{each['id']} at {node['target']}: {node['html'][:120]}"
        for each in page.evaluate(LOOK)
        for node in each["nodes"]
    ]


def wider_on(page: Page) -> list[str]:
    wider = page.evaluate(TOO_WIDE)
    return [f"{wider} px wider than its screen"] if wider > 0 else []
