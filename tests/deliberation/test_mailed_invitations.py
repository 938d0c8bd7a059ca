import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deliberation.actions.inviting import forget_addresses_no_longer_needed, invite_by_mail
from deliberation.actions.mailing import send_letters
from deliberation.actions.trusting import revoke
from deliberation.models import Invitation, Letter, MailedInvitation, PhaseKind
from tests.people import a_facilitator, an_assembly, an_open_phase, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

WEEK = timedelta(days=7)
LINK = re.compile(r"/enter/#([0-9A-Z-]+)")


def the_states(browser) -> dict[str, str]:
    batches = browser.get("/a/river/desk/people/").context["batches"]
    return {each["address"]: each["state"] for batch in batches for each in batch["mailed"]}


def test_each_address_gets_a_code_of_its_own_that_lets_one_person_in():
    assembly = an_assembly("river", is_open=False)
    invite_by_mail(assembly, ["ana@example.org", "eka@example.org"], set(), WEEK, "en")
    send_letters()
    codes = [LINK.search(letter.body)[1] for letter in mail.outbox]

    entered = [browser_of(None).post("/enter/", {"code": code})["Location"] for code in codes]

    assert sorted(letter.to[0] for letter in mail.outbox) == ["ana@example.org", "eka@example.org"]
    assert len(set(codes)) == 2
    assert entered == ["/a/river/", "/a/river/"]
    assert "How do we keep it clean?" in mail.outbox[0].body


def test_a_facilitator_sees_where_each_invitation_stands():
    assembly = an_assembly("river", is_open=False)
    ben = browser_of(a_facilitator(assembly))
    ben.post("/a/river/desk/invitations/mailed/", {"addresses": "ana@example.org", "days": "7", "language": "en"})
    states = [the_states(ben)]
    send_letters()
    states.append(the_states(ben))
    guest = browser_of(None)
    guest.post("/enter/", {"code": LINK.search(mail.outbox[0].body)[1]})
    states.append(the_states(ben))
    guest.post("/a/river/join/", {"pseudonym": "Ana", "consent_take_part": "on"})
    states.append(the_states(ben))

    assert states == [
        {"ana@example.org": "waiting"},
        {"ana@example.org": "sent"},
        {"ana@example.org": "opened"},
        {"": "joined"},
    ]


def test_addresses_are_found_in_whatever_list_is_pasted_or_sent_as_a_file():
    assembly = an_assembly("river")
    ben = browser_of(a_facilitator(assembly))
    table = SimpleUploadedFile("people.csv", b'name;mail\n"Wati";wati@example.org\nEka;EKA@example.org\n')
    pasted = "Ana <ana@example.org>, budi@example.org; ana@example.org"

    form = {"addresses": pasted, "file": table, "days": "7", "language": "id"}
    ben.post("/a/river/desk/invitations/mailed/", form)

    assert sorted(MailedInvitation.objects.values_list("address", "language")) == [
        (f"{name}@example.org", "id") for name in ("ana", "budi", "eka", "wati")
    ]


def test_a_wrong_address_is_named_and_nothing_is_sent():
    ben = browser_of(a_facilitator(an_assembly("river")))

    form = {"addresses": "ana@example.org, budi@", "days": "7", "language": "en"}
    answer = ben.post("/a/river/desk/invitations/mailed/", form)

    assert answer.status_code == 400
    assert "budi@" in str(answer.context["mail_form"].errors["addresses"])
    assert (Letter.objects.count(), Invitation.objects.count()) == (0, 0)


def test_whoever_has_a_good_invitation_gets_no_second():
    assembly = an_assembly()
    first = invite_by_mail(assembly, ["ana@example.org"], set(), WEEK, "en")

    again = invite_by_mail(assembly, ["ana@example.org", "eka@example.org"], set(), WEEK, "en")

    assert (first, again) == (1, 1)


def test_a_revoked_invitation_is_not_sent_any_more():
    assembly = an_assembly()
    invite_by_mail(assembly, ["ana@example.org"], set(), WEEK, "en")

    revoke(assembly, assembly.invitations.get().batch)

    assert (send_letters(), mail.outbox) == (0, [])


@pytest.mark.parametrize("why", ["closed", "expired"])
def test_addresses_are_forgotten_when_they_have_served(why):
    assembly, other = an_assembly(phase=None), an_assembly()
    invite_by_mail(assembly, ["ana@example.org"], set(), WEEK, "en")
    invite_by_mail(other, ["budi@example.org"], set(), WEEK, "en")
    if why == "closed":
        an_open_phase(assembly, PhaseKind.CLOSED)
    else:
        assembly.invitations.update(expires_at=timezone.now() - WEEK)

    forgotten = forget_addresses_no_longer_needed()

    assert forgotten == 1
    assert sorted(MailedInvitation.objects.values_list("address", flat=True)) == ["", "budi@example.org"]
    assert [letter.to for letter in Letter.objects.all()] == ["budi@example.org"]
