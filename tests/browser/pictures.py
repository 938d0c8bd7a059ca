"""Pictures of every page, to be looked at, and the three in the README.

    python -m deliberation.embedded exec -- python -m tests.browser.pictures

They go to var/pictures/: phone, laptop, dark, Indonesian, right to left, at 200 % and on the wall. Words pick the pages
whose names hold one of them: `pictures deck map`; `--looks phone dark` picks looks; `--quick` does not wait for the
language model, and makes a small summary by hand; `--readme` renews docs/pictures/.
"""

import argparse
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from deliberation.actions.phases import close_phase, show_results  # noqa: E402
from deliberation.actions.telling_news import stop_token  # noqa: E402
from deliberation.actions.trusting import give_roles  # noqa: E402
from deliberation.actions.voting import vote_on  # noqa: E402
from deliberation.models import Assembly, Choice, Participant, ResultsShown, Role, Summary  # noqa: E402
from tests.browser.conftest import BROWSERS, FLAGS  # noqa: E402
from tests.browser.later import GO_ON  # noqa: E402
from tests.browser.moments import MOMENTS  # noqa: E402
from tests.browser.test_every_page import one_of_each_kind  # noqa: E402
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, PROJECTOR, expect_voted_on, join, open_page  # noqa: E402
from tests.stack import Stack, wait_until  # noqa: E402

PROJECT = Path(__file__).parents[2]
PICTURES = PROJECT / "var" / "pictures"
ZOOMED = {"width": LAPTOP["width"] // 2, "height": LAPTOP["height"] // 2}
STRANGER, CITIZEN, DONE, FACILITATOR = "stranger", "Calm Heron", "Quick Wren", "Kind Otter"
WALL = ["map", "projector"]
# Pages that are there for everybody; what else people reach is found through links.
PAGES: dict[str, dict[str, str]] = {
    STRANGER: {
        "first-page": "/",
        "arrival": ASSEMBLY,
        "join": f"{ASSEMBLY}join/",
        "not-found": f"{ASSEMBLY}nothing-here/",
    },
    DONE: {"deck-end": f"{ASSEMBLY}deck/", "mine-empty": f"{ASSEMBLY}mine/", "assembly-done": ASSEMBLY},
}


@dataclass(frozen=True)
class Look:
    size: dict[str, int]
    scheme: str = "light"
    language: str = "en"
    direction: str = "ltr"


LOOKS = {
    "phone": Look(PHONE),
    "laptop": Look(LAPTOP),
    "dark": Look(PHONE, scheme="dark"),
    "indonesian": Look(PHONE, language="id"),
    "right-to-left": Look(PHONE, direction="rtl"),
    "zoomed": Look(ZOOMED),
    "wall": Look(PROJECTOR, language="id"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only pages whose names hold one of these")
    parser.add_argument("--looks", nargs="*", choices=LOOKS, default=list(LOOKS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--readme", action="store_true")
    arguments = parser.parse_args()
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("There is no Chromium on this machine.")
    call_command("translations", compile=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    with Stack(language=not arguments.quick, interactive=True) as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        camera = Camera(browser, stack, {look: LOOKS[look] for look in arguments.looks}, arguments.words)
        camera.take_all(STRANGER, {"first-page-empty": "/"})
        stack.manage("seed_demo")
        if not arguments.quick:
            with stack.orm():
                wait_until(Summary.objects.exists, timeout=600)
        camera.states = {name: somebody_who_voted(browser, stack, name) for name in (CITIZEN, DONE, FACILITATOR)}
        if arguments.readme:
            for_readme(browser, stack, camera.states[CITIZEN])
        some_weeks_later(stack)
        for person, pages in {**PAGES, **camera.pages_found()}.items():
            camera.take_all(person, pages)
        with stack.orm():
            token = stop_token(Participant.objects.get(pseudonym=CITIZEN).account)
        camera.take_all(STRANGER, {"news-stop": f"/news/stop/{token}/"})
        for name, moment in MOMENTS.items():
            camera.take_moment(name, moment)
        the_phase_closes(stack, camera)
        browser.close()
    print(f"{camera.taken} pictures in {PICTURES.relative_to(PROJECT)}/: {', '.join(arguments.looks)}")


class Camera:
    """Goes to pages as different people, and takes a picture in every look."""

    def __init__(self, browser: Browser, stack: Stack, looks: dict[str, Look], words: list[str]) -> None:
        self.browser, self.stack, self.looks, self.words = browser, stack, looks, words
        self.states: dict[str, dict] = {}
        self.taken = 0

    def pages_found(self) -> dict[str, dict[str, str]]:
        """One of each kind, as links lead there: a citizen's, and those that only a facilitator finds."""
        found: dict[str, dict[str, str]] = {}
        for person in (CITIZEN, FACILITATOR):
            page = self.opened(person, next(iter(self.looks)))
            found[person] = {name: page.url for name in one_of_each_kind(page)}  # noqa: C420 - the page goes on
            page.context.close()
        desk = {name: address for name, address in found[FACILITATOR].items() if name not in found[CITIZEN]}
        return {CITIZEN: found[CITIZEN], FACILITATOR: {**desk, "assembly-facilitator": ASSEMBLY}}

    def take_all(self, person: str, pages: dict[str, str]) -> None:
        for look in self.looks:
            wanted = {name: address for name, address in pages.items() if self.is_wanted(look, name)}
            if not wanted:
                continue
            page = self.opened(person, look)
            for name, address in wanted.items():
                go_to(page, address)
                self.take(page, look, name)
            page.context.close()

    def take_moment(self, name: str, moment: tuple) -> None:
        """What is there only after somebody has done something; each time with nothing remembered."""
        person, address, acts = moment
        for look in self.looks:
            if self.is_wanted(look, name):
                page = self.opened({"citizen": CITIZEN}.get(person, person), look)
                go_to(page, address)
                acts(page)
                self.take(page, look, name)
                page.context.close()

    def is_wanted(self, look: str, name: str) -> bool:
        if look == "wall" and name not in WALL:
            return False
        return not self.words or any(word in name for word in self.words)

    def opened(self, person: str, look: str) -> Page:
        chosen = self.looks[look]
        options = {"reduced_motion": "reduce", "service_workers": "block", "color_scheme": chosen.scheme}
        page = open_page(self.browser, self.stack, chosen.size, storage_state=self.states.get(person), **options)
        page.context.add_cookies([{"name": "language", "value": chosen.language, "url": self.stack.base_url}])
        return page

    def take(self, page: Page, look: str, name: str) -> None:
        if self.looks[look].direction == "rtl":
            page.evaluate("document.documentElement.dir = 'rtl'")
        target = PICTURES / look / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, full_page=look != "wall")
        self.taken += 1


def go_to(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("main, .wall-room").first).to_be_visible()
    expect(page.locator("consensus-map:not(.drawn)")).to_have_count(0)


def somebody_who_voted(browser: Browser, stack: Stack, name: str) -> dict:
    """Cookies of a person who has voted ten times."""
    page = open_page(browser, stack, PHONE)
    join(page, name)
    page.goto(f"{ASSEMBLY}deck/")
    for n in range(1, 11):
        page.get_by_role("button", name="Disagree" if n % 3 == 0 else "Agree").first.click()
        expect_voted_on(page, n)
    state = page.context.storage_state()
    page.context.close()
    return state


def some_weeks_later(stack: Stack) -> None:
    stack.manage("shell", "-c", GO_ON.format(citizen=CITIZEN))
    with stack.orm():
        give_roles(Participant.objects.get(pseudonym=FACILITATOR), {Role.FACILITATOR})
        done = Participant.objects.get(pseudonym=DONE)
        for statement in done.assembly.statements.shown().exclude(votes__participant=done):
            vote_on(done, statement, Choice.AGREE)


def the_phase_closes(stack: Stack, camera: Camera) -> None:
    """While people write; before that, results are hidden until they have voted more."""
    with stack.orm():
        phase = Assembly.objects.get(slug="sungai-bersih").phases.open().get()
        show_results(phase, ResultsShown.AFTER_OWN_VOTES, 20)
    camera.take_all(CITIZEN, {"map-hidden": f"{ASSEMBLY}map/", "home-hidden": ASSEMBLY})
    writing = {look: camera.opened(CITIZEN, look) for look in camera.looks if camera.is_wanted(look, "closed-typing")}
    for page in writing.values():
        go_to(page, f"{ASSEMBLY}statements/new/")
        page.locator("textarea[name=text]").fill("Rain gardens should be built beside every market.")
    with stack.orm():
        close_phase(phase)
    for look, page in writing.items():
        page.locator(".publish .button.wide").first.click()
        expect(page.locator("main [role=alert], main .notice").first).to_be_visible()
        camera.take(page, look, "closed-typing")
        page.context.close()
    camera.take_all(CITIZEN, {"deck-closed": f"{ASSEMBLY}deck/", "home-closed": ASSEMBLY})


def for_readme(browser: Browser, stack: Stack, state: dict) -> None:
    """The map on a laptop and on a phone, and the deck, as the README shows them."""
    shown = {
        "map-laptop": ("map/", {"width": 1280, "height": 800}),
        "map-phone": ("map/", PHONE),
        "deck-phone": ("deck/", PHONE),
    }
    for name, (path, size) in shown.items():
        page = open_page(browser, stack, size, storage_state=state, reduced_motion="reduce", service_workers="block")
        go_to(page, ASSEMBLY + path)
        page.screenshot(path=PROJECT / "docs" / "pictures" / f"{name}.png")
        page.context.close()


if __name__ == "__main__":
    main()
