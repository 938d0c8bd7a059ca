"""Other words for what one has written: until somebody else has voted on them, until a summary cites them."""

import json

import pytest

from deliberation.actions.arguing import argue
from deliberation.actions.errors import PhaseClosed, Reworded, WordsStay
from deliberation.actions.moderating import moderate
from deliberation.actions.rewording import may_be_reworded, reword
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.actions.withdrawing import withdraw
from deliberation.analysis.embedding import vectors_of
from deliberation.models import (
    Choice,
    Decision,
    Embedding,
    PhaseKind,
    RecordEntry,
    Rule,
    Side,
    Statement,
    Summary,
    SummaryState,
    text_digest,
)
from tests.people import a_member, a_proposal, a_statement, browser_of

pytestmark = pytest.mark.django_db

FIRST, BETTER = "Put lamps on the path to school.", "Put lamps on the footpath to the school."


@pytest.fixture
def statement(ana):
    return make_statement(ana, FIRST, "en")


@pytest.fixture
def argument(assembly, ana):
    return argue(ana, a_proposal(assembly), Side.FOR, FIRST, "en")


def words(contribution) -> tuple[str, int]:
    contribution.refresh_from_db()
    return contribution.text, contribution.edits


def edit_entries(assembly) -> list[tuple[str, int, str]]:
    entries = RecordEntry.objects.filter(assembly=assembly, type="edit").order_by("pk").select_related("opening")
    told = [(json.loads(bytes(each.leaf)), json.loads(bytes(each.opening.content))) for each in entries]
    return [(leaf["id"], leaf["n"], content["text"]) for leaf, content in told]


def test_words_change_and_the_record_keeps_each_change(assembly, statement):
    reword(statement, "Put lamps there.", edits=0)
    reword(statement, BETTER, edits=1)

    assert words(statement) == (BETTER, 2)
    assert edit_entries(assembly) == [(statement.public_id, 1, "Put lamps there."), (statement.public_id, 2, BETTER)]


def test_the_same_words_are_no_change(assembly, statement):
    reword(statement, FIRST, edits=0)

    assert (words(statement), edit_entries(assembly)) == ((FIRST, 0), [])


def test_ones_own_vote_does_not_fix_the_words(ana, statement):
    vote_on(ana, statement, Choice.AGREE)

    reword(statement, BETTER, edits=0)

    assert words(statement) == (BETTER, 1)


def test_the_vote_of_somebody_else_fixes_the_words_even_when_it_is_taken_back(assembly, statement):
    ben = a_member(assembly, "Ben")
    vote_on(ben, statement, Choice.AGREE)
    vote_on(ben, statement, Choice.WITHDRAWN, replaces=1)

    with pytest.raises(WordsStay):
        reword(statement, BETTER, edits=0)

    assert words(statement) == (FIRST, 0)


@pytest.mark.parametrize(("state", "fixed"), [(SummaryState.PUBLISHED, True), (SummaryState.DRAFT, False)])
def test_a_summary_that_was_shown_fixes_the_words_it_cites(assembly, argument, state, fixed):
    document = {"sources": {argument.public_id: "digest"}, "proposals": []}
    Summary.objects.create(assembly=assembly, version=1, state=state, document=document)

    assert (argument.public_id in may_be_reworded(assembly.arguments.all())) is not fixed


def test_what_is_hidden_or_withdrawn_is_not_reworded(assembly, ana, statement, argument):
    moderate(statement, Decision.REJECTED, "", by=None, rule=Rule.TWO_IDEAS)
    withdraw(argument)

    for contribution in (statement, argument):
        with pytest.raises(WordsStay):
            reword(contribution, BETTER, edits=0)


def test_nothing_is_reworded_when_nothing_could_be_written(statement):
    statement.assembly.phases.update(kind=PhaseKind.CLOSED)

    with pytest.raises(PhaseClosed):
        reword(statement, BETTER, edits=0)


def test_a_change_made_elsewhere_is_not_overwritten(statement):
    reword(statement, BETTER, edits=0)

    with pytest.raises(Reworded):
        reword(statement, "Something older.", edits=0)

    assert words(statement) == (BETTER, 1)


def test_a_vote_on_words_that_were_changed_meanwhile_does_not_count(assembly, statement):
    ben = a_member(assembly, "Ben")
    reword(statement, BETTER, edits=0)

    with pytest.raises(Reworded):
        vote_on(ben, statement, Choice.AGREE, edition=0)

    assert statement.votes.count() == 0
    vote_on(ben, statement, Choice.AGREE, edition=1)
    assert statement.votes.count() == 1


def test_a_voter_whose_words_were_changed_is_shown_the_new_ones(assembly, statement):
    ben = browser_of(a_member(assembly, "Ben"))
    reword(statement, BETTER, edits=0)

    answer = ben.post(
        f"/a/river/statements/{statement.public_id}/votes/", {"choice": "agree", "revision": 0, "edition": 0}
    )

    assert (answer.status_code, answer.context["statement"]["text"]) == (409, BETTER)
    assert "Its author has changed these words" in answer.context["problem"]


def test_what_was_made_of_the_old_words_is_gone(statement):
    vectors_of([FIRST])

    reword(statement, BETTER, edits=0)

    assert not Embedding.objects.filter(text_digest=text_digest(FIRST)).exists()


def test_an_author_rewords_on_a_page_and_sees_it_among_their_contributions(ana, statement):
    browser, address = browser_of(ana), f"/a/river/mine/statement/{statement.public_id}/edits/"
    assert browser.get("/a/river/mine/").context["statements"][0]["editable"]

    page = browser.post(address, {"text": BETTER, "edits": 0}, follow=True)

    assert page.redirect_chain == [(f"/a/river/mine/#item-{statement.public_id}", 302)]
    assert page.context["statements"][0]["text"] == BETTER


def test_a_page_that_is_out_of_date_shows_the_words_as_they_are_and_keeps_what_was_typed(ana, statement):
    reword(statement, BETTER, edits=0)
    browser, address = browser_of(ana), f"/a/river/mine/statement/{statement.public_id}/edits/"

    refused = browser.post(address, {"text": "My third idea for it.", "edits": 0})

    assert (refused.status_code, refused.context["row"]["text"]) == (409, BETTER)
    assert refused.context["form"]["text"].value() == "My third idea for it."
    again = browser.post(address, {"text": "My third idea for it.", "edits": refused.context["form"]["edits"].value()})
    assert (again.status_code, words(statement)) == (302, ("My third idea for it.", 2))


def test_nobody_rewords_what_somebody_else_wrote(assembly, statement):
    chidi = browser_of(a_member(assembly, "Chidi"))

    answer = chidi.post(f"/a/river/mine/statement/{statement.public_id}/edits/", {"text": BETTER, "edits": 0})

    assert (answer.status_code, words(statement)) == (404, (FIRST, 0))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(assembly, ana, count, django_assert_num_queries):
    for _ in range(count):
        a_statement(assembly, author=ana)
    own = Statement.objects.filter(author=ana)

    with django_assert_num_queries(2):
        assert len(may_be_reworded(own)) == count
