from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.fields import PublicIdField
from deliberation.models.moderation import Rule
from deliberation.models.participant import Participant
from deliberation.models.summary import Summary

LONGEST_CHALLENGE = 500


class ChallengeState(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    KEPT = "kept", _("the sentence is kept")
    ACCEPTED = "accepted", _("will be corrected in the next version")
    CORRECTED = "corrected", _("corrected")


class Challenge(models.Model):
    """Somebody's objection to a sentence of a published summary, and the facilitator's answer. Both are public."""

    public_id = PublicIdField()
    summary = models.ForeignKey(Summary, models.CASCADE, related_name="challenges")
    key = models.CharField(max_length=16, help_text="The key of the sentence in the document.")
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="challenges")
    reason = models.TextField()
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=16, choices=ChallengeState.choices, default=ChallengeState.OPEN)
    hidden_by_rule = models.CharField(max_length=16, choices=Rule.choices, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="challenges_answered"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    corrected_in = models.ForeignKey(Summary, models.PROTECT, null=True, blank=True, related_name="corrections")
    changes = models.PositiveSmallIntegerField(default=1, help_text="The revision of its entry in the record.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["summary", "key", "participant"], name="one_open_challenge_a_person", condition=Q(state="open")
            ),
            models.CheckConstraint(name="challenge_state_is_known", condition=Q(state__in=ChallengeState.values)),
            models.CheckConstraint(
                name="challenge_corrected_somewhere",
                condition=Q(state="corrected", corrected_in__isnull=False)
                | (~Q(state="corrected") & Q(corrected_in__isnull=True)),
            ),
            models.CheckConstraint(name="challenge_rule_is_known", condition=Q(hidden_by_rule__in=["", *Rule.values])),
        ]

    def __str__(self) -> str:
        return f"challenge of {self.key} of {self.summary}: {self.state}"
