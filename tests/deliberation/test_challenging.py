"""Objections to a published sentence: public, answered, and settled by a version that says otherwise."""

import pytest

from deliberation.actions import challenging, publishing, ratifying, reviewing
from deliberation.actions.erasing import erase
from deliberation.actions.errors import AlreadyChallenged, NotInThisState
from deliberation.models import Challenge, ChallengeState, Ratified, Rule, Summary
from tests.people import a_facilitator, a_member, a_proposal, browser_of
from tests.summaries import NOISE, a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Nobody spoke of children here, but of the whole street."
EDITED = "Trucks wake the whole street before dawn."


@pytest.fixture
def said(assembly):
    return arguments_of(a_proposal(assembly), [a_member(assembly) for _ in range(8)])


@pytest.fixture
def published(assembly, said) -> Summary:
    return publishing.publish(a_summary(assembly, said, draft=""), None)


def test_an_objection_stands_beside_its_sentence_with_its_state(assembly, published, ana):
    address = "/a/river/summaries/1/sentences/noise/challenges/"

    sent = browser_of(ana).post(address, {"reason": REASON}, follow=True)

    page = browser_of(None).get("/a/river/summary/").content.decode()
    assert "Your objection is in the record." in sent.content.decode()
    for words in (REASON, "Ana", "Waits for an answer"):
        assert words in page
    assert assembly.record.filter(type="challenge").count() == 1


def test_one_person_waits_for_an_answer_before_objecting_again(published, ana):
    first = challenging.challenge(ana, published, "noise", REASON, "en")
    with pytest.raises(AlreadyChallenged):
        challenging.challenge(ana, published, "noise", REASON, "en")

    challenging.answer(first, ChallengeState.KEPT, "It is quoted word for word.", None)
    challenging.challenge(ana, published, "noise", "I still think so.", "en")

    assert [each.state for each in Challenge.objects.all()] == ["kept", "open"]


def test_what_is_not_published_is_not_objected_to(assembly, said, ana):
    with pytest.raises(NotInThisState):
        challenging.challenge(ana, a_summary(assembly, said), "noise", REASON, "en")


@pytest.mark.parametrize("key", ["elsewhere", "drafted"])
def test_an_objection_is_to_a_sentence_that_is_there(published, ana, key):
    answer = browser_of(ana).post(f"/a/river/summaries/1/sentences/{key}/challenges/", {"reason": REASON})

    assert (answer.status_code, Challenge.objects.count()) == (404, 0)


def test_the_facilitator_answers_where_everybody_reads_it(assembly, published, ana):
    made = challenging.challenge(ana, published, "noise", REASON, "en")
    ben = a_facilitator(assembly)
    waiting = browser_of(ben).get("/a/river/desk/challenges/").context["waiting"]

    sent = {"state": "kept", "answer": "The first source speaks of children.", "rule": ""}
    browser_of(ben).post(f"/a/river/desk/challenges/{made.public_id}/answers/", sent)

    page = browser_of(None).get("/a/river/summary/").content.decode()
    assert [row["reason"] for row in waiting] == [REASON]
    assert "The first source speaks of children." in page
    assert "The sentence is kept" in page


def test_words_that_break_a_rule_are_hidden_and_the_rule_is_told(assembly, published, ana):
    made = challenging.challenge(ana, published, "noise", REASON, "en")

    challenging.answer(made, ChallengeState.KEPT, "It stays.", None, rule=Rule.ATTACK)

    page = browser_of(None).get("/a/river/summary/").content.decode()
    assert REASON not in page
    assert "The words of this objection are hidden. The reason: It attacks a person or a group of people." in page


def test_an_accepted_objection_is_settled_by_the_version_that_says_otherwise(assembly, published, said, ana):
    ben = a_facilitator(assembly)
    made = challenging.challenge(ana, published, "noise", REASON, "en")
    other = challenging.challenge(ana, published, "jobs", "Too many jobs are promised.", "en")
    for each in (made, other):
        challenging.answer(each, ChallengeState.ACCEPTED, "It will be corrected.", ben)

    reviewing.edit(published, "noise", EDITED, "en", [said[3].public_id], ben, replaces=0)
    second = reviewing.offer_reviewed(published, ben)
    ratifying.close(second, ben)

    states = [(each.state, each.corrected_in) for each in Challenge.objects.order_by("pk")]
    assert states == [("corrected", second), ("accepted", None)]
    assert "Corrected in version 2" in browser_of(None).get("/a/river/summary/").content.decode()


def test_the_changes_page_tells_word_by_word_what_a_version_says_otherwise(assembly, published, said):
    ben = a_facilitator(assembly)
    words = NOISE[0].replace("the children", "our whole street")
    reviewing.edit(published, "noise", words, "en", [said[3].public_id], ben, replaces=0)
    reviewing.move(published, said[7], "", "jobs", ben, replaces=0)
    ratifying.close(reviewing.offer_reviewed(published, ben), ben)

    page = browser_of(None).get("/a/river/summary/versions/2/changes/")

    (change,) = [each for each in page.context["changed"] if each.key == "noise"]
    assert [(each.kind, each.words) for each in change.words] == [
        ("same", "Heavy trucks wake"),
        ("removed", "the children"),
        ("added", "our whole street"),
        ("same", "at five in the morning."),
    ]
    numbers = {each.key: each.after.text for each in page.context["numbers"]}
    assert numbers["n-jobs"] == "4 of the 8 participants who argued against it made this point."
    assert '<del><span class="unseen">removed: </span>the children' in page.content.decode()


def test_what_an_offered_version_changes_can_be_read_while_it_is_asked_about_and_no_answers_with_it(
    assembly, published, said, ana
):
    ben = a_facilitator(assembly)
    reviewing.edit(published, "noise", EDITED, "en", [said[0].public_id], ben, replaces=0)
    offered = reviewing.offer_reviewed(published, ben)
    ratifying.ratify(ana, offered, "noise", Ratified.YES)

    asked = browser_of(ana).get("/a/river/summary/ratification/").content.decode()
    changes = browser_of(ana).get("/a/river/summary/versions/2/changes/").content.decode()

    assert "/a/river/summary/versions/2/changes/" in asked
    assert "What changed since version 1" in asked
    assert "This version is not published yet" in changes
    assert EDITED in changes.replace("</ins>", "")
    assert "represents what was said" not in changes.replace("whether it represents what was said", "")


def test_a_sentence_that_was_erased_is_not_told_by_the_changes(assembly, published, said):
    ben = a_facilitator(assembly)
    reviewing.edit(published, "noise", EDITED, "en", [said[0].public_id], ben, replaces=0)
    ratifying.close(reviewing.offer_reviewed(published, ben), ben)
    address = "/a/river/summary/versions/2/changes/"
    before = browser_of(None).get(address).content.decode()

    erase(said[0].author)

    after = browser_of(None).get(address).content.decode()
    assert EDITED in before.replace("</ins>", "")
    assert EDITED not in after
    assert NOISE[0] not in after


def test_an_erased_objection_leaves_its_answer_and_nothing_of_its_author(assembly, published, ana):
    made = challenging.challenge(ana, published, "noise", REASON, "en")
    challenging.answer(made, ChallengeState.KEPT, "It stays as it is.", None)

    erase(ana)

    page = browser_of(None).get("/a/river/summary/").content.decode()
    assert REASON not in page
    assert "It stays as it is." in page


def test_who_objected_hears_that_it_was_answered(assembly, published, ana):
    made = challenging.challenge(ana, published, "noise", REASON, "en")
    browser_of(ana).get("/a/river/")
    ana.last_visit.before = made.created_at
    ana.last_visit.save()

    challenging.answer(made, ChallengeState.KEPT, "It stays as it is.", None)

    assert "The facilitator has answered your objection" in browser_of(ana).get("/a/river/").content.decode()


def test_while_results_are_hidden_no_page_tells_a_sentence_or_an_objection(assembly, published, ana):
    challenging.challenge(ana, published, "noise", REASON, "en")
    pages = ["summary/", "summary/versions/", "summary/versions/1/changes/", "summaries/1/sentences/noise/challenges/"]
    open_to_all = [browser_of(ana).get(f"/a/river/{page}") for page in pages]
    assembly.phases.update(results="after_close")

    hidden = [browser_of(ana).get(f"/a/river/{page}") for page in pages]

    assert [page.status_code for page in open_to_all] == [200, 200, 200, 200]
    assert sum(NOISE[0] in page.content.decode() for page in open_to_all) == 2
    assert [page.status_code for page in hidden] == [200, 200, 404, 404]
    for page in hidden:
        assert NOISE[0] not in page.content.decode()
        assert REASON not in page.content.decode()


def test_a_draft_is_the_facilitators_alone(assembly, said, ana):
    a_summary(assembly, said)
    pages = ["desk/summaries/1/", "summary/versions/1/changes/", "summaries/1/sentences/noise/challenges/"]

    answers = [browser_of(ana).get(f"/a/river/{page}").status_code for page in pages]

    assert answers == [404, 404, 404]
    assert browser_of(a_facilitator(assembly)).get("/a/river/desk/summaries/1/").status_code == 200
