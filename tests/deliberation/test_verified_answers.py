"""Rankings and answers about a summary are checked as votes are: counted again, and none left out unnoticed."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from deliberation import record
from deliberation.actions import publishing, ratifying
from deliberation.actions.drafting import Step, begin_round, take_step, undo_step, write_draft
from deliberation.actions.erasing import erase
from deliberation.actions.mapping import refresh_map
from deliberation.actions.phases import close_phase
from deliberation.actions.ranking import rank
from deliberation.actions.reporting import make_report
from deliberation.analysis.drafting import counted
from deliberation.models import Assembly, DraftingRound, Participant, Ranking, Ratified, RecordOpening
from deliberation.record.sealing import seal
from tests.finished_assembly import join_all, keep_keys_in, lines_of, program, state_all, unpacked, vote_all
from tests.people import a_member, a_proposal, an_open_phase
from tests.summaries import a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)  # a bundle is read as of one moment

verify = program("verify")
LANGUAGES = ("en", "id")
RANKED = "8. ok  1 of 1 rankings have results, and these follow from what people ranked"


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    keep_keys_in(tmp_path, monkeypatch)


@pytest.fixture
def people(assembly) -> list[Participant]:
    return join_all(assembly)


@pytest.fixture
def drafting(assembly) -> DraftingRound:
    return a_round(assembly)


def a_round(assembly: Assembly) -> DraftingRound:
    """Three candidates, open to be ranked."""
    made = begin_round(assembly, dict.fromkeys(LANGUAGES, "What should we recommend?"))
    for name in "ABC":
        write_draft(made, dict.fromkeys(LANGUAGES, f"Do as plan {name} says."))
    return take_step(made, Step.OPEN)


def all_rank(people: list[Participant], drafting: DraftingRound) -> None:
    """Each in an order of their own; the first changes it, and the last takes it back."""
    turn = drafting.turns.select_related("round").latest("number")
    ids = list(drafting.candidates.values_list("public_id", flat=True))
    for n, person in enumerate(people):
        rank(person, turn, {ids[(n * n + place) % len(ids)]: place for place in (1, 2)})
    rank(people[0], turn, {ids[2]: 1, ids[1]: 1}, replaces=1)
    rank(people[-1], turn, {}, replaces=1)


def end(assembly: Assembly) -> None:
    for phase in assembly.phases.open():
        close_phase(phase)
    seal(assembly)


def found_in(folder: Path) -> list[str]:
    return list(verify.verify(folder))


def why_not(folder: Path) -> str:
    with pytest.raises(verify.Wrong) as wrong:
        found_in(folder)
    return str(wrong.value)


def without(folder: Path, *marks: str) -> Path:
    """The same bundle without the first content that holds all of these."""
    lines = lines_of(folder, "openings.jsonl")
    left_out = next(line for line in lines if all(mark.encode() in line for mark in marks))
    (folder / "openings.jsonl").write_bytes(b"".join(line for line in lines if line != left_out))
    return folder


def number_in_ranking_of(person: Participant) -> str:
    """The random number in the content of the one ranking that somebody gave and never changed."""
    opening = RecordOpening.objects.get(entry__owner__participant=person, entry__type="ranking")
    return json.loads(bytes(opening.content))["nonce"]


def tell_forged_result(drafting: DraftingRound, **forged: object) -> None:
    """What a server could write that does not count as it says."""
    honest = counted(drafting.turns.latest("number"))
    content = {"what": "close", "stage": "ranked", "result": {**honest, **forged}}
    drafting.refresh_from_db()
    record.append(drafting.assembly, type="drafting", id=drafting.public_id, n=drafting.changes + 1, content=content)


def take_step_unrecorded(drafting: DraftingRound) -> None:
    """Closed, as far as the database knows."""
    turn = drafting.turns.get()
    turn.closed_at, turn.result = timezone.now(), counted(turn)
    turn.save()


def test_rankings_are_counted_again_from_the_record_alone(assembly, people, drafting, tmp_path):
    all_rank(people, drafting)
    take_step(drafting, Step.CLOSE)
    end(assembly)

    steps = found_in(unpacked(assembly, tmp_path / "bundle"))

    assert steps[7] == RANKED


def test_a_ranking_that_was_not_counted_is_noticed(assembly, people, drafting, tmp_path):
    all_rank(people, drafting)
    Ranking.objects.filter(participant=people[3]).update(places={})
    take_step(drafting, Step.CLOSE)
    end(assembly)

    told = why_not(unpacked(assembly, tmp_path / "bundle"))

    assert told.endswith("it says 10 people, the rankings of the record 11")


def test_a_ranking_that_nobody_gave_is_noticed(assembly, people, drafting, tmp_path):
    all_rank(people[:-1], drafting)
    turn = drafting.turns.get()
    invented = Ranking.objects.filter(turn=turn).exclude(places={}).first().places
    Ranking.objects.create(assembly=assembly, turn=turn, participant=people[-1], places=invented)
    take_step(drafting, Step.CLOSE)
    end(assembly)

    told = why_not(unpacked(assembly, tmp_path / "bundle"))

    assert told.endswith("it says 11 people, the rankings of the record 10")


@pytest.mark.parametrize("forged", ["order", "winners", "ties", "tied", "strongest"])
def test_an_order_that_does_not_follow_from_the_rankings_is_noticed(assembly, people, drafting, forged, tmp_path):
    all_rank(people, drafting)
    honest = counted(drafting.turns.get())[forged]
    another = {"winners": [], "tied": [not each for each in honest]}.get(forged, honest[::-1])
    tell_forged_result(drafting, **{forged: another})
    take_step_unrecorded(drafting)
    end(assembly)

    told = why_not(unpacked(assembly, tmp_path / "bundle"))

    assert told.endswith("its order does not follow from what people prefer")


def test_a_ranking_left_out_is_noticed_by_its_entry_or_by_the_count(assembly, people, drafting, tmp_path):
    all_rank(people, drafting)
    take_step(drafting, Step.CLOSE)
    end(assembly)
    counts = number_in_ranking_of(people[2])
    alone = without(unpacked(assembly, tmp_path / "alone"), counts)
    an_open_phase(assembly)
    a_round(assembly)  # from here on there are rankings that may stay closed
    seal(assembly)
    beside = without(unpacked(assembly, tmp_path / "beside"), counts)

    assert "its content is missing, and nothing in the record says why" in why_not(alone)
    assert "the rankings of the record" in why_not(beside)


def test_too_few_rankings_stay_closed_and_none_but_they(assembly, people, drafting, tmp_path):
    all_rank(people[:5], drafting)
    take_step(drafting, Step.CLOSE)
    end(assembly)
    folder = unpacked(assembly, tmp_path / "bundle")

    steps = found_in(folder)

    given = [line for line in lines_of(folder, "openings.jsonl") if b"places" in line]
    assert [b'places\\":{}' in line for line in given] == [True]  # the one that was taken back
    assert steps[7].startswith("8. ok  0 of 1 rankings have results")
    assert "rankings that are not counted, or not yet" in steps[2]


def test_a_result_that_the_report_tells_otherwise_is_noticed(assembly, people, drafting, tmp_path):
    vote_all(people, state_all(people))
    all_rank(people, drafting)
    take_step(drafting, Step.CLOSE)
    end(assembly)
    refresh_map(assembly)
    turn = drafting.turns.get()
    turn.result["order"] = turn.result["order"][::-1]
    turn.save()
    make_report(assembly, None)
    seal(assembly)

    told = why_not(unpacked(assembly, tmp_path / "bundle"))

    assert told == "report.json, drafting round 1: the record tells no such result of ranking 1"


def test_a_count_that_was_undone_and_taken_again_is_checked_as_it_is_at_last(assembly, people, drafting, tmp_path):
    all_rank(people[:8], drafting)
    take_step(drafting, Step.CLOSE)
    undo_step(drafting)
    all_rank(people[8:], drafting)
    take_step(drafting, Step.CLOSE)
    end(assembly)

    assert found_in(unpacked(assembly, tmp_path / "bundle"))[7] == RANKED


def test_who_is_erased_leaves_the_result_standing_and_the_verifier_says_how_many(assembly, people, drafting, tmp_path):
    all_rank(people, drafting)
    take_step(drafting, Step.CLOSE)
    end(assembly)
    erase(people[1])
    seal(assembly)

    assert found_in(unpacked(assembly, tmp_path / "bundle"))[7] == f"{RANKED}, apart from 1 erased"


def test_while_a_phase_is_open_rankings_may_wait_to_be_sealed(assembly, people, drafting, tmp_path):
    all_rank(people[:7], drafting)
    take_step(drafting, Step.CLOSE)
    seal(assembly)
    early = found_in(unpacked(assembly, tmp_path / "early"))
    end(assembly)
    late = found_in(unpacked(assembly, tmp_path / "late"))

    assert early[7] == f"{RANKED}, as far as they are sealed: some may wait for the end of the phase"
    assert late[7] == RANKED


def test_a_round_that_is_being_prepared_is_closed_as_a_whole(assembly, tmp_path):
    prepared = begin_round(assembly, dict.fromkeys(LANGUAGES, "A question for later?"))
    write_draft(prepared, dict.fromkeys(LANGUAGES, "Words for later."))
    seal(assembly)

    closed = unpacked(assembly, tmp_path / "closed")
    steps = found_in(closed)

    assert b"later" not in (closed / "openings.jsonl").read_bytes()
    assert "2 not given: drafting rounds that are being prepared" in steps[2]


def test_a_step_of_a_drafting_round_left_out_is_noticed(assembly, people, drafting, tmp_path):
    end(assembly)

    folder = without(unpacked(assembly, tmp_path / "bundle"), "open", "candidates")

    assert "its content is missing, and nothing in the record says why" in why_not(folder)


def test_answers_about_a_summary_may_be_closed_only_while_it_is_asked_about(assembly, people, tmp_path):
    said = arguments_of(a_proposal(assembly), [a_member(assembly, f"Author {n}") for n in range(8)])
    draft = a_summary(assembly, said)
    publishing.tell(draft)  # as the run does that writes it
    asked = publishing.offer(draft, None)
    for person in people:
        ratifying.ratify(person, asked, "noise", Ratified.YES)
    end(assembly)
    early = found_in(unpacked(assembly, tmp_path / "early"))
    ratifying.close(asked, None)
    seal(assembly)
    late = found_in(unpacked(assembly, tmp_path / "late"))

    assert "12 not given: answers about a summary that is not published yet" in early[2]
    assert "answers about a summary" not in late[2]
    told = why_not(without(tmp_path / "late", "noise", "answer"))
    assert "its content is missing, and nothing in the record says why" in told


def test_no_ranking_is_given_by_more_people_than_joined(assembly, people, drafting, tmp_path):
    all_rank(people, drafting)
    content = {"round": drafting.public_id, "turn": 1, "places": {}}
    record.append(assembly, type="ranking", id="0" * 64, content=content)
    take_step(drafting, Step.CLOSE)
    end(assembly)

    told = why_not(unpacked(assembly, tmp_path / "bundle"))

    assert told == f"openings.jsonl: ranking {drafting.public_id} 1 has 13 answers, but 12 joined"
