from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deliberation import enqueue, record
from deliberation.actions import exporting, publishing, summarising
from deliberation.actions.appealing import forget_appeals
from deliberation.actions.asking import forget_questions
from deliberation.actions.challenging import forget_objections
from deliberation.actions.noting import forget_notes
from deliberation.actions.ratifying import forget_answers
from deliberation.actions.reviewing import forget_reviews
from deliberation.analysis.summary_steps import texts_compared
from deliberation.models import (
    Argument,
    Choice,
    ContributionReading,
    Embedding,
    Moderation,
    Objection,
    Participant,
    Question,
    Ranking,
    RecordEntry,
    RecordOpening,
    RecordOwner,
    Statement,
    StatementText,
    Vote,
    Wording,
    text_digest,
)
from deliberation.models.drafting import GONE
from deliberation.models.fields import CurrentTransaction


@transaction.atomic
def erase(participant: Participant) -> int:
    """Erase what a participant contributed; how many entries of the record were emptied.

    Their leaves stay, and one leaf for each says that it was erased: no proof of anybody else changes.
    """
    written_ids = _public_ids(participant)
    _forget_words(participant)
    # As if never withdrawn before: what is erased cannot be restored.
    written = {"withdrawn_at": timezone.now(), "withdrawals": 0, "text": GONE}
    Statement.objects.filter(author=participant).update(**written, author=None, written_in=CurrentTransaction())
    Argument.objects.filter(author=participant).update(**written)
    Objection.objects.filter(author=participant).update(**written)
    Question.objects.filter(author=participant).update(**written)
    Ranking.objects.filter(participant=participant).update(places={})
    # The revision stays: the record counts revisions, and this is none. The map reads the withdrawal as any other.
    Vote.objects.filter(participant=participant).update(choice=Choice.WITHDRAWN, written_in=CurrentTransaction())
    rests_on_them = Q(cites__overlap=written_ids) | Q(written_by=participant)
    Wording.objects.filter(rests_on_them, summary__assembly=participant.assembly).delete()
    forget_reviews(participant, written_ids)
    forget_answers(participant)
    forget_objections(participant)
    forget_appeals(participant)
    forget_notes(participant)
    forget_questions(participant)
    participant.kit_readings.all().delete()
    _forget_sessions(participant)
    summarising.forget_results(participant.assembly)
    publishing.withdraw_what_rests_on(participant.assembly, written_ids)
    exporting.make_anew(participant.assembly)
    erased = _empty_entries(participant)
    enqueue.map_refresh_on_commit(participant.assembly_id)
    return erased


def _forget_sessions(participant: Participant) -> None:
    """That they came, sat, raised a hand or a card and answered. Closed polls keep their counts, which tell nobody."""
    for rows in (participant.attendances, participant.seats, participant.hands, participant.cards):
        rows.all().delete()
    participant.poll_answers.all().delete()


def _public_ids(participant: Participant) -> list[str]:
    contributions = participant.statements.all(), participant.arguments.all()
    return [public_id for each in contributions for public_id in each.values_list("public_id", flat=True)]


def _forget_words(participant: Participant) -> None:
    """Erase what was made from the texts: other languages, vectors, and what moderators wrote about them."""
    statements, arguments = participant.statements.all(), participant.arguments.all()
    objections, questions = participant.objections.all(), participant.questions.all()
    texts = [text for each in (statements, arguments, questions) for text in each.values_list("text", flat=True)]
    texts += StatementText.objects.filter(statement__in=statements).values_list("text", flat=True)
    read = [part for text in texts for part in (text, *texts_compared(text))]
    Embedding.objects.filter(text_digest__in=[text_digest(each) for each in read]).delete()
    StatementText.objects.filter(statement__in=statements).delete()
    about = Q(statement__in=statements) | Q(argument__in=arguments) | Q(objection__in=objections)
    about |= Q(question__in=questions)
    participant.drafts.all().delete()
    ContributionReading.objects.filter(about).delete()
    Moderation.objects.filter(about | Q(note__in=participant.notes.all())).update(reason="")


def _empty_entries(participant: Participant) -> int:
    entries = list(RecordEntry.objects.filter(owner__participant=participant, opening__isnull=False))
    RecordOpening.objects.filter(entry__in=entries).delete()
    RecordOwner.objects.filter(participant=participant).delete()
    record.append_all(
        participant.assembly, (record.Contribution("redact", bytes(entry.leaf_hash).hex(), {}) for entry in entries)
    )
    return len(entries)
