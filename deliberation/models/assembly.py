from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from deliberation.models.fields import PublicIdField
from deliberation.models.translation import Translation, in_language


class Assembly(models.Model):
    """One citizens' assembly: everything else hangs on it."""

    public_id = PublicIdField()
    slug = models.SlugField(max_length=80, unique=True)
    languages = ArrayField(models.CharField(max_length=8), default=list)
    is_open = models.BooleanField(default=True, help_text="Anyone with the address may join.")
    changed_voters_per_map = models.PositiveSmallIntegerField(
        default=5, help_text="A new public map needs this many changed voters since the last one."
    )
    record_secret = models.BinaryField(max_length=32)
    changes = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How often its texts and its settings were written; the record counts along."
    )
    archived_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then everything can be read and nothing be written."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(name="assembly_has_a_language", condition=Q(languages__len__gte=1)),
            models.CheckConstraint(name="assembly_map_floor", condition=Q(changed_voters_per_map__gte=1)),
        ]

    def __str__(self) -> str:
        return self.slug

    def text_in(self, language: str) -> "AssemblyText":
        text = in_language(self.translations.all(), language)
        if text is None:
            raise AssemblyText.DoesNotExist(f"assembly {self.slug} has no text in any language")
        return text

    @property
    def looks_first(self) -> bool:
        """Whether moderators read what people write before others do, as the facilitators chose last."""
        chosen = self.moderation_choices.first()
        return chosen is not None and chosen.looks_first

    @property
    def simulated_count(self) -> int:
        return self.participants.filter(route="simulated").count()


class AssemblyText(Translation):
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="translations")
    title = models.CharField(max_length=120)
    remit = models.TextField(help_text="The question the assembly is asked.")
    asked_by = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True, help_text="What happens with the result.")
    duration = models.CharField(max_length=200, blank=True)
    simulated_notice = models.TextField(blank=True)
    rules = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "language"], name="one_assembly_text_a_language")]

    def __str__(self) -> str:
        return self.title
