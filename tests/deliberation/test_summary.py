import pytest

from deliberation.actions import publishing, summarising
from deliberation.actions.erasing import erase
from deliberation.actions.errors import AlreadyBeingWritten, NothingToSummarise, NotInThisState, SourceGone
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.withdrawing import restore, withdraw
from deliberation.analysis.summary_document import digest_of_document, gone, quoted, sentences
from deliberation.models import (
    Argument,
    Assembly,
    Decision,
    Embedding,
    RunState,
    Step,
    Summary,
    SummaryRun,
    SummaryState,
    WhyStopped,
    WhyWithdrawn,
    Wording,
)
from tests.people import a_facilitator, a_member, a_proposal, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)

NOISE = [
    "Heavy trucks wake the children at five in the morning.",
    "The noise of a second truck before dawn keeps my baby awake.",
    "We already have enough lorries roaring past our windows at night.",
]
JOBS = [
    "Four more drivers would find steady work in our own district.",
    "It gives jobs to young people who now sit at home.",
    "The second round means new jobs for neighbours without work.",
]
SMELL = [
    "The bins smell terrible when they are collected only once a week.",
    "Once a week is too rare: by Friday the bins smell terrible.",
    "In the hot months bins collected once a week smell terrible by the third day.",
    "Waste that waits a whole week in the bin smells terrible in our street.",
]
COST = [
    "A second collection makes the monthly fee too high for poor families.",
    "Poor families cannot pay a higher monthly fee for a second collection.",
    "The monthly fee is already hard for poor families to pay.",
]


@pytest.fixture(autouse=True)
def _without_a_drafter(settings):
    settings.GENERATOR = "off"


@pytest.fixture
def assembly():
    return assembly_with_arguments()


def assembly_with_arguments() -> Assembly:
    made = an_assembly("river")
    two_camps(made)
    refresh_map(made)
    proposal = a_proposal(made)
    for side, texts in (("for", SMELL + JOBS), ("against", COST + NOISE)):
        for text in texts:
            Argument.objects.create(
                assembly=made, proposal=proposal, author=a_member(made), side=side, text=text, language="en"
            )
    return made


@pytest.fixture
def published(assembly) -> Summary:
    return publishing.publish(summarising.write(assembly), by=None)


def side_of(summary: Summary, name: str) -> dict:
    return next(side for side in summary.document["proposals"][0]["sides"] if side["side"] == name)


def source_of(sentence: dict) -> Argument:
    return Argument.objects.get(public_id=sentence["place"]["id"])


def page(person=None, address: str = "/a/river/summary/", language: str = "en") -> str:
    return browser_of(person).get(address, headers={"accept-language": language}).content.decode()


def test_a_run_makes_a_draft_that_quotes_cites_and_counts_people_side_by_side(assembly):
    summary = summarising.write(assembly)

    point = side_of(summary, "for")["points"][0]
    source = source_of(point["quote"])
    assert (summary.state, summary.run.state) == (SummaryState.DRAFT, RunState.DONE)
    assert (side_of(summary, "for")["people"], side_of(summary, "against")["people"]) == (7, 6)
    assert quoted(source.text, point["quote"]["place"], summary.document["sources"][source.public_id]) in SMELL
    said = set(Argument.objects.filter(public_id__in=point["quote"]["cites"]).values_list("text", flat=True))
    assert said <= {*SMELL}
    assert point["prevalence"]["n"] == len(said) >= 3
    assert point["prevalence"]["denominator"] == 7


def test_coverage_is_told_with_what_is_not_reflected(assembly):
    side = side_of(summarising.write(assembly), "for")

    covered, missing = side["covered"], side["people"] - side["covered"]
    assert f"{covered} of {side['people']} participants; {missing} " in side["coverage"]["text"]["en"]
    cited = {one for point in side["points"] for one in point["quote"]["cites"]}
    assert len(cited) + len(side["unmatched"]) == 7


def test_a_document_keeps_no_words_and_the_run_says_what_read_them(assembly):
    summary = summarising.write(assembly)

    (card,) = summary.run.models_used
    assert (card["job"], card["model_id"], len(card["weights_sha256"])) == (
        "encoder",
        "intfloat/multilingual-e5-small",
        64,
    )
    assert not any(text in str(summary.document) for text in SMELL + COST + JOBS + NOISE)
    assert summary.run.results == {}
    assert summary.run.account["in"] == {"arguments": 13, "statements": 8}


def test_every_sentence_has_a_key_of_its_own_that_the_next_run_keeps(assembly):
    first, second = summarising.write(assembly), summarising.write(assembly)

    keys = [sentence["key"] for sentence in sentences(first.document)]
    assert len(keys) == len(set(keys))
    assert second.version == first.version + 1
    assert digest_of_document(second.document) == digest_of_document(first.document)


def test_one_summary_is_written_at_a_time(assembly):
    summarising.start(assembly, None)

    with pytest.raises(AlreadyBeingWritten):
        summarising.start(assembly, None)


@pytest.mark.parametrize("step", list(Step))
def test_a_run_stopped_at_any_step_goes_on_there_to_the_same_summary(assembly, step):
    expected = summarising.write(assembly).document
    run = summarising.start(assembly, None)
    while SummaryRun.objects.get(pk=run.pk).step != step:
        summarising.advance(run.pk)

    summarising.cancel(run)
    assert not summarising.advance(run.pk)
    summarising.go_on(run)
    while summarising.advance(run.pk):
        pass

    assert Summary.objects.get(run=run).document == expected


def test_a_contribution_that_changes_under_a_run_is_read_anew(assembly):
    run = summarising.start(assembly, None)
    for _ in range(4):
        summarising.advance(run.pk)
    Argument.objects.filter(text=SMELL[0]).update(text="Bins collected once a week smell terrible, we all know it.")

    while summarising.advance(run.pk):
        pass

    run.refresh_from_db()
    assert (run.state, run.restarts) == (RunState.DONE, 1)
    assert gone(Summary.objects.get(run=run).document, assembly) == set()


def test_a_run_that_kills_its_worker_again_and_again_is_given_up(assembly, published):
    run = summarising.start(assembly, None)
    SummaryRun.objects.filter(pk=run.pk).update(tries=summarising.MOST_TRIES)

    summarising.advance(run.pk)

    run.refresh_from_db()
    assert (run.state, run.why) == (RunState.FAILED, WhyStopped.CRASHED)
    assert Summary.objects.get(state=SummaryState.PUBLISHED) == published


def test_a_model_that_is_not_the_one_configured_stops_the_run_and_says_so(assembly, settings):
    settings.ENCODER_SHA256 = "0" * 64
    run = summarising.start(assembly, None)

    summarising.advance(run.pk)

    run.refresh_from_db()
    assert (run.state, run.why) == (RunState.FAILED, WhyStopped.MODEL)
    assert "not the one configured" in run.detail


def test_drafts_are_the_facilitators_and_published_ones_everybodys(assembly):
    draft = summarising.write(assembly)
    words = SMELL[0]

    before = [words in page(person, "/a/river/summary/") for person in (None, a_member(assembly))]
    publishing.publish(draft, by=None)

    assert before == [False, False]
    assert words in page(None)


def test_publishing_supersedes_the_one_before_and_stands_in_the_record(assembly, published):
    second = publishing.publish(summarising.write(assembly), by=None)

    states = dict(Summary.objects.values_list("version", "state"))
    entries = assembly.record.filter(type="summary").count()
    assert states == {published.version: SummaryState.SUPERSEDED, second.version: SummaryState.PUBLISHED}
    assert entries == 5  # two drafts, two published, one superseded
    with pytest.raises(NotInThisState):
        publishing.publish(published, by=None)


def test_a_version_whose_source_is_gone_is_not_published(assembly):
    draft = summarising.write(assembly)
    withdraw(source_of(side_of(draft, "for")["points"][0]["quote"]))

    with pytest.raises(SourceGone):
        publishing.publish(draft, by=None)


@pytest.mark.parametrize("go", ["hidden", "withdrawn", "erased", "changed unseen"])
def test_a_summary_is_withdrawn_with_what_it_cites_and_says_so(assembly, published, go):
    source = source_of(side_of(published, "for")["points"][0]["quote"])
    assert source.text in page()

    if go == "hidden":
        moderate(source, Decision.REJECTED, "", by=None)
    elif go == "withdrawn":
        withdraw(source)
    elif go == "erased":
        erase(source.author)
    else:
        Argument.objects.filter(pk=source.pk).update(text="Something else entirely, written later on.")
        publishing.withdraw_unsupported()

    published.refresh_from_db()
    assert (published.state, published.why_withdrawn) == (SummaryState.WITHDRAWN, WhyWithdrawn.SOURCE_GONE)
    assert "The summary was withdrawn" in page()
    assert "Rangkuman ditarik" in page(language="id")
    assert source.text not in page() + page(address=f"/a/river/summary/versions/{published.version}/")


def test_between_a_change_and_its_discovery_no_line_shows_it(assembly, published):
    source = source_of(side_of(published, "for")["points"][0]["quote"])

    Argument.objects.filter(pk=source.pk).update(text="Something else entirely, written later on.")

    assert source.text not in page()


def test_a_withdrawal_undone_lets_the_summary_be_published_again(assembly, published):
    source = source_of(side_of(published, "for")["points"][0]["quote"])
    withdraw(source)
    restore(source)
    published.refresh_from_db()

    publishing.publish(published, by=None)

    assert source.text in page()


def test_a_change_that_no_line_cites_is_told_in_one_sentence(assembly, published):
    cited = {one for sentence in sentences(published.document) for one in sentence["cites"]}
    other = Argument.objects.exclude(public_id__in=cited).first()
    assert other is not None

    withdraw(other)

    published.refresh_from_db()
    assert published.state == SummaryState.PUBLISHED
    assert "1 contribution that it counted has changed or gone" in page()


def test_whoever_does_not_want_to_be_quoted_is_counted_and_not_quoted(assembly):
    for text in SMELL[1:]:
        Argument.objects.get(text=text).author.consents.all().delete()

    side = side_of(summarising.write(assembly), "for")

    assert side["people"] == 7
    quoted_texts = {source_of(point["quote"]).text for point in side["points"]}
    assert not quoted_texts & {*SMELL[1:]}


def test_new_words_are_shown_once_ticked_and_go_with_their_source(assembly):
    draft = summarising.write(assembly)
    point = side_of(draft, "for")["points"][0]
    rewrite = {**point["quote"], "key": "abcdefabcdef", "kind": "rewrite", "place": None, "gate": "A"}
    side_of(draft, "for")["points"][0]["rewrite"] = rewrite
    draft.save()
    words = Wording.objects.create(
        summary=draft, key=rewrite["key"], language="en", text="Bins smell.", cites=rewrite["cites"], gate="A"
    )
    publishing.publish(draft, by=None)

    before = page()
    Wording.objects.filter(pk=words.pk).update(ticked_at=draft.created_at)
    after = page()
    erase(Argument.objects.get(public_id=rewrite["cites"][-1]).author)

    assert ("Bins smell." in before, "Bins smell." in after) == (False, True)
    assert not Wording.objects.exists()


def test_erasing_takes_the_vectors_of_every_sentence_along(assembly):
    author = Argument.objects.get(text=SMELL[1]).author
    Argument.objects.filter(author=author).update(text="The bins smell terrible. By Friday nobody can bear it.")
    summarising.write(assembly)
    before = Embedding.objects.count()

    erase(author)

    assert before - Embedding.objects.count() == 3


def test_everybody_sees_where_their_own_arguments_went(assembly, published):
    cited = side_of(published, "for")["points"][0]["quote"]["cites"]
    behind = Argument.objects.get(public_id=cited[-1]).author
    alone = Argument.objects.get(public_id=side_of(published, "for")["unmatched"][0]).author

    pages = page(behind), page(alone), page(None)

    assert ["It is counted behind a line" in each for each in pages] == [True, False, False]
    assert ["It is behind no line" in each or "A line is taken" in each for each in pages] == [False, True, False]


def test_the_facilitator_sees_how_far_it_is_and_may_stop_it_and_go_on(assembly):
    ben = browser_of(a_facilitator(assembly))

    ben.post("/a/river/summaries/")
    run = SummaryRun.objects.get()
    shown = ben.get("/a/river/summary/").content.decode()
    ben.post(f"/a/river/summaries/{run.public_id}/stops/")
    stopped = ben.get("/a/river/summary/").content.decode()
    ben.post(f"/a/river/summaries/{run.public_id}/resumptions/")

    run.refresh_from_db()
    assert "Step 1 of 10" in shown
    assert "The last run was stopped" in stopped
    assert run.state == RunState.WAITING


def test_after_a_run_the_facilitator_is_led_to_the_review_and_nobody_else_is(assembly):
    ben, ana = a_facilitator(assembly), a_member(assembly, "Ana")
    draft = summarising.write(assembly)
    waiting = page(ben), page(ana)
    publishing.publish(draft, by=None)

    assert ["/a/river/desk/summaries/1/" in each for each in waiting] == [True, False]
    assert "/a/river/desk/summaries/1/" not in page(ben)


def test_a_lost_message_is_found_by_the_sweeper(assembly):
    run = summarising.start(assembly, None)
    assert summarising.left_alone() == []

    SummaryRun.objects.filter(pk=run.pk).update(heard_at=run.heard_at - 2 * summarising.LEFT_ALONE_AFTER)

    assert summarising.left_alone() == [run.pk]


def test_the_facilitator_switches_the_drafter_off_and_the_record_says_so(assembly, settings):
    settings.GENERATOR = "packaged"
    ben = browser_of(a_facilitator(assembly))

    ben.post("/a/river/models/choices/", {"rewriter": "off"})

    assert "switched off in this assembly" in page(address="/a/river/models/")
    assert assembly.record.filter(type="config").count() == 1


def test_each_group_is_told_by_statements_and_never_by_arguments(assembly):
    document = summarising.write(assembly).document

    statements = set(assembly.statements.values_list("public_id", flat=True))
    assert [group["letter"] for group in document["groups"]] == ["A", "B"]
    assert {each["quote"]["place"]["id"] for group in document["groups"] for each in group["statements"]} <= statements


def test_where_nobody_has_argued_no_summary_is_begun():
    assembly = an_assembly("river")
    two_camps(assembly)

    with pytest.raises(NothingToSummarise):
        summarising.start(assembly, None)

    assert SummaryRun.objects.count() == 0


def test_where_nobody_has_argued_the_facilitator_is_told_where_the_votes_stand():
    ben = browser_of(a_facilitator(an_assembly("river")))
    button, told = "Write a new summary", "A summary is made of arguments on proposals, and there is none to read."

    shown = [ben.get(f"/a/river/{each}/").content.decode() for each in ("summary", "desk")]
    refused = ben.post("/a/river/summaries/")

    assert [('action="/a/river/summaries/"' in each, told in each) for each in shown] == [(False, True)] * 2
    assert button not in shown[1]
    assert (refused.status_code, told in refused.content.decode()) == (409, True)
    assert SummaryRun.objects.count() == 0


def test_a_run_that_was_stopped_does_not_go_on_once_no_argument_is_left(assembly):
    ben = browser_of(a_facilitator(assembly))
    run = summarising.start(assembly, None)
    summarising.cancel(run)
    for argument in assembly.arguments.all():
        withdraw(argument)

    refused = ben.post(f"/a/river/summaries/{run.public_id}/resumptions/")

    run.refresh_from_db()
    assert (refused.status_code, run.state) == (409, RunState.CANCELLED)


@pytest.mark.parametrize("state", ["draft", "offered"])
def test_a_version_of_no_argument_is_neither_asked_about_nor_published(state):
    assembly, empty = an_assembly("river"), {"format": 2, "whole": None, "proposals": [], "topics": [], "groups": []}
    run = SummaryRun.objects.create(assembly=assembly, state=RunState.DONE, input_digest="0" * 64, code_version="2")
    summary = Summary.objects.create(
        assembly=assembly, version=1, run=run, state=state, document={**empty, "sources": {}}
    )
    ben = browser_of(a_facilitator(assembly))

    shown = ben.get("/a/river/desk/summaries/1/").content.decode()
    answers = [ben.post(f"/a/river/desk/summaries/1/{each}/").status_code for each in ("offers", "publications")]

    summary.refresh_from_db()
    assert ["Ask the participants" in shown, "Close the question" in shown] == [False, False]
    assert "A summary is made of arguments on proposals" in shown
    assert (answers, summary.state) == ([409, 409], state)
