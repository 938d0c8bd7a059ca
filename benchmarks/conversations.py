"""Real conversations as exported by Polis, read from ../shared/data/polis beside the project."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import RawVotes
from summarizer.votes import VoteMatrix

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "polis"
UNGROUPED = -1


@dataclass(frozen=True)
class Conversation:
    """Votes in the order cast, ids of rejected statements, and the group Polis gave each participant."""

    name: str
    votes: RawVotes
    rejected: tuple[int, ...]
    polis_participants: NDArray[np.int64]
    polis_groups: NDArray[np.int64]


def conversations() -> Iterator[Conversation]:
    if not FOLDER.exists():
        sys.exit(f"The real conversations are not there: put the folders of Polis' open data into {FOLDER}.")
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        yield _read(folder)


def _read(folder: Path) -> Conversation:
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        rejected = tuple(int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1")
    with (folder / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
        people = [(int(row["participant"]), int(row["group-id"] or UNGROUPED)) for row in csv.DictReader(file)]
    events = np.genfromtxt(folder / "votes.csv", delimiter=",", skip_header=1, usecols=(0, 2, 3, 4), dtype=np.int64)
    _, statements, participants, values = events[np.argsort(events[:, 0], kind="stable")].T
    ids, groups = np.array(people).T
    return Conversation(folder.name, RawVotes(participants, statements, values), rejected, ids, groups)


def last_votes(votes: RawVotes) -> RawVotes:
    """One vote per participant and statement, as a peer wants them that does not know of second thoughts."""
    return as_raw(VoteMatrix.from_votes(votes.participants, votes.statements, votes.values))


def as_raw(votes: VoteMatrix) -> RawVotes:
    return RawVotes(
        votes.participant_ids[votes.rows], votes.statement_ids[votes.columns], votes.choices.astype(np.int64)
    )
