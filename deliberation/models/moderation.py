from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant

LONGEST_APPEAL = 500
CONTRIBUTIONS = ("statement", "argument", "objection", "question")
DECIDED_ON = (*CONTRIBUTIONS, "note")


def one_of(names: tuple[str, ...]) -> Q:
    """That exactly one of these columns is filled."""
    return Q(*(Q(**{f"{each}__isnull": each != name for each in names}) for name in names), _connector=Q.OR)


class Decision(models.TextChoices):
    SHOWN = "shown", _("Shown")
    REJECTED = "rejected", _("Hidden")
    ASKED = "asked", _("Asked to reword")
    HELD = "held", _("Waits for a moderator")
    MERGED = "merged", _("Counts with another that says the same")


class Answer(models.TextChoices):
    """What an author did who was asked to reword something."""

    REWORDED = "reworded", _("Reworded by its author")
    DECLINED = "declined", _("Its author keeps the words")


class Rule(models.TextChoices):
    """What a contribution must not be: the whole policy, public, so that nobody is hidden for a reason not on it."""

    PERSONAL_DATA = "personal_data", _("It names a private person or tells something private")
    ATTACK = "attack", _("It attacks a person or a group of people")
    OFF_QUESTION = "off_question", _("It is not about the question")
    TWO_IDEAS = "two_ideas", _("It holds two ideas, so that nobody could agree with only one")
    SAME = "same", _("It says the same as another one")


class Followed(models.TextChoices):
    """What a moderator made of what a model had suggested."""

    YES = "followed", _("followed")
    NO = "not_followed", _("not followed")


class ModerationQuerySet(models.QuerySet["Moderation"]):
    def current(self) -> "ModerationQuerySet":
        return self.filter(lifted_at__isnull=True)

    def hiding(self) -> "ModerationQuerySet":
        """Those that keep the words from everybody."""
        hidden = Q(decision__in=[Decision.REJECTED, Decision.HELD])
        return self.filter(hidden | Q(decision=Decision.ASKED, before_showing=True))


class Moderation(models.Model):
    """A decision about a contribution, with who and when. A later one lifts the earlier; none is overwritten."""

    statement = models.ForeignKey(
        "deliberation.Statement", models.CASCADE, related_name="moderations", null=True, blank=True
    )
    argument = models.ForeignKey(
        "deliberation.Argument", models.CASCADE, related_name="moderations", null=True, blank=True
    )
    objection = models.ForeignKey(
        "deliberation.Objection", models.CASCADE, related_name="moderations", null=True, blank=True
    )
    question = models.ForeignKey(
        "deliberation.Question", models.CASCADE, related_name="moderations", null=True, blank=True
    )
    note = models.ForeignKey("deliberation.Note", models.CASCADE, related_name="moderations", null=True, blank=True)
    decision = models.CharField(max_length=16, choices=Decision.choices)
    rule = models.CharField(max_length=16, choices=Rule.choices, blank=True)
    revision = models.PositiveSmallIntegerField(
        default=0, help_text="Which decision taken here it is, as the record counts them; 0 came with an import."
    )
    reason = models.TextField(blank=True, help_text="More words for the author; the rule alone is public.")
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="moderations")
    before_showing = models.BooleanField(
        default=False, db_default=False, help_text="Asked to reword while it waited: nobody else reads it until then."
    )
    into_statement = models.ForeignKey(
        "deliberation.Statement", models.CASCADE, related_name="merged_here", null=True, blank=True
    )
    into_argument = models.ForeignKey(
        "deliberation.Argument", models.CASCADE, related_name="merged_here", null=True, blank=True
    )
    suggested = models.CharField(max_length=16, choices=Followed.choices, blank=True, db_default="")
    answer = models.CharField(max_length=16, choices=Answer.choices, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ModerationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement"], name="one_current_moderation", condition=Q(lifted_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["argument"], name="one_current_moderation_of_argument", condition=Q(lifted_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["objection"], name="one_current_moderation_of_objection", condition=Q(lifted_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["question"], name="one_current_moderation_of_question", condition=Q(lifted_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["note"], name="one_current_moderation_of_note", condition=Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(name="moderation_of_one_contribution", condition=one_of(DECIDED_ON)),
            models.CheckConstraint(name="moderation_is_known", condition=Q(decision__in=Decision.values)),
            models.CheckConstraint(name="moderation_rule_is_known", condition=Q(rule__in=["", *Rule.values])),
            models.CheckConstraint(
                name="moderation_answered_where_asked",
                condition=Q(answer="") | Q(answer__in=Answer.values, decision="asked", lifted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="moderation_before_showing_asks", condition=Q(before_showing=False) | Q(decision="asked")
            ),
            models.CheckConstraint(
                name="moderation_merges_into_one_of_its_kind",
                condition=Q(decision="merged", into_statement__isnull=False, into_argument__isnull=True)
                & Q(statement__isnull=False)
                & ~Q(statement=models.F("into_statement"))
                | Q(decision="merged", into_argument__isnull=False, into_statement__isnull=True)
                & Q(argument__isnull=False)
                & ~Q(argument=models.F("into_argument"))
                | ~Q(decision="merged") & Q(into_statement__isnull=True, into_argument__isnull=True),
            ),
            models.CheckConstraint(
                name="moderation_suggestion_is_known", condition=Q(suggested__in=["", *Followed.values])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.about}"

    @property
    def about(self) -> models.Model:
        """What it decides on."""
        return self.statement or self.argument or self.objection or self.question or self.note

    @property
    def keeps_back_unread(self) -> bool:
        """Whether it keeps from everybody what no moderator has read and let through yet."""
        return self.decision == Decision.HELD or self.before_showing

    @property
    def into(self) -> models.Model | None:
        """The statement or argument that says the same, where it is merged."""
        return self.into_statement or self.into_argument


class ModerationChoice(models.Model):
    """Whether moderators look before anything is shown, or after, as the facilitators chose; the newest holds."""

    assembly = models.ForeignKey("deliberation.Assembly", models.CASCADE, related_name="moderation_choices")
    looks_first = models.BooleanField()
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="moderation_choices")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"moderators look {'first' if self.looks_first else 'afterwards'} in {self.assembly}"


class Outcome(models.TextChoices):
    UPHELD = "upheld", _("It stays hidden")
    OVERTURNED = "overturned", _("It is shown again")


OUTCOMES_OF_MERGING = {
    Outcome.UPHELD: _("It stays with the other one"),
    Outcome.OVERTURNED: _("It stands by itself again"),
}


class AppealQuerySet(models.QuerySet["Appeal"]):
    def waiting(self) -> "AppealQuerySet":
        return self.filter(outcome="")

    def about(self, contribution: models.Model) -> "Appeal | None":
        """The newest about this statement, argument or objection."""
        kind = contribution._meta.model_name
        return self.filter(**{f"moderation__{kind}": contribution}).last()


class Appeal(models.Model):
    """An author asks for another look at what was hidden or merged. Whoever did it does not decide, nor the author."""

    public_id = PublicIdField()
    moderation = models.OneToOneField(Moderation, models.CASCADE, related_name="appeal")
    by = models.ForeignKey(Participant, models.CASCADE, related_name="appeals")
    reason = models.TextField()
    language = models.CharField(max_length=8)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True, help_text="Words for the author; the outcome alone is public.")
    decided_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="appeals_decided")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appeal_is_open_or_decided",
                condition=Q(outcome="", decided_at__isnull=True)
                | Q(outcome__in=Outcome.values, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="appeal_is_not_decided_by_its_author",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("by")),
            ),
        ]

    def __str__(self) -> str:
        return f"appeal against {self.moderation}"

    @property
    def is_about_merging(self) -> bool:
        return self.moderation.decision == Decision.MERGED

    @property
    def outcome_in_words(self) -> str:
        told = OUTCOMES_OF_MERGING if self.is_about_merging else dict(Outcome.choices)
        return str(told[Outcome(self.outcome)]) if self.outcome else ""


class ContributionQuerySet(models.QuerySet):
    """Whatever people write for others to read: moderators may hide it, its author may withdraw it."""

    def with_decision(self, decision: Decision) -> "ContributionQuerySet":
        return self.filter(Exists(self._decisions().filter(decision=decision)))

    def waiting(self) -> "ContributionQuerySet":
        """What participants wrote and no moderator has decided on yet; where moderators look first it is not shown."""
        decided = self._decisions().exclude(decision=Decision.HELD)
        return self.filter(~Exists(decided), author__isnull=False, withdrawn_at__isnull=True)

    def held(self) -> "ContributionQuerySet":
        """What nobody but its author and moderators reads, because none of these has let it through yet."""
        unread = Q(decision=Decision.HELD) | Q(before_showing=True)
        return self.filter(Exists(self._decisions().filter(unread)), withdrawn_at__isnull=True)

    def shown(self) -> "ContributionQuerySet":
        """What everybody may read: not withdrawn, not rejected, not waiting for a first look."""
        return self.filter(~Exists(self._decisions().hiding()), withdrawn_at__isnull=True)

    def merged(self) -> "ContributionQuerySet":
        """Statements or arguments put together with another that says the same, while everybody may read that one."""
        into = {f"into_{self.model._meta.model_name}__in": self.model.objects.shown()}
        return self.filter(Exists(self._decisions().filter(decision=Decision.MERGED, **into)))

    def on_their_own(self) -> "ContributionQuerySet":
        """What everybody may read and that is not merged: these statements are voted on."""
        return self.shown().exclude(pk__in=self.merged().values("pk"))

    def quotable(self) -> "ContributionQuerySet":
        """What summaries and reports may quote: of authors who agreed to it, and of the organisers."""
        return self.filter(Q(author__isnull=True) | Q(author__in=Participant.objects.consenting_to("quote")))

    def _decisions(self) -> ModerationQuerySet:
        return Moderation.objects.current().filter(**{self.model._meta.model_name: OuterRef("pk")})
