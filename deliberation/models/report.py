from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant


class Report(models.Model):
    """The consensus report: one frozen snapshot from which every page and file of it is made."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="reports")
    version = models.PositiveIntegerField()
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the snapshot's canonical JSON (RFC 8785).")
    made_by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="reports")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        get_latest_by = "version"
        constraints = [models.UniqueConstraint(fields=["assembly", "version"], name="one_report_a_version")]

    def __str__(self) -> str:
        return f"report {self.version} of {self.assembly}"


class ReportFormat(models.TextChoices):
    PDF = "pdf", _("PDF, to print and to sign")
    DOCX = "docx", _("Word document, to work on")
    HTML = "html", _("Web page in one file")
    CSV = "csv", _("Tables (CSV), named as Polis names them")
    JSON = "json", _("JSON, for programs")
    DATASET = "dataset", _("Dataset for research")


class Redaction(models.TextChoices):
    """How much of what leads to people a file holds. Results that are hidden are in none."""

    PUBLIC = "public", _("for everybody")
    COMMISSIONER = "commissioner", _("for the commissioner")
    ARCHIVE = "archive", _("for the archive")


class FileState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    BUILDING = "building", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")


class ReportFile(models.Model):
    """A file of a report. What holds people's words is made anew, and the file before gone, when words must go."""

    public_id = PublicIdField()
    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    format = models.CharField(max_length=16, choices=ReportFormat.choices)
    language = models.CharField(max_length=8)
    level = models.CharField(max_length=16, choices=Redaction.choices)
    sections = ArrayField(models.CharField(max_length=32), help_text="Which sections it holds, in order.")
    asked_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="report_files")
    orders = models.PositiveIntegerField(default=1, help_text="How often it was ordered; a file is of the last order.")
    state = models.CharField(max_length=16, choices=FileState.choices, default=FileState.WAITING)
    done = models.PositiveSmallIntegerField(default=0, help_text="Steps done of its making.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    size = models.PositiveBigIntegerField(default=0)
    ordered_at = models.DateTimeField(auto_now_add=True)
    built_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "format", "language", "level", "sections"], name="one_report_file_of_a_kind"
            ),
            models.CheckConstraint(
                name="report_file_format_is_known", condition=models.Q(format__in=ReportFormat.values)
            ),
            models.CheckConstraint(name="report_file_level_is_known", condition=models.Q(level__in=Redaction.values)),
            models.CheckConstraint(name="report_file_state_is_known", condition=models.Q(state__in=FileState.values)),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.report}, {self.language}, {self.level}"
