from django.db import models

from deliberation.models.assembly import Assembly


class ConsensusMap(models.Model):
    """One version of the map: what was computed, from which votes, how. Never changed once written."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="maps")
    version = models.PositiveIntegerField()
    read_at = models.TextField(help_text="The pg_snapshot up to which votes were read.")
    input_digest = models.CharField(max_length=64)
    parameters = models.JSONField()
    code_version = models.CharField(max_length=64)
    snapshot = models.JSONField(help_text="What everybody may see of it.")
    groups = models.BinaryField(help_text="Who is in which group and how the axes lie: what the next map starts from.")
    participants = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        get_latest_by = "version"
        constraints = [models.UniqueConstraint(fields=["assembly", "version"], name="one_map_a_version")]

    def __str__(self) -> str:
        return f"map {self.version} of {self.assembly}"
