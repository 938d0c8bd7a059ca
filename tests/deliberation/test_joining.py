from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deliberation.actions.errors import CodeExpired, CodeUnknown, CodeUsedUp, JoiningClosed, PseudonymTaken
from deliberation.actions.joining import find_invitation, find_returning, join, renew_code
from deliberation.models import Invitation, Participant, PhaseKind, RecordEntry, Role, hash_of_code
from tests.people import a_member, an_assembly, browser_of
from tests.sessions import an_open_session

pytestmark = pytest.mark.django_db


def an_invitation(assembly, code="ABCD-EFGH-JKLM", **values) -> Invitation:
    return Invitation.objects.create(
        assembly=assembly,
        code_hash=hash_of_code(code),
        **{"expires_at": timezone.now() + timedelta(days=1), "roles": ["facilitator"], **values},
    )


def code_after_joining(browser) -> str:
    browser.post("/a/river/join/", {"pseudonym": "Ana", "consent_take_part": "on"})
    return browser.get("/a/river/welcome/").context["recovery_code"]


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

    joined = browser.post("/a/river/join/", {"pseudonym": "  Ana\u200b ", "consent_take_part": "on"})

    ana, page = Participant.objects.get(assembly=assembly), browser.get("/a/river/welcome/")
    assert (joined.status_code, joined["Location"], ana.pseudonym) == (302, "/a/river/deck/", "Ana")
    assert find_returning(page.context["recovery_code"]) == ana
    assert browser.get("/a/river/").context["participant"] == ana


def test_whoever_joins_while_a_session_is_open_comes_into_its_room():
    an_open_session(an_assembly("river"))

    joined = browser_of(None).post("/a/river/join/", {"pseudonym": "Ana", "consent_take_part": "on"})

    assert joined["Location"] == "/a/river/session/"


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
    code = code_after_joining(browser)

    browser.post("/leave/")

    assert browser.get("/a/river/").context["participant"] is None
    browser.post("/enter/", {"code": code})
    assert browser.get("/a/river/").context["participant"] == assembly.participants.get()


def test_the_new_code_stays_on_the_page_through_a_reload_and_another_language():
    an_assembly("river")
    browser = browser_of(None)
    code = code_after_joining(browser)

    switched = browser.post("/language/", {"language": "id", "next": "/a/river/welcome/"}, follow=True)

    assert browser.get("/a/river/welcome/").context["recovery_code"] == code
    assert (switched.context["recovery_code"], switched["Content-Language"]) == (code, "id")
    assert "no-store" in switched["Cache-Control"]


def test_the_new_code_is_gone_once_its_owner_has_kept_it():
    an_assembly("river")
    browser = browser_of(None)
    code = code_after_joining(browser)

    kept = browser.post("/a/river/welcome/")

    assert (kept.status_code, kept["Location"]) == (302, "/a/river/")
    assert browser.get("/a/river/welcome/")["Location"] == "/a/river/"
    assert code not in str(dict(browser.session))


def test_the_new_code_does_not_stay_on_a_device_that_was_left():
    an_assembly("river")
    browser = browser_of(None)
    code_after_joining(browser)

    browser.post("/leave/")

    assert browser.get("/a/river/welcome/")["Location"] == "/a/river/join/"
    assert dict(browser.session) == {}


def test_a_renewed_code_replaces_the_one_before():
    ana, first = join(an_assembly(), "Ana", "id")

    second = renew_code(ana)

    assert find_returning(second) == ana
    with pytest.raises(CodeUnknown):
        find_returning(first)


def test_where_nothing_can_be_voted_on_joining_leads_to_the_code():
    an_assembly("river", phase=PhaseKind.LEARNING)

    joined = browser_of(None).post("/a/river/join/", {"pseudonym": "Ana", "consent_take_part": "on"})

    assert joined["Location"] == "/a/river/welcome/"


def test_home_reminds_of_the_code_until_its_owner_has_kept_it():
    an_assembly("river")
    browser = browser_of(None)
    code_after_joining(browser)

    before = [task.address for task in browser.get("/a/river/").context["tasks"]]
    browser.post("/a/river/welcome/")
    after = [task.address for task in browser.get("/a/river/").context["tasks"]]

    assert before[0] == "/a/river/welcome/"
    assert "/a/river/welcome/" not in after


def test_somebody_who_never_had_a_code_makes_one_under_my_data():
    ana = a_member(an_assembly("river"), "Ana")
    browser = browser_of(ana)
    assert 'action="/a/river/mine/recovery-codes/"' in browser.get("/a/river/mine/data/").content.decode()

    page = browser.post("/a/river/mine/recovery-codes/", follow=True)

    assert page.redirect_chain == [("/a/river/welcome/", 302)]
    assert find_returning(page.context["recovery_code"]) == ana


def test_whoever_comes_in_with_a_role_is_shown_their_own_code_once():
    assembly = an_assembly("river")
    a_member(assembly, "Ana", Role.FACILITATOR)
    an_invitation(assembly, roles=["moderator"])
    browser = browser_of(None)

    page = browser.post("/enter/", {"code": "ABCD-EFGH-JKLM"}, follow=True)

    dewi = assembly.participants.get(pseudonym="Moderator 1")
    assert page.redirect_chain == [("/a/river/welcome/", 302)]
    assert find_returning(page.context["recovery_code"]) == dewi


def test_the_second_moderator_is_moderator_2():
    assembly = an_assembly("river")
    an_invitation(assembly, roles=["moderator"], most_uses=2)

    for _ in range(2):
        browser_of(None).post("/enter/", {"code": "ABCD-EFGH-JKLM"})

    assert sorted(assembly.participants.values_list("pseudonym", flat=True)) == ["Moderator 1", "Moderator 2"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "If it was you: use the recovery code you were given when you joined."),
        ("id", "Jika Anda sendiri yang memakainya: gunakan kode pemulihan yang Anda terima saat bergabung."),
    ],
)
def test_whoever_uses_their_invitation_again_is_told_of_their_own_code(language, told):
    an_invitation(an_assembly("river"))
    browser_of(None).post("/enter/", {"code": "ABCD-EFGH-JKLM"})

    page = browser_of(None).post("/enter/", {"code": "ABCD-EFGH-JKLM"}, headers={"accept-language": language})

    assert (page.status_code, told in page.content.decode()) == (400, True)


def test_a_question_in_one_language_says_so_to_whoever_reads_another():
    assembly = an_assembly("river")
    assembly.translations.filter(language="en").delete()
    ana = a_member(assembly, "Ana")
    reads_english, reads_indonesian = Client(), Client(HTTP_ACCEPT_LANGUAGE="id")

    pages = [each.get("/a/river/").content.decode() for each in (reads_english, browser_of(ana), reads_indonesian)]

    assert ["Written in Indonesian." in page for page in pages] == [True, True, False]
    assert all('<h1 class="speech remit" lang="id">Bagaimana menjaganya?</h1>' in page for page in pages)
    assert "Ditulis dalam bahasa" not in pages[2]


def test_whoever_joins_is_told_truly_what_stands_under_their_name():
    an_assembly("river")

    page = Client().get("/a/river/join/").content.decode()

    assert "Statements stand with a number alone; arguments and questions with this name." in page
    assert "I take part: everybody may read what I write, and my votes count." in page
