"""Is it the same map whatever the order of votes and numbering, and does it agree with Polis' own groups?

    python -m benchmarks.same_map [--shuffles 3]

On five real conversations: the mean adjusted Rand index between maps of shuffled and renumbered votes; how many
participants stand nearest to the centroid of the group Polis gave them; and how loose Polis' groups are beside ours
(inertia, with as many groups, among those both grouped).
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from numpy.typing import NDArray

from benchmarks.conversations import UNGROUPED, Conversation, conversations
from summarizer.grouping import GroupingOptions, adjusted_rand, partition_into
from summarizer.kmeans import centres_of, inertia, nearest_centre
from summarizer.opinion_map import MapOptions, OpinionMap, map_opinions
from summarizer.votes import VoteMatrix

LEAST_RAND, LEAST_AGREEMENT, MOST_INERTIA = 0.99, 0.97, 1.06


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shuffles", type=int, default=3)
    shuffles = parser.parse_args().shuffles
    indices, agreements, looseness = [], [], []
    for conversation in conversations():
        opinions = _mapped(conversation, *_columns(conversation), conversation.rejected)
        indices.append(np.mean([_index_after_shuffling(conversation, opinions, seed) for seed in range(shuffles)]))
        agreement, ratio = _beside_polis(conversation, opinions)
        agreements.append(agreement)
        looseness.append(ratio)
        print(
            f"{conversation.name}: order and numbering {indices[-1]:.4f}; Polis' groups: "
            f"{agreement:.3f} nearest to their own centroid, inertia {ratio:.3f} of ours"
        )
    print(
        f"mean order and numbering {np.mean(indices):.4f}, agreement {np.mean(agreements):.3f}, "
        f"inertia {np.mean(looseness):.3f}"
    )
    if np.mean(indices) < LEAST_RAND or np.mean(agreements) < LEAST_AGREEMENT or np.mean(looseness) > MOST_INERTIA:
        sys.exit(f"MISSED: at least {LEAST_RAND} and {LEAST_AGREEMENT}, at most {MOST_INERTIA}")


def _columns(conversation: Conversation) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    return conversation.votes.participants, conversation.votes.statements, conversation.votes.values


def _mapped(
    conversation: Conversation,
    participants: NDArray[np.int64],
    statements: NDArray[np.int64],
    values: NDArray[np.int64],
    rejected: tuple[int, ...],
) -> OpinionMap:
    votes = VoteMatrix.from_votes(participants, statements, values)
    return map_opinions(votes, options=MapOptions(rejected=rejected, diagnostics=False))


def _index_after_shuffling(conversation: Conversation, opinions: OpinionMap, seed: int) -> float:
    """The last votes in another order, under other numbers."""
    rng = np.random.default_rng(seed)
    participants, statements, values = _columns(conversation)
    votes = VoteMatrix.from_votes(participants, statements, values)
    people, numbers = rng.permutation(10 * votes.shape[0]), rng.permutation(10 * votes.shape[1])
    order = rng.permutation(votes.vote_count)
    rejected = tuple(int(numbers[j]) for j in votes.statement_indices(conversation.rejected))
    other = _mapped(
        conversation, people[votes.rows][order], numbers[votes.columns][order], votes.choices[order], rejected
    )
    back = np.searchsorted(other.participant_ids, people[: votes.shape[0]])
    return adjusted_rand(opinions.group_of + 1, other.group_of[back] + 1)


def _beside_polis(conversation: Conversation, opinions: OpinionMap) -> tuple[float, float]:
    _, ours, theirs = np.intersect1d(opinions.participant_ids, conversation.polis_participants, return_indices=True)
    labels = conversation.polis_groups[theirs]
    both = (labels != UNGROUPED) & opinions.grouped[ours]
    positions = opinions.positions[ours[both]]
    _, labels = np.unique(labels[both], return_inverse=True)
    k = int(labels.max()) + 1
    nearest = nearest_centre(positions, centres_of(positions, labels, k))
    split = partition_into(positions, k, GroupingOptions(), seed=1)
    if split is None:
        sys.exit(f"{conversation.name}: no split into {k} groups")
    return float((nearest == labels).mean()), inertia(positions, labels, k) / inertia(positions, split.labels, k)


if __name__ == "__main__":
    main()
