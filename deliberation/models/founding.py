from django.db import models
from django.db.models import F, Q


class FoundingCode(models.Model):
    """A code from an operator: whoever comes in with it may set up assemblies here."""

    code_hash = models.BinaryField(max_length=32, unique=True)
    most_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    meant_for = models.CharField(max_length=80, blank=True, db_default="", help_text="Whom it was made for.")
    for_operators = models.BooleanField(
        default=False, db_default=False, help_text="Whoever comes in with it also sees who may, and takes it back."
    )
    by = models.ForeignKey(
        "deliberation.Account", models.SET_NULL, null=True, blank=True, related_name="founding_codes_made"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(name="founding_code_not_overused", condition=Q(uses__lte=F("most_uses")))]

    def __str__(self) -> str:
        return f"founding code {self.pk}"
