from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.translation import Translation


class Verb(models.TextChoices):
    """What a participant may do in a phase."""

    VOTE = "vote"
    STATE = "state"
    ARGUE = "argue"
    RANK = "rank"  # candidates of a drafting round, and to object to the one that came first


class PhaseKind(models.TextChoices):
    LEARNING = "learning", _("Learning")
    STATEMENTS = "statements", _("Statements")
    DELIBERATION = "deliberation", _("Deliberation")
    DRAFTING = "drafting", _("Drafting")
    CLOSED = "closed", _("Closed")


ALLOWED_IN: dict[str, frozenset[Verb]] = {
    PhaseKind.LEARNING: frozenset(),
    PhaseKind.STATEMENTS: frozenset({Verb.STATE, Verb.VOTE}),
    PhaseKind.DELIBERATION: frozenset({Verb.STATE, Verb.VOTE, Verb.ARGUE, Verb.RANK}),
    PhaseKind.DRAFTING: frozenset({Verb.RANK}),
    PhaseKind.CLOSED: frozenset(),
}


def kinds_allowing(verb: Verb) -> list[str]:
    return [kind for kind, verbs in ALLOWED_IN.items() if verb in verbs]


class ResultsShown(models.TextChoices):
    ALWAYS = "open", _("as they come")
    AFTER_OWN_VOTES = "after_own_votes", _("after a number of own votes")
    AFTER_CLOSE = "after_close", _("when the phase has closed")


class PhaseQuerySet(models.QuerySet["Phase"]):
    def open(self) -> "PhaseQuerySet":
        return self.filter(opened_at__isnull=False, closed_at__isnull=True)

    def allowing(self, verb: Verb) -> "PhaseQuerySet":
        return self.open().filter(kind__in=kinds_allowing(verb))


class Phase(models.Model):
    """A stretch of the assembly. The dates are the plan; `opened_at` and `closed_at` are what happened."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=PhaseKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    results = models.CharField(max_length=16, choices=ResultsShown.choices, default=ResultsShown.ALWAYS)
    results_after = models.PositiveSmallIntegerField(default=0, help_text="Own votes needed to see results.")
    changes = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was opened, closed or set otherwise; the record counts along."
    )

    objects = PhaseQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "position"], name="one_phase_a_position"),
            models.UniqueConstraint(
                fields=["assembly"],
                name="one_open_phase_an_assembly",
                condition=Q(opened_at__isnull=False, closed_at__isnull=True),
            ),
            models.CheckConstraint(name="phase_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="phase_closes_after_it_opens",
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False, closed_at__gte=F("opened_at")),
            ),
            models.CheckConstraint(name="phase_kind_is_known", condition=Q(kind__in=PhaseKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.assembly} · {self.position} {self.kind}"

    @property
    def state(self) -> str:
        if self.opened_at is None:
            return "coming"
        return "open" if self.closed_at is None else "past"

    def allows(self, verb: Verb) -> bool:
        return self.state == "open" and verb in ALLOWED_IN[self.kind]


class PhaseText(Translation):
    phase = models.ForeignKey(Phase, models.CASCADE, related_name="translations")
    name = models.CharField(max_length=80)
    summary = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "language"], name="one_phase_text_a_language")]

    def __str__(self) -> str:
        return self.name
