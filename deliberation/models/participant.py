import secrets
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from deliberation.models.account import Account
from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField

if TYPE_CHECKING:
    from deliberation.models.helping import Helping


class Role(models.TextChoices):
    """What somebody does in an assembly beside taking part."""

    FACILITATOR = "facilitator", _("Facilitator")
    MODERATOR = "moderator", _("Moderator")
    SCRIBE = "scribe", _("Scribe")
    EXPERT = "expert", _("Expert")
    COMMISSIONER = "commissioner", _("Commissioner")
    OBSERVER = "observer", _("Observer")


class Route(models.TextChoices):
    """How a participant came in."""

    LOTTERY = "lottery", _("drawn by lottery")
    CODE = "code", _("with a code")
    LINK = "link", _("by the open address")
    ASSISTED = "assisted", _("with a helper, without a device")
    IMPORT = "import", _("imported")
    SIMULATED = "simulated", _("simulated")


NOBODY_TO_ASK = [Route.IMPORT, Route.SIMULATED]


def new_secret() -> bytes:
    return secrets.token_bytes(32)


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def of(self, assembly: Assembly, account: AbstractBaseUser | AnonymousUser) -> "Participant | None":
        """The part somebody has in an assembly; None for whoever has not joined it."""
        if not account.is_authenticated:
            return None
        participant = self.filter(assembly=assembly, account=account).first()
        if participant is not None:
            participant.assembly = assembly
        return participant

    def present(self) -> "ParticipantQuerySet":
        """Everybody but those who had themselves erased."""
        return self.filter(erased_at__isnull=True)

    def consenting_to(self, purpose: str) -> "ParticipantQuerySet":
        """Who agreed to this and still does. The simulated are nobody; the imported were asked where they spoke."""
        agreed = Participant.objects.filter(consents__purpose=purpose, consents__withdrawn_at__isnull=True)
        return self.present().filter(Q(route__in=NOBODY_TO_ASK) | Q(pk__in=agreed.values("pk")))


class Participant(models.Model):
    """A person in one assembly, under a pseudonym."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="participants")
    account = models.ForeignKey(Account, models.CASCADE, related_name="participations", null=True, blank=True)
    pseudonym = models.CharField(max_length=40)
    roles = ArrayField(models.CharField(max_length=16, choices=Role.choices), default=list, blank=True)
    role_changes = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="How often a facilitator set the roles: the revision of their entry in the record.",
    )
    route = models.CharField(max_length=16, choices=Route.choices)
    imported_as = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - null keeps it out of the index
    language = models.CharField(max_length=8)
    recovery_hash = models.BinaryField(max_length=32, null=True, blank=True, unique=True)
    record_secret = models.BinaryField(max_length=32, default=new_secret)
    joined_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since then nothing tells who this was; the row only holds the counts together.",
    )

    # The sitting in which a helper enters what they say: set for one request, and noted with every entry it leaves.
    helping: "Helping | None" = None

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assembly", "account"], name="one_participant_an_account"),
            models.UniqueConstraint("assembly", Lower("pseudonym"), name="one_participant_a_pseudonym"),
            models.UniqueConstraint(fields=["assembly", "imported_as"], name="one_participant_an_imported_id"),
            models.UniqueConstraint(fields=["assembly", "id"], name="participant_of_assembly"),
            models.CheckConstraint(name="participant_roles_are_known", condition=Q(roles__contained_by=Role.values)),
            models.CheckConstraint(name="participant_route_is_known", condition=Q(route__in=Route.values)),
            models.CheckConstraint(
                name="participant_has_an_account_unless_nobody_is_there",
                condition=Q(account__isnull=False) | Q(route__in=NOBODY_TO_ASK) | Q(erased_at__isnull=False),
            ),
            models.CheckConstraint(name="participant_has_a_pseudonym", condition=Q(pseudonym__length__gte=1)),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    @property
    def is_facilitator(self) -> bool:
        return Role.FACILITATOR in self.roles

    @property
    def is_moderator(self) -> bool:
        return self.is_facilitator or Role.MODERATOR in self.roles

    @property
    def may_help(self) -> bool:
        """Whether they may enter what somebody without a device says: not whoever asked, answers or only watches."""
        return self.is_moderator or self.takes_notes

    @property
    def commissions(self) -> bool:
        """Whether they are, or act for, the authority that asked and has to reply."""
        return self.is_facilitator or Role.COMMISSIONER in self.roles

    @property
    def takes_notes(self) -> bool:
        return self.is_facilitator or Role.SCRIBE in self.roles

    @property
    def answers_questions(self) -> bool:
        return self.is_facilitator or Role.EXPERT in self.roles

    @property
    def only_watches(self) -> bool:
        """Whoever observes, and whoever asked, reads everything that is public and takes no part in it."""
        return Role.OBSERVER in self.roles or Role.COMMISSIONER in self.roles

    @property
    def is_simulated(self) -> bool:
        return self.route == Route.SIMULATED
