"""Whom most tests here are about: an assembly, Ana who takes part, and Ben who leads."""

import pytest

from deliberation.models import Assembly, Participant
from tests.people import a_facilitator, a_member, an_assembly


@pytest.fixture
def assembly() -> Assembly:
    return an_assembly("river")


@pytest.fixture
def ana(assembly: Assembly) -> Participant:
    return a_member(assembly, "Ana")


@pytest.fixture
def ben(assembly: Assembly) -> Participant:
    return a_facilitator(assembly)
