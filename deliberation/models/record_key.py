from django.db import models

from deliberation.models.assembly import Assembly


class RecordKey(models.Model):
    """A key that follows another: from here on it signs the record. The first key of a record has no row."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="record_keys")
    number = models.PositiveIntegerField()
    key = models.TextField(help_text="The verifier key that signs from here on.")
    before = models.TextField(help_text="The verifier key that signed until here.")
    note = models.TextField(help_text="Says so, signed by the key before. The record has it as an entry, too.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["assembly", "number"], name="one_record_key_a_number")]

    def __str__(self) -> str:
        return f"key {self.number + 1} of {self.assembly}"
