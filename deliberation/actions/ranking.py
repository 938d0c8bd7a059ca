"""What participants do in a drafting round: rank its candidates, and object to the one that came first."""

import json
from typing import Any

from django.db import connection, transaction

from deliberation import live, record
from deliberation.actions.errors import AlreadyObjected, PhaseClosed, StaleVote, WrongStage
from deliberation.actions.moderating import hold
from deliberation.actions.phases import require
from deliberation.models import (
    DraftingRound,
    Objection,
    Participant,
    Phase,
    Ranking,
    RankingTurn,
    Stage,
    Verb,
    kinds_allowing,
)

# The turn is held open while this is written: whoever closes it waits, and then counts it.
UPSERT = """
    WITH turn AS MATERIALIZED (
        SELECT id, assembly_id FROM deliberation_rankingturn WHERE id = %(turn)s AND closed_at IS NULL FOR SHARE
    )
    INSERT INTO deliberation_ranking (assembly_id, turn_id, participant_id, places, revision, created_at, changed_at)
    SELECT turn.assembly_id, turn.id, %(participant)s, %(places)s::jsonb, 1, now(), now() FROM turn
    WHERE EXISTS (
        SELECT FROM deliberation_phase
        WHERE assembly_id = turn.assembly_id AND opened_at IS NOT NULL AND closed_at IS NULL AND kind = ANY(%(kinds)s)
    )
    ON CONFLICT (turn_id, participant_id) DO UPDATE
        SET places = EXCLUDED.places, revision = deliberation_ranking.revision + 1, changed_at = EXCLUDED.changed_at
        WHERE deliberation_ranking.revision = %(replaces)s
    RETURNING revision
"""

Places = dict[str, int]


def rank(participant: Participant, turn: RankingTurn, places: Places, replaces: int = 0, nonce: str = "") -> int:
    """Give candidates their places, by public id; none at all takes the ranking back. Returns the revision.

    `replaces` is the revision that was seen; the same ranking sent twice is one ranking. Raises PhaseClosed, or
    StaleVote where another one came between.
    """
    with transaction.atomic():
        revision = _upsert(participant, turn, places, replaces)
        if revision is None:
            return _already_so(participant, turn, places, replaces)
        entry = record.append(
            participant.assembly,
            type="ranking",
            id=record.ranking_id(participant, turn),
            n=revision,
            content={"round": turn.round.public_id, "turn": turn.number, "places": places},
            by=participant,
            nonce=nonce,
        )
        topic = live.topic_of_rankings(turn.round.public_id)
        transaction.on_commit(lambda: live.announce(participant.assembly_id, topic, entry.pk), robust=True)
    return revision


def _upsert(participant: Participant, turn: RankingTurn, places: Places, replaces: int) -> int | None:
    values: dict[str, Any] = {
        "turn": turn.pk,
        "participant": participant.pk,
        "places": json.dumps(places),
        "replaces": replaces,
        "kinds": kinds_allowing(Verb.RANK),
    }
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        row = cursor.fetchone()
    return row and row[0]


def _already_so(participant: Participant, turn: RankingTurn, places: Places, replaces: int) -> int:
    """Nothing was written: because this very ranking is already there, or it may not be."""
    open_turn = RankingTurn.objects.filter(pk=turn.pk, closed_at__isnull=True)
    if (
        not open_turn.exists()
        or not Phase.objects.filter(assembly=participant.assembly_id).allowing(Verb.RANK).exists()
    ):
        raise PhaseClosed
    ranking = Ranking.objects.get(participant=participant, turn=turn)
    if ranking.places == places and ranking.revision == replaces + 1:
        return ranking.revision
    raise StaleVote


@transaction.atomic
def object_to_winner(
    participant: Participant, drafting: DraftingRound, text: str, language: str, nonce: str = ""
) -> Objection:
    """Say what one could not live with. Raises PhaseClosed, WrongStage, AlreadyObjected."""
    require(participant, Verb.RANK)
    if not DraftingRound.objects.select_for_update(no_key=True).filter(pk=drafting.pk, stage=Stage.OBJECTING).exists():
        raise WrongStage
    objection, made = Objection.objects.get_or_create(
        round=drafting,
        author=participant,
        defaults={"assembly": participant.assembly, "text": text, "language": language},
    )
    if not made:
        raise AlreadyObjected
    entry = record.append(
        participant.assembly,
        type="objection",
        id=objection.public_id,
        content={"round": drafting.public_id, "text": text, "language": language},
        by=participant,
        nonce=nonce,
    )
    if participant.assembly.looks_first:
        hold(objection)
    topic = live.topic_of_rankings(drafting.public_id)
    transaction.on_commit(lambda: live.announce(participant.assembly_id, topic, entry.pk), robust=True)
    return objection
