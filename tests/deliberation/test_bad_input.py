"""What comes in wrong gets a clear, translated answer, and nothing is stored."""

import time

import pytest
from django.test import Client

from deliberation.actions.phases import close_phase
from deliberation.models import Argument, RecordEntry, Statement, Vote
from tests.people import a_proposal, a_statement, an_assembly, browser_of

pytestmark = pytest.mark.django_db


def stored() -> tuple[int, int, int, int]:
    return (Vote.objects.count(), Statement.objects.count(), Argument.objects.count(), RecordEntry.objects.count())


def vote_address(statement: Statement) -> str:
    return f"/a/river/statements/{statement.public_id}/votes/"


BAD_VOTES = {
    "a vote of 7": {"choice": "7", "revision": "0"},
    "a number that is almost a vote": {"choice": "1.0", "revision": "0"},
    "no choice": {"revision": "0"},
    "no revision": {"choice": "agree"},
    "a revision of 5,000 digits": {"choice": "agree", "revision": "9" * 5000},
    "a NUL": {"choice": "agree\x00", "revision": "0"},
    "something nobody asked for": {"choice": "agree", "revision": "0", "weight": "100"},
    "two choices": {"choice": ["agree", "disagree"], "revision": "0"},
}


@pytest.mark.parametrize("values", BAD_VOTES.values(), ids=BAD_VOTES.keys())
def test_a_vote_that_is_none_is_refused_and_explained(assembly, ana, values):
    statement = a_statement(assembly)
    before = stored()

    answer = browser_of(ana).post(vote_address(statement), values)

    assert answer.status_code == 400
    assert answer.context["problem"]
    assert answer.context["problem"] in answer.content.decode()
    assert stored() == before


def test_the_refusal_is_in_the_readers_language(assembly, ana):
    browser = browser_of(ana)

    answer = browser.post(
        vote_address(a_statement(assembly)), {"choice": "7", "revision": "0"}, headers={"accept-language": "id"}
    )

    assert "Silakan pilih" in answer.content.decode()


NOT_TEXT = {
    "a NUL": "The river \x00 is dirty and we know why.",
    "a lone surrogate": b"text=The+river+%ED%A0%80+is+dirty+today&language=en",
    "bytes that are no UTF-8": b"text=The+river+%FF%FE+is+dirty+today&language=en",
}


@pytest.mark.parametrize("text", NOT_TEXT.values(), ids=NOT_TEXT.keys())
def test_what_is_no_text_is_refused(assembly, ana, text):
    before = stored()
    browser = browser_of(ana)

    if isinstance(text, bytes):
        form = "application/x-www-form-urlencoded"
        answer = browser.post("/a/river/statements/new/", text, content_type=form)
    else:
        answer = browser.post("/a/river/statements/new/", {"text": text, "language": "en"})

    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()
    assert stored() == before


def test_text_that_hides_its_direction_is_cleaned_not_refused(assembly, ana):
    browser_of(ana).post("/a/river/statements/new/", {"text": "Clean\u202e the   river\u200b now", "language": "en"})

    assert Statement.objects.get().text == "Clean the river now"


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read_into_memory(assembly, ana):
    before = stored()

    answer = browser_of(ana).post("/a/river/statements/new/", {"text": "x" * 10_000_000, "language": "en"})

    assert answer.status_code == 413
    assert "larger than anything this site takes" in answer.content.decode()
    assert stored() == before


def test_a_statement_that_is_too_long_comes_back_with_its_text(assembly, ana):
    text = "We should clean the river. " * 20

    answer = browser_of(ana).post("/a/river/statements/new/", {"text": text, "language": "en"})

    assert answer.status_code == 400
    assert "too long" in answer.content.decode()
    assert text.strip() in answer.content.decode()
    assert Statement.objects.count() == 0


def test_an_unknown_statement_is_nothing_to_vote_on(assembly, ana):
    answer = browser_of(ana).post("/a/river/statements/doesnotexist/votes/", {"choice": "agree", "revision": "0"})

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_statement_of_another_assembly_is_nothing_to_vote_on(assembly, ana):
    elsewhere = a_statement(an_assembly("hills"))

    answer = browser_of(ana).post(vote_address(elsewhere), {"choice": "agree", "revision": "0"})

    assert answer.status_code == 404
    assert Vote.objects.count() == 0


def test_a_vote_after_the_phase_closed_is_refused_and_explained(assembly, ana):
    statement = a_statement(assembly)
    close_phase(assembly.phases.get())

    answer = browser_of(ana).post(vote_address(statement), {"choice": "agree", "revision": "0"})

    assert answer.status_code == 409
    assert "Voting is closed now" in answer.content.decode()
    assert Vote.objects.count() == 0


def test_a_phase_that_closed_while_somebody_wrote_gives_the_text_back(assembly, ana):
    close_phase(assembly.phases.get())

    answer = browser_of(ana).post(
        "/a/river/statements/new/", {"text": "Let us plant trees on the bank.", "language": "en"}
    )

    assert answer.status_code == 409
    assert "Let us plant trees on the bank." in answer.content.decode()
    assert Statement.objects.count() == 0


def test_an_argument_without_a_side_comes_back_with_its_text(assembly, ana):
    proposal = a_proposal(assembly)

    answer = browser_of(ana).post(
        f"/a/river/proposals/{proposal.public_id}/arguments/", {"text": "It smells less in June.", "language": "en"}
    )

    assert answer.status_code == 400
    assert "It smells less in June." in answer.content.decode()
    assert Argument.objects.count() == 0


def test_a_stranger_who_votes_is_asked_to_join_first(assembly):
    answer = browser_of(None).post(vote_address(a_statement(assembly)), {"choice": "agree", "revision": "0"})

    assert (answer.status_code, answer["Location"]) == (302, "/a/river/join/")
    assert Vote.objects.count() == 0


def test_a_form_from_another_site_is_refused_and_the_text_given_back(assembly, ana):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana.account)

    answer = browser.post("/a/river/statements/new/", {"text": "Mine all the same.", "language": "en"})

    assert answer.status_code == 403
    assert "Mine all the same." in answer.content.decode()
    assert Statement.objects.count() == 0


def test_script_in_a_statement_is_shown_as_text(assembly, ana):
    a_statement(assembly, "<script>alert(1)</script> & <b>bold</b>")

    page = browser_of(ana).get("/a/river/deck/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;" in page
    assert "<script>alert" not in page


def test_a_person_may_vote_fast_but_not_like_a_machine(assembly, ana, monkeypatch):
    statement, moment = a_statement(assembly), time.time()
    monkeypatch.setattr(time, "time", lambda: moment)  # however long this machine takes: all in one minute
    browser = browser_of(ana)

    statuses = [
        browser.post(vote_address(statement), {"choice": "agree", "revision": "0"}).status_code for _ in range(241)
    ]

    assert 429 not in statuses[:240]
    assert statuses[240] == 429
