from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import CurrentTransaction, TransactionIdField
from deliberation.models.participant import Participant
from deliberation.models.statement import Statement


class Choice(models.IntegerChoices):
    """A vote on a statement. The one place where words become numbers: agree is +1 here, in files and in the map."""

    AGREE = 1, _("Agree")
    DISAGREE = -1, _("Disagree")
    PASS = 0, _("Pass")
    WITHDRAWN = 9, _("Withdrawn")

    @classmethod
    def from_word(cls, word: str) -> "Choice":
        return cls[word.upper()]

    @property
    def word(self) -> str:
        return self.name.lower()


class VoteQuerySet(models.QuerySet["Vote"]):
    def standing(self) -> "VoteQuerySet":
        """Votes that count: those not taken back."""
        return self.exclude(choice=Choice.WITHDRAWN)


class Vote(models.Model):
    """Where a participant stands on a statement now. The record keeps what it was before."""

    # Two references that name the assembly too, written in a migration, hold all three; and every index is one to keep
    # up with each vote, so there are only those that the constraints and the next reader need.
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="votes", db_constraint=False, db_index=False)
    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="votes", db_constraint=False, db_index=False
    )
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes", db_constraint=False, db_index=False)
    choice = models.SmallIntegerField(choices=Choice.choices)
    choice_before = models.SmallIntegerField(choices=Choice.choices, null=True, editable=False)
    important = models.BooleanField(db_default=False)  # to the voter: counted and told, it never weighs in the map
    revision = models.PositiveIntegerField(default=1)
    written_in = TransactionIdField(db_default=CurrentTransaction(), editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["assembly", "written_in"], name="vote_new_to_a_reader")]
        constraints = [
            models.UniqueConstraint(fields=["participant", "statement"], name="one_vote_a_statement"),
            models.CheckConstraint(name="vote_choice_is_known", condition=Q(choice__in=Choice.values)),
            models.CheckConstraint(name="vote_revision_counts_from_one", condition=Q(revision__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.participant} {self.get_choice_display()} {self.statement}"
