from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.consensus_map import ConsensusMap
from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant


class RunState(models.TextChoices):
    WAITING = "waiting", _("waiting for the language worker")
    RUNNING = "running", _("being written")
    DONE = "done", _("written")
    CANCELLED = "cancelled", _("stopped")
    FAILED = "failed", _("failed")


class Step(models.TextChoices):
    """What a run does, in this order. Each step is a task of its own and keeps what it found."""

    NORMALISE = "normalise", _("reading what was said")
    LANGUAGE = "language", _("telling the languages apart")
    FLAGS = "flags", _("setting aside what no model may read")
    EMBED = "embed", _("comparing meanings")
    DUPLICATES = "duplicates", _("finding what was said twice")
    TOPICS = "topics", _("finding topics")
    KEY_POINTS = "key_points", _("finding what several people said")
    REWRITE = "rewrite", _("drafting shorter sentences")
    GATE = "gate", _("checking the drafts")
    DOCUMENT = "document", _("writing the document")

    @property
    def next(self) -> "Step | None":
        steps = list(Step)
        return next(iter(steps[steps.index(self) + 1 :]), None)


class WhyStopped(models.TextChoices):
    """Why a run came to nothing, as the facilitator is told."""

    MODEL = "model", _("a model could not be loaded")
    CHANGED = "changed", _("contributions kept changing while it was written")
    CRASHED = "crashed", _("the worker ended again and again at this step")
    ERROR = "error", _("something unforeseen went wrong")


class SummaryRun(models.Model):
    """One run of the pipeline that makes a summary: what went in, how far it is, what was left out and why."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="summary_runs")
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    step = models.CharField(max_length=16, choices=Step.choices, default=Step.NORMALISE)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often the present step was begun.")
    restarts = models.PositiveSmallIntegerField(default=0, help_text="How often the input changed under the run.")
    why = models.CharField(max_length=16, choices=WhyStopped.choices, blank=True)
    detail = models.TextField(blank=True, help_text="For the operator; holds nobody's words.")
    map = models.ForeignKey(ConsensusMap, models.PROTECT, null=True, related_name="summary_runs")
    inputs = models.JSONField(default=dict, help_text="The SHA-256 of each text read, by public id.")
    input_digest = models.CharField(max_length=64, blank=True)
    code_version = models.CharField(max_length=64, blank=True)
    parameters = models.JSONField(default=dict)
    models_used = models.JSONField(default=list, help_text="Model id, revision, weight hash, licence, prompt hash.")
    account = models.JSONField(default=dict, help_text="Counts in and out, and why each item was left out.")
    results = models.JSONField(default=dict, help_text="What finished steps found; emptied when the run has ended.")
    started_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="summary_runs")
    publishes = models.BooleanField(default=False, help_text="Without review: for the demo, whose people are nobody.")
    created_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(auto_now_add=True, help_text="When a worker last told how far it is.")
    ended_at = models.DateTimeField(null=True, blank=True)
    cancel_wanted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly"], name="one_unfinished_run", condition=Q(state__in=["waiting", "running"])
            ),
            models.CheckConstraint(name="run_state_is_known", condition=Q(state__in=RunState.values)),
            models.CheckConstraint(name="run_step_is_known", condition=Q(step__in=Step.values)),
        ]

    def __str__(self) -> str:
        return f"summary run {self.public_id} of {self.assembly}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in (RunState.WAITING, RunState.RUNNING)

    @property
    def can_go_on(self) -> bool:
        """Stopped before its end; it would begin again where it stopped."""
        return self.state in (RunState.CANCELLED, RunState.FAILED)

    @property
    def place(self) -> int:
        """Which step it is at, counted from one."""
        return list(Step).index(Step(self.step)) + 1
