from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import CurrentTransaction, TransactionIdField
from deliberation.models.helping import Helping
from deliberation.models.participant import Participant


class EntryType(models.TextChoices):
    """What an entry of the record is about, as readers are told."""

    CONFIG = "config", _("setting")
    ENROL = "enrol", _("somebody joined")
    ROLES = "roles", _("roles were given")
    CONSENT = "consent", _("consent given or withdrawn")
    INVITE = "invite", _("invitation")
    SORTITION = "sortition", _("democratic lottery")
    PHASE = "phase", _("phase")
    SESSION = "session", _("session")
    MATERIAL = "material", _("learning material")
    NOTE = "note", _("scribe’s note")
    CITE = "cite", _("note that an argument rests on")
    STATEMENT = "statement", _("statement")
    ARGUMENT = "argument", _("argument")
    QUESTION = "question", _("question to the experts")
    ANSWER = "answer", _("answer of an expert")
    VOTE = "vote", _("vote")
    DRAFTING = "drafting", _("drafting")
    RANKING = "ranking", _("ranking")
    OBJECTION = "objection", _("objection")
    MODERATE = "moderate", _("moderation")
    APPEAL = "appeal", _("appeal against a moderation")
    REQUEST = "request", _("answer to a wish for other words")
    EDIT = "edit", _("change of words")
    WITHDRAW = "withdraw", _("withdrawal")
    RESTORE = "restore", _("return of something withdrawn")
    REDACT = "redact", _("erasure")
    MAP = "map", _("map")
    SUMMARY = "summary", _("summary")
    REVIEW = "review", _("review of a summary")
    AUDIT = "audit", _("check of a count")
    RATIFY = "ratify", _("answer about a summary")
    CHALLENGE = "challenge", _("objection to a summary")
    EXPORT = "export", _("report")


# What nobody but its owner may connect with a person: sealed in company, and told by no receipt.
SECRET_TYPES = (EntryType.VOTE, EntryType.RANKING, EntryType.RATIFY)


class RecordEntry(models.Model):
    """One leaf of the record. A trigger forbids changing or removing it; sealing gives it its sequence number."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="record", db_index=False)
    type = models.CharField(max_length=16)
    leaf = models.BinaryField(help_text="The exact bytes that were hashed (RFC 8785).")
    leaf_hash = models.BinaryField(max_length=32, unique=True, help_text="RFC 6962: SHA-256 of 0x00 and the leaf.")
    sequence = models.PositiveBigIntegerField(null=True)
    written_in = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name_plural = "record entries"
        constraints = [models.UniqueConstraint(fields=["assembly", "sequence"], name="one_entry_a_sequence_number")]
        indexes = [
            models.Index(fields=["assembly", "id"], name="entry_not_yet_sealed", condition=Q(sequence__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

    @property
    def about(self) -> str:
        return str(EntryType(self.type).label)


class RecordOpening(models.Model):
    """What a leaf commits to. Deleting the opening is the erasure; the leaf stays and still verifies."""

    entry = models.OneToOneField(RecordEntry, models.CASCADE, primary_key=True, related_name="opening")
    salt = models.BinaryField(max_length=32)
    content = models.BinaryField(help_text="RFC 8785 bytes.")

    def __str__(self) -> str:
        return f"opening of {self.entry_id}"


class RecordOwner(models.Model):
    """Whose entry it is: for the owner's receipts and for erasing. Never exported; dropped after the close."""

    entry = models.OneToOneField(RecordEntry, models.CASCADE, primary_key=True, related_name="owner")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="record_entries")
    helping = models.ForeignKey(
        Helping,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        help_text="The sitting in which a helper entered it. Published, it would tie together what one person says.",
    )
    nonce_is_own = models.BooleanField(
        default=False, db_default=False, help_text="The number in the content was made by the owner's browser."
    )

    class Meta:
        indexes = [models.Index(fields=["helping"], name="entry_with_help", condition=Q(helping__isnull=False))]

    def __str__(self) -> str:
        return f"owner of {self.entry_id}"
