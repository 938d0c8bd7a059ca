from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from deliberation.models.consent import Consent, Purpose
from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant

IDLE = timedelta(minutes=10)


class HelpingQuerySet(models.QuerySet["Helping"]):
    def current(self) -> "HelpingQuerySet":
        """Those that go on: not ended, not left lying idle, and allowed by whoever is helped."""
        allowed = Consent.objects.current().filter(purpose=Purpose.HELP)
        going_on = self.filter(ended_at__isnull=True, seen_at__gt=timezone.now() - IDLE)
        return going_on.filter(participant__erased_at__isnull=True, participant__in=allowed.values("participant"))


class Helping(models.Model):
    """One sitting in which a helper enters what somebody without a device says.

    Who helped is told to nobody but the one who was helped; the record tells only how much was entered so.
    """

    public_id = PublicIdField()
    helper = models.ForeignKey(Participant, models.CASCADE, related_name="helped_others")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="helpings")
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="The last page of it; told to the half minute.")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HelpingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["helper"], name="one_helping_a_helper", condition=Q(ended_at__isnull=True)),
            models.UniqueConstraint(
                fields=["participant"], name="one_helping_a_participant", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="nobody_helps_themselves", condition=~Q(helper=F("participant"))),
        ]

    def __str__(self) -> str:
        return f"{self.helper} helps {self.participant}"
