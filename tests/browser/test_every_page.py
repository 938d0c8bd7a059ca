"""Every page that a link leads to, looked at by a machine: no barriers, and never wider than its screen.

A page that is new is found through its links, or named in one of the sets below.
"""

import re
from collections.abc import Iterator

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from deliberation.actions.trusting import give_roles
from deliberation.models import Participant, Role
from tests.browser.barriers import barriers, read
from tests.browser.later import GO_ON
from tests.browser.visitors import ASSEMBLY, LAPTOP, PHONE, expect_voted_on, join, open_page
from tests.deliberation.test_who_may_do_what import MAY
from tests.stack import Stack

DAY = ("light", "en", LAPTOP)
ZOOMED = {"width": LAPTOP["width"] // 2, "height": LAPTOP["height"] // 2}  # a laptop at 200 %
FILE = re.compile(r"\.(json|txt|zip|png|js|webmanifest|csv|pdf|docx|html)$|/healthz$|/new/draft/$|/draft/$|/words/$")
LINKS = "[...document.links].filter((a) => a.origin === location.origin).map((a) => a.pathname)"
STARTS = ["/", "/enter/", "/styleguide/", "/offline/", ASSEMBLY, ASSEMBLY + "projector/", ASSEMBLY + "desk/"]

# Pieces of pages and files, which no reader meets alone.
PARTS = {
    *("healthz", "manifest", "worker", "share_image", "report_schema", "map_words", "projector_words", "session_state"),
    *(
        "map_json",
        "map_version_json",
        "moderation_log_csv",
        "my_data_json",
        "kit_file",
        "receipts_json",
        "receipts_text",
        "receipt_text",
        "report_file",
    ),
    *(
        "record_bundle",
        "record_checkpoint_text",
        "record_consistency",
        "record_entries",
        "record_place",
        "record_proof",
    ),
    *("report_credential", "statement_draft", "argument_draft", "summary_progress", "pool_package", "pool_problems"),
}
# What a form or a letter leads to; each is looked at where its journey is walked.
SENT = {
    "note_corrections",
    *("vote", "arguments", "edits", "rankings", "objections", "ratifications", "challenges", "challenge_answers"),
    *("reports", "summaries", "invitations", "sentence_edits", "news_stop", "email_code", "join", "appeal_outcomes"),
    *("clauses", "clause", "assignments"),
    *("slip", "helped"),
}
# What the demo has not come to when it is new; looked at where it has.
NOT_IN_THE_DEMO = {
    *("ratification", "review", "audit", "session", "selection", "appeals"),
    *("report_version", "report_files", "new_report_file"),
}
# There once a summary was corrected: looked at in test_review_of_a_summary.
OF_CORRECTIONS = {"summary_version", "summary_versions", "summary_changes"}


@pytest.fixture
def page(chromium: Browser, demo: Stack) -> Iterator[Page]:
    page = open_page(chromium, demo, LAPTOP, reduced_motion="reduce", service_workers="block")
    yield page
    page.context.close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("light", "language", "size"), [("light", "en", LAPTOP), ("dark", "id", ZOOMED)], ids=["light", "dark at 200 %"]
)
def test_no_page_anywhere_puts_up_barriers(page: Page, demo: Stack, light: str, language: str, size: dict[str, int]):
    page.emulate_media(color_scheme=light)
    join(page, f"Yanti {light}")
    page.goto(ASSEMBLY + "deck/")
    page.keyboard.press("a")
    expect_voted_on(page, 1)
    with demo.orm():
        give_roles(Participant.objects.get(pseudonym=f"Yanti {light}"), {Role.FACILITATOR})
    page.context.add_cookies([{"name": "language", "value": language, "url": demo.base_url}])
    page.set_viewport_size(size)

    looked_at = {name: barriers(page) for name in one_of_each_kind(page)}

    assert {name: faults for name, faults in looked_at.items() if faults} == {}
    readable = {name for name, (readers, _) in MAY.items() if readers}
    assert sorted(readable - set(looked_at) - PARTS - SENT - NOT_IN_THE_DEMO - OF_CORRECTIONS) == []


@pytest.fixture(scope="module")
def later(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A machine of its own, with the demo some weeks on."""
    with django_db_blocker.unblock(), Stack() as stack:
        stack.manage("seed_demo")
        yield stack


@pytest.mark.timeout(900)
def test_no_page_that_an_assembly_comes_to_puts_up_barriers(chromium: Browser, later: Stack):
    page = open_page(chromium, later, LAPTOP, reduced_motion="reduce", service_workers="block")
    join(page, "Yudi")
    later.manage("shell", "-c", GO_ON.format(citizen="Yudi"))
    with later.orm():
        give_roles(Participant.objects.get(pseudonym="Yudi"), {Role.FACILITATOR})

    looked_at = {name: faults_in_every_look(page, later) for name in one_of_each_kind(page) if name in NOT_IN_THE_DEMO}

    assert {name: faults for name, faults in looked_at.items() if faults} == {}
    assert sorted(NOT_IN_THE_DEMO - set(looked_at)) == []
    page.context.close()


def faults_in_every_look(page: Page, stack: Stack) -> list[str]:
    """In both languages, by day and by night, on a laptop, at 200 % and on a phone; the page is left as it was."""
    address, found = page.url, []
    for light, language, size in (("dark", "id", ZOOMED), ("light", "id", PHONE), ("dark", "en", LAPTOP), DAY):
        page.emulate_media(color_scheme=light)
        page.context.add_cookies([{"name": "language", "value": language, "url": stack.base_url}])
        page.set_viewport_size(size)
        page.goto(address)
        found += [f"{light} {language} {size['width']}: {each}" for each in barriers(page)]
    return found


def one_of_each_kind(page: Page) -> Iterator[str]:
    """Go to the first page found of every name in urls.py; gives the name while the page is open."""
    waiting, seen = list(STARTS), set()
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if name is None or name in seen or name in PARTS or FILE.search(path):
            continue
        seen.add(name)
        if page.goto(path).status != 200:
            continue
        yield name
        waiting += read(page, lambda: page.evaluate(LINKS))


def name_of(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None
