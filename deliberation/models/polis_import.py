from django.db import models

from deliberation.models.assembly import Assembly


class PolisImport(models.Model):
    """A Polis export that became an assembly, known by the digest of its files so that it comes in once."""

    assembly = models.OneToOneField(Assembly, models.CASCADE, related_name="polis_import")
    digest = models.CharField(max_length=64, unique=True)
    counts = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Polis export {self.digest[:12]} as {self.assembly}"
