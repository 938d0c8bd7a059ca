"""Drafting rounds: candidates, rankings that stay secret until they are counted, objections, and the way between."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from deliberation import live, visibility
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
from deliberation.actions.erasing import erase
from deliberation.actions.errors import (
    AlreadyObjected,
    InUse,
    NotRevised,
    PhaseClosed,
    StaleVote,
    TooFewCandidates,
    TooLate,
    TooManyCandidates,
    WrongStage,
)
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.phases import close_phase, show_results
from deliberation.actions.ranking import object_to_winner, rank
from deliberation.actions.withdrawing import UNDO_WITHIN, withdraw
from deliberation.analysis.drafting import objectors_by_group, order_of_ties, passes_vote_test, suggestions
from deliberation.models import (
    Assembly,
    Candidate,
    Decision,
    DraftingRound,
    Participant,
    PhaseKind,
    Ranking,
    RankingTurn,
    RecordEntry,
    ResultsShown,
    Rule,
    Stage,
)
from tests.people import a_facilitator, a_member, a_statement, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)

QUESTIONS = {"en": "What should we recommend?", "id": "Apa yang kita rekomendasikan?"}


def words(text: str) -> dict[str, str]:
    return {"en": text, "id": f"{text} (id)"}


def a_round(assembly: Assembly, candidates: int = 3, *, opened: bool = True) -> DraftingRound:
    drafting = begin_round(assembly, QUESTIONS)
    for n in range(1, candidates + 1):
        write_draft(drafting, words(f"Do number {n}"))
    return take_step(drafting, Step.OPEN) if opened else drafting


def turn_of(drafting: DraftingRound) -> RankingTurn:
    return drafting.turns.select_related("round").latest("number")


def places(drafting: DraftingRound, *numbers: int) -> dict[str, int]:
    """Candidates by number, the best first."""
    ids = dict(drafting.candidates.values_list("number", "public_id"))
    return {ids[number]: place for place, number in enumerate(numbers, start=1)}


def all_rank(drafting: DraftingRound, *orders: tuple[int, ...]) -> list[Participant]:
    people = [a_member(drafting.assembly) for _ in orders]
    for person, order in zip(people, orders, strict=True):
        rank(person, turn_of(drafting), places(drafting, *order))
    return people


def decided(assembly: Assembly) -> DraftingRound:
    drafting = a_round(assembly)
    all_rank(drafting, *[(2, 1, 3)] * 4, (1, 2, 3))
    return take_step(drafting, Step.CLOSE)


def result(drafting: DraftingRound) -> dict:
    return turn_of(drafting).result


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


def test_the_result_tells_every_pair_and_the_order():
    drafting = a_round(an_assembly())
    ids = [each.public_id for each in drafting.candidates.all()]

    all_rank(drafting, (1, 2, 3), (1, 2, 3), (2, 1), (2,), (3, 1))
    take_step(drafting, Step.CLOSE)

    assert result(drafting) == {
        "rankings": 5,
        "counted": True,
        "candidates": ids,
        "ties": order_of_ties(bytes(turn_of(drafting).opening), ids),
        "order": ids,
        "winners": [ids[0]],
        "tied": [False, False],
        "preferred": [[0, 3, 3], [2, 0, 4], [1, 1, 0]],
        "strongest": [[0, 3, 3], [0, 0, 4], [0, 0, 0]],
    }


def test_of_fewer_than_five_rankings_nothing_but_their_number_is_told():
    drafting = a_round(an_assembly())
    ids = [each.public_id for each in drafting.candidates.all()]

    all_rank(drafting, *[(1, 2, 3)] * 4)
    take_step(drafting, Step.CLOSE)

    assert result(drafting) == {"rankings": 4, "counted": False, "candidates": ids}
    assert winner_of(drafting) is None
    with pytest.raises(WrongStage):
        take_step(drafting, Step.ASK)


def test_ties_are_broken_by_a_rule_that_anybody_computes_from_the_record():
    drafting = a_round(an_assembly(), candidates=2)
    all_rank(drafting, *[(1, 2)] * 3, *[(2, 1)] * 3)
    take_step(drafting, Step.CLOSE)

    entries = RecordEntry.objects.filter(type="drafting").select_related("opening")
    opened = next(each for each in entries if json.loads(bytes(each.opening.content))["what"] == "open")
    leaf_hash = hashlib.sha256(b"\0" + bytes(opened.leaf)).digest()
    ids = [each.public_id for each in drafting.candidates.all()]
    by_rule = sorted(ids, key=lambda each: hashlib.sha256(leaf_hash + each.encode()).digest())

    assert (result(drafting)["order"], sorted(result(drafting)["winners"])) == (by_rule, sorted(ids))
    assert result(drafting)["tied"] == [True]


def test_a_second_ranking_replaces_the_first_and_none_takes_it_back():
    drafting = a_round(an_assembly())
    ana = a_member(drafting.assembly, "Ana")
    turn = turn_of(drafting)

    revisions = [
        rank(ana, turn, places(drafting, 1, 2)),
        rank(ana, turn, places(drafting, 2, 1), replaces=1),
        rank(ana, turn, {}, replaces=2),
    ]

    assert revisions == [1, 2, 3]
    assert list(Ranking.objects.values_list("places", "revision")) == [({}, 3)]
    assert Ranking.objects.standing().count() == 0


def test_the_same_ranking_sent_twice_is_one_and_an_older_one_overwrites_nothing():
    drafting = a_round(an_assembly())
    ana, turn = a_member(drafting.assembly, "Ana"), turn_of(drafting)

    assert [rank(ana, turn, places(drafting, 1, 2)) for _ in range(2)] == [1, 1]
    with pytest.raises(StaleVote):
        rank(ana, turn, places(drafting, 2, 1))
    assert RecordEntry.objects.filter(type="ranking").count() == 1


def test_nobody_ranks_after_the_close_or_in_a_phase_that_does_not_allow_it():
    assembly = an_assembly()
    drafting = a_round(assembly)
    ana, turn = a_member(assembly, "Ana"), turn_of(drafting)

    close_phase(assembly.phases.get())
    with pytest.raises(PhaseClosed):
        rank(ana, turn, places(drafting, 1))
    assembly.phases.update(closed_at=None, kind=PhaseKind.DRAFTING)
    rank(ana, turn, places(drafting, 1))
    take_step(drafting, Step.CLOSE)

    with pytest.raises(PhaseClosed):
        rank(ana, turn, places(drafting, 2), replaces=1)


@committed
def test_whatever_was_acknowledged_before_the_close_is_counted():
    """Forty people rank while the round is closed: each is either counted or told that it was too late."""
    drafting = a_round(an_assembly())
    people, turn, order = [a_member(drafting.assembly) for _ in range(40)], turn_of(drafting), places(drafting, 1, 2, 3)

    def rank_or_not(person: Participant) -> bool:
        try:
            rank(person, turn, order)
        except PhaseClosed:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as hands:
        answers = [hands.submit(rank_or_not, person) for person in people]
        for each in answers[:8]:
            each.result()
        take_step(drafting, Step.CLOSE)
        acknowledged = sum(each.result() for each in answers)

    assert result(drafting)["rankings"] == acknowledged == Ranking.objects.count()
    assert acknowledged >= 8


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


def test_what_somebody_erased_leaves_rankings_and_objections_too():
    drafting = decided(an_assembly())
    take_step(drafting, Step.ASK)
    ana = Ranking.objects.first().participant
    ana.assembly = drafting.assembly
    object_to_winner(ana, drafting, "I live in Gang Melati.", "en")

    erase(ana)

    assert drafting.objections.get().text == "…"
    assert Ranking.objects.get(participant=ana).places == {}
    assert result(drafting)["rankings"] == 5  # what was counted stays counted
    assert not RecordEntry.objects.filter(owner__participant=ana).exists()


def test_rankings_in_the_record_name_nobody_and_cannot_be_joined():
    drafting = a_round(an_assembly())
    people = all_rank(drafting, *[(1, 2, 3)] * 5)
    rank(people[0], turn_of(drafting), places(drafting, 3, 2, 1), replaces=1)
    take_step(drafting, Step.CLOSE)

    leaves = [json.loads(bytes(each.leaf)) for each in RecordEntry.objects.filter(type="ranking").order_by("pk")]

    assert [leaf["n"] for leaf in leaves] == [1, 1, 1, 1, 1, 2]
    assert len({leaf["id"] for leaf in leaves}) == 5
    assert not any(person.public_id in str(leaves) for person in people)


def test_rankings_are_opened_to_everybody_when_they_are_counted_and_not_before():
    assembly = an_assembly()
    drafting = a_round(assembly)
    all_rank(drafting, *[(1, 2, 3)] * 5)
    leaf, content = opened_ranking()

    before = [visibility.record_openings_for(assembly, who)("ranking", leaf, content) for who in readers(assembly)]
    take_step(drafting, Step.CLOSE)
    after = [visibility.record_openings_for(assembly, who)("ranking", leaf, content) for who in readers(assembly)]

    assert (before, after) == ([False] * 3, [True] * 3)


def test_the_openings_of_too_few_rankings_stay_closed():
    assembly = an_assembly()
    drafting = a_round(assembly)
    all_rank(drafting, *[(1, 2, 3)] * 4)
    leaf, content = opened_ranking()

    take_step(drafting, Step.CLOSE)

    assert [visibility.record_openings_for(assembly, who)("ranking", leaf, content) for who in readers(assembly)] == [
        False
    ] * 3


def opened_ranking() -> tuple[bytes, bytes]:
    entry = RecordEntry.objects.filter(type="ranking").select_related("opening").first()
    return bytes(entry.leaf), bytes(entry.opening.content)


def readers(assembly: Assembly) -> list[Participant | None]:
    return [None, a_member(assembly), a_facilitator(assembly, f"Ben {assembly.participants.count()}")]


def test_results_are_plain_data_for_the_report():
    drafting = decided(an_assembly())
    ids = [each.public_id for each in drafting.candidates.all()]

    (told,) = visibility.drafting_results(drafting.assembly, None)

    assert {key: told[key] for key in ("id", "number", "stage", "questions", "proposal")} == {
        "id": drafting.public_id,
        "number": 1,
        "stage": "ranked",
        "questions": QUESTIONS,
        "proposal": None,
    }
    assert [each["texts"]["en"] for each in told["candidates"]] == ["Do number 1", "Do number 2", "Do number 3"]
    assert [(turn["turn"], turn["order"]) for turn in told["turns"]] == [(1, [ids[1], ids[0], ids[2]])]


def address(drafting: DraftingRound) -> str:
    return f"/a/{drafting.assembly.slug}/drafting/{drafting.public_id}/"


def test_a_phone_without_javascript_ranks_changes_and_takes_back():
    drafting = a_round(an_assembly())
    phone = browser_of(a_member(drafting.assembly, "Ana"))
    one, two, three = (each.public_id for each in drafting.candidates.all())

    sent = {f"place_{one}": "2", f"place_{two}": "1", f"place_{three}": "1", "revision": "0"}
    answers = [
        phone.post(address(drafting) + "rankings/", sent).status_code,
        phone.post(address(drafting) + "rankings/", {f"place_{three}": "1", "revision": "1"}).status_code,
    ]
    standing = Ranking.objects.get().places
    page = phone.get(address(drafting)).content.decode()
    answers.append(phone.post(address(drafting) + "rankings/", {"take_back": "on", "revision": "2"}).status_code)

    assert answers == [302, 302, 302]
    assert standing == {three: 1}
    assert "Your ranking stands." in page
    assert Ranking.objects.get().places == {}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"revision": "0"}, 400),  # nothing has a place
        ({"place": "1", "revision": "0"}, 400),
        ({"place": "4", "revision": "0"}, 400),  # of three candidates
        ({"place": "0", "revision": "0"}, 400),
        ({"place": "1"}, 400),
        ({"place": "1", "revision": "0", "place_of_another": "1"}, 400),
        ({"place": "1", "revision": "7"}, 409),
    ],
)
def test_a_ranking_that_makes_no_sense_is_sent_back(sent: dict[str, str], status: int):
    drafting = a_round(an_assembly())
    ana = a_member(drafting.assembly, "Ana")
    rank(ana, turn_of(drafting), places(drafting, 3))
    named = f"place_{drafting.candidates.first().public_id}"
    known = {"place": named}
    if status == 400 and sent == {"place": "1", "revision": "0"}:
        known = {"place": "place_unknown"}

    answer = browser_of(ana).post(
        address(drafting) + "rankings/", {known.get(name, name): value for name, value in sent.items()}
    )

    assert answer.status_code == status
    assert list(Ranking.objects.values_list("places", flat=True)) == [places(drafting, 3)]


def test_hidden_results_leak_from_no_page_before_the_close():
    drafting = a_round(an_assembly("river"))
    all_rank(drafting, *[(1, 2, 3)] * 5)
    told = ["5 of 5 prefer", "Candidate 1 comes first", "Result of the ranking"]

    for reader in readers(drafting.assembly):
        for path in (
            "",
            "drafting/",
            f"drafting/{drafting.public_id}/",
            f"desk/drafting/{drafting.public_id}/",
            "record/",
        ):
            page = browser_of(reader).get(f"/a/river/{path}", follow=True).content.decode()
            assert [word for word in told if word in page] == []
    take_step(drafting, Step.CLOSE)

    page = browser_of(None).get(address(drafting)).content.decode()
    assert "Candidate 1 comes first: more people prefer it to each of the others than the other way round." in page
    assert "5 of 5 prefer candidate 1 to candidate 2, 0 the other way round." in page


@committed
def test_while_results_are_hidden_a_candidate_tells_no_votes():
    assembly = an_assembly()
    two_camps(assembly)
    drafting = begin_round(assembly, QUESTIONS)
    pick_statement(drafting, assembly.statements.first(), refresh_map(assembly))
    write_draft(drafting, words("Something else"))
    take_step(drafting, Step.OPEN)
    ana = a_member(assembly, "Ana")

    before = browser_of(ana).get(address(drafting)).content.decode()
    show_results(assembly.phases.get(), ResultsShown.AFTER_CLOSE)
    after = browser_of(ana).get(address(drafting)).content.decode()

    assert "When it was picked 20 of 20 agreed" in before
    assert "When it was picked" not in after


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
