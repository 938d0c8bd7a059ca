from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant
from deliberation.models.session import Session


class HandQuerySet(models.QuerySet["Hand"]):
    def waiting(self) -> "HandQuerySet":
        """The speaking queue: who spoke least comes first, then who raised their hand first."""
        spoken = Hand.objects.filter(
            session=OuterRef("session"), participant=OuterRef("participant"), called_at__isnull=False
        )
        times = spoken.order_by().values("participant").annotate(n=Count("pk")).values("n")
        return (
            self.filter(called_at__isnull=True)
            .annotate(spoken=Coalesce(Subquery(times), 0))
            .order_by("spoken", "raised_at", "pk")
        )

    def speaking(self) -> "HandQuerySet":
        return self.filter(called_at__isnull=False, done_at__isnull=True)


class Hand(models.Model):
    """A raised hand, until whoever raised it has spoken. Whoever takes it down leaves nothing behind."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="hands", db_constraint=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="hands", db_constraint=False)
    raised_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = HandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "participant"], name="one_hand_a_person", condition=Q(done_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["session"],
                name="one_speaker_at_a_time",
                condition=Q(called_at__isnull=False, done_at__isnull=True),
            ),
            models.CheckConstraint(
                name="hand_is_done_after_it_was_called", condition=Q(done_at__isnull=True) | Q(called_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"hand of {self.participant}"
