"""Results that are hidden are hidden everywhere: pages, JSON, words, report, summary and socket."""

import json
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator

from deliberation import live
from deliberation.actions.mapping import refresh_map
from deliberation.actions.phases import close_phase, show_results
from deliberation.actions.reporting import make_report
from deliberation.actions.voting import vote_on
from deliberation.asgi import application
from deliberation.models import Choice, Phase, ResultsShown
from tests.people import a_facilitator, a_member, an_assembly, browser_of, two_camps
from tests.sessions import an_open_session

pytestmark = pytest.mark.django_db(transaction=True)

WALL = ["projector/", "projector/words/"]
PAGES = ["map/", "map/words/", "map/current.json", *WALL, "report/", "reports/1/", "summary/", "", "deck/"]


@pytest.fixture
def assembly():
    made = an_assembly("river")
    two_camps(made)
    refresh_map(made)
    make_report(made, by=None)
    return made


def hide(assembly, results=ResultsShown.AFTER_CLOSE, votes=0) -> None:
    Phase.objects.filter(assembly=assembly).update(results=results, results_after=votes)


def a_number_only_the_map_knows(assembly) -> str:
    """A coordinate of the map, as it would stand in any page or message that leaks it."""
    at = assembly.maps.get().snapshot["statements"][3]["at"][0]
    return str(at)


def everything_served_to(person, assembly) -> str:
    browser = browser_of(person)
    return "\n".join(browser.get(f"/a/{assembly.slug}/{page}", follow=True).content.decode() for page in PAGES)


def test_open_results_are_served_to_everybody(assembly):
    secret = a_number_only_the_map_knows(assembly)

    assert secret in everything_served_to(a_member(assembly), assembly)
    assert secret in everything_served_to(None, assembly)


@pytest.mark.parametrize("who", ["a member", "a stranger", "a facilitator of another assembly"])
def test_hidden_results_are_served_to_nobody(assembly, who):
    hide(assembly)
    person = {
        "a member": lambda: a_member(assembly),
        "a stranger": lambda: None,
        "a facilitator of another assembly": lambda: a_facilitator(an_assembly("hills")),
    }[who]()

    served = everything_served_to(person, assembly)

    assert a_number_only_the_map_knows(assembly) not in served
    assert '"groups"' not in served


def test_the_facilitator_sees_what_is_hidden_from_others(assembly):
    hide(assembly)

    assert a_number_only_the_map_knows(assembly) in everything_served_to(a_facilitator(assembly), assembly)


def test_the_wall_shows_no_more_than_the_room_may_see(assembly):
    hide(assembly)

    page = browser_of(a_facilitator(assembly)).get("/a/river/projector/").content.decode()

    assert a_number_only_the_map_knows(assembly) not in page
    assert "What others think is not shown to everybody yet." in page


def test_results_open_after_enough_own_votes(assembly):
    hide(assembly, ResultsShown.AFTER_OWN_VOTES, votes=8)
    voter = assembly.participants.filter(votes__isnull=False).first()
    newcomer = a_member(assembly)
    secret = a_number_only_the_map_knows(assembly)

    assert secret in everything_served_to(voter, assembly)
    assert secret not in everything_served_to(newcomer, assembly)


def test_results_open_when_the_phase_closes(assembly):
    hide(assembly)
    member = a_member(assembly)

    close_phase(assembly.phases.get())

    assert a_number_only_the_map_knows(assembly) in everything_served_to(member, assembly)


@asynccontextmanager
async def socket_of(person, slug: str, query: bytes = b"map=0"):
    """A browser's socket on the real application; the query says which map its page shows."""
    cookies = await sync_to_async(lambda: browser_of(person).cookies.output(attrs=[], header="", sep=";"))()
    socket = ApplicationCommunicator(
        application,
        {
            "type": "websocket",
            "path": f"/ws/a/{slug}/",
            "query_string": query,
            "subprotocols": [],
            "headers": [(b"cookie", cookies.strip().encode()), (b"origin", b"http://127.0.0.1")],
        },
    )
    await socket.send_input({"type": "websocket.connect"})
    try:
        assert (await socket.receive_output(60))["type"] == "websocket.accept"
        yield socket
    finally:
        await socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await socket.wait(60)
        live.hub().subscription.cancel()
        live.hub.cache_clear()


async def heard(socket: ApplicationCommunicator) -> dict:
    return json.loads((await socket.receive_output(60))["text"])


async def first_message(person, slug: str, query: bytes = b"map=0") -> dict:
    async with socket_of(person, slug, query) as socket:
        return await heard(socket)


async def messages_around_a_vote(person, assembly, query: bytes) -> list[dict]:
    """What a socket brings when it is opened, and after somebody has voted."""
    async with socket_of(person, assembly.slug, query) as socket:
        first = await heard(socket)
        await sync_to_async(vote_and_make_a_new_map)(assembly)
        return [first, await heard(socket)]


def test_a_socket_brings_the_map_to_those_who_may_see_it(assembly):
    message = async_to_sync(first_message)(a_member(assembly), "river")

    assert (message["topic"], message["version"]) == ("map", 1)
    assert message["snapshot"] == assembly.maps.get().snapshot


def test_a_socket_brings_only_the_version_to_those_who_may_not(assembly):
    hide(assembly)

    message = async_to_sync(first_message)(a_member(assembly), "river")

    assert message == {"topic": "map", "version": 1}


def test_a_socket_brings_no_map_that_its_page_shows_already(assembly):
    an_open_session(assembly)  # of which every socket hears at once, and after the map

    first, second = async_to_sync(messages_around_a_vote)(a_member(assembly), assembly, b"map=1")

    assert first["topic"] == "session"
    assert second == {"topic": "map", "version": 2, "snapshot": assembly.maps.get(version=2).snapshot}


@pytest.mark.parametrize("query", [b"", b"map=", b"map=-1", b"map=one", b"map=\xd9\xa1", b"map=" + b"9" * 40])
def test_a_socket_brings_no_map_to_a_page_that_shows_none(assembly, query):
    an_open_session(assembly)

    message = async_to_sync(first_message)(a_member(assembly), "river", query)

    assert message["topic"] == "session"


async def messages_around_hiding(person, assembly) -> list[dict]:
    """What an open socket hears before and after the facilitator hides the results and a vote makes a new map."""
    async with socket_of(person, assembly.slug) as socket:
        messages = [await heard(socket)]
        await sync_to_async(hide_and_make_a_new_map)(assembly)
        while messages[-1] != {"topic": "map", "version": 2} and len(messages) < 4:
            messages.append(await heard(socket))
        return messages


def hide_and_make_a_new_map(assembly) -> None:
    show_results(assembly.phases.get(), ResultsShown.AFTER_CLOSE, 0)
    vote_and_make_a_new_map(assembly)


def vote_and_make_a_new_map(assembly) -> None:
    vote = assembly.votes.first()
    vote_on(vote.participant, vote.statement, Choice.PASS, replaces=1)
    refresh_map(assembly)


def test_results_hidden_while_somebody_watches_are_not_sent_any_more(assembly):
    messages = async_to_sync(messages_around_hiding)(a_member(assembly), assembly)

    assert messages[0]["snapshot"] == assembly.maps.get(version=1).snapshot
    assert messages[-1] == {"topic": "map", "version": 2}
    assert not any("snapshot" in message for message in messages[1:])
