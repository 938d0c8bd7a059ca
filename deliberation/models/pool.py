from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.invitation import Invitation


class PoolState(models.TextChoices):
    """How far a lottery is. Only CHECKING and DRAWING are a worker's; the others wait for the facilitator."""

    UPLOADED = "uploaded", _("the columns have to be named")
    READY = "ready", _("targets can be set")
    CHECKING = "checking", _("being checked and sealed")
    SEALED = "sealed", _("sealed, waiting for the seed")
    DRAWING = "drawing", _("being drawn")
    DRAWN = "drawn", _("drawn")


class Standing(models.TextChoices):
    """Where somebody in the pool stands."""

    WAITING = "waiting", _("in the pool")
    SELECTED = "selected", _("selected")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUBSTITUTE = "substitute", _("substitute")


HAS_A_SEAT = [Standing.SELECTED, Standing.CONFIRMED]
BEFORE_THE_SEAL = [PoolState.UPLOADED, PoolState.READY]
WITH_A_WORKER = [PoolState.CHECKING, PoolState.DRAWING]


class Pool(models.Model):
    """The people from whom an assembly is drawn by lottery, and the lottery itself: one for each assembly."""

    assembly = models.OneToOneField(Assembly, models.CASCADE, related_name="pool")
    state = models.CharField(max_length=16, choices=PoolState.choices, default=PoolState.UPLOADED)
    seats = models.PositiveIntegerField()
    upload = models.TextField(blank=True, help_text="The file as it came; emptied once its columns are named.")
    problems = models.JSONField(default=list, help_text="Rows left out: [row, what is wrong, column], nobody's data.")
    targets = models.JSONField(default=list, help_text="Categories in order: their name and the seats of each value.")
    trouble = models.JSONField(default=dict, help_text="Why it could not be sealed or drawn, and which targets.")
    done = models.PositiveIntegerField(default=0, help_text="Attempts of the draw so far.")
    heard_at = models.DateTimeField(auto_now_add=True, help_text="When a worker last told how far it is.")
    seals = models.PositiveIntegerField(default=0, help_text="How often it was sealed; the record counts along.")
    sealed = models.BinaryField(blank=True, default=b"", help_text="The exact bytes that were hashed (RFC 8785).")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the sealed bytes.")
    sealed_at = models.DateTimeField(null=True, blank=True)
    seal_entry = models.BigIntegerField(null=True, blank=True, help_text="The entry of the record that tells the seal.")
    seed = models.CharField(max_length=200, blank=True, help_text="What was drawn in public, after the seal.")
    drawn_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, help_text="Method, versions, attempts and counts; no person.")
    replacements = models.PositiveIntegerField(default=0)
    delete_on = models.DateField(help_text="The day on which everything about people in the pool is deleted.")
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="pool_state_is_known", condition=Q(state__in=PoolState.values)),
            models.CheckConstraint(name="pool_has_a_seat", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="pool_has_no_seed_before_its_seal", condition=Q(seed="") | Q(sealed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"pool of {self.assembly}"

    @property
    def categories(self) -> list[str]:
        return [each["name"] for each in self.targets]

    @property
    def is_with_a_worker(self) -> bool:
        return self.state in WITH_A_WORKER

    @property
    def can_change(self) -> bool:
        return self.state in BEFORE_THE_SEAL

    @property
    def is_drawn(self) -> bool:
        return self.state == PoolState.DRAWN


class Respondent(models.Model):
    """Somebody in the pool: what the lottery needs of them, and how to reach them. Deleted with the pool's data."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="respondents")
    number = models.PositiveIntegerField(help_text="Given at random: the only name the lottery knows.")
    address = models.EmailField(blank=True)
    reference = models.CharField(max_length=100, blank=True, help_text="What the organisers know this person by.")
    salt = models.BinaryField(max_length=32)
    values = ArrayField(models.CharField(max_length=80), help_text="One for each category, in their order.")
    standing = models.CharField(max_length=16, choices=Standing.choices, default=Standing.WAITING)
    turn = models.PositiveIntegerField(null=True, blank=True, help_text="Among the substitutes, drawn with the rest.")
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by", help_text="Who withdrew."
    )
    invitation = models.OneToOneField(Invitation, models.SET_NULL, null=True, blank=True, related_name="respondent")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "number"], name="one_respondent_a_number"),
            models.CheckConstraint(name="respondent_standing_is_known", condition=Q(standing__in=Standing.values)),
        ]

    def __str__(self) -> str:
        return f"number {self.number} of the {self.pool}"
