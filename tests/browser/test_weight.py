"""What a page weighs on the wire, with everything it loads, and whom it asks."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitors import ASSEMBLY, PHONE, join, newest_map, open_page
from tests.stack import Stack

KB = 1000
MOST = {"deck/": 100 * KB, "map/": 200 * KB}


@dataclass
class Wire:
    """Listens to what a browser receives, headers included, as its developer tools do."""

    page: Page
    received: dict[str, int] = field(default_factory=dict)  # bytes by address
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._addresses: dict[str, str] = {}
        tools = self.page.context.new_cdp_session(self.page)
        tools.on("Network.requestWillBeSent", self._asked)
        tools.on("Network.loadingFinished", self._answered)
        tools.on("Network.webSocketCreated", lambda told: self.hosts.add(urlsplit(told["url"]).netloc))
        tools.on("Network.webSocketFrameReceived", self._heard)
        tools.send("Network.enable")

    def _asked(self, told: dict) -> None:
        address = urlsplit(told["request"]["url"])
        if address.scheme != "data":
            self.hosts.add(address.netloc)
            self._addresses[told["requestId"]] = address.path

    def _answered(self, told: dict) -> None:
        if path := self._addresses.get(told["requestId"]):
            self.received[path] = self.received.get(path, 0) + int(told["encodedDataLength"])

    def _heard(self, told: dict) -> None:
        """As long as it is unpacked: what a frame weighed on the wire is not told."""
        self.received["socket"] = self.received.get("socket", 0) + len(told["response"]["payloadData"])


@pytest.mark.parametrize("path", sorted(MOST))
def test_a_page_is_light_on_the_first_visit_and_asks_nobody_else(
    chromium: Browser, demo: Stack, path: str, record_property
):
    page = open_page(chromium, demo, PHONE)
    join(page, f"Bowo {path.strip('/')}")
    cookies = page.context.cookies()
    page.context.close()
    newest_map(demo)  # or another might come while the page is weighed
    fresh = open_page(chromium, demo, PHONE, service_workers="block")
    fresh.context.add_cookies(cookies)
    wire = Wire(fresh)

    fresh.goto(ASSEMBLY + path)
    expect(fresh.locator("main")).to_be_visible()
    fresh.wait_for_load_state("networkidle")

    weight = sum(wire.received.values())
    heaviest = sorted(wire.received.items(), key=lambda each: -each[1])[:8]
    assert 0 < weight < MOST[path], f"{weight:,} bytes: {heaviest}"
    assert wire.hosts == {urlsplit(demo.base_url).netloc}
    print(f"{path} {weight:,} bytes: {heaviest}")
