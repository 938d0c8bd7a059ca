"""Participants say whether a summary represents what was said; what they answer stands under it, never who."""

import json

import pytest

from deliberation.actions import challenging, publishing, ratifying, reviewing
from deliberation.actions.erasing import erase
from deliberation.actions.errors import NotInThisState, StaleVote
from deliberation.actions.phases import close_phase
from deliberation.analysis.ratification import PointRate, Rate, rates
from deliberation.models import ChallengeState, Ratification, Ratified, Summary, Verdict
from deliberation.record.sealing import seal
from deliberation.visibility import record_openings_for
from tests.finished_assembly import keep_keys_in, program, unpacked
from tests.people import a_facilitator, a_member, a_proposal, browser_of
from tests.summaries import NOISE, a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)

verify = program("verify")
FIX = "It was at four, not at five."


@pytest.fixture
def authors(assembly):
    return [a_member(assembly) for _ in range(8)]


@pytest.fixture
def offered(assembly, authors) -> Summary:
    made = a_summary(assembly, arguments_of(a_proposal(assembly), authors))
    return publishing.offer(made, None)


def answer(person, key: str, **sent: object):
    address = f"/a/river/summaries/1/sentences/{key}/ratifications/"
    return browser_of(person).post(address, {"replaces": "0", **sent})


def test_an_answer_is_kept_with_its_revision_and_whether_its_author_is_cited(assembly, offered, authors):
    ana = a_member(assembly, "Ana")

    ratifying.ratify(ana, offered, "noise", Ratified.YES)
    ratifying.ratify(authors[1], offered, "noise", Ratified.FIX, FIX, "en")
    ratifying.ratify(ana, offered, "noise", Ratified.NO, replaces=1)

    kept = [
        (each.participant, each.answer, each.fix, each.is_source, each.revision)
        for each in Ratification.objects.order_by("pk")
    ]
    assert kept == [(ana, "no", "", False, 2), (authors[1], "fix", FIX, True, 1)]


def test_the_same_answer_sent_twice_is_one_answer_and_a_stale_one_changes_nothing(assembly, offered):
    ana = a_member(assembly, "Ana")
    ratifying.ratify(ana, offered, "noise", Ratified.YES)
    ratifying.ratify(ana, offered, "noise", Ratified.YES)

    with pytest.raises(StaleVote):
        ratifying.ratify(ana, offered, "noise", Ratified.NO)

    assert [(each.answer, each.revision) for each in Ratification.objects.all()] == [("yes", 1)]
    assert assembly.record.filter(type="ratify").count() == 1


def test_nothing_is_answered_once_the_question_is_closed(assembly, offered):
    ratifying.close(offered, None)

    with pytest.raises(NotInThisState):
        ratifying.ratify(a_member(assembly), offered, "noise", Ratified.YES)


def test_the_record_tells_answers_only_once_published_and_never_who_or_what_words(assembly, offered, authors):
    ratifying.ratify(authors[1], offered, "noise", Ratified.FIX, FIX, "en")
    entry = assembly.record.get(type="ratify")
    leaf, content = bytes(entry.leaf), bytes(entry.opening.content)
    stranger, ben = None, a_facilitator(assembly)

    while_asked = [record_openings_for(assembly, reader)("ratify", leaf, content) for reader in (stranger, ben)]
    ratifying.close(offered, None)

    assert while_asked == [False, False]
    assert record_openings_for(assembly, stranger)("ratify", leaf, content)
    assert FIX not in content.decode()
    assert authors[1].public_id not in (leaf + content).decode()
    assert json.loads(leaf)["id"] != json.loads(leaf)["c"]


def given(point: str, answers: str, is_source: bool = False) -> list[Ratification]:
    words = {"y": Ratified.YES, "n": Ratified.NO, "f": Ratified.FIX}
    return [
        Ratification(point=point, participant_id=id, answer=words[each], is_source=is_source)
        for id, each in enumerate(answers, start=100 if is_source else 1)
    ]


def test_a_rate_is_told_from_five_answers_on():
    found = rates(given("noise", "yyyn") + given("jobs", "yyynf"))

    assert found.points == {"noise": PointRate(None, None), "jobs": PointRate(Rate(3, 5), None)}
    assert (found.people, found.answers) == (5, Rate(6, 9))


@pytest.mark.parametrize(("others", "told"), [("", Rate(4, 5)), ("n", None), ("nnnn", None), ("nnnnn", Rate(4, 5))])
def test_the_cited_are_told_apart_only_where_nobody_else_can_be_worked_out(others, told):
    found = rates(given("noise", "yyyyn", is_source=True) + given("noise", others))

    assert found.points["noise"].sources == told


def test_fewer_than_five_people_show_no_number_at_all():
    assert rates(given("noise", "yyyy") + given("jobs", "yyyy")).answers is None


def test_the_page_asks_about_what_one_wrote_first_and_counts_what_is_answered(offered, authors):
    browser = browser_of(authors[5])
    before = browser.get("/a/river/summary/ratification/").context

    answer(authors[5], "jobs", answer="yes")
    after = browser.get("/a/river/summary/ratification/").context

    assert [[row["key"] for row in before[part]] for part in ("mine", "others")] == [["jobs"], ["noise"]]
    assert [(context["answered"], context["total"]) for context in (before, after)] == [(0, 2), (1, 2)]


def test_nobody_reads_a_draft_that_no_facilitator_has_ticked(assembly, offered):
    page = browser_of(a_member(assembly)).get("/a/river/summary/ratification/").context

    assert page["others"][0]["words"].text == NOISE[0]


def test_after_an_answer_the_next_open_sentence_is_at_hand(assembly, offered):
    ana = a_member(assembly, "Ana")

    first, second = answer(ana, "noise", answer="no"), answer(ana, "jobs", answer="yes")

    assert first["Location"].endswith("/summary/ratification/#item-jobs")
    assert second["Location"].endswith("/summary/ratification/#progress")


def test_a_correction_without_words_is_asked_for_them_and_one_too_long_keeps_them(assembly, offered):
    ana = a_member(assembly, "Ana")

    empty, long = answer(ana, "noise", answer="fix", fix=" "), answer(ana, "noise", answer="fix", fix="x" * 501)

    assert (empty.status_code, long.status_code, Ratification.objects.count()) == (400, 400, 0)
    assert "Please write what should be corrected." in empty.content.decode()
    assert "x" * 501 in long.content.decode()


def test_the_home_says_that_a_summary_waits_and_then_that_it_may_be_changed(assembly, offered):
    ana = a_member(assembly, "Ana")
    home = browser_of(ana).get("/a/river/").content.decode()
    for key in ("noise", "jobs"):
        answer(ana, key, answer="yes")

    assert "A summary waits for your word" in home
    assert "You have answered about the summary." in browser_of(ana).get("/a/river/").content.decode()


def test_what_was_answered_stands_under_the_sentence_once_it_is_published(assembly, offered, authors):
    for author in authors[:5]:
        ratifying.ratify(author, offered, "noise", Ratified.YES)
    hidden = browser_of(None).get("/a/river/summary/").content.decode()

    ratifying.close(offered, None)

    shown = browser_of(None).get("/a/river/summary/").content.decode()
    assert "5 of 5 who answered say that this represents what was said." not in hidden
    assert "5 of 5 who answered say that this represents what was said." in shown


def test_facilitators_read_corrections_beside_the_sentence_and_nobody_else_reads_them(assembly, offered, authors):
    ratifying.ratify(authors[1], offered, "noise", Ratified.FIX, FIX, "en")
    ratifying.close(offered, None)

    assert FIX in browser_of(a_facilitator(assembly)).get("/a/river/desk/summaries/1/").content.decode()
    for address in ("summary/", "summary/versions/", "summary/ratification/"):
        assert FIX not in browser_of(authors[0]).get(f"/a/river/{address}").content.decode()


def test_erasing_takes_back_what_is_still_asked_and_keeps_what_was_counted(assembly, offered, authors):
    ana, ines = a_member(assembly, "Ana"), a_member(assembly, "Ines")
    ratifying.ratify(ana, offered, "noise", Ratified.FIX, FIX, "en")
    erase(ana)
    while_asked = Ratification.objects.count()
    ratifying.ratify(ines, offered, "noise", Ratified.FIX, FIX, "en")
    ratifying.close(offered, None)
    erase(ines)

    kept = [(each.participant, each.answer, each.fix) for each in Ratification.objects.all()]
    assert (while_asked, kept) == (0, [(None, "fix", "")])


def test_while_results_are_hidden_nobody_is_asked(assembly, offered):
    assembly.phases.update(results="after_close")

    page = browser_of(a_member(assembly)).get("/a/river/summary/ratification/")

    assert "No summary waits for your word now." in page.content.decode()
    assert answer(a_member(assembly), "noise", answer="yes").status_code == 409


def test_a_bundle_with_all_of_it_is_accepted_and_says_which_answers_wait(assembly, authors, tmp_path, monkeypatch):
    keep_keys_in(tmp_path, monkeypatch)
    ben, said = a_facilitator(assembly), arguments_of(a_proposal(assembly), authors)
    draft = a_summary(assembly, said)
    publishing.tell(draft)  # as the run does that writes it
    reviewing.decide(draft, "noise", Verdict.KEPT, ben, replaces=0)
    reviewing.undo_review(draft, "noise", replaces=1)
    reviewing.move(draft, said[7], "", "jobs", ben, replaces=0)
    asked = reviewing.offer_reviewed(draft, ben)
    ratifying.ratify(authors[1], asked, "noise", Ratified.FIX, FIX, "en")
    close_phase(assembly.phases.get())
    seal(assembly)
    waiting = list(verify.verify(unpacked(assembly, tmp_path / "waiting")))

    ratifying.close(asked, ben)
    answer = challenging.challenge(authors[2], asked, "noise", "It leaves out who.", "en")
    challenging.answer(answer, ChallengeState.KEPT, "It is quoted so.", ben)
    erase(authors[1])
    seal(assembly)
    published = list(verify.verify(unpacked(assembly, tmp_path / "published")))

    assert "1 not given: answers about a summary that is not published yet" in waiting[2]
    assert "not published yet" not in published[2]
    assert "erased by those who wrote them" in published[2]
