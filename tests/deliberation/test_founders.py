"""Who may set up assemblies: given by a link, seen and taken back by operators on a page, by nobody else."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from deliberation.actions.errors import CodeExpired, MayNotFound
from deliberation.actions.founding import let_found, make_founding_code, take_back
from deliberation.models import Account, FoundingCode
from tests.deliberation.test_setup import a_founded_assembly
from tests.people import a_facilitator, an_assembly, browser_of

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


@pytest.fixture
def operator():
    return let_found(make_founding_code(A_DAY, meant_for="Olga", for_operators=True), None)


def browser_at(account: Account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def test_an_operator_makes_a_link_that_is_shown_once_and_sees_who_came_in_with_it(operator):
    olga, chidi = browser_at(operator), Client()

    olga.post("/founders/links/", {"meant_for": "Sari of the council", "days": "7"})
    first, second = (olga.get("/founders/").content.decode() for _ in range(2))
    code = first.split("/enter/#")[1].split("<")[0]
    entered = chidi.post("/enter/", {"code": code})
    after = olga.get("/founders/")

    assert "/enter/#" not in second
    assert "Links that still let somebody in" in second
    assert entered["Location"] == "/assemblies/new/"
    assert [(each["name"], each["is_operator"]) for each in after.context["founders"]] == [
        ("Sari of the council", False),
        ("Olga", True),
    ]
    assert "Links that still let somebody in" not in after.content.decode()


def test_what_was_taken_back_sets_up_nothing_new_and_the_link_lets_nobody_in_again(operator):
    code = make_founding_code(A_DAY, uses=5)
    founder = let_found(code, None)
    led = a_founded_assembly("classroom", founder)

    browser_at(operator).post(f"/founders/{founder.pk}/removals/")

    assert browser_at(founder).get("/assemblies/new/").status_code == 404
    assert browser_at(founder).get(f"/a/{led.assembly.slug}/desk/").status_code == 200
    founder.refresh_from_db()
    with pytest.raises(CodeExpired):
        let_found(code, founder)


def test_a_link_that_nobody_used_yet_is_closed(operator):
    code = make_founding_code(A_DAY)
    link = FoundingCode.objects.latest("pk")

    browser_at(operator).post(f"/founders/links/{link.pk}/closures/")

    with pytest.raises(CodeExpired):
        let_found(code, None)


def test_no_operator_is_put_out_by_the_page(operator):
    other = let_found(make_founding_code(A_DAY, for_operators=True), None)

    answer = browser_at(operator).post(f"/founders/{other.pk}/removals/", follow=True).content.decode()

    assert "belongs to an operator" in answer
    for account in (other, Account.objects.create()):
        with pytest.raises(MayNotFound):
            take_back(account)


def test_to_founders_facilitators_and_strangers_the_page_does_not_exist(operator):
    founder = let_found(make_founding_code(A_DAY), None)
    browsers = [browser_at(founder), browser_of(a_facilitator(an_assembly())), browser_of(None)]
    link = FoundingCode.objects.latest("pk")

    reads = [each.get(address).status_code for each in browsers for address in ("/founders/", "/founders/links/")]
    writes = [
        each.post(address, {"meant_for": "Me", "days": "7"}).status_code
        for each in browsers
        for address in (
            "/founders/links/",
            f"/founders/links/{link.pk}/closures/",
            f"/founders/{operator.pk}/removals/",
            f"/founders/{founder.pk}/removals/",
        )
    ]

    assert (set(reads), set(writes)) == ({404}, {404})
    founder.refresh_from_db()
    assert founder.founds_since is not None


def test_a_link_for_nobody_is_sent_back(operator):
    answer = browser_at(operator).post("/founders/links/", {"meant_for": "", "days": "7"})

    assert (answer.status_code, FoundingCode.objects.count()) == (400, 1)
    assert "Please say for whom it is." in answer.content.decode()


def test_a_founder_becomes_an_operator_with_a_link_from_the_machine(capsys):
    founder = let_found(make_founding_code(A_DAY), None)
    call_command("founding_link", "--operator", "--for", "Olga")
    code = capsys.readouterr().out.strip().split("#")[1]

    let_found(code, founder)

    founder.refresh_from_db()
    assert (founder.is_staff, founder.let_found_by.meant_for) == (True, "Olga")
