from django.db import models

from deliberation.models.checkpoint import Checkpoint


class Cosignature(models.Model):
    """A witness, somewhere else, saw this checkpoint and none that contradicts it."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    key = models.TextField(help_text="The verifier key of the witness.")
    line = models.TextField(help_text="Its line below the checkpoint, as C2SP writes it.")
    witnessed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["checkpoint", "key"], name="one_cosignature_a_witness")]

    def __str__(self) -> str:
        return self.line

    @property
    def witness(self) -> str:
        return self.key.partition("+")[0]


class WitnessedLog(models.Model):
    """A record somewhere else that this server watches: the last state that it has cosigned."""

    origin = models.TextField(unique=True)
    key = models.TextField(help_text="The verifier key that its checkpoints are signed with.")
    size = models.PositiveBigIntegerField(default=0)
    root = models.BinaryField(max_length=32, default=b"")
    seen_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"
