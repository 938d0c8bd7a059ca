"""The statistics against the numbers Polis' own worker computed, with its components, centre and groups given."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from summarizer.consensus import consensus_statements, count_by_group, group_aware_consensus
from summarizer.projection import centred_votes, means_without, place_participants, place_statements
from summarizer.representativeness import representative_statements
from summarizer.routing import statement_priorities
from summarizer.votes import VoteMatrix

DATA = Path(__file__).parents[3] / "shared" / "data" / "polis-math"
CONVERSATIONS = ["150ptpt-3gp-no-strict-no-meta", "25ptpt-3gp-no-strict-with-meta", "below-100-ptpts"]

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="Polis' exported numbers are not beside this project")


@dataclass(frozen=True)
class PolisExport:
    """A conversation and what Polis made of it. In its numbers agree is -1, in its list of votes +1."""

    votes: VoteMatrix
    numbers: dict[str, Any]

    @property
    def columns(self) -> list[int]:
        """The column of each statement in the order Polis lists them."""
        return np.searchsorted(self.votes.statement_ids, self.numbers["tids"]).tolist()

    @property
    def loadings(self) -> np.ndarray:
        loadings = np.zeros((self.votes.shape[1], 2))
        loadings[self.columns] = np.array(self.numbers["pca"]["comps"]).T
        return loadings

    @property
    def left_out(self) -> np.ndarray:
        return self.votes.statement_indices([*self.numbers["mod-out"], *self.numbers["meta-tids"]])

    @property
    def eligible(self) -> np.ndarray:
        eligible = np.ones(self.votes.shape[1], dtype=bool)
        eligible[self.left_out] = False
        return eligible

    @property
    def group_of(self) -> np.ndarray:
        members = dict(zip(self.numbers["base-clusters"]["id"], self.numbers["base-clusters"]["members"], strict=True))
        group_of = np.full(self.votes.shape[0], -1)
        for group in self.numbers["group-clusters"]:
            people = [person for base in group["members"] for person in members[base]]
            group_of[np.searchsorted(self.votes.participant_ids, people)] = group["id"]
        return group_of

    @property
    def counts(self):
        return count_by_group(self.votes, self.group_of, len(self.numbers["group-clusters"]))

    def by_statement(self, values: dict[str, float]) -> np.ndarray:
        ordered = np.full(self.votes.shape[1], np.nan)
        for statement_id, value in values.items():
            ordered[np.searchsorted(self.votes.statement_ids, int(statement_id))] = value
        return ordered


@pytest.fixture(params=CONVERSATIONS, scope="module")
def export(request: pytest.FixtureRequest) -> PolisExport:
    folder = DATA / request.param
    events = json.loads((folder / "votes.json").read_text())
    columns = zip(*sorted((_event(event) for event in events), key=lambda event: event[0]), strict=True)
    _, participants, statements, values = columns
    numbers = json.loads((folder / "math-pca2.json").read_text())
    return PolisExport(VoteMatrix.from_votes(participants, statements, values), numbers)


def _event(event: dict[str, Any]) -> tuple[float, int, int, int]:
    who, what = (("participant_id", "statement_id"), ("pid", "tid"))["pid" in event]
    return float(event["modified"]), event[who], event[what], event["vote"]


def test_means_are_polis_centre(export):
    centre = np.zeros(export.votes.shape[1])
    centre[export.columns] = export.numbers["pca"]["center"]

    np.testing.assert_allclose(means_without(export.votes, export.left_out), -centre, rtol=0, atol=1e-12)


def test_participants_stand_where_polis_places_them(export):
    means = means_without(export.votes, export.left_out)
    centred = centred_votes(export.votes, means, export.left_out)

    positions = -place_participants(export.votes, centred, export.loadings, export.left_out)

    base = export.numbers["base-clusters"]
    alone = [
        (people[0], x, y)
        for people, x, y in zip(base["members"], base["x"], base["y"], strict=True)
        if len(people) == 1
    ]
    rows = np.searchsorted(export.votes.participant_ids, [person for person, _, _ in alone])
    assert len(alone) >= 19
    np.testing.assert_allclose(positions[rows], [place[1:] for place in alone], rtol=0, atol=1e-12)


def test_statements_stand_where_polis_places_them(export):
    means = means_without(export.votes, export.left_out)

    placed = place_statements(means, export.loadings, export.left_out)

    expected = np.array(export.numbers["pca"]["comment-projection"]).T
    np.testing.assert_allclose(np.abs(placed[export.columns]), np.abs(expected), rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        np.hypot(*placed[export.columns].T), export.numbers["pca"]["comment-extremity"], rtol=0, atol=1e-12
    )


def test_votes_are_counted_by_group_as_polis_counts_them(export):
    counts = export.counts

    for group, tally in export.numbers["group-votes"].items():
        for name, ours in (("A", counts.agree), ("D", counts.disagree), ("S", counts.seen)):
            theirs = export.by_statement({tid: each[name] for tid, each in tally["votes"].items()})
            assert ours[int(group)].tolist() == theirs.tolist()


def test_group_aware_consensus_is_polis(export):
    consensus = group_aware_consensus(export.counts.agree, export.counts.seen)

    expected = export.by_statement(export.numbers["group-aware-consensus"])
    np.testing.assert_allclose(consensus.product, expected, rtol=0, atol=1e-12)


def test_representative_statements_are_polis_in_its_order(export):
    chosen = representative_statements(export.votes, export.counts, export.eligible)

    for group, statements in export.numbers["repness"].items():
        assert _told(chosen[int(group)]) == [
            (each["tid"], each["repful-for"], each["n-success"], each["n-trials"]) for each in statements
        ]


@pytest.mark.parametrize("side", ["agree", "disagree"])
def test_consensus_statements_are_polis_in_its_order(export, side):
    chosen = consensus_statements(export.votes, side, export.eligible)

    assert _told(chosen) == [
        (each["tid"], side, each["n-success"], each["n-trials"]) for each in export.numbers["consensus"][side]
    ]


def test_priorities_are_polis(export):
    meta = export.votes.statement_indices(export.numbers["meta-tids"])
    extremity = np.zeros(export.votes.shape[1])
    extremity[export.columns] = export.numbers["pca"]["comment-extremity"]

    priorities = statement_priorities(export.counts, extremity, meta)

    expected = export.by_statement(export.numbers["comment-priorities"])
    np.testing.assert_allclose(priorities, expected, rtol=1e-12)


def _told(statements: Iterable[Any]) -> list[tuple[int, str, int, int]]:
    return [(each.statement_id, each.side, each.supporters, each.votes) for each in statements]
