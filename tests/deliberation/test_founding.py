"""An assembly from a blueprint: what is in it, who may make it, and what it is not yet."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from deliberation.actions.errors import CodeExpired, CodeUnknown, CodeUsedUp, MayNotFound
from deliberation.actions.founding import found, let_found, make_founding_code
from deliberation.actions.setting_up import Words
from deliberation.blueprints import Blueprint, blueprints
from deliberation.models import Account, Assembly, FoundingCode, Participant, PhaseKind, Role
from tests.people import an_assembly

pytestmark = pytest.mark.django_db

SATURDAY = date(2027, 3, 6)
RIVER = Words("Clean river", "How do we keep it clean?", "The mayor", "Each recommendation is answered.")
SUNGAI = Words("Sungai bersih", "Bagaimana menjaganya?", "Wali kota", "Setiap rekomendasi dijawab.")


def a_founder() -> Account:
    return Account.objects.create(founds_since=timezone.now())


def founded(name: str = "four-weekends", **texts: Words) -> Participant:
    texts = texts or {"en": RIVER, "id": SUNGAI}
    return found(a_founder(), blueprints()[name], texts, SATURDAY, "en", "Ben")[0]


def test_four_weekends_begin_on_their_saturday_and_end_with_the_answer():
    assembly = founded().assembly

    assert [(phase.kind, phase.starts_on, phase.ends_on) for phase in assembly.phases.all()] == [
        (PhaseKind.LEARNING, date(2027, 3, 6), date(2027, 3, 19)),
        (PhaseKind.STATEMENTS, date(2027, 3, 20), date(2027, 4, 2)),
        (PhaseKind.DELIBERATION, date(2027, 4, 3), date(2027, 4, 16)),
        (PhaseKind.DRAFTING, date(2027, 4, 17), date(2027, 4, 23)),
        (PhaseKind.CLOSED, date(2027, 4, 24), date(2027, 6, 23)),
    ]
    assert [session.items.count() for session in assembly.sessions.all()] == [5, 5, 5, 5]
    assert not assembly.is_open


def test_whoever_founds_leads_and_has_a_code_to_come_back_with():
    account = a_founder()

    facilitator, code = found(account, blueprints()["town-hall"], {"en": RIVER}, SATURDAY, "en", "Ben")

    assert (facilitator.account, facilitator.pseudonym, facilitator.roles) == (account, "Ben", [Role.FACILITATOR])
    assert len(code) == 14


def test_nobody_else_may_found():
    with pytest.raises(MayNotFound):
        found(Account.objects.create(), blueprints()["town-hall"], {"en": RIVER}, SATURDAY, "en", "Chidi")

    assert not Assembly.objects.exists()


def test_the_languages_are_those_of_the_texts():
    assembly = founded("town-hall", id=SUNGAI).assembly

    assert assembly.languages == ["id"]
    assert [(text.language, text.title) for text in assembly.translations.all()] == [("id", "Sungai bersih")]


def test_the_classroom_has_everything_it_needs():
    assembly = founded("classroom").assembly

    assert [statement.language for statement in assembly.statements.all()] == ["en"] * 12
    assert all(statement.is_seed for statement in assembly.statements.all())
    assert assembly.kit_steps.count() == 1


def test_two_of_the_same_title_have_addresses_of_their_own():
    an_assembly("clean-river-2")

    slugs = [founded("town-hall").assembly.slug for _ in range(3)]

    assert slugs == ["clean-river", "clean-river-3", "clean-river-4"]


def test_the_record_begins_with_the_question_and_the_plan():
    entries = founded("town-hall").assembly.record.order_by("pk")

    assert [entry.type for entry in entries] == ["config", "invite", "enrol", "consent"]


@pytest.mark.parametrize("blueprint", blueprints().values(), ids=blueprints())
def test_a_blueprint_says_everything_in_both_languages_and_keeps_its_phases_in_order(blueprint: Blueprint):
    days = [day for phase in blueprint.phases for day in (phase.starts_in_days, phase.ends_in_days)]

    assert days[0] == 0
    assert days == sorted(days)
    assert len(blueprint.id.rules) == len(blueprint.en.rules)
    assert all(all(each.translations().values()) for session in blueprint.sessions for each in session.items)


def test_a_code_of_the_operator_lets_its_holder_found_as_often_as_it_may():
    code = make_founding_code(timedelta(days=1))

    founder = let_found(code.lower(), None)

    assert founder.founds_since is not None
    assert let_found(code, founder) == founder
    with pytest.raises(CodeUsedUp):
        let_found(code, None)


def test_a_code_that_is_unknown_or_too_old_lets_nobody_found():
    code = make_founding_code(timedelta(days=1))
    FoundingCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(CodeExpired):
        let_found(code, None)
    with pytest.raises(CodeUnknown):
        let_found("AAAA-BBBB-CCCC", None)
