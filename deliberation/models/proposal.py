from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.moderation import ContributionQuerySet
from deliberation.models.participant import Participant
from deliberation.models.translation import Translation, in_language

LONGEST_ARGUMENT = 1000


class Proposal(models.Model):
    """Something the assembly may recommend."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    changes = models.PositiveIntegerField(default=0, db_default=0, help_text="As often as the record tells of it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="one_proposal_a_number"),
            models.UniqueConstraint(fields=["assembly", "id"], name="proposal_of_assembly"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.number} of {self.assembly}"

    def text_in(self, language: str) -> "ProposalText":
        text = in_language(self.translations.all(), language)
        if text is None:
            raise ProposalText.DoesNotExist(f"{self} has no text in any language")
        return text


class ProposalText(Translation):
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="translations")
    title = models.CharField(max_length=120)
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "language"], name="one_proposal_text_a_language")]

    def __str__(self) -> str:
        return self.title


class Side(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    CONCERN = "concern", _("Concern")
    CONDITION = "condition", _("Condition")

    @property
    def heading(self) -> str:
        """What stands over several of them."""
        return str({Side.CONCERN: _("Concerns"), Side.CONDITION: _("Conditions")}.get(self, self.label))


class Argument(models.Model):
    """A reason for or against a proposal, a concern about it, or a condition under which it would do."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="arguments")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="arguments", db_constraint=False)
    author = models.ForeignKey(Participant, models.CASCADE, related_name="arguments", db_constraint=False)
    side = models.CharField(max_length=16, choices=Side.choices)
    text = models.TextField()
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawals = models.PositiveSmallIntegerField(default=0)
    edits = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="How often its author reworded it.")

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="argument_side_is_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(name="argument_says_something", condition=Q(text__length__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.text}"
