from django.db import models

from deliberation.models.assembly import Assembly
from deliberation.models.translation import Translation


class KitStep(models.Model):
    """One step of the information kit."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="kit_steps")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["assembly", "position"], name="one_kit_step_a_position")]

    def __str__(self) -> str:
        return f"step {self.position} of {self.assembly}"


class KitStepText(Translation):
    step = models.ForeignKey(KitStep, models.CASCADE, related_name="translations")
    title = models.CharField(max_length=120)
    body = models.TextField(help_text="Markdown")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "language"], name="one_kit_step_text_a_language")]

    def __str__(self) -> str:
        return self.title


class GlossaryEntry(models.Model):
    """A word explained, in one language."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="glossary")
    language = models.CharField(max_length=8)
    term = models.CharField(max_length=80)
    meaning = models.TextField()

    class Meta:
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "language", "term"], name="one_meaning_a_glossary_term")
        ]

    def __str__(self) -> str:
        return self.term
