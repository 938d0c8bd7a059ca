from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.consensus_map import ConsensusMap
from deliberation.models.fields import PublicIdField
from deliberation.models.moderation import ContributionQuerySet
from deliberation.models.participant import Participant
from deliberation.models.proposal import Proposal
from deliberation.models.statement import Statement
from deliberation.models.summary import Wording
from deliberation.models.translation import Translation, in_language

GONE = "…"  # what stands for words that were erased
LONGEST_QUESTION = 200
LONGEST_CANDIDATE = 600
LONGEST_OBJECTION = 600


class Stage(models.TextChoices):
    """How far a drafting round has come."""

    PREPARING = "preparing", _("being prepared")
    RANKING = "ranking", _("open for ranking")
    RANKED = "ranked", _("ranked once")
    OBJECTING = "objecting", _("open for objections")
    REVISING = "revising", _("being revised")
    RANKING_AGAIN = "ranking_again", _("open for the second ranking")
    FINAL = "final", _("decided")


ASKS = {Stage.RANKING: "ranking", Stage.OBJECTING: "objection", Stage.RANKING_AGAIN: "ranking"}


class DraftingRound(models.Model):
    """One question for which the assembly looks for words that everybody can live with."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="drafting_rounds")
    number = models.PositiveIntegerField()
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="drafting_rounds", db_constraint=False, null=True, blank=True
    )
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.PREPARING)
    stage_before = models.CharField(max_length=16, choices=Stage.choices, blank=True)
    stage_changed_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0, help_text="Steps taken so far; the record counts along.")
    objectors = models.JSONField(
        null=True, blank=True, help_text="People who objected, by opinion group, as counted when objecting ended."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "number"], name="one_drafting_round_a_number"),
            models.UniqueConstraint(fields=["assembly", "id"], name="drafting_round_of_assembly"),
            models.CheckConstraint(name="drafting_stage_is_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="drafting_stage_before_is_known", condition=Q(stage_before__in=["", *Stage.values])
            ),
        ]

    def __str__(self) -> str:
        return f"drafting round {self.number} of {self.assembly}"

    def question_in(self, language: str) -> "DraftingText":
        text = in_language(self.translations.all(), language)
        if text is None:
            raise DraftingText.DoesNotExist(f"{self} has no text in any language")
        return text

    @property
    def asks(self) -> str:
        """What participants are asked for now; empty if nothing."""
        return ASKS.get(Stage(self.stage), "")


class DraftingText(Translation):
    round = models.ForeignKey(DraftingRound, models.CASCADE, related_name="translations")
    question = models.CharField(max_length=LONGEST_QUESTION)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "language"], name="one_drafting_text_a_language")]

    def __str__(self) -> str:
        return self.question


class Origin(models.TextChoices):
    """Where the words of a candidate come from."""

    STATEMENT = "statement", _("a statement of a participant")
    WORDING = "wording", _("a sentence of the summary")
    DRAFT = "draft", _("drafted by the facilitator")
    REVISION = "revision", _("revised after the objections")


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def standing(self) -> "CandidateQuerySet":
        """Those that were not taken out again."""
        return self.filter(dropped_at__isnull=True)


class Candidate(models.Model):
    """Words that are ranked. People say its number; a statement's words stay where the statement has them."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="candidates")
    round = models.ForeignKey(DraftingRound, models.CASCADE, related_name="candidates", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=16, choices=Origin.choices)
    statement = models.ForeignKey(
        Statement, models.CASCADE, related_name="candidates", db_constraint=False, null=True, blank=True
    )
    wording = models.ForeignKey(Wording, models.SET_NULL, related_name="candidates", null=True, blank=True)
    map = models.ForeignKey(
        ConsensusMap,
        models.PROTECT,
        related_name="candidates",
        null=True,
        blank=True,
        help_text="The map whose numbers made it a candidate.",
    )
    revises = models.ForeignKey("self", models.CASCADE, related_name="revisions", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_candidate_a_number"),
            models.UniqueConstraint(fields=["round", "statement"], name="one_candidate_a_statement"),
            models.UniqueConstraint(fields=["round", "wording"], name="one_candidate_a_wording"),
            models.UniqueConstraint(fields=["assembly", "id"], name="candidate_of_assembly"),
            models.CheckConstraint(name="candidate_origin_is_known", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(
                name="candidate_has_its_origin",
                condition=Q(origin=Origin.STATEMENT, statement__isnull=False, revises__isnull=True)
                | Q(origin=Origin.WORDING, statement__isnull=True, revises__isnull=True)
                | Q(origin=Origin.DRAFT, statement__isnull=True, wording__isnull=True, revises__isnull=True)
                | Q(origin=Origin.REVISION, statement__isnull=True, wording__isnull=True, revises__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.number} of {self.round}"

    def text_in(self, language: str) -> tuple[str, str]:
        """The words to show a reader of this language, and the language they are in."""
        if self.statement is not None:
            return self.statement.text_in(language)
        if self.origin == Origin.WORDING:
            return (self.wording.text, self.wording.language) if self.wording else (GONE, language)
        words = in_language(self.translations.all(), language)
        if words is None:
            raise CandidateText.DoesNotExist(f"{self} has no text in any language")
        return words.text, words.language


class CandidateText(Translation):
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="translations")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "language"], name="one_candidate_text_a_language"),
            models.CheckConstraint(name="candidate_says_something", condition=Q(text__length__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text


class RankingTurn(models.Model):
    """Everybody ranks: a first time, and once more when the winner was revised. The result is written at the close."""

    FIRST, SECOND = 1, 2

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="ranking_turns")
    round = models.ForeignKey(DraftingRound, models.CASCADE, related_name="turns", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    opening = models.BinaryField(
        max_length=32, help_text="The leaf hash of the record entry that opened it: ties are broken by it."
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_ranking_turn_a_number"),
            models.UniqueConstraint(fields=["assembly", "id"], name="ranking_turn_of_assembly"),
            models.CheckConstraint(name="ranking_turn_is_first_or_second", condition=Q(number__in=[1, 2])),
            models.CheckConstraint(
                name="ranking_turn_has_its_result_when_closed",
                condition=Q(closed_at__isnull=True, result__isnull=True)
                | Q(closed_at__isnull=False, result__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"ranking {self.number} of {self.round}"

    @property
    def candidates(self) -> CandidateQuerySet:
        """What is ranked: at first what was picked, then the revision beside it."""
        standing = self.round.candidates.standing().select_related("statement", "wording", "map")
        return standing.filter(revises__isnull=True) if self.number == self.FIRST else standing


class RankingQuerySet(models.QuerySet["Ranking"]):
    def standing(self) -> "RankingQuerySet":
        """Rankings that count: those not taken back."""
        return self.exclude(places={})


class Ranking(models.Model):
    """How a participant ranks the candidates now: a place for each that was given one, the same place for equals."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="rankings")
    turn = models.ForeignKey(RankingTurn, models.CASCADE, related_name="rankings", db_constraint=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="rankings", db_constraint=False)
    places = models.JSONField(help_text="Public id of a candidate → place; empty when it was taken back.")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["turn", "participant"], name="one_ranking_a_turn"),
            models.CheckConstraint(name="ranking_revision_counts_from_one", condition=Q(revision__gte=1)),
        ]

    def __str__(self) -> str:
        return f"ranking of {self.participant}"


class Objection(models.Model):
    """What a participant could not live with in the winner. Nobody is told whose it is."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="objections")
    round = models.ForeignKey(DraftingRound, models.CASCADE, related_name="objections", db_constraint=False)
    author = models.ForeignKey(Participant, models.CASCADE, related_name="objections", db_constraint=False)
    text = models.TextField()
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawals = models.PositiveSmallIntegerField(default=0)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "author"], name="one_objection_a_person"),
            models.CheckConstraint(name="objection_says_something", condition=Q(text__length__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text
