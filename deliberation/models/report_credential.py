from django.db import models

from deliberation.models.report import Report


class ReportCredential(models.Model):
    """The signed statement that a report is this installation's: a W3C Verifiable Credential around its snapshot."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="credential")
    document = models.JSONField(help_text="All of the credential but the snapshot, which stands in the report.")

    def __str__(self) -> str:
        return f"credential of {self.report}"
