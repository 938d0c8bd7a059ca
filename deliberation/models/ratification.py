from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.participant import Participant
from deliberation.models.summary import Summary

LONGEST_FIX = 500


class Ratified(models.TextChoices):
    """Does this sentence represent what was said?"""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    FIX = "fix", _("Almost: it needs a correction")


class Ratification(models.Model):
    """What one participant says about one key point of a version offered to them; changed until it is closed."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="ratifications")
    point = models.CharField(max_length=16, help_text="The key of the point's quotation.")
    participant = models.ForeignKey(
        Participant,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="ratifications",
        help_text="Null once that person was erased: what was counted at the close stays counted.",
    )
    answer = models.CharField(max_length=8, choices=Ratified.choices)
    fix = models.TextField(blank=True, help_text="For the facilitators alone.")
    language = models.CharField(max_length=8)
    is_source = models.BooleanField(help_text="Whether the point cites something this person wrote.")
    revision = models.PositiveSmallIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["summary", "point", "participant"], name="one_ratification_a_person"),
            models.CheckConstraint(name="ratification_is_known", condition=Q(answer__in=Ratified.values)),
            models.CheckConstraint(name="only_a_correction_has_words", condition=Q(answer="fix") | Q(fix="")),
        ]

    def __str__(self) -> str:
        return f"{self.answer}: {self.point} of {self.summary}"
