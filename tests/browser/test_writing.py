"""Writing with similar ones beside, on a phone: with the keyboard alone, without JavaScript, and on two devices."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from deliberation.actions.trusting import invite
from deliberation.models import Argument, Assembly, Draft, Embedding, Participant, Role, Statement, Vote, text_digest
from tests.browser.barriers import barriers, barriers_at
from tests.browser.visitors import ASSEMBLY, PATIENCE, PHONE, join, open_page, press_to
from tests.stack import Stack, wait_until

SMALL_PHONE = {"width": 360, "height": 740}
CAMERAS = "Cameras on the bridges would mean fewer people throwing waste into the river."
CAMERAS_AGAIN = "Put cameras at the bridges so that people stop dumping garbage in the river."


@pytest.fixture(scope="module")
def reading(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """The demo assembly with the worker that reads drafts; it has read what was said so far."""
    with django_db_blocker.unblock(), Stack(interactive=True) as stack:
        stack.manage("seed_demo")
        with stack.orm():
            texts = {text_digest(text) for text in Statement.objects.values_list("text", flat=True)}
            wait_until(lambda: Embedding.objects.filter(text_digest__in=texts).count() == len(texts), timeout=240)
        yield stack


@pytest.fixture
def phone(chromium: Browser, reading: Stack) -> Iterator[Page]:
    page = open_page(chromium, reading, SMALL_PHONE, reduced_motion="reduce")
    yield page
    page.context.close()


def writes(page: Page, text: str) -> None:
    page.goto(ASSEMBLY + "statements/new/")
    page.get_by_label("Your statement").press_sequentially(text)


def test_with_the_keyboard_alone_somebody_agrees_with_what_was_there_instead(phone: Page, reading: Stack):
    join(phone, "Ana")
    writes(phone, CAMERAS_AGAIN)
    offer = phone.get_by_role("form", name="Vote on statement 32")
    expect(offer).to_be_visible(timeout=PATIENCE)
    expect(phone.get_by_text(CAMERAS)).to_be_visible()

    press_to(phone, offer.get_by_role("button", name="Agree", exact=True))
    phone.keyboard.press("Enter")

    expect(phone.get_by_text("Your answer: Agree")).to_be_visible(timeout=PATIENCE)
    expect(phone.get_by_label("Your statement")).to_have_value(CAMERAS_AGAIN)
    phone.get_by_role("button", name="Throw this draft away").press("Enter")
    expect(phone).to_have_url(f"{reading.base_url}{ASSEMBLY}", timeout=PATIENCE)
    phone.goto(ASSEMBLY + "statements/new/")
    expect(phone.get_by_label("Your statement")).to_have_value("")
    with reading.orm():
        ana = Participant.objects.get(pseudonym="Ana")
        assert [(vote.statement.number, vote.choice) for vote in Vote.objects.filter(participant=ana)] == [(32, 1)]
        assert (ana.statements.count(), ana.drafts.count()) == (0, 0)


def test_who_has_seen_the_offers_posts_at_once(phone: Page, reading: Stack):
    join(phone, "Budi")
    writes(phone, CAMERAS_AGAIN)
    expect(phone.get_by_role("form", name="Vote on statement 32")).to_be_visible(timeout=PATIENCE)

    phone.get_by_role("button", name="Publish this statement").click()

    expect(phone.get_by_text("Others can vote on it now.")).to_be_visible()
    phone.get_by_role("link", name="What becomes of it").click()
    expect(phone.get_by_role("link", name="Reword")).to_be_visible()
    with reading.orm():
        assert Statement.objects.get(author__pseudonym="Budi").language == "en"


def test_without_javascript_similar_ones_are_shown_before_posting_and_the_text_is_kept(
    chromium: Browser, reading: Stack
):
    page = open_page(chromium, reading, SMALL_PHONE, java_script_enabled=False)
    join(page, "Citra")
    text = "Cameras on all bridges would mean that fewer people throw waste into the river."

    def asked() -> bool:
        page.goto(ASSEMBLY + "statements/new/")
        page.get_by_label("Your statement").fill(text)
        page.get_by_role("button", name="Keep it as a draft and look for similar ones").click()
        expect(page.get_by_role("heading", name="As others will read it")).to_be_visible(timeout=PATIENCE)
        return page.get_by_role("form", name="Vote on statement 32").is_visible()

    wait_until(asked)  # on a busy machine the worker may take longer than anybody waits
    page.goto(ASSEMBLY + "statements/new/")
    page.get_by_role("button", name="Publish this statement").click()

    expect(page.get_by_text("This is not published yet: something similar is there.")).to_be_visible()
    expect(page.get_by_label("Your statement")).to_have_value(text)
    page.get_by_role("button", name="Publish mine all the same").click()
    expect(page.get_by_text("Others can vote on it now.")).to_be_visible()
    with reading.orm():
        assert Statement.objects.get(author__pseudonym="Citra").text == text
    page.context.close()


def test_an_argument_is_shown_those_on_its_side_and_leads_to_them(phone: Page, reading: Stack):
    with reading.orm():
        there = Argument.objects.filter(text__startswith="Nine of us students share one large").get()
        texts = {text_digest(text) for text in Argument.objects.values_list("text", flat=True)}
        wait_until(lambda: Embedding.objects.filter(text_digest__in=texts).count() == len(texts), timeout=240)
        proposal, public_id = there.proposal.public_id, there.public_id
    join(phone, "Dewi")
    phone.goto(f"{ASSEMBLY}proposals/{proposal}/")
    phone.get_by_role("radio", name="Concern").check()
    phone.get_by_label("Your argument").fill("Nine students share one electricity meter, so it says little.")

    phone.locator(f'.similar a[href$="#argument-{public_id}"]').click(timeout=PATIENCE)

    expect(phone.locator(f"#argument-{public_id}")).to_be_in_viewport()
    expect(phone.locator(f"#argument-{public_id}")).to_contain_text("Nine of us students share one large")


def test_a_draft_goes_on_on_another_device(chromium: Browser, phone: Page, reading: Stack):
    join(phone, "Eka")
    writes(phone, "A ferry across the river mouth")
    expect(phone.get_by_role("heading", name="As others will read it")).to_be_visible(timeout=PATIENCE)
    with reading.orm():
        wait_until(lambda: Draft.objects.filter(participant__pseudonym="Eka", text__endswith="mouth").exists())
    laptop = open_page(chromium, reading, PHONE)
    laptop.context.add_cookies(phone.context.cookies())

    writes(laptop, "")
    expect(laptop.get_by_label("Your statement")).to_have_value("A ferry across the river mouth")
    laptop.get_by_label("Your statement").fill("A ferry across the river mouth would save an hour")
    expect(laptop.locator(".preview").get_by_text("would save an hour")).to_be_visible(timeout=PATIENCE)
    phone.reload()

    expect(phone.get_by_label("Your statement")).to_have_value("A ferry across the river mouth would save an hour")
    laptop.context.close()


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "id")])
def test_pages_of_writers_put_up_no_barriers_and_fit_a_small_phone(
    phone: Page, reading: Stack, theme: str, language: str
):
    phone.emulate_media(color_scheme=theme)
    name = f"Fitri {theme}"
    join(phone, name)
    phone.context.add_cookies([{"name": "language", "value": language, "url": reading.base_url}])
    phone.goto(ASSEMBLY + "statements/new/")
    phone.locator("textarea").fill(CAMERAS_AGAIN + " Cars must leave the old bridge and dogs must be kept on a lead.")
    expect(phone.locator(".similar")).to_be_visible(timeout=PATIENCE)
    found = barriers(phone)
    phone.locator("button[form=writing]").first.click()
    expect(phone.locator('[data-level="success"]')).to_be_visible(timeout=PATIENCE)
    with reading.orm():
        mine = Statement.objects.get(author__pseudonym=name).public_id

    found += barriers_at(phone, ASSEMBLY + "mine/", f"{ASSEMBLY}mine/statement/{mine}/edits/")

    assert found == []


def test_the_desk_shows_who_used_the_same_words(phone: Page, reading: Stack):
    with reading.orm():
        assembly = Assembly.objects.get()
        for person in assembly.participants.all()[:2]:
            Statement.objects.create(
                assembly=assembly,
                number=Statement.objects.count() + 1,
                author=person,
                text="A second bridge for carts and bicycles is needed.",
                language="en",
            )
        _, (code,) = invite(assembly, {Role.FACILITATOR}, timedelta(days=1))
    phone.goto(f"/enter/#{code}")
    phone.get_by_role("button", name="Come in").click()
    phone.get_by_role("button", name="I have kept it, go on").click()
    expect(phone.get_by_role("heading", name="As facilitator")).to_be_visible()

    phone.goto(ASSEMBLY + "desk/same-words/")

    expect(phone.get_by_text("A second bridge for carts and bicycles is needed.").first).to_be_visible()
    assert barriers(phone) == []
