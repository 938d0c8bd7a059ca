"""Drafts, the advice beside them, and posting what was written. Nobody reads drafts here: no worker runs."""

import pytest

from deliberation.actions.erasing import erase
from deliberation.actions.writing import keep_draft
from deliberation.forms.advice import is_long, seems_two_ideas
from deliberation.models import Draft, PhaseKind
from tests.people import a_member, a_proposal, browser_of

pytestmark = pytest.mark.django_db

WORDS = "Put lamps on the footpath to the school."


def kept(person) -> list[tuple[str, str, str]]:
    return [(draft.text, draft.language, draft.side) for draft in person.drafts.order_by("pk")]


def test_a_draft_is_kept_in_place_of_the_one_before(assembly, ana):
    browser = browser_of(ana)

    for text in ("Put lamps", WORDS):
        answer = browser.post(
            "/a/river/statements/new/draft/",
            {"text": text, "language": "recognise"},
            headers={"X-Requested-With": "fetch"},
        )

    assert (answer.status_code, kept(ana)) == (200, [(WORDS, "", "")])


def test_a_draft_waits_on_every_device(assembly, ana):
    browser_of(ana).post("/a/river/statements/new/draft/", {"text": WORDS, "language": "en"})

    page = browser_of(ana).get("/a/river/statements/new/")

    assert page.context["form"]["text"].value() == WORDS
    assert page.context["form"]["language"].value() == "en"


def test_each_proposal_has_a_draft_of_its_own(assembly, ana):
    first, second = a_proposal(assembly), a_proposal(assembly)
    browser = browser_of(ana)

    for proposal, side in ((first, "for"), (second, "concern")):
        browser.post(
            f"/a/river/proposals/{proposal.public_id}/draft/", {"text": WORDS, "side": side, "language": "recognise"}
        )

    assert kept(ana) == [(WORDS, "", "for"), (WORDS, "", "concern")]
    page = browser.get(f"/a/river/proposals/{second.public_id}/")
    assert (page.context["form"]["text"].value(), page.context["form"]["side"].value()) == (WORDS, "concern")


def test_nobody_sees_the_draft_of_somebody_else(assembly, ana):
    proposal = a_proposal(assembly)
    keep_draft(ana, proposal, WORDS)
    keep_draft(ana, None, WORDS)
    chidi = browser_of(a_member(assembly, "Chidi"))

    pages = [
        chidi.get(f"/a/river/{page}/").content.decode()
        for page in ("statements/new", f"proposals/{proposal.public_id}")
    ]

    assert [WORDS in page for page in pages] == [False, False]


def test_an_emptied_draft_is_forgotten(assembly, ana):
    keep_draft(ana, None, WORDS)
    browser = browser_of(ana)

    fetched = browser.post(
        "/a/river/statements/new/draft/", {"text": " ", "language": "recognise"}, headers={"X-Requested-With": "fetch"}
    )

    assert (fetched.status_code, kept(ana)) == (204, [])


def test_a_draft_is_thrown_away_with_a_button(assembly, ana):
    keep_draft(ana, None, WORDS)

    answer = browser_of(ana).post("/a/river/statements/new/draft/", {"text": ""})

    assert (answer.status_code, answer["Location"], kept(ana)) == (302, "/a/river/", [])


def test_what_is_posted_is_no_draft_any_more(assembly, ana):
    proposal = a_proposal(assembly)
    browser = browser_of(ana)
    browser.post("/a/river/statements/new/draft/", {"text": WORDS, "language": "recognise"})
    browser.post(
        f"/a/river/proposals/{proposal.public_id}/draft/", {"text": WORDS, "side": "for", "language": "recognise"}
    )

    browser.post("/a/river/statements/new/", {"text": WORDS, "language": "en", "seen": ""})
    browser.post(
        f"/a/river/proposals/{proposal.public_id}/arguments/", {"text": WORDS, "side": "for", "language": "en"}
    )

    assert kept(ana) == []
    assert [each.text for each in (*assembly.statements.all(), *assembly.arguments.all())] == [WORDS, WORDS]


def test_a_text_that_came_too_late_is_kept_as_a_draft(ana):
    ana.assembly.phases.update(kind=PhaseKind.CLOSED)
    browser = browser_of(ana)

    answer = browser.post("/a/river/statements/new/", {"text": WORDS, "language": "en"})

    assert (answer.status_code, kept(ana)) == (409, [(WORDS, "en", "")])
    assert browser.get("/a/river/statements/new/").context["form"]["text"].value() == WORDS


def test_a_draft_too_long_to_post_is_kept_all_the_same(assembly, ana):
    long = "word " * 200

    browser_of(ana).post("/a/river/statements/new/draft/", {"text": long, "language": "recognise"})

    assert kept(ana) == [(long.strip(), "", "")]


def test_a_draft_beyond_any_measure_is_refused(assembly, ana):
    answer = browser_of(ana).post(
        "/a/river/statements/new/draft/",
        {"text": "x" * 5_000, "language": "recognise"},
        headers={"X-Requested-With": "fetch"},
    )

    assert (answer.status_code, Draft.objects.count()) == (400, 0)


def test_a_draft_that_is_refused_comes_back_as_it_was_typed(assembly, ana):
    page = browser_of(ana).post("/a/river/statements/new/draft/", {"text": "x" * 5_000, "language": "recognise"})

    assert (page.status_code, page.context["form"]["text"].value()) == (400, "x" * 5_000)


def test_drafts_are_erased_with_their_writer(assembly, ana):
    keep_draft(ana, None, WORDS)
    keep_draft(ana, a_proposal(assembly), WORDS)

    erase(ana)

    assert Draft.objects.count() == 0


def test_without_a_script_the_draft_is_shown_as_others_will_read_it(assembly, ana):
    whole = {"text": WORDS, "language": "recognise", "seen": "", "nonce": ""}  # as a browser sends the form
    page = browser_of(ana).post("/a/river/statements/new/draft/", whole)

    assert page.context["beside"]["preview"] == {"text": WORDS, "language": "en"}
    assert page.context["form"]["text"].value() == WORDS


def test_without_a_reader_a_text_is_in_the_language_of_the_pages_its_writer_reads(assembly, ana):
    browser = browser_of(ana)
    browser.post("/a/river/statements/new/", {"text": WORDS, "language": "recognise"})
    browser.post(
        "/a/river/statements/new/",
        {"text": "Pasang lampu di jalan.", "language": "recognise"},
        headers={"accept-language": "id"},
    )
    browser.post(
        "/a/river/statements/new/",
        {"text": "Lampes sur le chemin.", "language": "recognise"},
        headers={"accept-language": "fr"},
    )

    assert list(assembly.statements.values_list("language", flat=True)) == ["en", "id", "en"]


def test_a_text_that_is_posted_says_where_one_sees_what_becomes_of_it(assembly, ana):
    page = browser_of(ana).post("/a/river/statements/new/", {"text": WORDS, "language": "en"}, follow=True)

    statement = assembly.statements.get()
    assert f'<a href="/a/river/mine/#item-{statement.public_id}">What becomes of it</a>' in page.content.decode()


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("We need lamps on the path and dogs must be kept on a lead.", True),
        ("Kita perlu lampu di jalan dan anjing harus diikat.", True),
        ("The bus should come every hour. Tickets should be free.", True),
        ("Taman harus buka setiap malam; bus kota harus gratis.", True),
        ("Pasang lampu di semua gang supaya anak berani pulang dan truk harus datang.", True),
        ("Waste water rules for tofu and batik makers should wait until the shared plant is ready.", False),
        ("Waste pickers need gloves, boots and health cover.", False),
        ("Waste is better dealt with inside each RW than taken to one large plant.", False),
        ("Pemulung butuh sarung tangan dan sepatu bot.", False),
        ("Water and air.", False),
    ],
)
def test_two_wishes_in_one_statement_are_noticed(text, two):
    assert seems_two_ideas(text) == two


def test_advice_holds_nobody_up(assembly, ana):
    text = (
        "We need lamps on the path and dogs must be kept on a lead, " + "so that children can walk there at night. " * 3
    )
    page = browser_of(ana).post("/a/river/statements/new/draft/", {"text": text, "language": "recognise"})
    assert (page.context["beside"]["two_ideas"], page.context["beside"]["long"], is_long(text)) == (True, True, True)

    posted = browser_of(ana).post("/a/river/statements/new/", {"text": text.strip(), "language": "recognise"})

    assert posted.status_code == 302
