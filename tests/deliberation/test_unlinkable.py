"""From what is published nobody puts one person's votes together: no shared value, no order, no time."""

import json
import re
from collections import defaultdict
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from deliberation.actions.phases import close_phase
from deliberation.actions.voting import vote_on
from deliberation.models import Choice, Participant, RecordEntry
from deliberation.record.sealing import seal
from tests.finished_assembly import finish, join_all, keep_keys_in, lines_of, state_all, unpacked, vote_all
from tests.people import a_statement, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

# The same in every vote, whoever gave it.
OF_EVERY_VOTE = {"v", "log", "type", "n", "statement", "choice"}


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    keep_keys_in(tmp_path, monkeypatch)


def published_votes(folder: Path) -> dict[int, dict[str, Any]]:
    """All that the public bundle says of each vote, by its place."""
    leaves = [json.loads(line) for line in lines_of(folder, "entries.jsonl")]
    votes = {place: leaf for place, leaf in enumerate(leaves) if leaf["type"] == "vote"}
    for line in lines_of(folder, "openings.jsonl"):
        opening = json.loads(line)
        if opening["sequence"] in votes:
            votes[opening["sequence"]].update(salt=opening["salt"], **json.loads(opening["content"]))
    return votes


def places_of(people: list[Participant]) -> dict[int, list[int]]:
    """What only we know: where each one's votes stand."""
    places: dict[int, list[int]] = defaultdict(list)
    votes = RecordEntry.objects.filter(type="vote").values_list("owner__participant", "sequence").order_by("pk")
    for person, sequence in votes:
        places[person].append(sequence)
    return places


def test_two_votes_of_one_person_share_nothing_that_votes_of_two_people_do_not(assembly, tmp_path):
    people = join_all(assembly)
    vote_all(people, state_all(people))
    finish(assembly)

    votes = published_votes(unpacked(assembly, tmp_path / "bundle"))

    shared = set()
    for places in places_of(people).values():
        for one, other in combinations(places, 2):
            shared |= {name for name in votes[one] if votes[one][name] == votes[other].get(name)}
    assert len(votes) == 60
    assert {name for vote in votes.values() for name in vote} == {*OF_EVERY_VOTE, "id", "c", "nonce", "salt"}
    assert shared <= OF_EVERY_VOTE


def test_the_places_of_ones_votes_are_as_scattered_as_anybodys(assembly):
    """Twelve people vote one after the other, each on ten statements: unshuffled, the ten would stand in a row."""
    people = join_all(assembly)
    statements = [a_statement(assembly) for _ in range(10)]
    for person in people:
        for statement in statements:
            vote_on(person, statement, Choice.AGREE)
    close_phase(assembly.phases.get())
    seal(assembly)

    neighbours = sum(abs(a - b) == 1 for own in places_of(people).values() for a, b in pairwise(own))

    assert neighbours < 20  # of 108; two on average by chance


def test_the_record_tells_when_something_was_sealed_and_never_when_it_was_written(assembly, tmp_path):
    people = join_all(assembly)
    vote_all(people, state_all(people))
    finish(assembly)
    folder = unpacked(assembly, tmp_path / "bundle")
    entry = assembly.record.filter(type="vote").first()

    told = {name for line in lines_of(folder, "entries.jsonl") for name in json.loads(line)}
    proof = browser_of(None).get(f"/a/river/record/proof/{entry.sequence}.json").json()

    assert told == {"v", "log", "type", "id", "n", "c"}
    assert set(proof) == {"sequence", "leaf", "leaf_hash", "proof", "checkpoint", "key"}
    contents = [json.loads(json.loads(line)["content"]) for line in lines_of(folder, "openings.jsonl")]
    assert not [name for content in contents for name in content if name.endswith("_at") or "time" in name]
    assert not [told for content in contents for told in content.values() if re.match(r"\d{4}-\d\d-\d\d", str(told))]


def test_a_vote_has_the_same_id_when_it_is_changed_and_another_in_another_assembly(assembly, tmp_path):
    ana, _ = join_all(assembly, 2)
    statement = a_statement(assembly)
    vote_on(ana, statement, Choice.AGREE)
    vote_on(ana, statement, Choice.DISAGREE, replaces=1)
    vote_on(ana, a_statement(assembly), Choice.AGREE)

    ids = [json.loads(bytes(each.leaf))["id"] for each in assembly.record.filter(type="vote").order_by("pk")]

    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)
