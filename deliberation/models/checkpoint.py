from django.db import models

from deliberation.models.assembly import Assembly
from deliberation.models.participant import Participant


class Checkpoint(models.Model):
    """The record was so long and had this root, signed. A trigger forbids changing, removing or shortening."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="checkpoints")
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField(help_text="The checkpoint as C2SP writes it, with its signature.")
    key = models.TextField(help_text="The verifier key that the signature is checked with.")
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-size"]
        get_latest_by = "size"
        constraints = [models.UniqueConstraint(fields=["assembly", "size"], name="one_checkpoint_a_size")]

    def __str__(self) -> str:
        return f"checkpoint {self.size} of {self.assembly}"


class RecordSubtree(models.Model):
    """The root of 256, 65,536, … sealed leaves, so that neither sealing nor a proof reads the whole record."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="record_subtrees", db_index=False)
    level = models.PositiveSmallIntegerField(help_text="The root of 2 to the power of this many leaves: 8, 16, …")
    place = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "level", "place"], name="one_subtree_a_place")]

    def __str__(self) -> str:
        return f"subtree {self.level}/{self.place} of {self.assembly}"


class RecordCheck(models.Model):
    """A participant has checked their receipts: once, and up to which size the last time."""

    participant = models.OneToOneField(Participant, models.CASCADE, primary_key=True, related_name="record_check")
    size = models.PositiveBigIntegerField()
    checked_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.participant} checked {self.size}"
