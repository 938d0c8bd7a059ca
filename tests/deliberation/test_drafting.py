"""Drafting rounds: candidates, the steps between them, objections, and the desk that leads them."""

import json

import pytest

from deliberation import live
from deliberation.actions.drafting import (
    Step,
    begin_round,
    drop,
    pick_statement,
    put_back,
    revise,
    take_step,
    undo_step,
    winner_of,
    write_draft,
)
from deliberation.actions.errors import (
    AlreadyObjected,
    InUse,
    NotRevised,
    TooFewCandidates,
    TooLate,
    TooManyCandidates,
    WrongStage,
)
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.ranking import object_to_winner, rank
from deliberation.actions.withdrawing import UNDO_WITHIN, withdraw
from deliberation.analysis.drafting import objectors_by_group, passes_vote_test, suggestions
from deliberation.models import Assembly, Candidate, Decision, DraftingRound, Participant, RecordEntry, Rule, Stage
from tests.drafting_rounds import QUESTIONS, a_round, all_rank, decided, places, turn_of, words
from tests.people import a_facilitator, a_member, a_statement, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def test_a_round_goes_from_candidates_to_revised_words():
    assembly = an_assembly()
    drafting = decided(assembly)

    take_step(drafting, Step.ASK)
    object_to_winner(a_member(assembly), drafting, "Not without a timetable.", "en")
    take_step(drafting, Step.CLOSE)
    revision = revise(drafting, words("Do number 2 to a timetable"))
    take_step(drafting, Step.OPEN)
    all_rank(drafting, *[(4, 2, 1, 3)] * 5)
    final = take_step(drafting, Step.CLOSE)

    assert (final.stage, winner_of(final)) == (Stage.FINAL, revision)
    assert [turn.result["rankings"] for turn in drafting.turns.all()] == [5, 5]
    assert [len(turn.result["candidates"]) for turn in drafting.turns.all()] == [3, 4]


def test_every_step_stands_in_the_record_and_can_be_undone():
    assembly = an_assembly()
    drafting = a_round(assembly, opened=False)

    stages = [take_step(drafting, Step.OPEN).stage, undo_step(drafting).stage, take_step(drafting, Step.OPEN).stage]
    all_rank(drafting, *[(1, 2, 3)] * 5)
    stages += [take_step(drafting, Step.CLOSE).stage, undo_step(drafting).stage, take_step(drafting, Step.CLOSE).stage]
    stages += [take_step(drafting, Step.ASK).stage, undo_step(drafting).stage, take_step(drafting, Step.SETTLE).stage]

    entries = RecordEntry.objects.filter(type="drafting").select_related("opening").order_by("pk")
    told = [(json.loads(bytes(each.leaf))["n"], json.loads(bytes(each.opening.content))["what"]) for each in entries]
    assert stages == [
        *("ranking", "preparing", "ranking"),
        *("ranked", "ranking", "ranked"),
        *("objecting", "ranked", "final"),
    ]
    steps = ["begin", "pick", "pick", "pick", "open", "undo", "open", "close", "undo", "close", "ask", "undo", "settle"]
    assert told == list(enumerate(steps, start=1))


def test_a_step_is_not_undone_twice_or_after_ten_minutes_or_when_people_have_answered():
    drafting = a_round(an_assembly())
    all_rank(drafting, (1, 2, 3))

    with pytest.raises(InUse):
        undo_step(drafting)
    take_step(drafting, Step.CLOSE)
    undo_step(drafting)
    with pytest.raises(TooLate):
        undo_step(drafting)
    take_step(drafting, Step.CLOSE)
    closed = DraftingRound.objects.get()
    DraftingRound.objects.update(stage_changed_at=closed.stage_changed_at - UNDO_WITHIN)
    with pytest.raises(TooLate):
        undo_step(drafting)


@pytest.mark.parametrize("candidates", [0, 1])
def test_a_ranking_needs_something_to_choose_between(candidates: int):
    with pytest.raises(TooFewCandidates):
        a_round(an_assembly(), candidates)


def test_nine_candidates_are_enough():
    drafting = a_round(an_assembly(), 9, opened=False)
    last = drafting.candidates.last()

    with pytest.raises(TooManyCandidates):
        write_draft(drafting, words("A tenth"))
    drop(last)
    write_draft(drafting, words("Another ninth"))
    with pytest.raises(TooManyCandidates):
        put_back(last)


@committed
def test_a_candidate_that_was_taken_out_is_put_back_and_never_counted_twice():
    assembly = an_assembly()
    two_camps(assembly)
    current = refresh_map(assembly)
    drafting = begin_round(assembly, QUESTIONS)
    statement = assembly.statements.first()

    picked = pick_statement(drafting, statement, current)
    drop(picked)
    again = pick_statement(drafting, statement, current)

    assert again == picked
    assert list(drafting.candidates.standing()) == [picked]


def test_candidates_are_not_changed_once_people_rank_them():
    drafting = a_round(an_assembly())

    for change in (
        lambda: drop(drafting.candidates.first()),
        lambda: write_draft(drafting, words("Late")),
        lambda: revise(drafting, words("Early")),
        lambda: take_step(drafting, Step.OPEN),
        lambda: take_step(drafting, Step.SETTLE),
    ):
        with pytest.raises(WrongStage):
            change()


def test_there_is_no_second_ranking_without_a_revision():
    drafting = decided(an_assembly())
    take_step(drafting, Step.ASK)
    take_step(drafting, Step.CLOSE)

    with pytest.raises(NotRevised):
        take_step(drafting, Step.OPEN)


@committed
def test_statements_that_every_group_agrees_with_are_suggested():
    assembly = an_assembly()
    _, statements = two_camps(assembly)
    current = refresh_map(assembly)

    suggested = suggestions(current)

    assert sorted(each.statement.number for each in suggested) == [1, 2]
    moderate(statements[0], Decision.REJECTED, "", by=None, rule=Rule.SAME)
    assert [each.statement.number for each in suggestions(current)] == [2]


@pytest.mark.parametrize(
    ("groups", "passes"),
    [
        ({"A": {"agree": 11, "votes": 18}, "B": {"agree": 18, "votes": 18}}, True),  # (11 + 1) / (18 + 2) is 0.6
        ({"A": {"agree": 10, "votes": 18}, "B": {"agree": 18, "votes": 18}}, False),
        ({"A": {"agree": 18, "votes": 18}, "B": None}, False),
        ({}, True),
    ],
)
def test_the_vote_test_asks_every_group(groups: dict, passes: bool):
    assert passes_vote_test({"agree": 30, "disagree": 2, "pass": 4, "groups": groups}) is passes


def test_each_person_objects_once_and_may_withdraw_it():
    drafting = decided(an_assembly())
    take_step(drafting, Step.ASK)
    ana = a_member(drafting.assembly, "Ana")

    objection = object_to_winner(ana, drafting, "Not without a timetable.", "en")
    with pytest.raises(AlreadyObjected):
        object_to_winner(ana, drafting, "And another thing.", "en")
    withdraw(objection)

    page = browser_of(ana).get(address(drafting)).content.decode()
    assert "Not without a timetable." not in page
    assert drafting.objections.shown().count() == 0


@committed
def test_objectors_are_told_by_group_from_five_on_and_never_by_subtraction():
    assembly = an_assembly()
    people, _ = two_camps(assembly, people=24)
    refresh_map(assembly)
    drafting = decided(assembly)
    take_step(drafting, Step.ASK)

    for person in people[::2][:6] + people[1::2][:5]:  # six of one camp, five of the other
        object_to_winner(person, drafting, "Not like this, please.", "en")
    both = objectors_by_group(drafting)
    kept = [take_step(drafting, Step.CLOSE).objectors, undo_step(drafting).objectors]
    withdraw(drafting.objections.get(author=people[1]))
    one = objectors_by_group(drafting)

    assert sorted(both.values()) == [5, 6]
    assert set(one.values()) == {None}
    assert kept == [both, None]


def test_hidden_objections_are_hidden_and_their_author_is_told():
    drafting = decided(an_assembly())
    take_step(drafting, Step.ASK)
    ana, ben = a_member(drafting.assembly, "Ana"), a_facilitator(drafting.assembly)
    objection = object_to_winner(ana, drafting, "My neighbour Rudi is a thief.", "en")

    moderate(objection, Decision.REJECTED, "", by=ben, rule=Rule.PERSONAL_DATA)

    assert "Rudi" not in browser_of(None).get(address(drafting)).content.decode()
    mine = browser_of(ana).get(f"/a/{drafting.assembly.slug}/mine/").content.decode()
    assert "Your objection in drafting round 1 was hidden by a moderator." in mine


def readers(assembly: Assembly) -> list[Participant | None]:
    return [None, a_member(assembly), a_facilitator(assembly, f"Ben {assembly.participants.count()}")]


def address(drafting: DraftingRound) -> str:
    return f"/a/{drafting.assembly.slug}/drafting/{drafting.public_id}/"


def test_a_round_that_is_prepared_is_seen_by_its_facilitators_alone():
    drafting = a_round(an_assembly(), opened=False)

    answers = [browser_of(who).get(address(drafting)).status_code for who in readers(drafting.assembly)]

    assert answers == [404, 404, 200]


@committed
def test_words_that_are_withdrawn_after_the_opening_are_gone_from_the_round():
    assembly = an_assembly()
    two_camps(assembly)
    current = refresh_map(assembly)
    statement = a_statement(assembly, "Call Rudi on this number.", author=a_member(assembly))
    drafting = begin_round(assembly, QUESTIONS)
    pick_statement(drafting, statement, current)
    write_draft(drafting, words("Something else"))
    take_step(drafting, Step.OPEN)

    withdraw(statement)

    page = browser_of(a_member(assembly)).get(address(drafting)).content.decode()
    assert "Rudi" not in page
    assert "These words were withdrawn or hidden after the ranking opened." in page


def test_the_desk_leads_a_round_from_its_question_to_its_words():
    assembly = an_assembly("river")
    desk = browser_of(a_facilitator(assembly))
    begun = desk.post(
        "/a/river/desk/drafting/", {"text_en": QUESTIONS["en"], "text_id": QUESTIONS["id"], "proposal": ""}
    )
    here = begun["Location"]

    for n in (1, 2):
        desk.post(here + "drafts/", {"text_en": f"Words number {n}", "text_id": f"Kata nomor {n}"})
    steps = [desk.post(here + "steps/", {"step": step}).status_code for step in ("ask", "open")]
    drafting = DraftingRound.objects.get()
    all_rank(drafting, *[(1, 2)] * 5)
    steps += [desk.post(here + "steps/", {"step": step}).status_code for step in ("close", "ask", "close")]
    desk.post(here + "revisions/", {"text_en": "Words number 1, and better", "text_id": "Kata nomor 1, dan lebih baik"})
    page = desk.get(here).content.decode()
    steps += [desk.post(here + "steps/", {"step": "open"}).status_code]

    assert steps == [409, 302, 302, 302, 302, 302]
    assert '<ins><span class="unseen">added: </span>1, and better' in page
    assert DraftingRound.objects.get().stage == Stage.RANKING_AGAIN


def test_a_draft_needs_every_language_of_the_assembly():
    drafting = a_round(an_assembly("river"), 1, opened=False)
    desk = browser_of(a_facilitator(drafting.assembly))

    answer = desk.post(f"/a/river/desk/drafting/{drafting.public_id}/drafts/", {"text_en": "Only English words"})

    assert (answer.status_code, Candidate.objects.count()) == (400, 1)
    assert "Please write it in this language too." in answer.content.decode()
    assert "Only English words" in answer.content.decode()


@committed
def test_browsers_hear_of_every_step_and_of_answers_without_what_they_are(monkeypatch):
    heard: list[tuple[str, int]] = []
    monkeypatch.setattr(live, "announce", lambda _, topic, version: heard.append((topic, version)))
    drafting = a_round(an_assembly(), 2)

    rank(a_member(drafting.assembly), turn_of(drafting), places(drafting, 1, 2))

    entry = RecordEntry.objects.get(type="ranking")
    assert [each for each in heard if each[0].startswith("drafting-")] == [
        (f"drafting-{drafting.public_id}", n) for n in (1, 2, 3, 4)
    ]
    assert heard[-1] == (f"rankings-{drafting.public_id}", entry.pk)
