import math
from urllib.parse import quote

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant
from deliberation.models.translation import Translation

LONGEST_KIT_TITLE = 120
LONGEST_KIT_BODY = 12_000
LONGEST_CLAUSE = 6_000
LONGEST_PLAIN = 2_000
LONGEST_TERM = 80
LONGEST_MEANING = 600
WORDS_A_MINUTE = 180  # of somebody who reads to learn


class StepKind(models.TextChoices):
    TEXT = "text", _("A text")
    LAW = "law", _("A law, clause by clause, with plain words beside it")
    FILE = "file", _("A document (PDF), with what it says in words")
    LINK = "link", _("A film or recording elsewhere, with a transcript")


class KitStepQuerySet(models.QuerySet["KitStep"]):
    def standing(self) -> "KitStepQuerySet":
        """Those that were not taken out, drafts too."""
        return self.filter(removed_at__isnull=True)

    def published(self) -> "KitStepQuerySet":
        return self.standing().filter(published_at__isnull=False)


class KitStep(models.Model):
    """One step of the information kit."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="kit_steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind.choices, default=StepKind.TEXT)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: reckoned from the words.")
    address = models.URLField(
        max_length=500, blank=True, validators=[URLValidator(["https", "http"])], help_text="Of what is elsewhere."
    )
    law_language = models.CharField(max_length=8, blank=True, help_text="In which the law itself is written.")
    published_at = models.DateTimeField(null=True, blank=True, default=timezone.now, help_text="Empty: a draft.")
    removed_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0, help_text="As often as the record tells of it.")

    objects = KitStepQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "position"], name="one_kit_step_a_position", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="kit_step_kind_is_known", condition=Q(kind__in=StepKind.values)),
        ]

    def __str__(self) -> str:
        return f"step {self.position} of {self.assembly}"


class KitStepText(Translation):
    step = models.ForeignKey(KitStep, models.CASCADE, related_name="translations")
    title = models.CharField(max_length=LONGEST_KIT_TITLE)
    body = models.TextField(help_text="Markdown")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "language"], name="one_kit_step_text_a_language")]

    def __str__(self) -> str:
        return self.title


class KitFile(models.Model):
    """The document of a step. It lies in the database, so that a copy of that is a copy of everything."""

    step = models.OneToOneField(KitStep, models.CASCADE, related_name="file")
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256")

    def __str__(self) -> str:
        return self.name


class Clause(models.Model):
    """A clause of a law; its own words, in the language in which they bind."""

    step = models.ForeignKey(KitStep, models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40, blank=True, help_text="As the law counts: Article 3, § 12.")
    text = models.TextField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["step", "position"], name="one_clause_a_position")]

    def __str__(self) -> str:
        return self.number


class ClauseText(Translation):
    """What a clause says, in plain words."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="translations")
    plain = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "language"], name="one_clause_text_a_language")]

    def __str__(self) -> str:
        return self.plain


class KitReading(models.Model):
    """That somebody has read a step: for them to find their place again, told to nobody else."""

    step = models.ForeignKey(KitStep, models.CASCADE, related_name="readings")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="kit_readings")
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "participant"], name="one_reading_a_person_and_step")]

    def __str__(self) -> str:
        return f"{self.step} was read"


class GlossaryEntryQuerySet(models.QuerySet["GlossaryEntry"]):
    def standing(self) -> "GlossaryEntryQuerySet":
        return self.filter(removed_at__isnull=True)


class GlossaryEntry(models.Model):
    """A word explained, in one language."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="glossary")
    language = models.CharField(max_length=8)
    term = models.CharField(max_length=LONGEST_TERM)
    meaning = models.TextField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = GlossaryEntryQuerySet.as_manager()

    class Meta:
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "language", "term"], name="one_meaning_a_glossary_term")
        ]

    def __str__(self) -> str:
        return self.term

    @property
    def anchor(self) -> str:
        """Its place on the page of words explained: the same for as long as the term is."""
        return f"term-{slugify(self.term, allow_unicode=True) or quote(self.term)}"


def minutes_to_read(text: str) -> int:
    return max(1, math.ceil(len(text.split()) / WORDS_A_MINUTE))
