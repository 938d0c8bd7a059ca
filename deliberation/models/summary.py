from django.db import models
from django.db.models import UniqueConstraint

from deliberation.models.assembly import Assembly
from deliberation.models.consensus_map import ConsensusMap


class Summary(models.Model):
    """What was heard, in sentences that each name the contributions they rest on. Never changed once written."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="summaries")
    version = models.PositiveIntegerField()
    map = models.ForeignKey(ConsensusMap, models.PROTECT, null=True, related_name="summaries")
    input_digest = models.CharField(max_length=64)
    models_used = models.JSONField(help_text="Model id, revision, weight hash, licence of each model used.")
    parameters = models.JSONField()
    code_version = models.CharField(max_length=64)
    document = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        get_latest_by = "version"
        verbose_name_plural = "summaries"
        constraints = [UniqueConstraint(fields=["assembly", "version"], name="one_summary_a_version")]

    def __str__(self) -> str:
        return f"summary {self.version} of {self.assembly}"
