from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation.actions.errors import CodeExpired, CodeUnknown, CodeUsedUp, JoiningClosed, PseudonymTaken
from deliberation.actions.joining import find_invitation, find_returning, join
from deliberation.models import Invitation, Participant, RecordEntry, hash_of_code
from tests.people import a_member, an_assembly, browser_of

pytestmark = pytest.mark.django_db


def an_invitation(assembly, code="ABCD-EFGH-JKLM", **values) -> Invitation:
    return Invitation.objects.create(
        assembly=assembly,
        code_hash=hash_of_code(code),
        **{"expires_at": timezone.now() + timedelta(days=1), "roles": ["facilitator"], **values},
    )


def test_joining_needs_a_pseudonym_only():
    assembly = an_assembly()

    ana, code = join(assembly, "Ana", "id")

    assert (ana.pseudonym, ana.route, ana.roles, ana.language) == ("Ana", "link", [], "id")
    assert ana.account.email is None
    assert find_returning(code.lower().replace("-", " ")) == ana
    assert RecordEntry.objects.filter(assembly=assembly, type="enrol").count() == 1


def test_a_name_that_is_taken_leaves_nothing_behind():
    assembly = an_assembly()
    a_member(assembly, "Ana")

    with pytest.raises(PseudonymTaken):
        join(assembly, "ANA", "en")

    assert assembly.participants.count() == 1
    assert RecordEntry.objects.filter(type="enrol").count() == 0


def test_an_assembly_by_invitation_is_not_joined_by_link():
    with pytest.raises(JoiningClosed):
        join(an_assembly(is_open=False), "Ana", "en")


def test_an_invitation_works_as_often_as_it_says():
    assembly = an_assembly(is_open=False)
    invitation = an_invitation(assembly)

    join(assembly, "Ben", "en", invitation=find_invitation("abcdefghjklm"))

    assert Participant.objects.get(pseudonym="Ben").roles == ["facilitator"]
    with pytest.raises(CodeUsedUp):
        join(assembly, "Chidi", "en", invitation=invitation)
    with pytest.raises(CodeUsedUp):
        find_invitation("abcdefghjklm")


def test_an_invitation_ends():
    an_invitation(an_assembly(), expires_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(CodeExpired):
        find_invitation("ABCD-EFGH-JKLM")


def test_a_wrong_code_is_unknown():
    with pytest.raises(CodeUnknown):
        find_invitation("nothing")
    with pytest.raises(CodeUnknown):
        find_returning("nothing")


def test_a_stranger_joins_in_the_browser_and_is_signed_in():
    assembly = an_assembly("river")
    browser = browser_of(None)

    page = browser.post("/a/river/join/", {"pseudonym": "  Ana\u200b ", "consent_take_part": "on"})

    ana = Participant.objects.get(assembly=assembly)
    assert (page.status_code, ana.pseudonym) == (200, "Ana")
    assert find_returning(page.context["recovery_code"]) == ana
    assert browser.get("/a/river/").context["participant"] == ana


def test_without_consent_nobody_joins_and_the_name_typed_is_still_there():
    an_assembly("river")

    page = browser_of(None).post("/a/river/join/", {"pseudonym": "Ana"})

    assert page.status_code == 400
    assert 'value="Ana"' in page.content.decode()
    assert Participant.objects.count() == 0


def test_a_facilitator_comes_in_with_a_code_and_keeps_their_vote_account():
    assembly = an_assembly("river")
    ana = a_member(assembly, "Ana")
    an_invitation(assembly)

    page = browser_of(ana).post("/enter/", {"code": "abcd efgh jklm"})

    ana.refresh_from_db()
    assert (page.status_code, page["Location"]) == (302, "/a/river/")
    assert ana.roles == ["facilitator"]


def test_an_account_joins_a_second_assembly_as_the_same_account():
    first, second = an_assembly("first"), an_assembly("second")
    ana = a_member(first, "Ana")

    browser_of(ana).post("/a/second/join/", {"pseudonym": "Ana too", "consent_take_part": "on"})

    assert Participant.objects.get(assembly=second).account == ana.account


def test_a_name_that_is_taken_does_not_use_up_the_invitation_in_hand():
    assembly = an_assembly("river", is_open=False)
    a_member(assembly, "Ana")
    an_invitation(assembly, roles=[])
    browser = browser_of(None)
    browser.post("/enter/", {"code": "ABCD-EFGH-JKLM"})

    browser.post("/a/river/join/", {"pseudonym": "ana", "consent_take_part": "on"})
    browser.post("/a/river/join/", {"pseudonym": "Another Ana", "consent_take_part": "on"})

    assert Participant.objects.get(pseudonym="Another Ana").route == "code"


def test_leaving_a_device_signs_out_and_the_code_brings_back():
    assembly = an_assembly("river")
    browser = browser_of(None)
    code = browser.post("/a/river/join/", {"pseudonym": "Ana", "consent_take_part": "on"}).context["recovery_code"]

    browser.post("/leave/")

    assert browser.get("/a/river/").context["participant"] is None
    browser.post("/enter/", {"code": code})
    assert browser.get("/a/river/").context["participant"] == assembly.participants.get()
