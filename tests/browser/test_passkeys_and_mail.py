"""On https: a passkey made on this device brings its owner back. And a worker that sends the e-mail there is."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers
from tests.browser.tls import tls_before
from tests.browser.visitors import ASSEMBLY, LAPTOP, PATIENCE, join
from tests.stack import Stack, free_port, wait_until

CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")
A_DEVICE_WITH_A_FINGERPRINT_READER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def encrypted(files_for_browsers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, str]]:
    """The demo on an https address, with its mail worker."""
    port = free_port()
    with (
        Stack(mail=True, environment={"BASE_URL": f"https://localhost:{port}", "BEHIND_PROXY": "0"}) as stack,
        tls_before(stack.port, port, tmp_path_factory.mktemp("tls")) as address,
    ):
        stack.manage("seed_demo")
        yield stack, address


@pytest.fixture
def page(chromium: Browser, encrypted: tuple[Stack, str]) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=encrypted[1], viewport=LAPTOP, locale="en-GB", ignore_https_errors=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def test_a_passkey_brings_its_owner_back_and_is_good_for_nothing_once_deleted(page: Page):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": A_DEVICE_WITH_A_FINGERPRINT_READER})
    join(page, "Gita Key")
    page.goto(ASSEMBLY + "mine/data/")
    page.get_by_role("button", name="Make a passkey on this device").click()
    expect(page.get_by_text("Your passkey is kept.")).to_be_visible()
    found = barriers(page)

    leave(page)
    page.goto("/enter/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("as Gita Key")).to_be_visible()

    page.goto(ASSEMBLY + "mine/data/")
    page.get_by_role("button", name=re.compile("^Delete.*Passkey$")).click()
    expect(page.get_by_text("This passkey is good no longer.")).to_be_visible()
    leave(page)
    page.goto("/enter/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey is not known here.")).to_be_visible()
    assert found == []


def leave(page: Page) -> None:
    page.goto(ASSEMBLY + "mine/data/")
    page.locator("#leave ~ form").get_by_role("button", name="Leave this device").click()
    expect(page.get_by_role("link", name="I have a code")).to_be_visible()


def test_a_worker_sends_the_code_that_somebody_asks_for(page: Page, encrypted: tuple[Stack, str]):
    stack, _ = encrypted
    join(page, "Hana Mail")
    page.goto(ASSEMBLY + "mine/data/")
    page.get_by_label("Your e-mail address").fill("hana@example.org")
    page.get_by_role("button", name="Send me a code").click()

    code = wait_until(lambda: code_sent_to("hana@example.org", stack.var / "mail"))
    page.get_by_label("The code from the e-mail").fill(code)
    page.get_by_role("button", name="Keep this address").click()

    expect(page.get_by_text("Your address is kept.")).to_be_visible()


def code_sent_to(address: str, directory: Path) -> str | None:
    """From the e-mail that was delivered, which here means written to a file; it may be half written yet."""
    delivered = [message_from_bytes(path.read_bytes(), policy=default) for path in directory.glob("*.log")]
    letters = [letter.get_body().get_content() for letter in delivered if letter["To"] == address]
    return next((found[0] for letter in letters if (found := CODE.search(letter))), None)
