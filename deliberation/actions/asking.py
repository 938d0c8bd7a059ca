"""Questions to the experts: asked by participants, given to an expert, answered with sources where all can read it."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from deliberation import live, locks, record
from deliberation.actions.errors import NotAnExpert, NotInThisState, PhaseClosed
from deliberation.actions.moderating import hold, lock
from deliberation.actions.phases import is_closed
from deliberation.models import ExpertAnswer, Participant, Question, QuestionInterest, RecordEntry

TOPIC = "questions"


@transaction.atomic
def ask(
    participant: Participant, text: str, language: str, follows: Question | None = None, nonce: str = ""
) -> Question:
    """Put a question to the experts; where moderators look first it waits for them. Raises PhaseClosed at the end, and
    for whoever only watches."""
    if participant.only_watches or is_closed(participant.assembly_id):
        raise PhaseClosed
    locks.lock_until_commit(locks.NUMBERING, participant.assembly_id)
    last = Question.objects.filter(assembly=participant.assembly_id).aggregate(last=Max("number", default=0))["last"]
    question = Question.objects.create(
        assembly=participant.assembly,
        number=last + 1,
        author=participant,
        follows=follows,
        text=text,
        language=language,
    )
    entry = record.append(
        participant.assembly,
        type="question",
        id=question.public_id,
        content={"text": text, "language": language, **({"follows": follows.public_id} if follows else {})},
        by=participant,
        nonce=nonce,
    )
    if participant.assembly.looks_first:
        hold(question)
    _announce(question, entry)
    return question


@transaction.atomic
def want_to_know(participant: Participant, question: Question, wants: bool) -> None:
    """Say that one wants to know this too, or take it back; who asked wants to know it anyway."""
    if not wants:
        question.interests.filter(participant=participant).delete()
    elif question.author_id != participant.pk:
        QuestionInterest.objects.get_or_create(question=question, participant=participant)


@transaction.atomic
def assign(question: Question, owner: Participant | None, due_on: date | None) -> None:
    """Give a question to somebody who may answer, with a day to answer by. Raises NotAnExpert."""
    if owner is not None and not (owner.answers_questions and owner.assembly_id == question.assembly_id):
        raise NotAnExpert
    current = lock(question)
    current.owner, current.due_on = owner, due_on if owner else None
    current.save(update_fields=["owner", "due_on"])


@transaction.atomic
def answer(
    question: Question, by: Participant, language: str, text: str, sources: str, revision: int, nonce: str = ""
) -> ExpertAnswer:
    """Answer in one language, or write that answer anew; the record keeps what was there before.

    `revision` is the one that was read, 0 where there was none. Raises NotInThisState where it was changed meanwhile.
    """
    current = lock(question)
    before = current.answers.filter(language=language).first()
    if (before.revision if before else 0) != revision:
        raise NotInThisState
    if before is not None and (before.text, before.sources) == (text, sources):
        return before
    written = {"text": text, "sources": sources, "by": by, "revision": revision + 1}
    made, _ = ExpertAnswer.objects.update_or_create(question=current, language=language, defaults=written)
    entry = record.append(
        current.assembly,
        type="answer",
        id=f"{current.public_id} {language}",
        n=made.revision,
        content={"question": current.public_id, "text": text, "sources": sources, "language": language},
        by=by,
        nonce=nonce,
    )
    _announce(current, entry)
    return made


def forget_questions(participant: Participant) -> None:
    """Erase what somebody answered and wanted to know; what they asked is emptied like every contribution."""
    participant.question_interests.all().delete()
    participant.expert_answers.all().delete()
    participant.questions_owned.update(owner=None, due_on=None)


def _announce(question: Question, entry: RecordEntry) -> None:
    assembly_id, version = question.assembly_id, entry.pk
    transaction.on_commit(lambda: live.announce(assembly_id, TOPIC, version), robust=True)
