from django.db import models
from django.db.models import Q

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.moderation import ContributionQuerySet
from deliberation.models.participant import Participant
from deliberation.models.proposal import Argument
from deliberation.models.session import AgendaItem

LONGEST_NOTE = 2000


class Note(models.Model):
    """What a scribe wrote down in a session, at one table or of the whole room. Others may cite it by its address."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="notes")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="notes", db_constraint=False)
    table = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: of the whole room.")
    author = models.ForeignKey(Participant, models.CASCADE, related_name="notes", db_constraint=False)
    text = models.TextField()
    language = models.CharField(max_length=8)
    edits = models.PositiveSmallIntegerField(default=0, help_text="How often it was corrected.")
    created_at = models.DateTimeField(auto_now_add=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="note_says_something", condition=Q(text__length__gte=1)),
            models.CheckConstraint(name="note_of_a_table_counts_from_one", condition=Q(table=None) | Q(table__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text


class NoteBefore(models.Model):
    """The words of a note before a correction: who cited them can still be understood."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="before")
    author = models.ForeignKey(Participant, models.CASCADE, related_name="notes_before")
    number = models.PositiveSmallIntegerField(help_text="1 for the words it began with.")
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="one_note_a_version")]

    def __str__(self) -> str:
        return self.text


class Citation(models.Model):
    """An argument rests on a note."""

    argument = models.ForeignKey(Argument, models.CASCADE, related_name="citations")
    note = models.ForeignKey(Note, models.CASCADE, related_name="citations")
    stands = models.BooleanField(default=True)
    changes = models.PositiveSmallIntegerField(default=1, help_text="How often that was said or taken back.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["argument", "note"], name="one_citation_a_note")]

    def __str__(self) -> str:
        return f"{self.argument} rests on {self.note}"
