"""Votes of made-up assemblies, small enough to read or large enough to group."""

import numpy as np

from summarizer.votes import VoteMatrix


def votes_from(table: list[list[int | None]]) -> VoteMatrix:
    """One row per participant, one column per statement; None where somebody did not vote."""
    cells = [(i, j, vote) for i, row in enumerate(table) for j, vote in enumerate(row) if vote is not None]
    return VoteMatrix.from_votes(*zip(*cells, strict=True))


def triplets(votes: VoteMatrix) -> list[tuple[int, int, int]]:
    """(participant id, statement id, vote) of every vote, in the matrix' order."""
    participants, statements = votes.participant_ids[votes.rows], votes.statement_ids[votes.columns]
    return list(zip(participants.tolist(), statements.tolist(), votes.choices.tolist(), strict=True))


def assembly_of_groups(people: int, statements: int, groups: int, seed: int = 0, turnout: float = 0.7) -> VoteMatrix:
    """Participant i belongs to group i % groups; each group agrees with each statement at a rate of its own."""
    rng = np.random.default_rng(seed)
    rates = rng.beta(0.4, 0.4, (groups, statements))
    who, what = (each.ravel() for each in np.meshgrid(np.arange(people), np.arange(statements), indexing="ij"))
    agrees = rng.random(len(who)) < rates[who % groups, what]
    voted = rng.random(len(who)) < turnout
    return VoteMatrix.from_votes(who[voted], what[voted], np.where(agrees, 1, -1)[voted])


def assembly_without_groups(people: int, statements: int, seed: int = 0) -> VoteMatrix:
    """Everybody agrees with a statement with the same probability, whoever they are."""
    rng = np.random.default_rng(seed)
    who, what = (each.ravel() for each in np.meshgrid(np.arange(people), np.arange(statements), indexing="ij"))
    agrees = rng.random(len(who)) < rng.beta(1, 1, statements)[what]
    voted = rng.random(len(who)) < 0.7
    return VoteMatrix.from_votes(who[voted], what[voted], np.where(agrees, 1, -1)[voted])
