"""Pictures of every page, to be looked at, and the three in the README.

    python -m deliberation.embedded exec -- python -m tests.browser.pictures

They go to var/pictures/: phone, laptop, dark, Indonesian, right to left and wall. `--readme` renews docs/pictures/ too.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from deliberation.actions.reporting import make_report  # noqa: E402
from deliberation.actions.trusting import give_roles  # noqa: E402
from deliberation.models import Assembly, Participant, Role, Summary  # noqa: E402
from tests.browser.conftest import BROWSERS, FLAGS  # noqa: E402
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, PROJECTOR, expect_voted_on, join, open_page  # noqa: E402
from tests.stack import Stack, wait_until  # noqa: E402

PROJECT = Path(__file__).parents[2]
PICTURES = PROJECT / "var" / "pictures"
OF_CITIZENS = (
    *("conversation", "kit", "deck", "votes", "statements", "statements/new", "map", "map/how", "proposals", "summary"),
    *("drafting", "models", "report", "record", "record/check", "moderation", "mine", "mine/data", "mine/receipts"),
)
OF_THE_DESK = ("", "statements/", "people/", "same-words/", "drafting/", "summaries/", "challenges/")
PAGES = {
    "home": "/",
    "enter": "/enter/",
    "offline": "/offline/",
    "styleguide": "/styleguide/",
    "assembly": ASSEMBLY,
    **{path.replace("/", "-"): f"{ASSEMBLY}{path}/" for path in OF_CITIZENS},
    **{f"desk-{path.strip('/')}".strip("-"): f"{ASSEMBLY}desk/{path}" for path in OF_THE_DESK},
}
WALL = {"map": f"{ASSEMBLY}map/", "projector": f"{ASSEMBLY}projector/"}
LOOKS = {
    "phone": {"size": PHONE},
    "laptop": {"size": LAPTOP},
    "dark": {"size": LAPTOP, "color_scheme": "dark"},
    "indonesian": {"size": PHONE, "language": "id"},
    "right-to-left": {"size": PHONE},
    "wall": {"size": PROJECTOR, "language": "id"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true")
    arguments = parser.parse_args()
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("There is no Chromium on this machine.")
    call_command("translations", compile=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    with Stack(language=True) as stack, sync_playwright() as playwright:
        stack.manage("seed_demo")
        with stack.orm():
            wait_until(lambda: Summary.objects.exists(), timeout=300)
            make_report(Assembly.objects.get(), by=None)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        state = somebody_who_voted(browser, stack)
        for look, options in LOOKS.items():
            for name, address in (WALL if look == "wall" else PAGES).items():
                take(browser, stack, state, look, name, address, **options)
        if arguments.readme:
            for_readme(browser, stack, state)
        browser.close()
    print(f"Pictures in {PICTURES.relative_to(PROJECT)}/: {', '.join(LOOKS)}")


def somebody_who_voted(browser: Browser, stack: Stack) -> dict:
    """Cookies of a person who has voted ten times and facilitates."""
    page = open_page(browser, stack, PHONE)
    join(page, "Calm Heron")
    page.goto(f"{ASSEMBLY}deck/")
    for n in range(1, 11):
        page.get_by_role("button", name="Disagree" if n % 3 == 0 else "Agree").first.click()
        expect_voted_on(page, n)
    with stack.orm():
        give_roles(Participant.objects.get(pseudonym="Calm Heron"), {Role.FACILITATOR})
    return page.context.storage_state()


def take(
    browser: Browser, stack: Stack, state: dict, look: str, name: str, address: str, language: str = "en", **options
) -> None:
    page = opened(browser, stack, state, address, language=language, **options)
    if look == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    target = PICTURES / look / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=look != "wall")
    page.context.close()


def opened(browser: Browser, stack: Stack, state: dict, address: str, *, language: str, **options) -> Page:
    page = open_page(browser, stack, storage_state=state, reduced_motion="reduce", service_workers="block", **options)
    page.context.add_cookies([{"name": "language", "value": language, "url": stack.base_url}])
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(page.locator("main")).to_be_visible()
    return page


def for_readme(browser: Browser, stack: Stack, state: dict) -> None:
    """The map on a laptop and on a phone, and the deck, as the README shows them."""
    shown = {
        "map-laptop": ("map/", {"width": 1280, "height": 800}),
        "map-phone": ("map/", PHONE),
        "deck-phone": ("deck/", PHONE),
    }
    for name, (path, size) in shown.items():
        page = opened(browser, stack, state, ASSEMBLY + path, language="en", size=size)
        page.screenshot(path=PROJECT / "docs" / "pictures" / f"{name}.png")
        page.context.close()


if __name__ == "__main__":
    main()
