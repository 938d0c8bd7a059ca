import pytest
from django.apps import apps

from deliberation.actions import summarising
from deliberation.actions.arguing import argue
from deliberation.actions.erasing import erase
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.stating import make_statement
from deliberation.actions.withdrawing import may_be_restored, restore, withdraw
from deliberation.models import Decision, Side
from tests.people import a_member, a_proposal, an_assembly, two_camps

pytestmark = pytest.mark.django_db(transaction=True)

PLANTED = "marigold-lighthouse-47"


def rows_that_hold(words: str) -> list[str]:
    """Every live row of ours, in any table, in which these words stand."""
    found = []
    for model in apps.get_app_config("deliberation").get_models():
        for row in model.objects.values():
            values = [bytes(value) if isinstance(value, memoryview | bytes) else value for value in row.values()]
            if any(words.encode() in value if isinstance(value, bytes) else words in str(value) for value in values):
                found.append(model.__name__)
    return found


def test_what_is_erased_is_in_no_row_any_more(settings):
    settings.GENERATOR = "off"
    assembly = an_assembly("river")
    two_camps(assembly)
    ana = a_member(assembly, "Ana")
    statement = make_statement(ana, f"We need a {PLANTED} by the river.", "en")
    argue(ana, a_proposal(assembly), Side.FOR, f"The {PLANTED} would please my children.", "en")
    moderate(statement, Decision.SHOWN, "It is about the question", by=None)
    refresh_map(assembly)
    summarising.write(assembly)
    assert set(rows_that_hold(PLANTED)) == {"Statement", "Argument", "RecordOpening"}

    erase(ana)

    assert rows_that_hold(PLANTED) == []


def test_what_is_erased_cannot_be_restored():
    assembly = an_assembly("river")
    ana = a_member(assembly, "Ana")
    argument = argue(ana, a_proposal(assembly), Side.FOR, "It smells less in June.", "en")
    withdraw(argument)
    restore(argument)

    erase(ana)

    argument.refresh_from_db()
    assert not may_be_restored(argument)
