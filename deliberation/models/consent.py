from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.participant import Participant


class Purpose(models.TextChoices):
    """What somebody lets be done with their contributions. Only the first is needed to take part."""

    TAKE_PART = "take_part", _("Taking part under a name of your choice")
    QUOTE = "quote", _("Being quoted in summaries and reports")
    REUSE = "reuse", _("Open data after the close")
    NEWS = "news", _("News by e-mail")
    HELP = "help", _("Having a helper enter what you say")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def current(self) -> "ConsentQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """Given once and perhaps withdrawn; given again it is another row, so that the history stays."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "purpose"],
                name="one_current_consent_a_purpose",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="consent_purpose_is_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(
                name="consent_is_withdrawn_after_it_is_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.purpose}"
