"""What the demo's people learn from besides texts: a law clause by clause, and experts who answer questions."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from deliberation.actions.asking import answer, ask, assign, want_to_know
from deliberation.actions.preparing import StepWords, add_step, publish_step
from deliberation.demo.content import LawContent, QuestionContent, learning_content
from deliberation.models import Assembly, Clause, ClauseText, Participant, Question, Role, Route, StepKind

SEED = 7
FIRST_ASKED = timedelta(days=16)  # ago, while people were still learning
BETWEEN = timedelta(days=2)
ANSWERED_AFTER = timedelta(hours=30)


@transaction.atomic
def seed_learning(assembly: Assembly) -> None:
    """Written once, however often the demo is made."""
    if assembly.questions.exists():
        return
    content, rng = learning_content(), random.Random(SEED)  # noqa: S311 - the same demo everywhere
    _write_law(assembly, content.law)
    people = list(assembly.participants.filter(route=Route.SIMULATED).order_by("pk"))
    expert = rng.choice(people)
    expert.roles = [Role.EXPERT]
    expert.save(update_fields=["roles"])
    others = [each for each in people if each.pk != expert.pk]
    for place, each in enumerate(content.questions):
        _ask(each, place, rng.sample(others, each.wanted + 1), expert)


def _write_law(assembly: Assembly, law: LawContent) -> None:
    texts = {language: {"title": words.title, "body": words.body} for language, words in law.translations().items()}
    step = add_step(assembly, StepKind.LAW, StepWords(texts, law.minutes, law_language=law.language))
    for position, each in enumerate(law.clauses, start=1):
        clause = Clause.objects.create(step=step, position=position, number=each.number, text=each.law)
        ClauseText.objects.bulk_create(
            ClauseText(clause=clause, language=language, plain=plain) for language, plain in each.translations().items()
        )
    publish_step(step)


def _ask(content: QuestionContent, place: int, people: list[Participant], expert: Participant) -> None:
    """The first of these people asks, the others want to know too; the expert answers in both languages."""
    author, *others = people
    question = ask(author, content.text, content.language)
    asked_at = timezone.now() - FIRST_ASKED + place * BETWEEN
    Question.objects.filter(pk=question.pk).update(created_at=asked_at)
    for each in others:
        want_to_know(each, question, True)
    if content.due_in_days is not None:
        assign(question, expert, timezone.localdate() + timedelta(days=content.due_in_days))
    for language, words in content.answers.items():
        answer(question, expert, language, words.text.strip(), words.sources.strip(), 0)
    question.answers.update(created_at=asked_at + ANSWERED_AFTER, changed_at=asked_at + ANSWERED_AFTER)
