from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from deliberation.models.embedding import text_digest
from deliberation.models.moderation import CONTRIBUTIONS, Decision, Rule, one_of


class Noticed(models.TextChoices):
    """What a model may point out to moderators. It decides nothing."""

    LANGUAGE = "language", _("It seems to be in another language than was said")
    SAME = "same", _("It seems to say the same as another one")
    OFF_QUESTION = "off_question", _("It is far from what others write here")
    PERSONAL_DATA = "personal_data", _("It seems to hold something by which a person can be found")
    ATTACK = "attack", _("It holds words that often insult or threaten")


class ContributionReading(models.Model):
    """What models noticed in the words of one contribution, for moderators alone; ids, places and numbers, no words."""

    statement = models.OneToOneField(
        "deliberation.Statement", models.CASCADE, related_name="reading", null=True, blank=True
    )
    argument = models.OneToOneField(
        "deliberation.Argument", models.CASCADE, related_name="reading", null=True, blank=True
    )
    objection = models.OneToOneField(
        "deliberation.Objection", models.CASCADE, related_name="reading", null=True, blank=True
    )
    question = models.OneToOneField(
        "deliberation.Question", models.CASCADE, related_name="reading", null=True, blank=True
    )
    text_digest = models.BinaryField(max_length=32, help_text="Of the words that were read; others are read anew.")
    noticed = models.JSONField(default=list, help_text="One object for each `what` of Noticed, with its reasons.")
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(name="reading_of_one_contribution", condition=one_of(CONTRIBUTIONS))]

    def __str__(self) -> str:
        return f"reading of {self.statement or self.argument or self.objection or self.question}"

    def noticed_in(self, text: str) -> list[dict[str, Any]]:
        """What was noticed, if these are the words that were read."""
        return self.noticed if bytes(self.text_digest) == text_digest(text) else []

    def is_followed_by(self, decision: str, rule: str, language: str) -> bool:
        """Whether a moderator decides as any of it suggests."""
        if language:
            return any(each.get("language") == language for each in self.noticed)
        return any((decision, rule) in FOLLOWS[each["what"]] for each in self.noticed)


ASKED = (Decision.ASKED, "")
FOLLOWS: dict[str, set[tuple[str, str]]] = {
    Noticed.LANGUAGE: set(),  # followed by another language alone
    Noticed.SAME: {(Decision.MERGED, Rule.SAME), (Decision.REJECTED, Rule.SAME)},
    Noticed.OFF_QUESTION: {ASKED, (Decision.REJECTED, Rule.OFF_QUESTION)},
    Noticed.PERSONAL_DATA: {ASKED, (Decision.REJECTED, Rule.PERSONAL_DATA)},
    Noticed.ATTACK: {ASKED, (Decision.REJECTED, Rule.ATTACK)},
}
