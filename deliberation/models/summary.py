from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.consensus_map import ConsensusMap
from deliberation.models.participant import Participant
from deliberation.models.summary_run import SummaryRun


class SummaryState(models.TextChoices):
    """A version goes from draft to published, at most one at a time; participants may be asked in between."""

    DRAFT = "draft", _("draft")
    OFFERED = "offered", _("offered to participants")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("followed by a newer version")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WhyWithdrawn(models.TextChoices):
    SOURCE_GONE = "source_gone", _("a contribution that it rested on was changed, hidden or taken back")
    FACILITATOR = "facilitator", _("a facilitator withdrew it")


class SummaryQuerySet(models.QuerySet["Summary"]):
    def fallen(self) -> "Summary | None":
        """The newest that others have seen, if something that it cites was taken back and none has followed it."""
        seen = self.exclude(state__in=[SummaryState.DRAFT, SummaryState.SUPERSEDED])
        newest = seen.order_by("-version").defer("document").first()
        return newest if newest is not None and newest.has_lost_a_source else None


class Summary(models.Model):
    """A version of what was heard, in sentences that each name what they rest on. Its document never changes."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="summaries")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=SummaryState.choices, default=SummaryState.DRAFT)
    state_since = models.DateTimeField(auto_now_add=True)
    changes = models.PositiveSmallIntegerField(
        default=1, help_text="How often its state was set: the revision of its entry in the record."
    )
    why_withdrawn = models.CharField(max_length=16, choices=WhyWithdrawn.choices, blank=True)
    reason = models.TextField(blank=True, help_text="A facilitator's words for withdrawing it.")
    published_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(SummaryRun, models.PROTECT, null=True, related_name="summaries")
    revised_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="revisions")
    made_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="summaries")
    map = models.ForeignKey(ConsensusMap, models.PROTECT, null=True, related_name="summaries")
    document = models.JSONField(help_text="Ids, places, counts and digests; people's words are looked up.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        get_latest_by = "version"
        verbose_name_plural = "summaries"
        constraints = [
            UniqueConstraint(fields=["assembly", "version"], name="one_summary_a_version"),
            UniqueConstraint(fields=["assembly"], name="one_published_summary", condition=Q(state="published")),
            UniqueConstraint(fields=["assembly"], name="one_offered_summary", condition=Q(state="offered")),
            models.CheckConstraint(name="summary_state_is_known", condition=Q(state__in=SummaryState.values)),
        ]

    def __str__(self) -> str:
        return f"summary {self.version} of {self.assembly}"

    @property
    def has_lost_a_source(self) -> bool:
        return self.state == SummaryState.WITHDRAWN and self.why_withdrawn == WhyWithdrawn.SOURCE_GONE


class Wording(models.Model):
    """New words in a summary, by a model or a person, for the sentence with this key.

    They rest on `cites`, whose digests stand in the document, and go with the first of them that is erased.
    Readers see them only once somebody has ticked them beside their sources.
    """

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="wordings")
    key = models.CharField(max_length=16, help_text="The sentence's key in the document.")
    language = models.CharField(max_length=8)
    text = models.TextField()
    cites = ArrayField(models.CharField(max_length=16))
    gate = models.CharField(max_length=16, blank=True, help_text="Which check let a model's words through.")
    written_by = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="wordings", help_text="None is a model."
    )
    ticked_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="ticked_wordings")
    ticked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["summary", "key", "language"], name="one_wording_a_sentence_and_language"),
            models.CheckConstraint(name="wording_says_something", condition=Q(text__length__gte=1)),
            models.CheckConstraint(name="wording_rests_on_something", condition=Q(cites__len__gte=1)),
        ]

    def __str__(self) -> str:
        return f"wording {self.key} of {self.summary}"


class ModelChoice(models.Model):
    """Whether this assembly lets a model draft sentences, as its facilitators chose; the newest holds."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="model_choices")
    rewriter = models.BooleanField(default=True)
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="model_choices")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"rewriter {'on' if self.rewriter else 'off'} in {self.assembly}"
