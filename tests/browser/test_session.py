"""One evening in the room, in Indonesian: a facilitator, the wall, and five phones, from opening to close."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.running import open_session, plan_session
from deliberation.actions.trusting import invite
from deliberation.models import Assembly, Hand, Poll, PollAnswer, Role, Session
from tests.browser.visitors import LAPTOP, PATIENCE, PHONE, PROJECTOR, open_page
from tests.people import an_assembly
from tests.sessions import AGENDA, TITLES
from tests.stack import Stack

NAMES = ["Ani", "Budi", "Citra", "Dewi", "Eko"]


@pytest.fixture
def assembly(stack: Stack) -> Assembly:
    """An evening that is planned and not open yet."""
    with stack.orm():
        made = an_assembly(f"balai-{Assembly.objects.count()}")
        plan_session(made, TITLES, AGENDA)
    return made


@pytest.fixture
def room(chromium: Browser, stack: Stack, assembly: Assembly) -> Iterator[tuple[Page, Page, list[Page]]]:
    facilitator = the_facilitator(chromium, stack, assembly)
    wall = a_window(chromium, stack, PROJECTOR)
    wall.goto(f"/a/{assembly.slug}/projector/")
    phones = [a_phone(chromium, stack, assembly, name) for name in NAMES]
    yield facilitator, wall, phones
    for page in (facilitator, wall, *phones):
        page.context.close()


def a_window(chromium: Browser, stack: Stack, size: dict[str, int]) -> Page:
    page = open_page(chromium, stack, size, reduced_motion="reduce")
    page.context.add_cookies([{"name": "language", "value": "id", "url": stack.base_url}])
    return page


def the_facilitator(chromium: Browser, stack: Stack, assembly: Assembly) -> Page:
    with stack.orm():
        _, (code,) = invite(assembly, {Role.FACILITATOR}, timedelta(days=1))
    page = a_window(chromium, stack, LAPTOP)
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.goto(f"/a/{assembly.slug}/desk/session/")
    return page


def a_phone(chromium: Browser, stack: Stack, assembly: Assembly, name: str) -> Page:
    page = a_window(chromium, stack, PHONE)
    page.goto(f"/a/{assembly.slug}/join/")
    page.locator("input[name=pseudonym]").fill(name)
    page.locator("input[name=consent_take_part]").check()
    page.locator("main form button").last.click()
    page.goto(f"/a/{assembly.slug}/session/")
    return page


def test_an_evening_from_opening_to_close(room: tuple[Page, Page, list[Page]], stack: Stack, assembly: Assembly):
    facilitator, wall, phones = room
    ani, budi = phones[:2]
    expect(ani.get_by_text("Belum ada pertemuan yang dibuka.")).to_be_visible()

    facilitator.get_by_role("button", name="Buka pertemuan").click()

    expect(wall.get_by_text("Arahkan kamera ponsel")).to_be_visible(timeout=PATIENCE)
    for phone in phones:  # they follow, and nobody touched them
        expect(phone.get_by_role("heading", name="Selamat datang")).to_be_visible(timeout=PATIENCE)

    facilitator.keyboard.press("n")
    for page in (wall, *phones):
        expect(page.get_by_role("heading", name="Tanya jawab")).to_be_visible(timeout=PATIENCE)
    facilitator.keyboard.press("t")
    for page in (facilitator, wall, *phones):
        expect(page.locator(".timer.running")).to_have_text(re.compile(r"14:\d\d"), timeout=PATIENCE)

    for phone in (ani, budi):
        phone.get_by_role("button", name="Angkat tangan").click()
        expect(phone.get_by_text("Tangan Anda terangkat")).to_be_visible(timeout=PATIENCE)
    expect(facilitator.locator(".queue > li")).to_have_count(2, timeout=PATIENCE)
    facilitator.keyboard.press("s")
    expect(wall.get_by_role("heading", name="Ani")).to_be_visible(timeout=PATIENCE)
    expect(ani.get_by_text("Giliran Anda berbicara.")).to_be_visible(timeout=PATIENCE)
    expect(budi.get_by_text("Anda nomor 1 dari 1")).to_be_visible(timeout=PATIENCE)
    ani.get_by_role("button", name="Saya selesai").click()
    expect(wall.get_by_role("heading", name="Tanya jawab")).to_be_visible(timeout=PATIENCE)

    facilitator.keyboard.press("b")
    expect(wall.locator("[data-room].blank")).to_have_count(1, timeout=PATIENCE)
    expect(facilitator.get_by_role("button", name="Tampilkan lagi")).to_be_visible(timeout=PATIENCE)
    facilitator.keyboard.press("b")
    expect(wall.locator("[data-room].blank")).to_have_count(0, timeout=PATIENCE)

    expect(facilitator.get_by_role("button", name="Gelapkan layar")).to_be_visible(timeout=PATIENCE)
    facilitator.keyboard.press("n")
    facilitator.get_by_role("button", name="Tanyakan kepada semua sekarang").click()
    for phone, answer in zip(phones, ["Dua kali seminggu"] * 3 + ["Setiap hari"] * 2, strict=True):
        phone.get_by_role("button", name=answer).click()
        expect(phone.get_by_text("Jawaban Anda tersimpan.")).to_be_visible(timeout=PATIENCE)
    expect(wall.get_by_text("5 orang sudah menjawab.")).to_be_visible(timeout=PATIENCE)
    facilitator.get_by_role("button", name="Tutup dan tampilkan hasil").click()
    for page in (wall, *phones):
        expect(page.get_by_text("3 dari 5")).to_be_visible(timeout=PATIENCE)

    facilitator.get_by_role("button", name="Tutup pertemuan").click()
    for phone in phones:
        expect(phone.get_by_role("heading", name="Pertemuan sudah ditutup")).to_be_visible(timeout=PATIENCE)
    with stack.orm():
        session = Session.objects.get(assembly=assembly)
        assert not session.is_open
        assert Poll.objects.get(item__session=session, item__kind="poll").result == {"1": 3, "2": 2}
        assert PollAnswer.objects.filter(poll__item__session=session).count() == 5
        assert [hand.participant.pseudonym for hand in Hand.objects.speaking()] == []


def test_a_phone_whose_clock_is_an_hour_wrong_shows_the_servers_time(
    chromium: Browser, stack: Stack, assembly: Assembly
):
    with stack.orm():
        open_session(Session.objects.get(assembly=assembly))
    facilitator = the_facilitator(chromium, stack, assembly)
    wrong = a_phone(chromium, stack, assembly, "Fajar")
    wrong.add_init_script("const truth = Date.now; Date.now = () => truth() + 3_600_000;")
    wrong.reload()

    facilitator.get_by_role("button", name="Mulai hitung waktu").click()

    expect(wrong.locator(".timer.running")).to_have_text(re.compile(r"4:\d\d"), timeout=PATIENCE)
    for page in (facilitator, wrong):
        page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_a_session_puts_up_barriers_or_is_wider_than_a_phone(
    chromium: Browser, stack: Stack, assembly: Assembly, theme: str
):
    with stack.orm():
        session = open_session(Session.objects.get(assembly=assembly))
    facilitator = the_facilitator(chromium, stack, assembly)
    facilitator.set_viewport_size(PHONE)
    facilitator.emulate_media(color_scheme=theme)

    found = []
    for step in ("start", "next", "next", "ask", "blank"):
        for page in ("session/", "desk/session/", "projector/"):
            found += problems_of(facilitator, f"/a/{assembly.slug}/{page}")
        facilitator.goto(f"/a/{assembly.slug}/desk/session/")
        facilitator.locator(f"#step-{step}").click()
        expect(facilitator.locator("main")).to_be_visible()
    facilitator.context.close()

    assert session.is_open
    assert found == []


def problems_of(page: Page, path: str) -> list[str]:
    page.goto(path)
    for details in page.locator("main details.more > summary").all():
        details.click()
    violations = Axe().run(page).response["violations"]
    found = [f"{path}: {each['id']} at {each['nodes'][0]['target']}" for each in violations]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{path}: wider than a phone")
    return found
