"""A summary from the run to the corrected version: reviewed at the desk, answered on phones, objected to, corrected."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from deliberation.actions.mapping import refresh_map
from deliberation.actions.ratifying import ratify
from deliberation.actions.trusting import invite
from deliberation.models import Argument, Assembly, Ratified, Role, Summary, Wording
from tests.browser.barriers import barriers_at
from tests.browser.visitors import LAPTOP, PHONE, open_page, press
from tests.deliberation.test_summary import COST, JOBS, NOISE, SMELL
from tests.people import a_member, a_proposal, an_assembly, two_camps
from tests.stack import Stack

RIVER = "/a/river/"
A_RUN = 240_000  # milliseconds, on a machine that does other things as well
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def stack(files_for_browsers: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """With the worker that reads and matches. Drafting takes minutes on two cores: what it drafts is put in below."""
    with django_db_blocker.unblock(), Stack(language=True, environment={"GENERATOR": "off"}) as running:
        yield running


@pytest.fixture
def river(stack: Stack) -> Assembly:
    with stack.orm():
        made = an_assembly("river")
        two_camps(made)
        refresh_map(made)
        proposal = a_proposal(made)
        for side, texts in (("for", SMELL + JOBS), ("against", COST + NOISE)):
            for text in texts:
                Argument.objects.create(
                    assembly=made, proposal=proposal, author=a_member(made), side=side, text=text, language="en"
                )
    return made


@pytest.fixture
def facilitator(chromium: Browser, stack: Stack, river: Assembly) -> Iterator[Page]:
    with stack.orm():
        _, (code,) = invite(river, {Role.FACILITATOR}, DAY)
    page = open_page(chromium, stack, LAPTOP, reduced_motion="reduce")
    page.goto(f"/enter/#{code}")
    page.get_by_role("button", name="Come in").click()
    expect(page).not_to_have_url(re.compile("/enter/"))
    yield page
    page.context.close()


def a_phone(chromium: Browser, stack: Stack, name: str, **options: object) -> Page:
    page = open_page(chromium, stack, PHONE, reduced_motion="reduce", **options)
    page.goto(f"{RIVER}join/")
    page.get_by_label("Your name here").fill(name)
    page.get_by_role("checkbox", name=re.compile("^I take part")).check()
    page.get_by_role("button", name="Join the assembly").click()
    expect(page.get_by_text(f"You are in, {name}.")).to_be_visible()
    return page


@pytest.mark.timeout(900)
def test_a_summary_is_reviewed_answered_objected_to_and_corrected(
    facilitator: Page, chromium: Browser, stack: Stack, river: Assembly
):
    facilitator.goto(f"{RIVER}summary/")
    facilitator.get_by_role("button", name="Write a new summary").click()
    expect(facilitator.get_by_text("The last run ended")).to_be_visible(timeout=A_RUN)
    with stack.orm():
        drafted = put_in_a_draft(river)

    review(facilitator, drafted)
    facilitator.get_by_role("button", name="Ask the participants").click()
    expect(facilitator.get_by_text("Participants are asked now whether version 2")).to_be_visible()

    by_touch = a_phone(chromium, stack, "Rina", has_touch=True)
    by_keys = a_phone(chromium, stack, "Sari")
    without_scripts = a_phone(chromium, stack, "Tono", java_script_enabled=False)
    answer_on_phones(by_touch, by_keys, without_scripts, drafted)
    with stack.orm():
        asked = Summary.objects.get(assembly=river, version=2)
        for voice in river.participants.filter(votes__isnull=False).distinct()[:3]:
            ratify(voice, asked, drafted, Ratified.YES)

    assert barriers_in_both_looks(by_keys, ["summary/ratification/"], stack) == []
    facilitator.set_viewport_size(PHONE)
    assert barriers_in_both_looks(facilitator, ["desk/summaries/2/"], stack) == []
    facilitator.set_viewport_size(LAPTOP)

    facilitator.reload()
    expect(facilitator.get_by_text("6 people have answered so far.")).to_be_visible()
    facilitator.get_by_role("button", name="Close the question and publish version 2").click()
    expect(facilitator.get_by_text("Version 2 is published.")).to_be_visible()
    by_touch.goto(f"{RIVER}summary/")
    by_touch.locator(f"#s-{drafted} summary").click()
    expect(by_touch.get_by_text("5 of 6 who answered say that this represents what was said.")).to_be_visible()

    by_touch.locator(f"#s-{drafted}").get_by_role("link", name="Object to this sentence").click()
    by_touch.get_by_label("What is wrong with this sentence?").fill("It leaves out that this is about hot months.")
    by_touch.get_by_role("button", name="Send the objection").tap()
    expect(by_touch.get_by_text("Your objection is in the record.")).to_be_visible()

    correct(facilitator, drafted)

    by_touch.goto(f"{RIVER}summary/versions/")
    by_touch.get_by_role("link", name="What changed").first.click()
    expect(by_touch.locator(f"#change-{drafted} ins")).to_contain_text("in hot months")
    expect(by_touch.get_by_text("It leaves out that this is about hot months.")).to_be_visible()
    expect(by_touch.get_by_role("link", name="Corrected in version 3")).to_be_visible()
    with stack.orm():
        versions = list(river.summaries.order_by("version").values_list("version", "state"))
    assert versions == [(1, "draft"), (2, "superseded"), (3, "published")]
    of_sentence = f"sentences/{drafted}"
    desk = [
        "desk/summaries/",
        "desk/challenges/",
        *(f"desk/summaries/3/{of_sentence}/{page}/" for page in ("edits", "audit")),
    ]
    read = ["summary/", "summary/versions/", "summary/versions/3/changes/", f"summaries/3/{of_sentence}/challenges/"]
    assert barriers_in_both_looks(facilitator, desk, stack) + barriers_in_both_looks(by_touch, read, stack) == []


def put_in_a_draft(river: Assembly) -> str:
    """What the drafter would have written for the point about smells: fewer of the words that it quotes."""
    summary = river.summaries.get()
    point = next(
        point
        for side in summary.document["proposals"][0]["sides"]
        for point in side["points"]
        if "smell" in words_of(point)
    )
    quote = point["quote"]
    point["rewrite"] = {**quote, "key": f"r{quote['key'][1:]}", "kind": "rewrite", "place": None, "gate": "A"}
    summary.save(update_fields=["document"])
    cites = {"cites": quote["cites"], "language": "en", "gate": "A"}
    Wording.objects.create(summary=summary, key=point["rewrite"]["key"], text="The bins smell terrible.", **cites)
    return str(quote["key"])


def words_of(point: dict) -> str:
    place = point["quote"]["place"]
    return Argument.objects.get(public_id=place["id"]).text[place["start"] : place["end"]]


def review(page: Page, drafted: str) -> None:
    """Tick by keys, edit, move with the mouse and by the form, undo; whoever else is at the desk sees it."""
    page.goto(f"{RIVER}desk/summaries/")
    beside = page.context.new_page()
    beside.goto(page.url)
    expect(page.get_by_text("0 of 1 drafted sentence read")).to_be_visible()
    go_by_keys_to(page, drafted)
    press(page, "t")
    expect(page.get_by_text("1 of 1 drafted sentence read")).to_be_visible()
    expect(beside.get_by_text("1 of 1 drafted sentence read")).to_be_visible()
    beside.close()

    ticked = page.locator(f"#item-{drafted}")
    page.locator(".review-side.for .unreflected > summary").click()
    drag(page, page.locator(".review-side.for .unreflected .review-source").first, ticked)
    expect(page.get_by_text("Moved, and counted anew.")).to_be_visible()
    expect(ticked).to_contain_text("moved here by")
    press(page, "u")
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(ticked).not_to_contain_text("moved here by")

    source = ticked.locator(".review-source[data-movable]").first
    source.get_by_text("Count it elsewhere").click()
    source.get_by_label("Count it for").select_option("")
    source.get_by_role("button", name="Move").click()
    expect(ticked).to_contain_text("The model’s draft fell with a source that was moved away")
    press(page, "u")
    expect(ticked).not_to_contain_text("The model’s draft fell")

    other = page.locator(".review-side.against .reviewed").first.get_attribute("data-drop")
    go_by_keys_to(page, str(other))
    press(page, "e")
    sentence = page.get_by_label("The sentence", exact=True)
    sentence.fill("Most people cannot pay the fee.")
    page.get_by_role("button", name="Keep this sentence").click()
    expect(page.get_by_text("so please leave this out: Most")).to_be_visible()
    page.wait_for_load_state()  # only its scripts keep what is written
    sentence.fill("The monthly fee is too high for poor families.")
    page.goto(page.url)
    expect(sentence).to_have_value("The monthly fee is too high for poor families.")
    page.get_by_role("button", name="Keep this sentence").click()
    expect(page.locator(f"#item-{other}")).to_contain_text("edited by the facilitator")


def drag(page: Page, source: Locator, target: Locator) -> None:
    source.hover()
    page.mouse.down()
    for _ in range(2):  # the first move begins the drag, the second is over the target
        target.hover(position={"x": 40, "y": 40})
    page.mouse.up()


def go_by_keys_to(page: Page, key: str) -> None:
    """Press J until the sentence has the focus."""
    for _ in range(page.locator("[data-item]").count()):
        press(page, "j")
        if page.locator(f"#item-{key}:focus").count():
            return
    raise AssertionError(f"J does not lead to {key}")


def answer_on_phones(by_touch: Page, by_keys: Page, without_scripts: Page, drafted: str) -> None:
    by_touch.goto(RIVER)
    by_touch.get_by_role("link", name="Read and answer").tap()
    expect(by_touch.locator(f"#item-{drafted}")).to_contain_text("The bins smell terrible.")
    by_touch.locator(f"#item-{drafted}").get_by_role("button", name="Yes").tap()
    expect(by_touch.locator(f"#item-{drafted}")).to_contain_text("Your answer: Yes")

    by_keys.goto(f"{RIVER}summary/ratification/")
    by_keys.locator(f"#item-{drafted}").get_by_role("button", name="No").focus()
    by_keys.keyboard.press("Enter")
    expect(by_keys.locator(f"#item-{drafted}")).to_contain_text("Your answer: No")
    by_keys.locator(f"#item-{drafted}").get_by_text("Almost: it needs a correction").focus()
    by_keys.keyboard.press("Enter")
    by_keys.locator(f"#item-{drafted}").get_by_label("What should be corrected?").fill("Only in the hot months.")
    by_keys.locator(f"#item-{drafted}").get_by_role("button", name="Send the correction").focus()
    by_keys.keyboard.press("Enter")
    expect(by_keys.locator(f"#item-{drafted}")).to_contain_text("Your answer: Almost")

    without_scripts.goto(f"{RIVER}summary/ratification/")
    without_scripts.locator(f"#item-{drafted}").get_by_role("button", name="Yes").click()
    expect(without_scripts.locator(f"#item-{drafted}")).to_contain_text("Your answer: Yes")


def correct(page: Page, drafted: str) -> None:
    """Accept the objection, edit the sentence it is about, and publish the next version."""
    page.goto(f"{RIVER}desk/challenges/")
    page.get_by_label("It is corrected in the next version").check()
    page.get_by_label("Your answer, for everybody to read").fill("That is right, and will be said.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Answered. It stands beside the sentence now.")).to_be_visible()
    page.get_by_role("link", name="Correct the sentence").click()
    page.locator(f"#item-{drafted}").get_by_role("link", name=re.compile("Edit")).click()
    page.get_by_label("The sentence", exact=True).fill("The bins smell terrible in hot months.")
    page.get_by_role("button", name="Keep this sentence").click()
    page.get_by_role("button", name="Ask the participants").click()
    page.get_by_role("button", name="Close the question and publish version 3").click()
    expect(page.get_by_text("Version 3 is published.")).to_be_visible()


def barriers_in_both_looks(page: Page, paths: list[str], stack: Stack) -> list[str]:
    """In both themes and languages."""
    found = []
    for theme, (language, _) in zip(("dark", "light"), reversed(settings.LANGUAGES), strict=True):
        page.emulate_media(color_scheme=theme)
        page.context.add_cookies([{"name": "language", "value": language, "url": stack.base_url}])
        found += [f"{language} {each}" for each in barriers_at(page, *(RIVER + path for path in paths))]
    return found
