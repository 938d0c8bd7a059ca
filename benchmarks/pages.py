"""How long a phone on a bad line waits for the first words of a page, beside the least that line allows.

    python -m deliberation.embedded exec -- python -m benchmarks.pages

Chromium with the network of its developer tools set to 400 kbit/s and 400 ms, on the deck and on the map: the first
visit with nothing kept, and the third. The limit is one round trip and the page itself at the speed of the line.
"""

from __future__ import annotations

import os
import shutil
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.browser.conftest import BROWSERS, FLAGS  # noqa: E402
from tests.browser.visitors import ASSEMBLY, PHONE, join, open_page  # noqa: E402
from tests.stack import Stack  # noqa: E402

BYTES_A_SECOND = 400_000 / 8
LATENCY = 0.4  # seconds
FIRST, THIRD = 3.0, 1.0  # seconds until the first words, on which visit
PAGES = ("", "deck/", "map/")


def main() -> None:
    call_command("translations", compile=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None) or sys.exit("No Chromium here.")
    missed = []
    with Stack() as stack, sync_playwright() as playwright:
        stack.manage("seed_demo")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        member = open_page(browser, stack, PHONE)
        join(member, "Slow Heron")
        cookies = member.context.cookies()
        for path in PAGES:
            page = open_page(browser, stack, PHONE)
            page.context.add_cookies(cookies)
            throttle(page)
            waited = [visit(page, ASSEMBLY + path) for _ in range(3)]
            size = page.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
            limit = LATENCY + size / BYTES_A_SECOND
            print(
                f"/{path:<6} first visit {waited[0]:.2f} s, third {waited[2]:.2f} s; "
                f"the line allows {limit:.2f} s: {waited[0] / limit:.1f} and {waited[2] / limit:.1f} times that"
            )
            missed += [path] if waited[0] > FIRST or waited[2] > THIRD else []
            page.context.close()
        browser.close()
    if missed:
        sys.exit(f"MISSED: more than {FIRST} s or {THIRD} s for {', '.join(f'/{path}' for path in missed)}")


def throttle(page: Page) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    line = {"latency": 1000 * LATENCY, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    tools.send("Network.emulateNetworkConditions", {"offline": False, **line})


def visit(page: Page, address: str) -> float:
    """Seconds from asking for a page to its first words."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    return float(painted) / 1000


if __name__ == "__main__":
    main()
