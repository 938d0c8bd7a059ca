from django.db import models
from django.db.models import Q

from deliberation.models.assembly import Assembly
from deliberation.models.fields import CurrentTransaction, PublicIdField, TransactionIdField
from deliberation.models.moderation import ContributionQuerySet
from deliberation.models.participant import Participant
from deliberation.models.translation import Translation

LONGEST_STATEMENT = 280


class Statement(models.Model):
    """One idea that people agree or disagree with. People say its number; addresses carry its public id."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Participant, models.SET_NULL, related_name="statements", null=True, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8)
    is_seed = models.BooleanField(default=False)
    is_meta = models.BooleanField(default=False, help_text="About the person who votes rather than the question.")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawals = models.PositiveSmallIntegerField(default=0)
    edits = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="How often its author reworded it.")
    # Also written when the statement is moderated or withdrawn: then the map has something new to read.
    written_in = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="one_statement_a_number"),
            models.UniqueConstraint(fields=["assembly", "id"], name="statement_of_assembly"),
            models.CheckConstraint(name="statement_says_something", condition=Q(text__length__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    def text_in(self, language: str) -> tuple[str, str]:
        """The words to show a reader of this language, and the language they are in."""
        if self.language == language:
            return self.text, self.language
        for row in self.translations.all():
            if row.language == language:
                return row.text, row.language
        return self.text, self.language


class StatementText(Translation):
    """Another language of a seed statement; what participants write stays in their own."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="translations")
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "language"], name="one_statement_text_a_language")]

    def __str__(self) -> str:
        return self.text
