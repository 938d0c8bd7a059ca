from django.db import models
from django.db.models import Q

from deliberation.models.assembly import Assembly
from deliberation.models.participant import Participant
from deliberation.models.session import Session

FEWEST_AT_A_TABLE, MOST_AT_A_TABLE, USUAL_AT_A_TABLE = 2, 12, 6


class TableRound(models.Model):
    """Once round the tables of a session: who sat where, as it was made from a seed that is kept."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="table_rounds", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField(help_text="People at a table, as the facilitator asked.")
    tables = models.PositiveSmallIntegerField()
    seed = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="one_table_round_a_number"),
            models.UniqueConstraint(fields=["assembly", "id"], name="table_round_of_assembly"),
            models.CheckConstraint(
                name="table_has_some_seats", condition=Q(size__gte=FEWEST_AT_A_TABLE, size__lte=MOST_AT_A_TABLE)
            ),
            models.CheckConstraint(name="table_round_has_a_table", condition=Q(tables__gte=1)),
        ]

    def __str__(self) -> str:
        return f"round {self.number} of the tables of {self.session}"


class Seat(models.Model):
    """Where somebody sits in one round. Whoever is kept there sits at the same table in the next."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="+")
    round = models.ForeignKey(TableRound, models.CASCADE, related_name="seats", db_constraint=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="seats", db_constraint=False)
    table = models.PositiveSmallIntegerField()
    is_kept = models.BooleanField(default=False, help_text="They stay at this table from round to round.")

    class Meta:
        ordering = ["table", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "participant"], name="one_seat_a_round"),
            models.CheckConstraint(name="tables_count_from_one", condition=Q(table__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.participant} at table {self.table}"
