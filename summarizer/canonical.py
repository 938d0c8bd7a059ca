"""An order of participants and statements that depends on votes alone, never on ids or on who came first.

Whatever is drawn by lot for a map is drawn in this order, so that renumbering people and statements changes nothing.
"""

from __future__ import annotations

import numpy as np

from summarizer.projection import Projection
from summarizer.votes import Floats, Ids, VoteMatrix


def participant_order(votes: VoteMatrix, projection: Projection) -> Ids:
    """Row numbers by place on the map, then by how much one voted."""
    x, y = _rounded(projection.positions).T
    return np.lexsort((votes.votes_of_participants, y, x))


def statement_order(votes: VoteMatrix, projection: Projection) -> Ids:
    """Column numbers by votes received, then by place on the map."""
    x, y = _rounded(projection.statement_positions).T
    disagree, passed, agree = votes.tally.T
    return np.lexsort((y, x, passed, disagree, agree))


def _rounded(places: Floats) -> Floats:
    """Without the last digits, which depend on the order of summation."""
    scale = float(np.abs(places).max(initial=0.0)) or 1.0
    rounded: Floats = np.round(places / scale, 9)
    return rounded
