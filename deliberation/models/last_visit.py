from django.db import models

from deliberation.models.participant import Participant


class LastVisit(models.Model):
    """When somebody was here, told coarsely: the visit that goes on, and the end of the one before it."""

    participant = models.OneToOneField(Participant, models.CASCADE, primary_key=True, related_name="last_visit")
    seen_at = models.DateTimeField()
    before = models.DateTimeField(null=True, blank=True, help_text="When the visit before this one ended.")

    def __str__(self) -> str:
        return f"{self.participant} was here at {self.seen_at}"
