from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant
from deliberation.models.session import Session

LONGEST_WORD = 60


class CardKind(models.TextChoices):
    """What somebody tells the facilitator without interrupting."""

    WORD = "word", _("I don’t know this word")
    FAST = "fast", _("Too fast")
    HELP = "help", _("I need help")


class CardQuerySet(models.QuerySet["Card"]):
    def up(self) -> "CardQuerySet":
        return self.filter(answered_at__isnull=True)


class Card(models.Model):
    """A card that somebody holds up, until it is answered. Whoever takes it down leaves nothing behind."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="cards", db_constraint=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="cards", db_constraint=False)
    kind = models.CharField(max_length=8, choices=CardKind.choices)
    word = models.CharField(max_length=LONGEST_WORD, blank=True)
    raised_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "session",
                "participant",
                "kind",
                Lower("word"),
                name="one_card_of_a_kind",
                condition=Q(answered_at__isnull=True),
            ),
            models.CheckConstraint(name="card_kind_is_known", condition=Q(kind__in=CardKind.values)),
            models.CheckConstraint(
                name="card_about_a_word_names_it",
                condition=Q(kind=CardKind.WORD, word__length__gte=1) | (~Q(kind=CardKind.WORD) & Q(word="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.word}"
