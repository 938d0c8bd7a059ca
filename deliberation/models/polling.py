from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.assembly import Assembly
from deliberation.models.fields import PublicIdField
from deliberation.models.participant import Participant
from deliberation.models.session import AgendaItem, ItemKind
from deliberation.models.translation import Translation, in_language

LONGEST_OPTION = 120
FEWEST_OPTIONS, MOST_OPTIONS = 2, 8


class Temperature(models.IntegerChoices):
    """How somebody feels about what is asked, from warmest to coldest."""

    ALL_FOR_IT = 1, _("I am all for it")
    FINE = 2, _("Fine with me")
    UNDECIDED = 3, _("Undecided")
    DOUBTS = 4, _("I have doubts")
    AGAINST = 5, _("I cannot go along")


class Poll(models.Model):
    """What an agenda item asks everybody, once: options to choose between, or a temperature."""

    public_id = PublicIdField()
    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="poll", db_constraint=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True, help_text="As counted when it closed: people by option.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assembly", "id"], name="poll_of_assembly"),
            models.CheckConstraint(
                name="poll_closes_after_it_opens", condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(
                name="poll_has_its_result_when_closed",
                condition=Q(closed_at__isnull=True, result__isnull=True)
                | Q(closed_at__isnull=False, result__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"poll of {self.item}"

    @property
    def state(self) -> str:
        if self.opened_at is None:
            return "coming"
        return "open" if self.closed_at is None else "closed"

    def options_in(self, language: str) -> dict[int, str]:
        """The words of each option, by its number."""
        if self.item.kind == ItemKind.TEMPERATURE:
            return {choice.value: str(choice.label) for choice in Temperature}
        return {each.number: each.text_in(language) for each in self.options.all()}


class PollOption(models.Model):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="one_poll_option_a_number"),
            models.CheckConstraint(
                name="poll_option_number_is_small", condition=Q(number__gte=1, number__lte=MOST_OPTIONS)
            ),
        ]

    def __str__(self) -> str:
        return f"option {self.number} of {self.poll}"

    def text_in(self, language: str) -> str:
        text = in_language(self.translations.all(), language)
        if text is None:
            raise PollOptionText.DoesNotExist(f"{self} has no text in any language")
        return text.text


class PollOptionText(Translation):
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="translations")
    text = models.CharField(max_length=LONGEST_OPTION)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["option", "language"], name="one_poll_option_text_a_language")]

    def __str__(self) -> str:
        return self.text


class PollAnswer(models.Model):
    """What somebody answered. Nobody but they themselves sees it; it goes into the counts alone."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="answers", db_constraint=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="poll_answers", db_constraint=False)
    choice = models.PositiveSmallIntegerField(help_text="The number of an option.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "participant"], name="one_answer_a_poll"),
            models.CheckConstraint(
                name="poll_answer_is_an_option", condition=Q(choice__gte=1, choice__lte=MOST_OPTIONS)
            ),
        ]

    def __str__(self) -> str:
        return f"answer of {self.participant}"
