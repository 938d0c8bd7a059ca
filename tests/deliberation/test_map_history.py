"""Earlier maps can be seen again: by whom the map of now may be seen, and without what was hidden since."""

from datetime import UTC, datetime

import pytest

from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.voting import vote_on
from deliberation.analysis.story import moments_of
from deliberation.models import Choice, ConsensusMap, Decision, ResultsShown
from tests.people import a_facilitator, a_member, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def assembly():
    made = an_assembly("river")
    _, statements = two_camps(made)
    refresh_map(made)
    for _ in range(6):
        newcomer = a_member(made)
        for statement in statements:
            vote_on(newcomer, statement, Choice.AGREE)
    refresh_map(made)
    return made


def versions_with(assembly, votes: list[int]) -> None:
    ConsensusMap.objects.bulk_create(
        ConsensusMap(
            assembly=assembly,
            version=version,
            read_at="1:1:",
            input_digest="",
            parameters={},
            snapshot={},
            groups=b"",
            participants=5,
            votes=count,
        )
        for version, count in enumerate(votes, start=1)
    )


def test_a_long_story_is_told_in_equal_steps_from_the_first_map_to_the_newest():
    assembly = an_assembly("river")
    versions_with(assembly, [10, 11, 12, 13, 40, 41, 70, 100, 99])

    told = moments_of(assembly.maps, most=4)

    assert [(moment.version, moment.votes) for moment in told] == [(1, 10), (5, 40), (7, 70), (9, 99)]


def test_a_short_story_is_told_whole():
    assembly = an_assembly("river")
    versions_with(assembly, [10, 20, 30])

    assert [moment.version for moment in moments_of(assembly.maps)] == [1, 2, 3]


def test_an_earlier_map_has_a_page_that_says_so(assembly):
    page = browser_of(None).get("/a/river/map/1/").content.decode()
    now = browser_of(None).get("/a/river/map/").content.decode()

    assert "This is map 1, as it was on" in page
    assert "20 people have voted 160 times." in page
    assert "data-live" not in page
    assert 'href="/a/river/map/1/"' in now
    assert "26 people have voted 208 times." in now


def test_what_was_hidden_since_is_in_no_earlier_map(assembly):
    hidden = assembly.statements.first()
    moderate(hidden, Decision.REJECTED, "Not about the river.", by=a_facilitator(assembly))

    told = browser_of(None).get("/a/river/map/1.json").json()["snapshot"]

    assert hidden.public_id not in str(told)
    assert len(told["statements"]) == 7


def test_results_that_wait_for_the_close_wait_in_every_version_and_picture(assembly):
    open_to_all = browser_of(None).get("/a/river/share.png").content
    assembly.phases.update(results=ResultsShown.AFTER_CLOSE)
    member = browser_of(a_member(assembly))

    answers = [member.get(f"/a/river/map/{page}").status_code for page in ("1/", "1.json", "2/", "2.json")]

    assert answers == [404] * 4
    assert "map/1/" not in member.get("/a/river/map/").content.decode()
    facilitator = browser_of(a_facilitator(assembly, "Chidi"))
    passed_on = {facilitator.get("/a/river/share.png").content, member.get("/a/river/share.png").content}
    assert len(passed_on) == 1
    assert open_to_all not in passed_on


def test_the_address_brings_a_picture_along(assembly):
    page = browser_of(None).get("/a/river/")
    picture = browser_of(None).get("/a/river/share.png")

    assert '/a/river/share.png">' in page.content.decode()
    assert picture["Content-Type"] == "image/png"
    assert picture.content[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)
