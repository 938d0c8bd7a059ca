from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.moderation import ContributionQuerySet
from deliberation.models.participant import Participant
from deliberation.models.translation import Translation

LONGEST_ASKED = 500
LONGEST_EXPERT_ANSWER = 4_000
LONGEST_SOURCES = 1_000


class QuestionState(models.TextChoices):
    OPEN = "open", _("waits for an expert")
    ASSIGNED = "assigned", _("an expert is looking into it")
    ANSWERED = "answered", _("answered")


class Question(models.Model):
    """What a participant asks the experts. People say its number; addresses carry its public id."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="questions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Participant, models.CASCADE, related_name="questions")
    follows = models.ForeignKey("self", models.SET_NULL, related_name="follow_ups", null=True, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8)
    owner = models.ForeignKey(Participant, models.SET_NULL, related_name="questions_owned", null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawals = models.PositiveSmallIntegerField(default=0)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="one_question_a_number"),
            models.CheckConstraint(name="question_says_something", condition=Q(text__length__gte=1)),
            models.CheckConstraint(name="question_follows_another", condition=~Q(follows=models.F("id"))),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    @property
    def state(self) -> QuestionState:
        """Of a question whose answers are at hand: fetch them along."""
        if self.answers.all():
            return QuestionState.ANSWERED
        return QuestionState.OPEN if self.owner_id is None else QuestionState.ASSIGNED

    def is_overdue(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today and self.state != QuestionState.ANSWERED


class ExpertAnswer(Translation):
    """The answer to a question in one language, and what it rests on."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    text = models.TextField()
    sources = models.TextField(help_text="One a line.")
    by = models.ForeignKey(Participant, models.SET_NULL, related_name="expert_answers", null=True, blank=True)
    revision = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "language"], name="one_expert_answer_a_language"),
            models.CheckConstraint(name="expert_answer_says_something", condition=Q(text__length__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text


class QuestionInterest(models.Model):
    """That somebody wants to know this too."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="interests")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="question_interests")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "participant"], name="one_interest_a_question")]

    def __str__(self) -> str:
        return f"{self.participant} wants to know {self.question}"
