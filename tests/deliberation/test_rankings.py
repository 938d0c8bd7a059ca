"""Rankings of drafts: secret until they are counted, counted by a public rule, and nobody's in the record."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from deliberation import visibility
from deliberation.actions.drafting import Step, begin_round, pick_statement, take_step, winner_of, write_draft
from deliberation.actions.erasing import erase
from deliberation.actions.errors import PhaseClosed, StaleVote, WrongStage
from deliberation.actions.mapping import refresh_map
from deliberation.actions.phases import close_phase, show_results
from deliberation.actions.ranking import object_to_winner, rank
from deliberation.analysis.drafting import order_of_ties
from deliberation.models import Assembly, DraftingRound, Participant, PhaseKind, Ranking, RecordEntry, ResultsShown
from tests.drafting_rounds import QUESTIONS, a_round, all_rank, decided, places, result, turn_of, words
from tests.people import a_facilitator, a_member, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


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
