"""What facilitators do with a version of the summary on the way to the next one. The version itself never changes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from deliberation.models.participant import Participant
from deliberation.models.proposal import Argument
from deliberation.models.summary import Summary


class Verdict(models.TextChoices):
    """What a facilitator decided about the sentence of a key point."""

    KEPT = "kept", _("read beside its sources and kept")
    QUOTED = "quoted", _("quoted instead")
    EDITED = "edited", _("edited by the facilitator")


class StepQuerySet(models.QuerySet):
    def standing(self) -> "StepQuerySet":
        """What was not undone, oldest first: a later step on the same sentence or argument goes before the earlier."""
        return self.filter(undone_at__isnull=True).order_by("revision")


class ReviewStep(models.Model):
    """One step, with who and when. None is overwritten: undoing it lets the one before stand again."""

    revision = models.PositiveSmallIntegerField(
        help_text="Which change of this sentence or argument it is; an undoing counts as one too."
    )
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="%(class)ss_made")
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        abstract = True


class Review(ReviewStep):
    """A decision about the sentence that stands for one key point. Its words go with the first source erased."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="reviews")
    point = models.CharField(max_length=16, help_text="The key of the point's quotation.")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    language = models.CharField(max_length=8, blank=True)
    before = models.TextField(blank=True, help_text="The words that stood there before an edit.")
    after = models.TextField(blank=True)
    cites = ArrayField(models.CharField(max_length=16), default=list)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["summary", "point", "revision"], name="one_review_a_revision"),
            models.CheckConstraint(name="review_is_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(
                name="edit_rests_on_something", condition=~Q(verdict=Verdict.EDITED) | Q(cites__len__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.point} of {self.summary}"


class Move(ReviewStep):
    """An argument that a facilitator took from one key point to another of the same side; "" is not reflected."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="moves")
    argument = models.ForeignKey(Argument, models.CASCADE, related_name="moves")
    leaves = models.CharField(max_length=16, blank=True)
    joins = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["summary", "argument", "revision"], name="one_move_a_revision"),
            models.CheckConstraint(name="move_goes_somewhere", condition=~Q(leaves=models.F("joins"))),
        ]

    def __str__(self) -> str:
        return f"{self.leaves or 'unreflected'} → {self.joins or 'unreflected'} in {self.summary}"


class Audit(models.Model):
    """A sample of what was counted for a key point and what was not, read one by one by people."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="audits")
    point = models.CharField(max_length=16)
    seed = models.CharField(max_length=32, help_text="Which arguments are read follows from it and the document alone.")
    people = models.PositiveIntegerField(help_text="How many people were counted when the sample was drawn.")
    of = models.PositiveIntegerField()
    started_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="audits_started")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["summary", "point"], name="one_audit_a_point")]

    def __str__(self) -> str:
        return f"audit of {self.point} of {self.summary}"


class Judgement(models.TextChoices):
    """Whether somebody who reads an argument finds the key point in it."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNSURE = "unsure", _("unsure")


class AuditCard(models.Model):
    """One argument of a sample. Whoever reads it is not told whether it was counted."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="cards")
    place = models.PositiveSmallIntegerField()
    argument = models.ForeignKey(Argument, models.CASCADE, related_name="+")
    counted = models.BooleanField()
    judgement = models.CharField(max_length=8, choices=Judgement.choices, blank=True)
    judged_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="cards_judged")
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            UniqueConstraint(fields=["audit", "place"], name="one_card_a_place"),
            UniqueConstraint(fields=["audit", "argument"], name="one_card_an_argument"),
            models.CheckConstraint(name="judgement_is_known", condition=Q(judgement__in=["", *Judgement.values])),
        ]

    def __str__(self) -> str:
        return f"card {self.place} of {self.audit}"
