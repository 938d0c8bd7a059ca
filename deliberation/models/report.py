from django.db import models

from deliberation.models.assembly import Assembly
from deliberation.models.participant import Participant


class Report(models.Model):
    """The consensus report: one frozen snapshot from which every page and file of it is made."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="reports")
    version = models.PositiveIntegerField()
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the snapshot's canonical JSON (RFC 8785).")
    made_by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="reports")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        get_latest_by = "version"
        constraints = [models.UniqueConstraint(fields=["assembly", "version"], name="one_report_a_version")]

    def __str__(self) -> str:
        return f"report {self.version} of {self.assembly}"
