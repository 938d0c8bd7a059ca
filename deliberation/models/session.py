from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.kit import KitStep
from deliberation.models.participant import Participant
from deliberation.models.proposal import Proposal
from deliberation.models.translation import Translation, in_language

LONGEST_TITLE = 160
LONGEST_ITEM = 240  # minutes
NO_TIME = timedelta()
THE_NIGHT = timedelta(hours=12)  # in which whoever was there is thanked, until a wall invites people again


class ItemKind(models.TextChoices):
    """What people do in a part of a session."""

    TALK = "talk", _("Talk")
    QUESTIONS = "questions", _("Questions")
    TABLES = "tables", _("Tables")
    POLL = "poll", _("Poll")
    TEMPERATURE = "temperature", _("Temperature check")
    VOTE = "vote", _("Vote on statements")
    MAP = "map", _("Map")
    BREAK = "break", _("Break")


class Scene(models.TextChoices):
    """What the wall of the room shows."""

    JOIN = "join", _("How to join")
    ITEM = "item", _("Item and timer")
    SPEAKER = "speaker", _("Speaker")
    POLL = "poll", _("Poll")
    MAP = "map", _("Map")
    TABLES = "tables", _("Who sits where")
    HEARD = "heard", _("What we heard")


SCENE_OF = {
    ItemKind.TABLES: Scene.TABLES,
    ItemKind.POLL: Scene.POLL,
    ItemKind.TEMPERATURE: Scene.POLL,
    ItemKind.MAP: Scene.MAP,
}


class SessionQuerySet(models.QuerySet["Session"]):
    def open(self) -> "SessionQuerySet":
        return self.filter(opened_at__isnull=False, closed_at__isnull=True)


class Session(models.Model):
    """A meeting of the assembly with an agenda, as its facilitator runs it. `changes` is the version of its news."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="sessions")
    number = models.PositiveIntegerField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    item = models.ForeignKey("AgendaItem", models.SET_NULL, related_name="+", null=True, blank=True)
    scene = models.CharField(max_length=16, choices=Scene.choices, default=Scene.JOIN)
    is_blank = models.BooleanField(default=False, help_text="The wall shows nothing for a while.")
    time_left = models.DurationField(default=NO_TIME, help_text="Of the item, when the timer was last set going.")
    running_since = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0, help_text="Entries in the record; they count along.")
    arrangements = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Changes of the agenda and of the tables, which every phone shows."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="one_session_a_number"),
            models.UniqueConstraint(fields=["assembly", "id"], name="session_of_assembly"),
            models.UniqueConstraint(
                fields=["assembly"],
                name="one_open_session_an_assembly",
                condition=Q(opened_at__isnull=False, closed_at__isnull=True),
            ),
            models.CheckConstraint(name="session_scene_is_known", condition=Q(scene__in=Scene.values)),
            models.CheckConstraint(
                name="session_closes_after_it_opens", condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(name="session_time_left_is_not_negative", condition=Q(time_left__gte=NO_TIME)),
        ]

    def __str__(self) -> str:
        return f"session {self.number} of {self.assembly}"

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    def is_just_over(self, now: datetime) -> bool:
        return self.closed_at is not None and now - self.closed_at < THE_NIGHT

    def title_in(self, language: str) -> str:
        text = in_language(self.translations.all(), language)
        if text is None:
            raise SessionText.DoesNotExist(f"{self} has no title in any language")
        return text.title

    def left_at(self, now: datetime) -> timedelta:
        """How much time the item has at this moment."""
        if self.running_since is None:
            return self.time_left
        return max(self.time_left - (now - self.running_since), NO_TIME)


class SessionText(Translation):
    session = models.ForeignKey(Session, models.CASCADE, related_name="translations")
    title = models.CharField(max_length=LONGEST_TITLE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "language"], name="one_session_text_a_language")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """One part of a session."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="items", db_constraint=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=ItemKind.choices)
    minutes = models.PositiveSmallIntegerField()
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="+", db_constraint=False, null=True, blank=True)
    kit_step = models.ForeignKey(KitStep, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"], name="one_agenda_item_a_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["assembly", "id"], name="agenda_item_of_assembly"),
            models.CheckConstraint(name="agenda_item_kind_is_known", condition=Q(kind__in=ItemKind.values)),
            models.CheckConstraint(
                name="agenda_item_takes_some_minutes", condition=Q(minutes__gte=1, minutes__lte=LONGEST_ITEM)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.kind} of {self.session}"

    @property
    def asks(self) -> bool:
        return self.kind in (ItemKind.POLL, ItemKind.TEMPERATURE)

    @property
    def options(self) -> dict[str, list[str]]:
        """What its poll lets people choose from, in each language."""
        if self.kind != ItemKind.POLL:
            return {}
        found: dict[str, list[str]] = {}
        for option in self.poll.options.prefetch_related("translations"):
            for text in option.translations.all():
                found.setdefault(text.language, []).append(text.text)
        return found

    @property
    def scene(self) -> Scene:
        return SCENE_OF.get(ItemKind(self.kind), Scene.ITEM)

    def title_in(self, language: str) -> str:
        text = in_language(self.translations.all(), language)
        if text is None:
            raise AgendaItemText.DoesNotExist(f"{self} has no title in any language")
        return text.title


class AgendaItemText(Translation):
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="translations")
    title = models.CharField(max_length=LONGEST_TITLE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="one_agenda_item_text_a_language")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who came to a session with their phone, and when it was last seen there."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances", db_constraint=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attendances", db_constraint=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="one_attendance_a_session")]

    def __str__(self) -> str:
        return f"{self.participant} at {self.session}"
