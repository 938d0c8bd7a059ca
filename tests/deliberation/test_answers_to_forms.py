"""Pages that answer a form stand at addresses of their own: asking for those again leads somewhere."""

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from tests.people import a_facilitator, a_member, a_proposal, a_statement, browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("get", "/a/river/record/checks/", "POST"),
        ("head", "/a/river/record/checks/", "POST"),
        ("put", "/a/river/record/checks/", "POST"),
        ("post", "/a/river/map/", "GET, HEAD"),
        ("delete", "/a/river/join/", "GET, HEAD, POST"),
        ("get", "/leave/", "POST"),
    ],
)
def test_a_wrong_method_is_answered_with_a_page_that_leads_on(assembly, method, address, allowed):
    answer = getattr(browser_of(a_member(assembly, "Ana")), method)(address)

    assert (answer.status_code, answer["Allow"], answer.context["status"]) == (405, allowed, 405)
    assert method == "head" or "Go back, load the page again" in answer.content.decode()


def test_a_wrong_method_has_its_page_on_the_asynchronous_server_too():
    answer = async_to_sync(AsyncClient().get)("/leave/")

    assert (answer.status_code, answer["Allow"], answer.context["status"]) == (405, "POST", 405)


def test_words_sent_the_wrong_way_are_given_back(assembly):
    answer = browser_of(a_member(assembly, "Ana")).post("/a/river/proposals/", {"text": "It helps the river."})

    assert (answer.status_code, answer.context["kept"]) == (405, "It helps the river.")


def test_an_argument_that_was_sent_back_is_asked_for_again_in_another_language(assembly):
    proposal = a_proposal(assembly)
    browser, address = browser_of(a_member(assembly, "Ana")), f"/a/river/proposals/{proposal.public_id}/arguments/"
    assert browser.post(address, {"text": ""}).status_code == 400

    page = browser.post("/language/", {"language": "id", "next": address}, follow=True)

    assert page.redirect_chain == [(address, 302), (f"/a/river/proposals/{proposal.public_id}/", 302)]
    assert (page.status_code, page["Content-Language"]) == (200, "id")


def test_a_vote_that_was_sent_back_leads_to_its_card(assembly):
    statement = a_statement(assembly)
    a_statement(assembly)
    browser, address = browser_of(a_member(assembly, "Ana")), f"/a/river/statements/{statement.public_id}/votes/"
    assert browser.post(address, {"choice": "perhaps"}).status_code == 400

    page = browser.get(address, follow=True)

    assert page.redirect_chain == [(f"/a/river/deck/?statement={statement.public_id}", 302)]
    assert page.context["statement"]["public_id"] == statement.public_id


@pytest.mark.parametrize(("asked", "shown"), [("summaries", "summary"), ("reports", "report")])
def test_what_a_facilitator_asked_for_is_shown_and_not_made_again(assembly, asked, shown):
    answer = browser_of(a_facilitator(assembly)).get(f"/a/river/{asked}/")

    assert (answer.status_code, answer["Location"]) == (302, f"/a/river/{shown}/")
    assert (assembly.reports.count(), assembly.summaries.count()) == (0, 0)
