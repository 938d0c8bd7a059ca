"""Whose groups predict votes better that neither saw: ours or red-dwarf's?

    python -m benchmarks.held_out --peer-python PATH [--rounds 3]

On five real conversations a tenth of the votes is hidden, both map the rest, and the hidden votes are predicted with
the same smoothed rates of the voter's group: log-loss in nats per vote, lower is better.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from numpy.typing import NDArray

from benchmarks.conversations import Conversation, as_raw, conversations
from benchmarks.red_dwarf import map_with_red_dwarf, require_peer
from summarizer.opinion_map import MapOptions, map_opinions
from summarizer.prediction import log_losses
from summarizer.votes import VoteMatrix


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    require_peer(arguments.peer_python)
    lost = []
    for conversation in conversations():
        rounds = [_losses(conversation, seed, arguments.peer_python) for seed in range(arguments.rounds)]
        none, theirs, ours = np.mean(rounds, axis=0)
        print(
            f"{conversation.name}: no groups {none:.4f}, red-dwarf {theirs:.4f}, ours {ours:.4f}: "
            f"{ours / theirs:.3f} of red-dwarf's, gain over no groups {(none - ours) / (none - theirs):.2f} times its"
        )
        if ours >= theirs:
            lost.append(conversation.name)
    if lost:
        sys.exit(f"MISSED: not better than red-dwarf on {', '.join(lost)}")


def _losses(conversation: Conversation, seed: int, python: str) -> tuple[float, float, float]:
    raw = conversation.votes
    votes = VoteMatrix.from_votes(raw.participants, raw.statements, raw.values)
    is_rejected = np.isin(votes.statement_ids, conversation.rejected)
    hidden = (np.random.default_rng(seed).random(votes.vote_count) < 0.1) & ~is_rejected[votes.columns]
    shown = votes.restricted_to(~hidden)
    ours = map_opinions(shown, options=MapOptions(rejected=conversation.rejected))
    theirs = map_with_red_dwarf(as_raw(shown), conversation.rejected, python)
    labels = (
        np.full(votes.shape[0], -1),
        _spread(votes, theirs.participant_ids, theirs.groups),
        _spread(votes, ours.participant_ids, ours.group_of),
    )
    none, peer, own = (float(log_losses(votes, hidden, each).mean()) for each in labels)
    return none, peer, own


def _spread(votes: VoteMatrix, participant_ids: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """The groups in the order of all participants; -1 for those who had only hidden votes."""
    spread = np.full(votes.shape[0], -1)
    spread[np.searchsorted(votes.participant_ids, participant_ids)] = groups
    return spread


if __name__ == "__main__":
    main()
