"""The demo assembly is whole after the first start, unchanged after the second, and says what is simulated."""

import html
import io
import json
import random
import re
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from sklearn.metrics import adjusted_rand_score

from deliberation import record, visibility
from deliberation.actions.joining import find_invitation
from deliberation.analysis.consensus_map import group_letters
from deliberation.analysis.votes import forget_all
from deliberation.demo.content import Camp, proposals_content, statements_content
from deliberation.demo.residents import draw_residents
from deliberation.demo.seeding import RESIDENTS, SEED
from deliberation.models import (
    Argument,
    Assembly,
    ConsensusMap,
    DraftingRound,
    Invitation,
    Participant,
    RecordEntry,
    Role,
    Route,
    Statement,
    Vote,
)

pytestmark = pytest.mark.django_db

LATENT_NAMES = re.compile(r"\b(camps?|leanings?|unsure)\b")
LATENT = [
    argument.point for proposal in proposals_content().proposals for argument in proposal.arguments if argument.point
]


def run(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, no_color=True)
    return out.getvalue()


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("var")
    with override_settings(VAR_DIR=folder):
        yield folder


@pytest.fixture
def own_var(settings: LazySettings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture(scope="module")
def seeded(var: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, committed once for all tests here; what each of them changes is rolled back."""
    with django_db_blocker.unblock():
        run("seed_demo")
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
    forget_all()


@pytest.fixture
def demo(seeded: None, db: None) -> Assembly:
    return Assembly.objects.get()


def residents() -> dict[str, Camp]:
    return {each.pseudonym: each.camp for each in draw_residents(RESIDENTS, random.Random(SEED))}


def test_the_whole_demo_is_there_after_one_run(demo: Assembly) -> None:
    statements = Statement.objects.filter(assembly=demo)

    assert (demo.slug, demo.languages, demo.changed_voters_per_map, demo.is_open) == (
        "sungai-bersih",
        ["id", "en"],
        1,
        True,
    )
    assert [phase.state for phase in demo.phases.all()] == ["past", "past", "open", "coming"]
    assert (demo.kit_steps.count(), demo.glossary.count(), demo.proposals.count()) == (6, 20, 6)
    assert (statements.count(), statements.filter(is_seed=True).count(), statements.filter(is_meta=True).count()) == (
        60,
        20,
        1,
    )
    assert [each.text_in(language)[1] for each in statements for language in ("id", "en")] == ["id", "en"] * 60


def test_everybody_in_it_is_simulated_and_has_a_name_of_their_own(demo: Assembly) -> None:
    people = list(Participant.objects.filter(assembly=demo))

    assert demo.simulated_count == len(people) == 240
    assert len({person.pseudonym.lower() for person in people}) == 240
    assert Counter((person.route, person.account, person.language) for person in people) == {
        (Route.SIMULATED, None, "id"): 120,
        (Route.SIMULATED, None, "en"): 120,
    }


def test_statements_and_arguments_are_by_people_who_would_say_so(demo: Assembly) -> None:
    camps = residents()
    content = {each.number: each for each in statements_content().statements}
    arguments = Argument.objects.filter(assembly=demo).select_related("author", "proposal")
    camp_of_text = {each.text: each.camp for proposal in proposals_content().proposals for each in proposal.arguments}

    written = Statement.objects.filter(is_seed=False).select_related("author")
    unlike = [
        each.number
        for each in written
        if content[each.number].leaning[camps[each.author.pseudonym]] < max(content[each.number].leaning.values())
    ]
    assert unlike == []
    assert [each.text for each in arguments if camps[each.author.pseudonym] != camp_of_text[each.text]] == []
    assert [each.text for each in arguments if each.author.language != each.language] == []
    assert max(Counter((each.author_id, each.proposal_id) for each in arguments).values()) == 1


def test_the_map_finds_the_latent_camps(demo: Assembly) -> None:
    camps = residents()
    stored = demo.maps.latest()
    names = dict(Participant.objects.values_list("pk", "pseudonym"))

    found = group_letters(stored)

    assert (stored.participants, len(stored.snapshot["groups"]), len(found)) == (240, 3, 240)
    assert adjusted_rand_score([camps[names[pk]] for pk in found], list(found.values())) > 0.8


def test_every_contribution_has_a_record_entry_that_opens(demo: Assembly) -> None:
    entries = RecordEntry.objects.filter(assembly=demo).select_related("opening")

    assert Counter(entries.values_list("type", flat=True)) == {
        "phase": 5,
        "enrol": 240,
        "statement": 60,
        "argument": Argument.objects.filter(assembly=demo).count(),
        "vote": Vote.objects.filter(assembly=demo).count(),
        "map": 6,
        "drafting": sum(demo.drafting_rounds.values_list("changes", flat=True)),
        "ranking": 96 + 88 + 64,
        "objection": demo.objections.count(),
        "session": sum(demo.sessions.values_list("steps", flat=True)),
        "roles": 1,
        "note": demo.notes.count(),
        "material": 1,
        "question": 5,
        "answer": 6,
    }
    for entry in entries.iterator():
        leaf = json.loads(bytes(entry.leaf))
        assert rfc8785.dumps(leaf) == bytes(entry.leaf)
        assert record.leaf_hash(bytes(entry.leaf)) == bytes(entry.leaf_hash)
        assert leaf["c"] == record.commitment(bytes(entry.opening.salt), bytes(entry.opening.content))


def test_a_vote_s_entry_says_what_the_vote_says(demo: Assembly) -> None:
    votes = Vote.objects.filter(assembly=demo).select_related("participant", "statement")[:100]
    opened = {
        json.loads(bytes(entry.leaf))["id"]: json.loads(bytes(entry.opening.content))
        for entry in RecordEntry.objects.filter(type="vote").select_related("opening")
    }

    for vote in votes:
        content = opened[record.vote_id(vote.participant, vote.statement)]
        assert (content["statement"], content["choice"]) == (
            vote.statement.public_id,
            vote.get_choice_display().lower(),
        )


def test_people_vote_on_most_statements_but_not_on_all(demo: Assembly) -> None:
    shares = [count / 60 for count in Counter(Vote.objects.values_list("participant", flat=True)).values()]

    assert len(shares) == 240
    assert 0.6 <= min(shares) < max(shares) <= 0.95


def test_a_second_run_changes_nothing_and_asks_little(demo: Assembly, var: Path, django_assert_max_num_queries) -> None:
    before = (Vote.objects.count(), RecordEntry.objects.count(), demo.maps.count(), Invitation.objects.count())
    links = run("demo_links")

    with django_assert_max_num_queries(30):
        printed = run("seed_demo")

    assert printed == ""
    assert (Vote.objects.count(), RecordEntry.objects.count(), demo.maps.count(), Invitation.objects.count()) == before
    assert run("demo_links") == links


@pytest.mark.django_db(transaction=True)
def test_a_run_that_ended_before_the_map_is_finished_by_the_next(own_var: Path) -> None:
    run("seed_demo")
    votes = Vote.objects.count()
    late = Participant.objects.filter(votes__isnull=False).distinct().order_by("-pk")[:40]
    Vote.objects.filter(participant__in=list(late)).delete()
    DraftingRound.objects.all().delete()  # they begin with a map
    ConsensusMap.objects.all().delete()

    run("seed_demo")

    assert Vote.objects.count() == votes
    assert ConsensusMap.objects.latest().votes == votes


def test_one_drafting_round_was_led_to_its_end_and_one_is_open(demo: Assembly) -> None:
    rounds = visibility.drafting_results(demo, None)

    assert [(each["stage"], len(each["candidates"]), len(each["turns"])) for each in rounds] == [
        ("final", 5, 2),
        ("ranking", 5, 0),
    ]
    assert [turn["rankings"] for turn in rounds[0]["turns"]] == [96, 88]
    revision = rounds[0]["candidates"][-1]
    assert (revision["origin"], rounds[0]["turns"][1]["order"][0]) == ("revision", revision["id"])


def test_the_map_has_a_history_in_which_more_and_more_people_voted(demo: Assembly) -> None:
    grown = list(demo.maps.order_by("version").values_list("participants", "created_at"))

    assert [participants for participants, _ in grown] == [40, 80, 120, 160, 200, 240]
    assert [at for _, at in grown] == sorted(at for _, at in grown)
    assert grown[0][1] < timezone.now() - timedelta(days=7)


def test_the_links_lead_to_the_three_doors_and_to_an_assembly_of_one_s_own(
    demo: Assembly, var: Path, settings: LazySettings
) -> None:
    links = [line.split()[-1] for line in run("demo_links").splitlines() if "://" in line]

    codes = json.loads((var / "demo-links.json").read_text())
    assert links == [
        f"{settings.BASE_URL}/a/sungai-bersih/",
        f"{settings.BASE_URL}/enter/#{codes['facilitator']}",
        f"{settings.BASE_URL}/a/sungai-bersih/projector/",
        f"{settings.BASE_URL}/enter/#{codes['founding']}",
    ]
    assert stat.S_IMODE((var / "demo-links.json").stat().st_mode) == 0o600


def test_the_facilitator_s_code_lets_many_in(demo: Assembly, var: Path) -> None:
    code = json.loads((var / "demo-links.json").read_text())["facilitator"]

    for _ in range(3):
        answer = Client().post("/enter/", {"code": code})
        assert (answer.status_code, answer["Location"]) == (302, "/a/sungai-bersih/welcome/")

    assert Participant.objects.filter(roles__contains=[Role.FACILITATOR]).count() == 3


def test_an_expired_code_gives_way_to_a_new_one(demo: Assembly, own_var: Path) -> None:
    run("demo_links")
    old = json.loads((own_var / "demo-links.json").read_text())["facilitator"]
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    printed = run("demo_links")

    new = json.loads((own_var / "demo-links.json").read_text())["facilitator"]
    assert old != new
    assert new in printed
    assert find_invitation(new).roles == [Role.FACILITATOR]


@pytest.mark.parametrize("content", ["", "[]", '{"facilitator": 7}', '{"facilitator": "AAAA-AAAA-AAAA"}', "\x00"])
def test_a_damaged_file_of_links_is_replaced(demo: Assembly, own_var: Path, content: str) -> None:
    (own_var / "demo-links.json").write_text(content)

    run("demo_links")

    assert find_invitation(json.loads((own_var / "demo-links.json").read_text())["facilitator"])


def test_without_a_demo_there_are_no_links(demo: Assembly) -> None:
    Assembly.objects.update(slug="another")

    with pytest.raises(CommandError, match="There is no demo assembly yet"):
        run("demo_links")


def test_no_page_tells_of_camps_or_points(demo: Assembly) -> None:
    citizen = Client()
    addresses = [f"/a/{demo.slug}/{page}" for page in ("", "statements/", "map/", "proposals/", "map/current.json")]
    addresses += [f"/a/{demo.slug}/proposals/{proposal.public_id}/" for proposal in demo.proposals.all()]
    pages = [citizen.get(address).content.decode() for address in addresses]

    assert all(argument.text in html.unescape("".join(pages)) for argument in demo.arguments.all())
    assert [point for point in LATENT if any(point in page for page in pages)] == []
    assert [LATENT_NAMES.findall(page) for page in pages] == [[] for _ in pages]
