from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.participant import Participant


class Decision(models.TextChoices):
    SHOWN = "shown", _("Shown")
    REJECTED = "rejected", _("Hidden")


class Rule(models.TextChoices):
    """What a contribution must not be: the whole policy, public, so that nobody is hidden for a reason not on it."""

    PERSONAL_DATA = "personal_data", _("It names a private person or tells something private")
    ATTACK = "attack", _("It attacks a person or a group of people")
    OFF_QUESTION = "off_question", _("It is not about the question")
    TWO_IDEAS = "two_ideas", _("It holds two ideas, so that nobody could agree with only one")
    SAME = "same", _("It says the same as another one")


class ModerationQuerySet(models.QuerySet["Moderation"]):
    def current(self) -> "ModerationQuerySet":
        return self.filter(lifted_at__isnull=True)


class Moderation(models.Model):
    """A decision about a contribution, with who and when. A later one lifts the earlier; none is overwritten."""

    statement = models.ForeignKey(
        "deliberation.Statement", models.CASCADE, related_name="moderations", null=True, blank=True
    )
    argument = models.ForeignKey(
        "deliberation.Argument", models.CASCADE, related_name="moderations", null=True, blank=True
    )
    objection = models.ForeignKey(
        "deliberation.Objection", models.CASCADE, related_name="moderations", null=True, blank=True
    )
    decision = models.CharField(max_length=16, choices=Decision.choices)
    rule = models.CharField(max_length=16, choices=Rule.choices, blank=True)
    revision = models.PositiveSmallIntegerField(
        default=0, help_text="Which decision taken here it is, as the record counts them; 0 came with an import."
    )
    reason = models.TextField(blank=True, help_text="More words for the author; the rule alone is public.")
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="moderations")
    created_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ModerationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement"], name="one_current_moderation", condition=Q(lifted_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["argument"], name="one_current_moderation_of_argument", condition=Q(lifted_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["objection"], name="one_current_moderation_of_objection", condition=Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(
                name="moderation_of_one_contribution",
                condition=Q(statement__isnull=False, argument__isnull=True, objection__isnull=True)
                | Q(statement__isnull=True, argument__isnull=False, objection__isnull=True)
                | Q(statement__isnull=True, argument__isnull=True, objection__isnull=False),
            ),
            models.CheckConstraint(name="moderation_is_known", condition=Q(decision__in=Decision.values)),
            models.CheckConstraint(name="moderation_rule_is_known", condition=Q(rule__in=["", *Rule.values])),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.statement or self.argument or self.objection}"


class ContributionQuerySet(models.QuerySet):
    """Statements, arguments and objections alike: moderators may hide them, their authors may withdraw them."""

    def with_decision(self, decision: Decision) -> "ContributionQuerySet":
        return self.filter(Exists(self._decisions().filter(decision=decision)))

    def waiting(self) -> "ContributionQuerySet":
        """What participants wrote and no moderator has decided on yet; it is shown meanwhile."""
        return self.filter(~Exists(self._decisions()), author__isnull=False, withdrawn_at__isnull=True)

    def shown(self) -> "ContributionQuerySet":
        """What everybody may read: not withdrawn, not rejected."""
        return self.filter(~Exists(self._decisions().filter(decision=Decision.REJECTED)), withdrawn_at__isnull=True)

    def quotable(self) -> "ContributionQuerySet":
        """What summaries and reports may quote: of authors who agreed to it, and of the organisers."""
        return self.filter(Q(author__isnull=True) | Q(author__in=Participant.objects.consenting_to("quote")))

    def _decisions(self) -> ModerationQuerySet:
        return Moderation.objects.current().filter(**{self.model._meta.model_name: OuterRef("pk")})
