import hashlib
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from deliberation.models.assembly import Assembly
from deliberation.models.fields import new_public_id
from deliberation.models.participant import Role, Route

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I, which people confuse on paper


def new_code(length: int = 12) -> str:
    """A code a person can read aloud: groups of four, 60 bits at twelve letters."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(length))
    return "-".join(letters[i : i + 4] for i in range(0, length, 4))


def hash_of_code(code: str) -> bytes:
    """What is stored of a code; spaces, hyphens and case do not matter to the person who types it."""
    return hashlib.sha256("".join(code.split()).replace("-", "").upper().encode()).digest()


class Invitation(models.Model):
    """A code that lets its holder join in certain roles, a number of times, until a date. Codes of one sheet of paper
    share a batch."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="invitations")
    batch = models.CharField(max_length=16, default=new_public_id, db_index=True, editable=False)
    code_hash = models.BinaryField(max_length=32, unique=True)
    roles = ArrayField(models.CharField(max_length=16, choices=Role.choices), default=list, blank=True)
    route = models.CharField(max_length=16, choices=Route.choices, default=Route.CODE)
    most_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="invitation_not_overused", condition=Q(uses__lte=F("most_uses"))),
            models.CheckConstraint(name="invitation_roles_are_known", condition=Q(roles__contained_by=Role.values)),
            models.CheckConstraint(name="invitation_route_is_known", condition=Q(route__in=Route.values)),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.assembly} ({', '.join(self.roles) or 'participant'})"


class MailedInvitation(models.Model):
    """An invitation that went to somebody by e-mail. The address is forgotten once they have joined."""

    invitation = models.OneToOneField(Invitation, models.CASCADE, primary_key=True, related_name="mailed")
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=8)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="The mail server would not take it.")
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When somebody typed or opened its code.")

    def __str__(self) -> str:
        return f"mailed {self.invitation}"
