"""One evening in the room, in Indonesian: a facilitator, the wall, and five phones, from opening to close."""

import re
from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, Page, expect

from deliberation.actions.founding import make_founding_code
from deliberation.actions.running import open_session, plan_session
from deliberation.actions.trusting import invite
from deliberation.models import Assembly, Card, Hand, Poll, Role, Seat, Session, Vote
from tests.browser.barriers import barriers_at
from tests.browser.visitors import LAPTOP, PATIENCE, PHONE, PROJECTOR, open_page, press
from tests.people import an_assembly
from tests.sessions import AGENDA, TITLES
from tests.stack import Stack, wait_until

NOTED = "Meja ini ingin gerobak kecil yang bisa masuk gang."
NAMES = ["Ani", "Budi", "Citra", "Dewi", "Eko"]


@pytest.fixture
def assembly(stack: Stack) -> Assembly:
    """An evening that is planned and not open yet."""
    with stack.orm():
        made = an_assembly(f"balai-{Assembly.objects.count()}")
        plan_session(made, TITLES, AGENDA)
    return made


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
    expect(page).not_to_have_url(re.compile("/enter/"))
    page.goto(f"/a/{assembly.slug}/desk/session/")
    return page


def a_phone(chromium: Browser, stack: Stack, assembly: Assembly, name: str) -> Page:
    page = a_window(chromium, stack, PHONE)
    page.goto(f"/a/{assembly.slug}/join/")
    page.locator("input[name=pseudonym]").fill(name)
    page.locator("input[name=consent_take_part]").check()
    page.locator("main form button").last.click()
    expect(page).not_to_have_url(re.compile("/join/"))
    page.goto(f"/a/{assembly.slug}/session/")
    return page


@pytest.mark.timeout(900)  # seven windows, through a whole evening
def test_a_town_hall_of_one_evening_from_its_blueprint_to_the_close(chromium: Browser, stack: Stack):
    facilitator = a_founder(chromium, stack)
    assembly = set_up(facilitator, stack)
    wall = a_window(chromium, stack, PROJECTOR)
    wall.goto(f"/a/{assembly.slug}/projector/")
    phones = [a_phone(chromium, stack, assembly, name) for name in NAMES[:4]]

    come_in(facilitator, wall, phones)
    say_and_vote(facilitator, phones, stack, assembly)
    phones.append(sit_down(facilitator, wall, phones, lambda: a_phone(chromium, stack, assembly, NAMES[4])))
    call_for_help_and_take_a_note(facilitator, phones[1], assembly)
    speak(facilitator, wall, phones)
    be_asked(facilitator, wall, phones)
    hear_and_close(facilitator, wall, phones)

    with stack.orm():
        session = Session.objects.get(assembly=assembly)
        assert not session.is_open
        assert Poll.objects.get(item__session=session).result == {"1": 5, "2": 0, "3": 0, "4": 0, "5": 0}
        assert Seat.objects.filter(round__session=session).count() == 5
        assert [note.text for note in assembly.notes.all()] == [NOTED]
        assert not Card.objects.up().exists()
        assert not Hand.objects.speaking().exists()
    for page in (facilitator, wall, *phones):
        page.context.close()


def a_founder(chromium: Browser, stack: Stack) -> Page:
    with stack.orm():
        code = make_founding_code(timedelta(days=1))
    page = a_window(chromium, stack, LAPTOP)
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(re.compile("/assemblies/new/"), timeout=PATIENCE)
    return page


def set_up(facilitator: Page, stack: Stack) -> Assembly:
    """The few words that a town hall needs, and its one phase opened."""
    facilitator.goto("/assemblies/new/town-hall/")
    said = {"title": f"Balai {token_hex(3)}", "remit": "Apa yang perlu lebih dulu?", "asked_by": "Lurah"}
    for part, words in {**said, "purpose": "Lurah menjawab dalam sebulan."}.items():
        facilitator.locator(f"[name={part}_id]").fill(words)
    facilitator.locator("[name=name]").fill("Bu Lestari")
    facilitator.locator("main form button").last.click()
    facilitator.locator("#gate form button").click()
    expect(facilitator.locator("#gate")).to_contain_text("Sesudahnya", timeout=PATIENCE)
    facilitator.goto(facilitator.url.partition("/desk/")[0] + "/desk/session/")
    with stack.orm():
        return Assembly.objects.get(slug=facilitator.url.split("/a/")[1].partition("/")[0])


def come_in(facilitator: Page, wall: Page, phones: list[Page]) -> None:
    expect(phones[0].get_by_text("Belum ada pertemuan yang dibuka.")).to_be_visible(timeout=PATIENCE)
    facilitator.get_by_role("button", name="Buka pertemuan").click()
    expect(wall.get_by_text("Arahkan kamera ponsel")).to_be_visible(timeout=PATIENCE)
    for phone in phones:  # they follow, and nobody touched them
        expect(phone.get_by_role("heading", name="Selamat datang")).to_be_visible(timeout=PATIENCE)
    expect(facilitator.get_by_role("button", name="Mulai hitung waktu")).to_be_visible(timeout=PATIENCE)
    press(facilitator, "t")
    for page in (facilitator, *phones):
        expect(page.locator(".timer.running")).to_have_text(re.compile(r"9:\d\d"), timeout=PATIENCE)


def say_and_vote(facilitator: Page, phones: list[Page], stack: Stack, assembly: Assembly) -> None:
    go_on_to(facilitator, "Tulis pernyataan dan beri suara di ponsel Anda")
    ani, *others = phones
    ani.goto(f"/a/{assembly.slug}/statements/new/")
    ani.locator("textarea[name=text]").fill("Gerobak sampah harus masuk ke setiap gang.")
    ani.locator("button[form=writing]").first.click()
    expect(ani.locator(".messages")).to_contain_text("1", timeout=PATIENCE)
    for phone in others:
        phone.locator(".room-now a[href$='/deck/']").click()
        expect(phone.get_by_text("Gerobak sampah")).to_be_visible(timeout=PATIENCE)
        phone.locator("button[name=choice][value=agree]").first.click()
    with stack.orm():
        wait_until(lambda: Vote.objects.filter(assembly=assembly).count() == len(others))
    for phone in phones:
        phone.goto(f"/a/{assembly.slug}/session/")


def sit_down(facilitator: Page, wall: Page, phones: list[Page], come_late: Callable[[], Page]) -> Page:
    """Who comes while the others sit already is given a seat too."""
    go_on_to(facilitator, "Apa yang kita sepakati, dan apa yang membedakan kita")
    expect(wall.locator(".wall")).to_be_visible(timeout=PATIENCE)
    go_on_to(facilitator, "Di meja: apa yang perlu dilakukan lebih dulu?")
    for phone in phones:
        expect(phone.get_by_text("Meja Anda akan tampil di sini sebentar lagi.")).to_be_visible(timeout=PATIENCE)
    facilitator.get_by_role("link", name="Bagi meja").click()
    facilitator.locator("[name=size]").fill("2")
    facilitator.get_by_role("button", name="Beri semua tempat duduk").click()
    expect(facilitator.get_by_role("heading", name="Meja 2")).to_be_visible(timeout=PATIENCE)
    late = come_late()
    for phone in (*phones, late):
        expect(phone.get_by_role("heading", name=re.compile(r"Anda duduk di meja [12]"))).to_be_visible(
            timeout=PATIENCE
        )
    for name in NAMES:
        expect(wall.locator(".wall-tables").get_by_text(name)).to_be_visible(timeout=PATIENCE)
    return late


def call_for_help_and_take_a_note(facilitator: Page, budi: Page, assembly: Assembly) -> None:
    facilitator.goto(f"/a/{assembly.slug}/desk/session/")
    budi.locator("#card-word").fill("retribusi")
    budi.get_by_role("button", name="Saya butuh bantuan").click()
    expect(budi.get_by_role("button", name="Bantuan dipanggil")).to_be_visible(timeout=PATIENCE)
    expect(budi.locator("#card-word")).to_have_value("retribusi")  # what was typed is still there
    budi.get_by_role("button", name="Tanya", exact=True).click()
    expect(facilitator.get_by_text(re.compile(r"Meja [12] butuh bantuan: Budi"))).to_be_visible(timeout=PATIENCE)
    expect(facilitator.get_by_text("“retribusi”")).to_be_visible(timeout=PATIENCE)
    facilitator.get_by_role("button", name="Sudah dibantu").click()
    expect(budi.get_by_role("button", name="Saya butuh bantuan")).to_be_visible(timeout=PATIENCE)
    facilitator.goto(f"/a/{assembly.slug}/notes/new/")
    facilitator.locator("[name=table]").fill("1")
    facilitator.locator("[name=text]").fill(NOTED)
    facilitator.reload()  # as a phone does that ran out of memory
    expect(facilitator.locator("[name=text]")).to_have_value(NOTED)
    facilitator.get_by_role("button", name="Simpan notula ini").click()
    expect(facilitator.locator("blockquote").get_by_text(NOTED)).to_be_visible(timeout=PATIENCE)
    facilitator.goto(f"/a/{assembly.slug}/desk/session/")


def speak(facilitator: Page, wall: Page, phones: list[Page]) -> None:
    ani, budi = phones[:2]
    go_on_to(facilitator, "Setiap meja menyampaikan, dan bertanya")
    for phone in (ani, budi):
        phone.get_by_role("button", name="Angkat tangan").click()
        expect(phone.get_by_text("Tangan Anda terangkat")).to_be_visible(timeout=PATIENCE)
    expect(facilitator.locator(".queue > li")).to_have_count(2, timeout=PATIENCE)
    press(facilitator, "s")
    expect(wall.get_by_role("heading", name="Ani")).to_be_visible(timeout=PATIENCE)
    expect(ani.get_by_text("Giliran Anda berbicara.")).to_be_visible(timeout=PATIENCE)
    expect(budi.get_by_text("Anda nomor 1 dari 1")).to_be_visible(timeout=PATIENCE)
    ani.get_by_role("button", name="Saya selesai").click()
    expect(wall.get_by_role("heading", name="Setiap meja menyampaikan")).to_be_visible(timeout=PATIENCE)

    press(facilitator, "b")
    expect(wall.locator("[data-room].blank")).to_have_count(1, timeout=PATIENCE)
    expect(facilitator.get_by_role("button", name="Tampilkan lagi")).to_be_visible(timeout=PATIENCE)
    press(facilitator, "b")
    expect(wall.locator("[data-room].blank")).to_have_count(0, timeout=PATIENCE)
    expect(facilitator.get_by_role("button", name="Gelapkan layar")).to_be_visible(timeout=PATIENCE)


def be_asked(facilitator: Page, wall: Page, phones: list[Page]) -> None:
    go_on_to(facilitator, "Bisakah Anda ikut menerima hasil malam ini?")
    facilitator.get_by_role("button", name="Tanyakan kepada semua sekarang").click()
    for phone in phones:
        expect(phone.locator("#option-1")).to_be_visible(timeout=PATIENCE)
        phone.locator("#option-1").click()
        expect(phone.get_by_text("Jawaban Anda tersimpan.")).to_be_visible(timeout=PATIENCE)
    expect(wall.get_by_text("5 orang sudah menjawab.")).to_be_visible(timeout=PATIENCE)
    facilitator.get_by_role("button", name="Tutup dan tampilkan hasil").click()
    for page in (wall, *phones):
        expect(page.get_by_text("5 dari 5")).to_be_visible(timeout=PATIENCE)


def hear_and_close(facilitator: Page, wall: Page, phones: list[Page]) -> None:
    facilitator.locator("#step-scene-heard").click()
    expect(wall.get_by_text(NOTED)).to_be_visible(timeout=PATIENCE)
    facilitator.get_by_role("button", name="Tutup pertemuan").click()
    for phone in phones:
        expect(phone.get_by_role("heading", name="Pertemuan sudah ditutup")).to_be_visible(timeout=PATIENCE)


def go_on_to(facilitator: Page, title: str) -> None:
    press(facilitator, "n")
    expect(facilitator.get_by_role("heading", name=title)).to_be_visible(timeout=PATIENCE)


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


@pytest.mark.timeout(900)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_a_session_puts_up_barriers_or_is_wider_than_a_phone(
    chromium: Browser, stack: Stack, assembly: Assembly, theme: str
):
    with stack.orm():
        session = open_session(Session.objects.get(assembly=assembly))
    facilitator = the_facilitator(chromium, stack, assembly)
    facilitator.set_viewport_size(PHONE)
    facilitator.emulate_media(color_scheme=theme)

    here = f"/a/{assembly.slug}/"
    found = barriers_at(facilitator, here + "desk/session/tables/", here + "notes/new/")
    for step in ("start", "next", "next", "ask", "blank"):
        found += barriers_at(facilitator, here + "session/", here + "desk/session/", here + "projector/")
        facilitator.goto(here + "desk/session/")
        take(step, facilitator, stack, session)
    facilitator.context.close()

    assert session.is_open
    assert found == []


def take(step: str, facilitator: Page, stack: Stack, session: Session) -> None:
    """The next page would not wait for what was pressed on this one."""
    with stack.orm():
        before = Session.objects.get(pk=session.pk).changes
    facilitator.locator(f"#step-{step}").click()
    with stack.orm():
        wait_until(lambda: Session.objects.get(pk=session.pk).changes > before)
