"""Roles and invitations: who may lead, and what a code opens for how long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from deliberation.actions.errors import CodeExpired, CodeUsedUp, LastFacilitator
from deliberation.actions.joining import find_invitation, join
from deliberation.actions.trusting import give_roles, invite, revoke
from deliberation.models import Choice, Invitation, Participant, RecordEntry, Role, Route, Vote, hash_of_code
from tests.people import a_facilitator, a_member, a_statement, an_assembly, browser_of
from tests.stack import wait_until

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
BOX = "on"


def test_roles_are_given_and_taken_and_the_record_grows():
    assembly = an_assembly()
    a_facilitator(assembly)
    ana = a_member(assembly, "Ana", Role.SCRIBE)

    give_roles(ana, {Role.MODERATOR, Role.FACILITATOR})

    ana.refresh_from_db()
    assert ana.roles == ["facilitator", "moderator"]
    assert RecordEntry.objects.filter(assembly=assembly, type="roles").count() == 1


def test_the_last_facilitator_stays():
    assembly = an_assembly()
    ben = a_facilitator(assembly)
    a_facilitator(an_assembly(), "Chidi, who leads elsewhere")
    a_member(assembly, "Ana", Role.MODERATOR)

    with pytest.raises(LastFacilitator):
        give_roles(ben, {Role.MODERATOR})

    ben.refresh_from_db()
    assert ben.roles == ["facilitator"]


def test_one_of_two_facilitators_may_go():
    assembly = an_assembly()
    ben = a_facilitator(assembly)
    a_facilitator(assembly, "Dewi")

    give_roles(ben, set())

    ben.refresh_from_db()
    assert ben.roles == []


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_who_remove_each_other_at_the_same_moment_leave_one():
    assembly = an_assembly()
    ben, dewi = a_facilitator(assembly), a_facilitator(assembly, "Dewi")

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            give_roles(ben, set())
            refused = beside.submit(_give_no_roles, dewi)
            wait_until(_somebody_waits_for_a_lock)
        outcome = refused.exception(timeout=30)

    assert isinstance(outcome, LastFacilitator)
    assert [each.pseudonym for each in assembly.participants.filter(roles__contains=["facilitator"])] == ["Dewi"]


def _give_no_roles(person: Participant) -> None:
    try:
        give_roles(person, set())
    finally:
        connection.close()


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def test_a_facilitator_without_an_account_cannot_be_the_one_who_is_left():
    assembly = an_assembly()
    ben = a_facilitator(assembly)
    Participant.objects.create(
        assembly=assembly, pseudonym="Imported", route=Route.IMPORT, language="en", roles=[Role.FACILITATOR]
    )

    with pytest.raises(LastFacilitator):
        give_roles(ben, set())


def test_the_page_of_people_says_why_the_last_facilitator_stays():
    assembly = an_assembly("river")
    ben = a_facilitator(assembly)

    answer = browser_of(ben).post(f"/a/river/desk/people/{ben.public_id}/roles/", {"moderator": BOX})

    assert answer.status_code == 409
    assert "Ben is the only facilitator" in answer.content.decode()


def test_the_page_of_people_gives_exactly_the_roles_that_are_ticked():
    assembly = an_assembly("river")
    ben, ana = a_facilitator(assembly), a_member(assembly, "Ana", Role.SCRIBE)

    browser_of(ben).post(f"/a/river/desk/people/{ana.public_id}/roles/", {"moderator": BOX, "observer": BOX})

    ana.refresh_from_db()
    assert ana.roles == ["moderator", "observer"]


def test_nobody_of_another_assembly_gets_a_role():
    assembly, elsewhere = an_assembly("river"), an_assembly("hills")
    chidi = a_member(elsewhere, "Chidi")

    answer = browser_of(a_facilitator(assembly)).post(f"/a/river/desk/people/{chidi.public_id}/roles/", {"expert": BOX})

    chidi.refresh_from_db()
    assert (answer.status_code, chidi.roles) == (404, [])


def test_people_are_listed_with_how_much_they_voted_and_never_how():
    assembly = an_assembly("river")
    ana = a_member(assembly, "Ana")
    for choice in (Choice.AGREE, Choice.DISAGREE, Choice.WITHDRAWN):
        Vote.objects.create(assembly=assembly, participant=ana, statement=a_statement(assembly), choice=choice)

    page = browser_of(a_facilitator(assembly)).get("/a/river/desk/people/?q=an")

    words = page.content.decode()
    assert "2 votes" in words
    assert "isagree" not in words
    assert "try idea" not in words
    assert [person["pseudonym"] for person in page.context["people"]] == ["Ana"]


def test_a_phase_nobody_could_number_is_not_there():
    assembly = an_assembly("river")

    answer = browser_of(a_facilitator(assembly)).post(f"/a/river/desk/phases/{'9' * 30}/openings/")

    assert answer.status_code == 404


@pytest.mark.parametrize("sent", ["\x00", "%", "a" * 5000, "\ud83d"])
def test_looking_for_an_odd_name_breaks_nothing(sent):
    assembly = an_assembly("river")

    answer = browser_of(a_facilitator(assembly)).get(
        "/a/river/desk/people/", {"q": sent.encode("utf-8", "surrogatepass")}
    )

    assert answer.status_code == 200


def test_a_sheet_of_codes_lets_each_in_once():
    assembly = an_assembly()
    _, (first, second) = invite(assembly, {Role.EXPERT}, WEEK, codes=2)

    ana, _ = join(assembly, "Ana", "en", invitation=find_invitation(first))

    with pytest.raises(CodeUsedUp):
        find_invitation(first)
    assert find_invitation(second).uses == 0
    assert (ana.roles, ana.route) == (["expert"], "code")


def test_only_hashes_are_kept():
    assembly = an_assembly()

    batch, codes = invite(assembly, set(), WEEK, codes=3)

    kept = Invitation.objects.filter(batch=batch)
    assert {bytes(each.code_hash) for each in kept} == {hash_of_code(code) for code in codes}
    assert not any(code in str(each.__dict__) for each in kept for code in codes)


def test_a_code_with_a_role_gives_a_name_that_says_so_and_that_nobody_has():
    assembly = an_assembly("river")
    a_facilitator(assembly)
    a_member(assembly, "Expert 1")  # who is no expert any more
    _, (code,) = invite(assembly, {Role.EXPERT}, WEEK)

    answer = browser_of(None).post("/enter/", {"code": code})

    assert answer.status_code == 302
    assert [each.pseudonym for each in assembly.participants.filter(roles=["expert"])] == ["Expert 2"]


def test_a_revoked_sheet_lets_nobody_in_and_leaves_others_alone():
    assembly = an_assembly()
    batch, (code,) = invite(assembly, set(), WEEK, uses=100)
    _, (other,) = invite(assembly, set(), WEEK)

    assert revoke(assembly, batch) == 1
    assert revoke(assembly, batch) == 0

    with pytest.raises(CodeExpired):
        find_invitation(code)
    assert find_invitation(other).most_uses == 1


MODERATORS_LINK = {"kind": "link", "number": "40", "days": "7", "moderator": BOX}


def test_an_invitation_made_on_the_page_is_shown_there_alone_and_works():
    assembly = an_assembly("river")
    desk = browser_of(a_facilitator(assembly))

    answer = desk.post("/a/river/desk/invitations/", MODERATORS_LINK, follow=True)

    made = Invitation.objects.get()
    (code,) = answer.context["codes"]
    assert (made.most_uses, made.roles, made.expires_at > timezone.now() + timedelta(days=6)) == (
        40,
        ["moderator"],
        True,
    )
    assert find_invitation(code["code"]) == made
    assert answer.redirect_chain == [("/a/river/desk/invitations/", 302)]
    assert code["code"] in answer.content.decode()
    assert code["code"] not in desk.get("/a/river/desk/people/").content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_the_codes_stay_through_a_reload_and_another_language_until_their_maker_has_them():
    desk = browser_of(a_facilitator(an_assembly("river")))
    made = desk.post("/a/river/desk/invitations/", MODERATORS_LINK, follow=True).context["codes"]

    switched = desk.post("/language/", {"language": "id", "next": "/a/river/desk/invitations/"}, follow=True)
    again = desk.get("/a/river/desk/invitations/")
    kept = desk.post("/a/river/desk/invitations/kept/")

    assert (switched.context["codes"], switched["Content-Language"]) == (made, "id")
    assert (again.context["codes"], again.context["uses"], again.context["roles"]) == (made, 40, ["Moderator"])
    assert (kept.status_code, kept["Location"]) == (302, "/a/river/desk/people/#invitations")
    assert desk.get("/a/river/desk/invitations/")["Location"] == "/a/river/desk/people/#invitations"
    assert made[0]["code"] not in str(dict(desk.session))


def test_codes_that_were_revoked_are_shown_no_more():
    desk = browser_of(a_facilitator(an_assembly("river")))
    batch = desk.post("/a/river/desk/invitations/", MODERATORS_LINK, follow=True).context["batch"]

    desk.post(f"/a/river/desk/invitations/{batch}/revocations/")

    assert desk.get("/a/river/desk/invitations/").status_code == 302


def test_another_facilitator_does_not_see_the_codes():
    assembly = an_assembly("river")
    browser_of(a_facilitator(assembly)).post("/a/river/desk/invitations/", MODERATORS_LINK)

    answer = browser_of(a_facilitator(assembly, "Chidi")).get("/a/river/desk/invitations/")

    assert (answer.status_code, answer["Location"]) == (302, "/a/river/desk/people/#invitations")


@pytest.mark.parametrize(
    ("boxes", "uses"), [({}, 30), ({"moderator": BOX}, 1), ({"moderator": BOX, "facilitator": BOX}, 1)]
)
def test_a_link_without_a_number_is_for_a_room_or_for_one_person_with_a_role(boxes, uses):
    sent = {"kind": "link", "number": "", "days": "7", **boxes}

    browser_of(a_facilitator(an_assembly("river"))).post("/a/river/desk/invitations/", sent)

    assert Invitation.objects.get().most_uses == uses


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "codes", "number": "201", "days": "7"},
        {"kind": "link", "number": "10001", "days": "7"},
        {"kind": "link", "number": "0", "days": "7"},
        {"kind": "link", "number": "9" * 5000, "days": "7"},
        {"kind": "link", "number": "5", "days": "8"},
        {"kind": "link", "number": "5", "days": "7", "owner": BOX},
        {},
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused_and_nothing_is_made(sent):
    assembly = an_assembly("river")

    answer = browser_of(a_facilitator(assembly)).post("/a/river/desk/invitations/", sent)

    assert (answer.status_code, Invitation.objects.count()) == (400, 0)


def test_a_facilitator_cannot_revoke_what_another_assembly_made():
    assembly, elsewhere = an_assembly("river"), an_assembly("hills")
    batch, (code,) = invite(elsewhere, set(), WEEK)

    answer = browser_of(a_facilitator(assembly)).post(f"/a/river/desk/invitations/{batch}/revocations/")

    assert answer.status_code == 404
    assert find_invitation(code).assembly == elsewhere
