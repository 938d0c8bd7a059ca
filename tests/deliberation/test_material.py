"""Learning material: steps of every kind, a law beside plain words, words explained, and what comes before a vote."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deliberation.actions.arguing import argue
from deliberation.actions.errors import WordsStay
from deliberation.actions.leaving import leave_for_good
from deliberation.actions.preparing import explain, split_law
from deliberation.actions.proposing import change_seed, write_seed
from deliberation.actions.running import NewItem, plan_session
from deliberation.actions.writing import keep_draft
from deliberation.analysis.preflight import look_over
from deliberation.models import (
    GlossaryEntry,
    ItemKind,
    KitFile,
    KitReading,
    KitStep,
    Proposal,
    RecordEntry,
    RecordOpening,
    Side,
    Statement,
    StatementText,
    Vote,
)
from deliberation.views.terms import Terms, forms_of
from tests.kits import LAW, PDF, a_packed_pdf, a_pdf, a_published_law, a_step
from tests.people import a_facilitator, a_member, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

MATERIAL = "/a/river/desk/material/"
WRITTEN = {"title_en": "The river", "body_en": "It is long.", "title_id": "Sungai", "body_id": "Panjang."}


@pytest.fixture
def ben(assembly):
    return browser_of(a_facilitator(assembly))


def kit(person=None) -> str:
    return browser_of(person).get("/a/river/kit/").content.decode()


def change(browser, step: KitStep, what: str):
    return browser.post(f"{MATERIAL}steps/{step.public_id}/changes/", {"change": what}, follow=True)


def test_a_step_is_a_draft_until_it_is_published(assembly, ben):
    ben.post(f"{MATERIAL}steps/new/?kind=text", WRITTEN)
    step = KitStep.objects.get()
    as_a_draft = kit()

    change(ben, step, "publish")

    assert "The river" not in as_a_draft
    assert "The river" in kit()
    assert list(RecordEntry.objects.values_list("type", flat=True)) == ["material"]


def test_a_step_in_one_language_can_be_kept_but_not_published(assembly, ben):
    ben.post(f"{MATERIAL}steps/new/?kind=text", {"title_en": "The river", "body_en": "It is long."})

    answer = change(ben, KitStep.objects.get(), "publish")

    assert "is not written in every language yet" in answer.content.decode()
    assert "Missing in" in answer.content.decode()
    assert "The river" not in kit()


def test_half_a_language_is_sent_back_with_what_was_typed(assembly, ben):
    answer = ben.post(f"{MATERIAL}steps/new/?kind=text", {"title_en": "The river", "body_en": ""})

    assert answer.status_code == 400
    assert 'value="The river"' in answer.content.decode()
    assert not KitStep.objects.exists()


def test_a_preview_shows_how_it_will_look_and_keeps_nothing(assembly, ben):
    answer = ben.post(f"{MATERIAL}steps/new/?kind=text", {**WRITTEN, "body_en": "It is **long**.", "preview": "on"})

    assert "<strong>long</strong>" in answer.content.decode()
    assert not KitStep.objects.exists()


def test_steps_change_places_and_stay_where_they_are_at_the_ends(assembly, ben):
    one, two, three = (a_step(assembly, title) for title in ("One", "Two", "Three"))

    for step, where in ((one, "down"), (one, "down"), (one, "down"), (two, "up")):
        change(ben, step, where)

    assert list(assembly.kit_steps.all()) == [two, three, one]


def test_what_is_taken_out_is_gone_and_comes_back_as_it_was(assembly, ben):
    step = a_step(assembly)

    change(ben, step, "remove")
    without, offered = kit(), ben.get(MATERIAL).content.decode()
    change(ben, step, "return")

    assert "It is long." not in without
    assert "Taken out" in offered
    assert "It is long." in kit()


def test_a_document_is_kept_to_be_saved_never_to_be_opened_here(assembly, ben):
    file = SimpleUploadedFile("Peraturan Désa 7.pdf", PDF, "application/pdf")

    ben.post(f"{MATERIAL}steps/new/?kind=file", {**WRITTEN, "file": file})
    step = KitStep.objects.get()
    before = browser_of(None).get(f"/a/river/kit/{step.public_id}/document.pdf").status_code
    change(ben, step, "publish")
    answer = browser_of(None).get(f"/a/river/kit/{step.public_id}/document.pdf")

    assert before == 404
    assert answer.content == PDF
    told = {name: answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")}
    assert told == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="peraturan-desa-7.pdf"',
        "X-Content-Type-Options": "nosniff",
    }


PROGRAM = b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>"
WITH_A_FILE = b"/Names <</EmbeddedFiles <</Names [(a.exe) <</EF <</F 9 0 R>> /Type /EmbeddedFile>>]>>>>"


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        PDF[: len(PDF) // 2],
        a_pdf(user_password="river"),
        a_packed_pdf(PROGRAM),
        a_packed_pdf(WITH_A_FILE),
        PDF + b"x" * (5 << 20),
    ],
    ids=["a page", "half a file", "a lock", "a program", "another file", "too large"],
)
def test_a_file_that_is_not_simply_to_be_read_is_refused(assembly, ben, content):
    file = SimpleUploadedFile("a.pdf", content, "application/pdf")

    answer = ben.post(f"{MATERIAL}steps/new/?kind=file", {**WRITTEN, "file": file})

    assert answer.status_code == 400
    assert "It is long." in answer.content.decode()
    assert not KitFile.objects.exists()


def test_a_packed_file_is_as_good_as_another(assembly, ben):
    ben.post(f"{MATERIAL}steps/new/?kind=file", {**WRITTEN, "file": SimpleUploadedFile("a.pdf", a_packed_pdf(b""))})

    assert KitFile.objects.exists()


def test_a_document_needs_its_words_in_words(assembly, ben):
    file = SimpleUploadedFile("a.pdf", PDF, "application/pdf")

    answer = ben.post(f"{MATERIAL}steps/new/?kind=file", {"title_en": "By-law", "file": file})

    assert answer.status_code == 400


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/film"])
def test_a_link_leads_to_a_page_and_nowhere_else(assembly, ben, address):
    answer = ben.post(f"{MATERIAL}steps/new/?kind=link", {**WRITTEN, "address": address})

    assert answer.status_code == 400


def test_a_law_is_split_where_it_counts():
    assert split_law("Preamble\n\n" + LAW + "\n§ 3 Ends here.\nPasal 4\n") == [
        ("", "Preamble"),
        ("Article 1", "Everybody keeps food waste apart."),
        ("Article 2", "Whoever burns waste pays Rp50,000.\nThe village head may forgive it once."),
        ("§ 3", "Ends here."),
    ]


def test_each_clause_stands_beside_plain_words_and_has_an_address(assembly):
    step = a_published_law(assembly)

    page = kit()

    assert f'id="clause-{step.public_id}-1"' in page
    assert page.index("Everybody keeps food waste apart.") < page.index("Two bins, not one.")
    assert "Not written yet." in page


def test_plain_words_are_written_clause_after_clause(assembly, ben):
    step = a_published_law(assembly)
    address = f"{MATERIAL}steps/{step.public_id}/clauses/1/"

    answer = ben.post(address, {"number": "Article 1", "text": "Everybody sorts.", "plain_en": "Sort.", "plain_id": ""})

    assert answer["Location"] == f"{MATERIAL}steps/{step.public_id}/clauses/2/"
    assert "Everybody sorts." in kit()


def test_what_somebody_has_read_is_counted_for_them_alone(assembly, ana):
    steps = [a_step(assembly, title) for title in ("One", "Two")]
    budi = a_member(assembly, "Budi")

    answer = browser_of(ana).post(f"/a/river/kit/{steps[0].public_id}/readings/", {"read": "yes"})

    assert answer["Location"].endswith(f"#step-{steps[1].public_id}")
    assert "1 of 2 read" in kit(ana)
    assert "0 of 2 read" in kit(budi)
    assert "read</strong>" not in kit()
    leave_for_good(ana)
    assert not KitReading.objects.exists()


def test_a_reading_is_taken_back(assembly, ana):
    step = a_step(assembly)
    browser = browser_of(ana)

    for read in ("yes", "yes", "no"):
        browser.post(f"/a/river/kit/{step.public_id}/readings/", {"read": read})

    assert not KitReading.objects.exists()


def test_a_word_is_marked_where_it_first_stands_and_nowhere_in_headings_or_links(assembly):
    entry = explain(assembly, "en", "Landfill (TPA)", "Where waste is <buried>.")
    explain(assembly, "id", "TPA", "Tempat akhir.")

    html = Terms(assembly, "en").render("### TPA\n\nSee [the TPA](https://example.org). Landfills fill. The TPA too.")

    link = f'<a class="term" href="/a/river/glossary/#{entry.anchor}" data-meaning="Where waste is &lt;buried&gt;.">'
    assert html.count('class="term"') == 1
    assert f"{link}Landfills</a> fill. The TPA too." in html
    assert "<h3>TPA</h3>" in html


def test_a_term_is_known_by_its_other_names():
    assert forms_of("RT, RW and kelurahan") == ["RT, RW and kelurahan", "RT", "RW and kelurahan", "RW", "kelurahan"]


def test_a_word_is_explained_changed_taken_out_and_put_back(assembly, ben):
    page = f"{MATERIAL}words/"
    ben.post(f"{page}new/", {"language": "en", "term": "Landfill", "meaning": "Where waste is buried."})
    entry = GlossaryEntry.objects.get()
    twice = ben.post(f"{page}new/", {"language": "en", "term": "Landfill", "meaning": "Something else."})

    ben.post(f"{page}{entry.pk}/", {"language": "en", "term": "Landfill", "meaning": "Where waste ends."})
    ben.post(f"{page}{entry.pk}/changes/", {"change": "remove"})
    without = browser_of(None).get("/a/river/glossary/").content.decode()
    ben.post(f"{page}{entry.pk}/changes/", {"change": "return"})

    assert twice.status_code == 400
    assert "Landfill" not in without
    assert "Where waste ends." in browser_of(None).get("/a/river/glossary/").content.decode()


def test_a_proposal_is_written_in_every_language_and_changed_until_somebody_argues(assembly, ben, ana):
    missing = ben.post(f"{MATERIAL}proposals/new/", {"title_en": "Bins", "body_en": "One on each corner."})
    ben.post(f"{MATERIAL}proposals/new/", WRITTEN)
    proposal = Proposal.objects.get()
    address = f"{MATERIAL}proposals/{proposal.public_id}/"

    changed = ben.post(address, {**WRITTEN, "title_en": "The clean river"})
    argue(ana, proposal, Side.FOR, "It smells less.", "en")
    too_late = ben.post(address, {**WRITTEN, "title_en": "Another river"})

    assert (missing.status_code, changed.status_code, too_late.status_code) == (400, 302, 409)
    assert proposal.text_in("en").title == "The clean river"
    assert "Another river" in too_late.content.decode()


def test_a_seed_statement_stays_as_it_is_once_somebody_has_voted_on_it(assembly, ana):
    seed = write_seed(assembly, {"id": "Setiap jalan punya tempat sampah.", "en": "Every street has a bin."})
    change_seed(seed, {"id": "Setiap gang punya tempat sampah.", "en": "Every alley has a bin."})
    Vote.objects.create(assembly=assembly, participant=ana, statement=seed, choice=1)

    with pytest.raises(WordsStay):
        change_seed(seed, {"id": "Lain", "en": "Other"})

    seed.refresh_from_db()
    assert (seed.text, seed.text_in("en")[0], seed.edits) == (
        "Setiap gang punya tempat sampah.",
        "Every alley has a bin.",
        1,
    )
    assert list(RecordEntry.objects.order_by("pk").values_list("type", flat=True)) == ["statement", "edit"]


def test_a_seed_statement_is_taken_out_and_put_back(assembly, ben):
    seed = write_seed(assembly, {"id": "Setiap jalan punya tempat sampah.", "en": "Every street has a bin."})
    address = f"{MATERIAL}statements/{seed.public_id}/changes/"

    ben.post(address, {"change": "remove"})
    shown_without = Statement.objects.shown().exists()
    ben.post(address, {"change": "return"})

    assert (shown_without, Statement.objects.shown().exists()) == (False, True)


STREETS = {"text_id": "Setiap jalan punya tempat sampah.", "text_en": "Every street has a bin."}


def lines(*pairs: tuple[str, str]) -> dict[str, str]:
    """As typed into the boxes of both languages, each pair on the same line."""
    return {"text_id": "\r\n".join(pair[0] for pair in pairs), "text_en": "\r\n".join(pair[1] for pair in pairs)}


def kept_seeds() -> list[tuple[int, str, str]]:
    return [(each.number, each.text, each.text_in("en")[0]) for each in Statement.objects.order_by("number")]


def test_one_seed_statement_is_written_like_several(assembly, ben):
    answer = ben.post(f"{MATERIAL}statements/new/", STREETS, follow=True)

    assert kept_seeds() == [(1, "Setiap jalan punya tempat sampah.", "Every street has a bin.")]
    assert "1 statement is kept." in answer.content.decode()


def test_whoever_sets_up_goes_back_to_the_desk_with_their_statements_kept(assembly, ben):
    assembly.phases.update(opened_at=None)

    answer = ben.post(f"{MATERIAL}statements/new/", STREETS, follow=True)

    assert answer.redirect_chain == [("/a/river/desk/", 302)]
    assert "1 statement is kept." in answer.content.decode()


def test_a_pasted_list_becomes_statements_in_its_order_with_its_languages_side_by_side(assembly, ben):
    pasted = {
        "text_id": "1. Jalan bersih.\r\n\r\n2) Sungai bersih.\r\n  • 3 taman baru.",
        "text_en": "- Clean streets.\r\n- Clean river.\r\n\r\n\r\n– 3 new parks.\r\n",
    }

    ben.post(f"{MATERIAL}statements/new/", pasted)

    assert kept_seeds() == [
        (1, "Jalan bersih.", "Clean streets."),
        (2, "Sungai bersih.", "Clean river."),
        (3, "3 taman baru.", "3 new parks."),
    ]
    assert RecordEntry.objects.filter(type="statement").count() == 3


def test_each_line_is_checked_as_a_statement_alone_and_none_is_kept_while_one_is_wrong(assembly, ben):
    write_seed(assembly, {"id": "Setiap jalan punya tempat sampah.", "en": "Every street has a bin."})
    pairs = [("Jalan.", "Streets."), ("Panjang.", "x" * 281), ("Jalan!", "Roads."), ("Lain.", "every street has a bin")]

    answer = ben.post(f"{MATERIAL}statements/new/", lines(*pairs))

    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "text_id": ["“Jalan!” stands here twice. Please delete one of them."],
        "text_en": [
            f"“{'x' * 40}…”: That is 1 character too long. Please shorten it: one idea is enough.",
            "“every street has a bin” can be voted on already: it is statement 1. Please delete it here.",
        ],
    }
    assert "Roads." in answer.content.decode()
    assert len(kept_seeds()) == 1


def test_languages_with_more_lines_than_the_other_are_sent_back_with_their_counts(assembly, ben):
    answer = ben.post(f"{MATERIAL}statements/new/", {"text_id": "Satu.\r\nDua.", "text_en": "One."})

    assert answer.context["form"].non_field_errors() == [
        "Line by line they belong together, and one language has more lines than the other: Indonesian 2, English 1."
    ]
    assert kept_seeds() == []


def test_more_statements_than_anybody_reads_are_not_taken_at_once(assembly, ben):
    pairs = [(f"Gagasan {n}.", f"Idea {n}.") for n in range(51)]

    refused = ben.post(f"{MATERIAL}statements/new/", lines(*pairs))
    kept = ben.post(f"{MATERIAL}statements/new/", lines(*pairs[:50]))

    assert (refused.status_code, kept.status_code, len(kept_seeds())) == (400, 302, 50)


def a_seed(assembly, text: str, indonesian: str = "") -> Statement:
    number = assembly.statements.count() + 1
    seed = Statement.objects.create(assembly=assembly, number=number, text=text, language="en", is_seed=True)
    if indonesian:
        StatementText.objects.create(statement=seed, language="id", text=indonesian)
    return seed


def test_before_a_vote_each_seed_is_looked_over(assembly, ben):
    a_seed(assembly, "Every street should have a bin.", "Setiap jalan perlu tempat sampah.")
    a_seed(assembly, "Every street should have a bin!", "Setiap jalan perlu satu tempat sampah.")
    a_seed(assembly, "Nobody should burn waste and the city must collect it twice a week.", "Jangan membakar sampah.")
    a_seed(assembly, "The market pays more.")
    a_seed(assembly, "Trucks come at night.", "Trucks come at night.")

    page = ben.get(MATERIAL)

    assert [row["remarks"] for row in page.context["seeds"]] == [
        ["Says nearly the same as statement 2"],
        ["Says nearly the same as statement 1"],
        ["Seems to hold two ideas: nobody could agree with only one"],
        ["Missing in Indonesian"],
        ["The same words in two languages: is one of them not translated yet?"],
    ]
    assert "Balance: 1 of 5 are worded as a refusal" in page.content.decode()
    assert not look_over(assembly).compared


def test_a_proposal_goes_while_nobody_has_argued_and_the_record_keeps_that_it_was_there(assembly, ben):
    ben.post(f"{MATERIAL}proposals/new/", WRITTEN)
    proposal = Proposal.objects.get()
    address = f"{MATERIAL}proposals/{proposal.public_id}/"
    offered = "Take this proposal away" in ben.get(address).content.decode()

    gone = ben.post(f"{address}removals/", follow=True)

    assert offered
    assert "The proposal is taken away." in gone.content.decode()
    assert Proposal.objects.count() == 0
    told = RecordOpening.objects.filter(entry__type="material").order_by("pk")
    assert [json.loads(bytes(each.content)).get("removed", False) for each in told] == [False, True]


@pytest.mark.parametrize("used", ["an argument", "a draft of one", "an agenda"])
def test_a_proposal_that_somebody_rests_on_stays(assembly, ben, ana, used):
    ben.post(f"{MATERIAL}proposals/new/", WRITTEN)
    proposal = Proposal.objects.get()
    if used == "an argument":
        argue(ana, proposal, Side.FOR, "It smells less.", "en")
    elif used == "a draft of one":
        keep_draft(ana, proposal, "It smells", "en", Side.FOR)
    else:
        plan_session(assembly, {"en": "Evening"}, [NewItem(ItemKind.TALK, {"en": "Bins"}, 5, {}, proposal)])

    answer = ben.post(f"{MATERIAL}proposals/{proposal.public_id}/removals/", follow=True).content.decode()

    assert "it stays." in answer
    assert Proposal.objects.get() == proposal
    assert "Take this proposal away" not in ben.get(f"{MATERIAL}proposals/{proposal.public_id}/").content.decode()
