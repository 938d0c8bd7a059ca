"""Questions to the experts: asked by participants, given out, answered with sources, and never a page too many."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from deliberation.actions.asking import answer, ask, assign, want_to_know
from deliberation.actions.errors import NotAnExpert, NotInThisState
from deliberation.actions.leaving import leave_for_good
from deliberation.actions.moderating import moderate
from deliberation.actions.phases import close_phase
from deliberation.actions.withdrawing import withdraw
from deliberation.exports.my_data import my_data
from deliberation.models import Decision, ExpertAnswer, ModerationChoice, PhaseKind, Question, RecordEntry, Role, Rule
from deliberation.news import news_of
from tests.people import a_facilitator, a_member, an_assembly, an_open_phase, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
ASKED = "How much does one more truck cost?"
NONCE = "0" * 32


@pytest.fixture
def eka(assembly):
    return a_member(assembly, "Eka", Role.EXPERT)


def page_of(person, address: str) -> str:
    return browser_of(person).get(f"/a/river/{address}").content.decode()


def test_a_question_is_asked_on_one_page_and_read_on_another_by_everybody(assembly, ana):
    answered = browser_of(ana).post("/a/river/questions/new/", {"text": ASKED, "language": "en", "nonce": NONCE})

    assert answered["Location"] == "/a/river/questions/"
    assert ASKED in page_of(None, "questions/")
    assert list(RecordEntry.objects.values_list("type", "owner__participant__pseudonym")) == [("question", "Ana")]


def test_what_was_typed_stays_when_it_is_too_short(assembly, ana):
    answered = browser_of(ana).post("/a/river/questions/new/", {"text": "Why?", "language": "en"})

    assert answered.status_code == 400
    assert "Please write a little more." in answered.content.decode()
    assert "Why?</textarea>" in answered.content.decode()
    assert not Question.objects.exists()


def test_a_question_is_given_to_an_expert_who_answers_with_sources(assembly, ana, eka):
    question, ben = ask(ana, ASKED, "en"), a_facilitator(assembly)
    due = timezone.localdate() + DAY
    address = f"/a/river/desk/questions/{question.public_id}/assignments/"

    given = browser_of(ben).post(address, {"owner": eka.public_id, "due_on": due.isoformat()})
    mine = page_of(eka, "answering/")
    sent = {
        "language": "en",
        "revision": "0",
        "text": "About Rp900 million.",
        "sources": "City budget 2025\nhttps://example.org/b",
    }
    answered = browser_of(eka).post(f"/a/river/answering/{question.public_id}/", sent)

    assert (given.status_code, answered.status_code) == (302, 302)
    assert mine.index("For you") < mine.index(ASKED)
    page = page_of(None, f"questions/{question.public_id}/")
    assert "About Rp900 million." in page
    assert '<a href="https://example.org/b" rel="noreferrer nofollow">' in page
    assert f"/a/river/questions/{question.public_id}/" in page


def test_an_expert_s_home_says_how_many_questions_wait(assembly, ana, eka):
    for text in (ASKED, "Who empties the river net?"):
        assign(ask(ana, text, "en"), eka, None)

    assert "2 questions were given to you." in page_of(eka, "")
    assert "given to you" not in page_of(ana, "")


@pytest.mark.parametrize(("who", "status"), [("an observer", 403), ("after the close", 409)])
def test_nobody_asks_who_only_watches_or_comes_too_late(assembly, who, status):
    asker = a_member(assembly, "Ana", *([Role.OBSERVER] if who == "an observer" else []))
    if who == "after the close":
        an_open_phase(an_assembly_between(assembly), PhaseKind.CLOSED)

    answered = browser_of(asker).post("/a/river/questions/new/", {"text": ASKED, "language": "en"})

    assert answered.status_code == status
    assert ASKED in answered.content.decode()
    assert not Question.objects.exists()


def an_assembly_between(assembly):
    """No phase of it is open."""
    for phase in assembly.phases.open():
        close_phase(phase)
    return assembly


def test_questions_go_only_to_those_who_may_answer_here(assembly, ana, eka):
    question = ask(ana, ASKED, "en")
    elsewhere = a_member(an_assembly("hills"), "Chidi", Role.EXPERT)

    for nobody in (ana, elsewhere):
        with pytest.raises(NotAnExpert):
            assign(question, nobody, None)


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, False), (1, False)])
def test_what_is_late_is_marked_until_it_is_answered(assembly, ana, eka, days, told):
    question = ask(ana, ASKED, "en")
    assign(question, eka, timezone.localdate() + days * DAY)

    before = page_of(eka, "answering/")
    answer(question, eka, "en", "About Rp900 million.", "City budget", 0)

    assert ("Overdue" in before) is told
    assert "Overdue" not in page_of(eka, "answering/")


def test_an_answer_written_twice_at_once_is_not_overwritten(assembly, ana, eka):
    question = ask(ana, ASKED, "en")
    answer(question, eka, "en", "About Rp900 million.", "City budget", 0)

    with pytest.raises(NotInThisState):
        answer(question, a_facilitator(assembly), "en", "I do not know.", "Myself", 0)
    changed = answer(question, eka, "en", "About Rp800 million.", "City budget", 1)

    assert (changed.revision, ExpertAnswer.objects.get().text) == (2, "About Rp800 million.")
    assert RecordEntry.objects.filter(type="answer").count() == 2


def test_readers_get_the_answer_in_their_language_where_there_is_one(assembly, ana, eka):
    question = ask(ana, ASKED, "en")
    answer(question, eka, "en", "About Rp900 million.", "City budget", 0)
    address = f"/a/river/questions/{question.public_id}/"

    only_english = browser_of(None).get(address, headers={"accept-language": "id"}).content.decode()
    answer(question, eka, "id", "Sekitar Rp900 juta.", "APBD", 0)
    both = browser_of(None).get(address, headers={"accept-language": "id"}).content.decode()

    assert "About Rp900 million." in only_english
    assert "Sekitar Rp900 juta." in both
    assert "About Rp900 million." not in both


def test_each_person_wants_to_know_once_and_may_take_it_back(assembly, ana, eka):
    question = ask(ana, ASKED, "en")
    address = f"/a/river/questions/{question.public_id}/interests/"

    for wants in ("yes", "yes"):
        browser_of(eka).post(address, {"wants": wants})
    counted = page_of(None, "questions/")
    browser_of(ana).post(address, {"wants": "yes"})
    browser_of(eka).post(address, {"wants": "no"})

    assert "1 other person wants to know." in counted
    assert not question.interests.exists()


def test_those_who_asked_and_those_who_want_to_know_hear_of_the_answer(assembly, ana, eka):
    budi = a_member(assembly, "Budi")
    question = ask(ana, ASKED, "en")
    want_to_know(budi, question, True)
    answer(question, eka, "en", "About Rp900 million.", "City budget", 0)

    def heard(person):
        with translation.override("en"):
            return [each.words for each in news_of(person, timezone.now() - DAY, "en")]

    assert heard(ana) == ["Your question 1 to the experts was answered"]
    assert heard(budi) == ["Question 1, which you want to know too, was answered"]
    assert heard(eka) == []


def test_a_hidden_question_is_gone_and_its_author_may_appeal(assembly, ana, eka):
    question = ask(ana, "Why is my neighbour Rudi a thief?", "en")
    answer(question, eka, "en", "He is not.", "Myself", 0)
    ben = a_facilitator(assembly)
    queue = page_of(ben, "desk/statements/")

    moderate(question, Decision.REJECTED, "", by=ben, rule=Rule.PERSONAL_DATA)

    assert "Question 1 to the experts" in queue
    assert "Rudi" not in page_of(None, "questions/")
    assert browser_of(None).get(f"/a/river/questions/{question.public_id}/").status_code == 404
    assert "Your question 1 to the experts was hidden by a moderator." in page_of(ana, "mine/")
    assert browser_of(ana).get(f"/a/river/mine/question/{question.public_id}/appeals/").status_code == 200


def test_where_moderators_look_first_a_question_waits_for_them(assembly, ana):
    ModerationChoice.objects.create(assembly=assembly, looks_first=True, by=None)

    asked = browser_of(ana).post("/a/river/questions/new/", {"text": ASKED, "language": "en"}, follow=True)

    assert "A moderator reads it first" in asked.content.decode()
    assert ASKED not in page_of(None, "questions/")


def test_an_answer_stays_when_its_question_is_taken_back_without_the_words(assembly, ana, eka):
    question, other = ask(ana, ASKED, "en"), ask(ana, "Who empties the river net?", "en")
    answer(question, eka, "en", "About Rp900 million.", "City budget", 0)

    for each in (question, other):
        withdraw(each)

    board, page = page_of(None, "questions/"), page_of(None, f"questions/{question.public_id}/")
    assert ASKED not in board + page
    assert "Who asked has taken the words back." in page
    assert "About Rp900 million." in page
    assert "Who empties the river net?" not in board


def test_a_follow_up_names_the_question_before(assembly, ana, eka):
    question = ask(ana, ASKED, "en")
    answer(question, eka, "en", "About Rp900 million.", "City budget", 0)

    sent = {"text": "And to run it for a year?", "language": "en", "follows": question.public_id}
    browser_of(ana).post("/a/river/questions/new/", sent)

    later = Question.objects.get(number=2)
    assert later.follows == question
    assert "It follows question 1" in page_of(None, f"questions/{later.public_id}/")
    assert "And to run it for a year?" in page_of(None, f"questions/{question.public_id}/")


def test_my_data_hold_what_somebody_asked_and_leaving_takes_it_all(assembly, ana, eka):
    question, other = ask(ana, ASKED, "en"), ask(eka, "Who empties the river net?", "en")
    want_to_know(ana, other, True)
    answer(question, eka, "en", "About Rp900 million.", "City budget", 0)
    assign(question, eka, None)
    before, of_the_expert = my_data(ana), my_data(eka)

    leave_for_good(ana)
    leave_for_good(eka)

    assert [row["text"] for row in before["questions"]] == [ASKED]
    assert [row["question"] for row in before["question_interests"]] == [other.public_id]
    assert ASKED not in str(of_the_expert["questions_owned"])
    assert of_the_expert["questions_owned"][0]["number"] == 1
    assert list(Question.objects.values_list("text", flat=True)) == ["…", "…"]
    assert not ExpertAnswer.objects.exists()
    assert "No question" in page_of(a_facilitator(assembly), "desk/questions/")


@pytest.mark.parametrize("address", ["questions/", "answering/", "desk/questions/"])
def test_a_longer_board_asks_the_database_no_more_often(
    assembly, ana, eka, address, django_assert_num_queries, django_assert_max_num_queries
):
    ben = a_facilitator(assembly)
    questions = [ask(ana, ASKED, "en")]
    answer(questions[0], eka, "en", "About Rp900 million.", "City budget", 0)
    browser = browser_of(ben)
    browser.get(f"/a/river/{address}")
    with django_assert_max_num_queries(200) as counted:
        browser.get(f"/a/river/{address}")
    for _ in range(2):
        questions.append(ask(eka, ASKED, "en", follows=questions[0]))
        answer(questions[-1], eka, "en", "About Rp900 million.", "City budget", 0)
        ask(ana, ASKED, "en", follows=questions[0])

    with django_assert_num_queries(len(counted)):
        browser.get(f"/a/river/{address}")
