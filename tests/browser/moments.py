"""What pages look like only after somebody has done something: who goes where, and does what."""

from playwright.sync_api import Page, expect

from tests.browser.visitors import ASSEMBLY

CITIZEN, STRANGER = "citizen", "stranger"
NEARLY_SAID = "The trucks should not take waste that nobody has sorted at home, and fines should be higher."


def forget_to_agree(page: Page) -> None:
    page.locator("main form .button.wide").click()
    expect(page.locator(".errors, [role=alert], [aria-invalid]").first).to_be_visible()


def type_a_wrong_code(page: Page) -> None:
    page.locator("input[name=code]").fill("ABCD-EFGH-JKLM")
    page.locator("main form .button.wide").first.click()
    expect(page.locator("[aria-invalid]").first).to_be_visible()


def vote_without_a_line(page: Page) -> None:
    page.context.set_offline(True)
    for key in "ap":
        page.keyboard.press(key)
        expect(page.locator("[data-status]")).to_be_visible()


def write_what_is_said_already(page: Page) -> None:
    page.locator("textarea[name=text]").fill(NEARLY_SAID)
    expect(page.locator(".similar")).to_be_visible(timeout=30_000)


def publish_nothing(page: Page) -> None:
    page.locator("textarea[name=text]").fill(" ")
    page.locator(".publish .button.wide").first.click()
    expect(page.locator("[aria-invalid]").first).to_be_visible()


def open_the_ways(page: Page) -> None:
    more = page.locator("nav.ways summary")
    if more.is_visible():
        more.click()


def open_the_settings(page: Page) -> None:
    page.locator(".me > summary").click()


def open_a_group(page: Page) -> None:
    page.locator('consensus-map [data-key][tabindex="0"]').focus()
    expect(page.locator("[data-details]")).to_be_visible()


def open_a_statement(page: Page) -> None:
    open_a_group(page)
    page.keyboard.press("End")


def wish_to_be_erased(page: Page) -> None:
    page.locator("details", has=page.locator("form[action$='erasures/']")).locator("summary").click()


MOMENTS = {
    "join-forgotten": (STRANGER, f"{ASSEMBLY}join/", forget_to_agree),
    "enter-wrong-code": (STRANGER, "/enter/", type_a_wrong_code),
    "deck-offline": (CITIZEN, f"{ASSEMBLY}deck/", vote_without_a_line),
    "statements-new-similar": (CITIZEN, f"{ASSEMBLY}statements/new/", write_what_is_said_already),
    "statements-new-empty": (CITIZEN, f"{ASSEMBLY}statements/new/", publish_nothing),
    "ways-open": (CITIZEN, ASSEMBLY, open_the_ways),
    "settings-open": (CITIZEN, ASSEMBLY, open_the_settings),
    "map-group": (CITIZEN, f"{ASSEMBLY}map/", open_a_group),
    "map-statement": (CITIZEN, f"{ASSEMBLY}map/", open_a_statement),
    "mine-data-erase": (CITIZEN, f"{ASSEMBLY}mine/data/", wish_to_be_erased),
}
