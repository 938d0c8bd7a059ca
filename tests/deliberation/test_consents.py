import json

import pytest

from deliberation import visibility
from deliberation.actions import publishing
from deliberation.actions.consenting import consent, withdraw_consent
from deliberation.models import Participant, Purpose, RecordEntry, Route
from tests.people import a_facilitator, a_member, a_proposal, an_assembly, browser_of
from tests.summaries import NOISE, a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_consents_is_told_for_each_purpose():
    assembly = an_assembly()
    ana, dewi, _eka = (a_member(assembly, name) for name in ("Ana", "Dewi", "Eka"))
    consent(ana, {Purpose.REUSE, Purpose.NEWS})
    consent(dewi, {Purpose.REUSE})
    withdraw_consent(dewi, Purpose.REUSE)

    found = {
        str(purpose): {person.pseudonym for person in assembly.participants.consenting_to(purpose)}
        for purpose in Purpose
    }

    assert found == {
        "take_part": {"Ana", "Dewi", "Eka"},
        "quote": {"Ana", "Dewi", "Eka"},
        "reuse": {"Ana"},
        "news": {"Ana"},
        "help": set(),
    }


def test_the_simulated_count_as_consenting_and_the_erased_do_not():
    assembly = an_assembly()
    simulated = Participant.objects.create(
        assembly=assembly, pseudonym="Simulated 1", route=Route.SIMULATED, language="en"
    )
    gone = a_member(assembly, "Eka")
    consent(gone, {Purpose.REUSE})
    Participant.objects.filter(pk=gone.pk).update(erased_at=gone.joined_at)

    assert list(assembly.participants.consenting_to(Purpose.REUSE)) == [simulated]


def test_a_consent_given_again_is_another_row_and_the_first_is_kept():
    ana = a_member(an_assembly(), "Ana")
    consent(ana, {Purpose.REUSE})
    withdraw_consent(ana, Purpose.REUSE)
    consent(ana, {Purpose.REUSE})
    consent(ana, {Purpose.REUSE})

    rows = ana.consents.filter(purpose=Purpose.REUSE)

    assert [row.withdrawn_at is None for row in rows] == [False, True]


def test_the_record_commits_to_a_consent_and_tells_nobody_whose_it_is():
    assembly = an_assembly()
    ana, ben = a_member(assembly, "Ana"), a_facilitator(assembly)
    consent(ana, {Purpose.REUSE})
    withdraw_consent(ana, Purpose.QUOTE)

    entries = RecordEntry.objects.filter(type="consent").order_by("pk").select_related("opening")
    leaves = [bytes(entry.leaf) for entry in entries]
    told = [json.loads(bytes(entry.opening.content))["purposes"] for entry in entries]
    leaves_the_house = {
        reader and reader.pseudonym: visibility.record_openings_for(assembly, reader)("consent", leaves[0], b"{}")
        for reader in (None, ana, ben)
    }

    assert told == [["quote", "reuse", "take_part"], ["reuse", "take_part"]]
    assert json.loads(leaves[0])["id"] != json.loads(leaves[1])["id"]
    assert not any(ana.public_id.encode() in leaf for leaf in leaves)
    assert leaves_the_house == {None: False, "Ana": False, "Ben": False}


def test_whoever_allows_no_quotes_any_more_is_quoted_in_no_summary_and_still_counted():
    assembly = an_assembly("river")
    authors = [a_member(assembly) for _ in range(8)]
    said = arguments_of(a_proposal(assembly), authors)
    summary = publishing.publish(a_summary(assembly, said), by=None)
    page = f"/a/river/summary/versions/{summary.version}/"
    before = browser_of(None).get(page).content.decode()

    withdraw_consent(authors[0], Purpose.QUOTE)

    summary.refresh_from_db()
    after = browser_of(None).get(page).content.decode()
    assert NOISE[0] in before
    assert NOISE[0] not in after
    assert summary.state == "withdrawn"
    assert assembly.arguments.shown().count() == 8
