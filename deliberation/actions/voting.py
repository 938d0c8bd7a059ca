from typing import NamedTuple

from django.db import connection, transaction

from deliberation import enqueue, record
from deliberation.actions.errors import PhaseClosed, Reworded, StaleVote
from deliberation.actions.phases import require_voice
from deliberation.models import Choice, Participant, Phase, Statement, Verb, Vote, kinds_allowing

# One statement checks the phase, writes, and refuses to overwrite a revision that the voter has not seen.
UPSERT = """
    INSERT INTO deliberation_vote
        (assembly_id, participant_id, statement_id, choice, important, revision, written_in, created_at, changed_at)
    SELECT %(assembly)s, %(participant)s, %(statement)s, %(choice)s, %(important)s, 1,
        pg_current_xact_id(), now(), now()
    WHERE EXISTS (
        SELECT FROM deliberation_phase
        WHERE assembly_id = %(assembly)s AND opened_at IS NOT NULL AND closed_at IS NULL AND kind = ANY(%(kinds)s)
    ) AND (%(edition)s::int IS NULL OR EXISTS (
        SELECT FROM deliberation_statement
        WHERE id = %(statement)s AND edits = %(edition)s FOR KEY SHARE -- waits for whoever rewords it at this moment
    ))
    ON CONFLICT (participant_id, statement_id) DO UPDATE
        SET choice = EXCLUDED.choice, choice_before = deliberation_vote.choice, important = EXCLUDED.important,
            revision = deliberation_vote.revision + 1,
            written_in = EXCLUDED.written_in, changed_at = EXCLUDED.changed_at
        WHERE deliberation_vote.revision = %(replaces)s
    RETURNING revision
"""


class Standing(NamedTuple):
    choice: Choice
    revision: int


def vote_on(
    participant: Participant,
    statement: Statement,
    choice: Choice,
    replaces: int = 0,
    nonce: str = "",
    edition: int | None = None,
    important: bool = False,
) -> Standing:
    """Set where a participant stands; `replaces` is the revision they saw. The same vote sent twice is one vote.

    `important` is counted and told beside the votes, and weighs nowhere; a vote taken back is not important either.
    `edition` is how often the words had been changed when the voter read them; None where nobody read them. Raises
    PhaseClosed, StaleVote where another vote came between, or Reworded where other words did.
    """
    require_voice(participant)
    important = important and choice != Choice.WITHDRAWN
    with transaction.atomic():
        revision = _upsert(participant, statement, choice, important, replaces, edition)
        if revision is None:
            return _already_so(participant, statement, choice, important, replaces, edition)
        record.append(
            participant.assembly,
            type="vote",
            id=record.vote_id(participant, statement),
            n=revision,
            content={
                "statement": statement.public_id,
                "choice": choice.word,
                **({"important": True} if important else {}),
            },
            by=participant,
            nonce=nonce,
        )
        enqueue.map_refresh_on_commit(participant.assembly_id)
    return Standing(choice, revision)


def _upsert(
    participant: Participant,
    statement: Statement,
    choice: Choice,
    important: bool,
    replaces: int,
    edition: int | None,
) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            UPSERT,
            {
                "assembly": participant.assembly_id,
                "participant": participant.pk,
                "statement": statement.pk,
                "choice": choice,
                "important": important,
                "replaces": replaces,
                "edition": edition,
                "kinds": kinds_allowing(Verb.VOTE),
            },
        )
        row = cursor.fetchone()
    return row and row[0]


def _already_so(
    participant: Participant,
    statement: Statement,
    choice: Choice,
    important: bool,
    replaces: int,
    edition: int | None,
) -> Standing:
    """Nothing was written: because this very vote is already there (an answer that got lost), or it may not be."""
    if not Phase.objects.filter(assembly=participant.assembly_id).allowing(Verb.VOTE).exists():
        raise PhaseClosed
    vote = Vote.objects.filter(participant=participant, statement=statement).first()
    if vote and (vote.choice, vote.important, vote.revision) == (choice, important, replaces + 1):
        return Standing(choice, vote.revision)
    if edition is not None and not Statement.objects.filter(pk=statement.pk, edits=edition).exists():
        raise Reworded
    raise StaleVote
