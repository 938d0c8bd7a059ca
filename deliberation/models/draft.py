import hashlib
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from deliberation.models.participant import Participant
from deliberation.models.proposal import Proposal, Side

FRESH = timedelta(minutes=1)  # what others post meanwhile is found by the next look


class Draft(models.Model):
    """What somebody is writing: a statement, or an argument on a proposal. It is gone once it is posted.

    A worker reads it and notes here which contributions are similar, and in which language it seems to be.
    """

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="drafts")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="drafts", null=True, blank=True)
    side = models.CharField(max_length=16, choices=Side.choices, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8, blank=True, help_text="As its writer chose; empty: to be recognised.")
    kept_at = models.DateTimeField(auto_now=True)
    similar = models.JSONField(default=list, help_text="Public ids, the most similar first.")
    reads_as = models.CharField(max_length=8, blank=True, help_text="The language recognised; empty: unsure.")
    read_as_of = models.CharField(max_length=64, blank=True, help_text="Digest of what the worker read.")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], name="one_draft_of_a_statement", condition=Q(proposal__isnull=True)
            ),
            models.UniqueConstraint(fields=["participant", "proposal"], name="one_draft_a_proposal"),
            models.CheckConstraint(name="draft_side_is_known", condition=Q(side__in=["", *Side.values])),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.participant}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.side}\n{self.text}".encode()).hexdigest()

    @property
    def is_read(self) -> bool:
        """Whether the worker has read it as it stands, and lately."""
        return self.read_as_of == self.digest and timezone.now() - self.read_at < FRESH
