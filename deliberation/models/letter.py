from django.db import models

from deliberation.models.account import Account
from deliberation.models.invitation import MailedInvitation


class Letter(models.Model):
    """An e-mail on its way. It is deleted when it has gone, and with whoever it is for."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="letters")
    invitation = models.ForeignKey(MailedInvitation, models.CASCADE, null=True, blank=True, related_name="letters")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    headers = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(auto_now_add=True, help_text="Later with every attempt that failed.")
    good_until = models.DateTimeField(help_text="After that it is of no use, and is dropped.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"letter {self.pk}"
