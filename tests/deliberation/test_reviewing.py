"""Facilitators keep, edit and move; nothing of theirs is lost or overwritten, and every number follows at once."""

import json

import pytest

from deliberation.actions import publishing, reviewing
from deliberation.actions.errors import NotInThisState, RestsOnIt, StaleReview
from deliberation.analysis.standing_review import StandingReview
from deliberation.models import Review, Summary, SummaryState, Verdict
from tests.people import a_facilitator, a_member, a_proposal, an_assembly, browser_of
from tests.summaries import DRAFT, JOBS, NOISE, a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)

EDITED = "Trucks before dawn wake the children."


@pytest.fixture
def ben():
    return a_facilitator(an_assembly("river"))


@pytest.fixture
def said(ben):
    return arguments_of(a_proposal(ben.assembly), [a_member(ben.assembly) for _ in range(8)])


@pytest.fixture
def draft(ben, said) -> Summary:
    return a_summary(ben.assembly, said)


def words_of(summary: Summary, point: str) -> tuple[str, str]:
    standing = StandingReview(summary)
    words = standing.words(standing.place(point))
    return words.text, words.kind


def test_a_kept_draft_is_ticked_in_the_version_that_is_offered(ben, draft):
    reviewing.decide(draft, "noise", Verdict.KEPT, ben, replaces=0)

    offered = reviewing.offer_reviewed(draft, ben)

    kept = [(each.key, each.text, each.gate, each.ticked_by) for each in offered.wordings.all()]
    assert kept == [("drafted", DRAFT, "A", ben)]
    assert (offered.version, offered.state, offered.revised_from, offered.made_by) == (2, "offered", draft, ben)


def test_a_draft_that_nobody_read_stays_unticked_and_its_version_is_offered_as_it_is(ben, draft):
    offered = reviewing.offer_reviewed(draft, ben)

    assert (offered.pk, offered.state) == (draft.pk, SummaryState.OFFERED)
    assert [each.ticked_at for each in offered.wordings.all()] == [None]


def test_quoting_instead_leaves_the_draft_out(ben, draft):
    reviewing.decide(draft, "noise", Verdict.QUOTED, ben, replaces=0)

    offered = reviewing.offer_reviewed(draft, ben)

    assert list(offered.wordings.all()) == []
    assert words_of(offered, "noise") == (NOISE[0], "quote")


def test_an_edit_is_kept_with_who_when_before_after_and_sources(ben, draft, said):
    cites = [said[0].public_id, said[3].public_id]

    reviewing.edit(draft, "noise", EDITED, "en", cites, ben, replaces=0)
    offered = reviewing.offer_reviewed(draft, ben)

    step = Review.objects.get()
    assert (step.before, step.after, step.cites, step.by, step.revision) == (DRAFT, EDITED, cites, ben, 1)
    words = offered.wordings.get()
    assert (words.text, words.cites, words.gate, words.written_by, words.ticked_by) == (EDITED, cites, "", ben, ben)
    assert words_of(offered, "noise") == (EDITED, "edit")


@pytest.mark.parametrize("cites", [[], ["elsewhere"]])
def test_an_edit_rests_on_sources_of_its_point(ben, draft, cites):
    with pytest.raises(StaleReview):
        reviewing.edit(draft, "noise", EDITED, "en", cites, ben, replaces=0)


def test_undoing_lets_the_decision_before_stand_again_and_nothing_is_overwritten(ben, draft, said):
    reviewing.decide(draft, "noise", Verdict.QUOTED, ben, replaces=0)
    reviewing.edit(draft, "noise", EDITED, "en", [said[0].public_id], ben, replaces=1)
    edited = words_of(draft, "noise")

    reviewing.undo_review(draft, "noise", replaces=2)
    quoted = words_of(draft, "noise")
    reviewing.undo_review(draft, "noise", replaces=3)

    assert (edited, quoted, words_of(draft, "noise")) == ((EDITED, "edit"), (NOISE[0], "quote"), (DRAFT, "rewrite"))
    assert Review.objects.filter(undone_at__isnull=False).count() == 2


def test_of_two_facilitators_at_once_the_second_sees_a_conflict_and_overwrites_nothing(ben, draft, said):
    dewi = a_facilitator(ben.assembly, "Dewi")
    reviewing.edit(draft, "noise", EDITED, "en", [said[0].public_id], ben, replaces=0)

    with pytest.raises(StaleReview):
        reviewing.decide(draft, "noise", Verdict.QUOTED, dewi, replaces=0)
    with pytest.raises(StaleReview):
        reviewing.undo_review(draft, "noise", replaces=0)

    assert words_of(draft, "noise") == (EDITED, "edit")


def test_a_moved_argument_is_counted_where_it_went_and_can_be_taken_back(ben, draft, said):
    reviewing.move(draft, said[3], "noise", "jobs", ben, replaces=0)
    moved = counts_of(draft)
    reviewing.undo_move(draft, said[3], replaces=1)

    assert moved == {"noise": 3, "jobs": 4}
    assert counts_of(draft) == {"noise": 4, "jobs": 3}


def counts_of(summary: Summary) -> dict[str, int]:
    standing = StandingReview(summary)
    return {point: standing.place(point).point["prevalence"]["n"] for point in ("noise", "jobs")}


def test_a_draft_falls_with_a_source_that_is_moved_away_and_rises_with_it(ben, draft, said):
    reviewing.decide(draft, "noise", Verdict.KEPT, ben, replaces=0)

    reviewing.move(draft, said[3], "noise", "", ben, replaces=0)
    without = words_of(draft, "noise")
    reviewing.undo_move(draft, said[3], replaces=1)

    assert (without, words_of(draft, "noise")) == ((NOISE[0], "quote"), (DRAFT, "rewrite"))


def test_what_a_sentence_is_made_from_does_not_leave_it(ben, draft, said):
    reviewing.edit(draft, "noise", EDITED, "en", [said[2].public_id], ben, replaces=0)

    for quoted_or_edited in (said[0], said[2]):
        with pytest.raises(RestsOnIt):
            reviewing.move(draft, quoted_or_edited, "noise", "jobs", ben, replaces=0)


@pytest.mark.parametrize(("argument", "leaves", "joins"), [(0, "jobs", "noise"), (7, "", ""), (7, "", "elsewhere")])
def test_nothing_is_moved_from_where_it_is_not_or_to_nowhere(ben, draft, said, argument, leaves, joins):
    with pytest.raises(StaleReview):
        reviewing.move(draft, said[argument], leaves, joins, ben, replaces=0)


def test_a_past_version_is_not_reviewed_any_more(ben, draft):
    Summary.objects.filter(pk=draft.pk).update(state=SummaryState.SUPERSEDED)

    with pytest.raises(NotInThisState):
        reviewing.decide(draft, "noise", Verdict.KEPT, ben, replaces=0)


def test_a_published_version_never_changes_and_its_review_becomes_a_new_one(ben, draft, said):
    publishing.publish(draft, ben)
    before = json.dumps(Summary.objects.get(pk=draft.pk).document)

    reviewing.move(draft, said[7], "", "jobs", ben, replaces=0)
    offered = reviewing.offer_reviewed(draft, ben)

    assert json.dumps(Summary.objects.get(pk=draft.pk).document) == before
    assert offered.document["sources"].keys() == {argument.public_id for argument in said}
    assert (counts_of(offered)["jobs"], offered.state) == (4, "offered")


def test_every_step_and_every_undoing_leaves_a_leaf_without_words(ben, draft, said):
    reviewing.edit(draft, "noise", EDITED, "en", [said[0].public_id], ben, replaces=0)
    reviewing.undo_review(draft, "noise", replaces=1)
    reviewing.move(draft, said[3], "noise", "jobs", ben, replaces=0)

    entries = ben.assembly.record.filter(type="review").order_by("pk")
    leaves = [(json.loads(bytes(entry.leaf))["id"], json.loads(bytes(entry.leaf))["n"]) for entry in entries]
    contents = "".join(bytes(entry.opening.content).decode() for entry in entries)
    assert leaves == [("1-noise", 1), ("1-noise", 2), (f"1-{said[3].public_id}", 1)]
    assert EDITED not in contents
    assert DRAFT not in contents


def send(person, address: str, **sent: object):
    return browser_of(person).post(
        f"/a/river/desk/summaries/1/{address}", {key: str(value) for key, value in sent.items()}
    )


def test_the_page_shows_each_sentence_beside_its_sources_with_count_and_progress(ben, draft, said):
    page = browser_of(ben).get("/a/river/desk/summaries/1/")

    (side,) = page.context["sides"]
    rows = [(row["key"], row["words"].text, [source["text"] for source in row["sources"]]) for row in side["rows"]]
    assert rows == [("noise", DRAFT, NOISE), ("jobs", JOBS[0], JOBS)]
    assert page.context["progress"] == {"total": 1, "read": 0}
    assert "4 of the 8 participants who argued against it made this point." in page.content.decode()


def test_a_tick_on_the_page_is_counted_as_read(ben, draft):
    answer = send(ben, "sentences/noise/verdicts/", verdict="kept", replaces=0)

    assert answer.status_code == 302
    assert answer["Location"].endswith("#item-noise")
    assert browser_of(ben).get("/a/river/desk/summaries/1/").context["progress"] == {"total": 1, "read": 1}


def test_an_edit_that_says_how_many_is_refused_and_its_words_stay_on_the_page(ben, draft, said):
    words = "Most people are woken by 40 trucks."

    answer = send(
        ben, "sentences/noise/edits/", words=words, language="en", replaces=0, **{f"cite_{said[0].public_id}": "on"}
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors["words"] == [
        "Counts are told by the count beside the sentence, so please leave this out: Most, 40"
    ]
    assert words in answer.content.decode()
    assert Review.objects.count() == 0


def test_an_edit_without_a_source_is_refused(ben, draft):
    answer = send(ben, "sentences/noise/edits/", words=EDITED, language="en", replaces=0)

    assert (answer.status_code, Review.objects.count()) == (400, 0)


def test_an_edit_that_comes_second_keeps_its_words_and_shows_what_stands_now(ben, draft, said):
    dewi = a_facilitator(ben.assembly, "Dewi")
    reviewing.decide(draft, "noise", Verdict.QUOTED, dewi, replaces=0)
    sent = {"words": EDITED, "language": "en", f"cite_{said[0].public_id}": "on"}

    second = send(ben, "sentences/noise/edits/", **sent, replaces=0)
    again = send(ben, "sentences/noise/edits/", **sent, replaces=second.context["replaces"])

    assert second.status_code == 409
    assert EDITED in second.content.decode()
    assert NOISE[0] in second.content.decode()
    assert "Dewi" in second.content.decode()
    assert again.status_code == 302
    assert words_of(draft, "noise") == (EDITED, "edit")


def test_an_argument_is_moved_and_brought_back_on_the_page(ben, draft, said):
    address = f"arguments/{said[3].public_id}/moves/"

    moved = send(ben, address, leaves="noise", joins="jobs", replaces=0)
    after = counts_of(draft)
    undone = send(ben, f"{address}undone/", replaces=1)

    assert (moved.status_code, after, undone.status_code) == (302, {"noise": 3, "jobs": 4}, 302)
    assert counts_of(draft) == {"noise": 4, "jobs": 3}


def test_the_page_takes_the_same_number_of_queries_however_many_sources(ben, draft, django_assert_max_num_queries):
    browser = browser_of(ben)

    with django_assert_max_num_queries(34):
        browser.get("/a/river/desk/summaries/1/")


def test_without_a_summary_the_page_says_what_to_do():
    ben = a_facilitator(an_assembly("empty"))

    page = browser_of(ben).get("/a/empty/desk/summaries/")

    assert page.status_code == 200
    assert "No summary has been written yet." in page.content.decode()
