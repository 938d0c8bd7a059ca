"""Results that are hidden, looked for at every address there is. What sockets say is in test_visibility."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from deliberation.actions.mapping import refresh_map
from deliberation.actions.reporting import make_report
from deliberation.actions.running import show_on_wall
from deliberation.actions.voting import vote_on
from deliberation.models import Assembly, Choice, LastVisit, Participant, Phase, ResultsShown, Scene, Session
from deliberation.record.sealing import seal
from summarizer import wording
from tests.deliberation.test_who_may_do_what import MAY, address_of, assembly, people  # noqa: F401 - fixtures
from tests.people import browser_of

pytestmark = pytest.mark.django_db(transaction=True)

KEPT_FROM = ["stranger", "member", "moderator", "commissioner", "facilitator elsewhere"]
ZIP = b"PK\x03\x04"


@pytest.fixture
def secrets(assembly: Assembly, people: dict[str, Participant | None], address_of: Callable) -> dict[str, bytes]:  # noqa: F811
    """One thing that each kind of result says, as it would stand in a page, a file or an answer that leaks it."""
    first = assembly.statements.order_by("number").first()
    for vote in assembly.votes.filter(statement=first)[:12]:
        vote_on(vote.participant, first, Choice.DISAGREE, replaces=vote.revision, important=True)
    newest = refresh_map(assembly).snapshot
    make_report(assembly, by=None)
    seal(assembly)
    long_ago = timezone.now() - timedelta(days=10)
    LastVisit.objects.create(participant=people["member"], seen_at=long_ago, before=long_ago)
    letter, share = next(iter(newest["statements"][3]["groups"].items()))
    return {
        "where a statement lies on the map": str(newest["statements"][3]["at"][0]).encode(),
        f"how group {letter} voted on it": f"{share['agree']} of {share['votes']} agree".encode(),
        "that the map moved": b"The map has moved",
        "to how many a statement is important": b"Important to 12 of 20",
        "how somebody voted, in the record": rb"\"choice\":\"disagree\"",
        "how many made a point, in the summary": wording.prevalence("against", 4, 8)["en"].encode(),
    }


def told(
    who: str,
    people: dict[str, Participant | None],  # noqa: F811
    address_of: Callable[[str], str],  # noqa: F811
    secrets: dict[str, bytes],
) -> dict[str, list[str]]:
    """Which secrets are served to whom, and at which of all addresses."""
    browser = browser_of(people[who])
    served = {name: content_at(address_of(name), browser) for name, (readers, _) in MAY.items() if who in readers}
    for scene in Scene:
        show_on_wall(Session.objects.open().get(), scene)
        served[f"projector, {scene}"] = content_at(address_of("projector"), browser)
    found = {what: [name for name, content in served.items() if secret in content] for what, secret in secrets.items()}
    return {what: names for what, names in found.items() if names}


def content_at(address: str, browser: Client) -> bytes:
    """What a browser is given, unpacked."""
    cache.clear()  # of how often somebody asked
    answer = browser.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(ZIP):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


def test_open_results_are_told_to_everybody(people, address_of, secrets):  # noqa: F811
    found = told("member", people, address_of, secrets)

    assert list(found) == list(secrets)


@pytest.mark.timeout(1200)
def test_hidden_results_are_told_at_no_address(people, address_of, secrets):  # noqa: F811
    phases = Phase.objects.filter(assembly__slug="river")

    phases.update(results=ResultsShown.AFTER_CLOSE)
    found = {who: told(who, people, address_of, secrets) for who in KEPT_FROM}
    phases.update(results=ResultsShown.AFTER_OWN_VOTES, results_after=5)
    found["a member who has not voted"] = told("member", people, address_of, secrets)

    assert found == {who: {} for who in found}


def test_the_picture_that_is_passed_on_shows_no_hidden_map(people, address_of, secrets):  # noqa: F811
    open_to_all = content_at(address_of("share_image"), browser_of(None))
    Phase.objects.filter(assembly__slug="river").update(results=ResultsShown.AFTER_CLOSE)
    hidden = {
        who: content_at(address_of("share_image"), browser_of(people[who])) for who in ("stranger", "facilitator")
    }

    Assembly.objects.get(slug="river").maps.all().delete()

    assert hidden["stranger"] != open_to_all
    assert hidden == dict.fromkeys(hidden, content_at(address_of("share_image"), browser_of(None)))
