import json

import pytest
from django.contrib.sessions.models import Session

from deliberation.actions.arguing import argue
from deliberation.actions.consenting import consent
from deliberation.actions.errors import LastFacilitator
from deliberation.actions.leaving import leave_for_good
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.exports.my_data import LEFT_OUT, NOT_TOLD, my_data
from deliberation.models import Account, Choice, Consent, Decision, Participant, Purpose, Rule, Side
from tests.people import a_facilitator, a_member, a_proposal, a_statement, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)


def relations_of(model) -> dict[str, type]:
    return {each.get_accessor_name(): each.related_model for each in model._meta.related_objects}


def test_every_table_that_refers_to_a_person_is_in_the_download_or_left_out_for_a_stated_reason():
    ana = a_member(an_assembly(), "Ana")

    told = my_data(ana)

    assert set(relations_of(Participant)) - set(LEFT_OUT) <= set(told)
    assert set(relations_of(Account)) - set(LEFT_OUT) <= set(told["account"])


def test_what_is_left_out_of_the_download_exists():
    relations = {**relations_of(Participant), **relations_of(Account)}
    columns = {name: {field.name for field in model._meta.concrete_fields} for name, model in relations.items()}

    assert set(LEFT_OUT) <= set(relations)
    assert {name: set(not_told) - columns[name] for name, not_told in NOT_TOLD.items()} == {
        name: set() for name in NOT_TOLD
    }


def test_a_download_holds_what_somebody_said_voted_and_allowed():
    assembly = an_assembly("river")
    ana = a_member(assembly, "Ana")
    vote_on(ana, a_statement(assembly), Choice.AGREE)
    statement = make_statement(ana, "We need a marigold by the river.", "en")
    argue(ana, a_proposal(assembly), Side.CONCERN, "It smells in June.", "en")
    moderate(statement, Decision.REJECTED, "Not the river", by=None, rule=Rule.OFF_QUESTION)

    answer = browser_of(ana).get("/a/river/mine/data.json")

    told = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="river-my-data.json"'
    assert told["me"]["pseudonym"] == "Ana"
    assert [each["text"] for each in told["statements"]] == ["We need a marigold by the river."]
    assert [(each["side"], each["text"]) for each in told["arguments"]] == [("concern", "It smells in June.")]
    assert [each["choice"] for each in told["votes"]] == [1]
    assert [(each["rule"], each["reason"]) for each in told["moderation_of_mine"]] == [
        ("off_question", "Not the river")
    ]
    assert {each["purpose"] for each in told["consents"]} == {"take_part", "quote"}
    assert len(told["receipts"]) == ana.record_entries.count() == 3
    assert len(told["account"]["devices"]) == 1


def test_a_download_holds_no_secret_and_nothing_of_others():
    assembly = an_assembly("river")
    ana, eka = a_member(assembly, "Ana"), a_member(assembly, "Eka")
    make_statement(eka, "Eka's own zinnia words.", "en")

    told = json.dumps(my_data(ana))

    assert "zinnia" not in told
    assert "recovery_hash" not in told
    assert "record_secret" not in told


def test_a_consent_is_given_and_withdrawn_on_the_page():
    ana = a_member(an_assembly("river"), "Ana")
    browser = browser_of(ana)

    browser.post("/a/river/mine/consents/", {"purpose": "reuse"})
    given = set(ana.consents.current().values_list("purpose", flat=True))
    browser.post("/a/river/mine/consents/withdrawals/", {"purpose": "quote"})
    browser.post("/a/river/mine/consents/withdrawals/", {"purpose": "take_part"})

    assert given == {"take_part", "quote", "reuse"}
    assert set(ana.consents.current().values_list("purpose", flat=True)) == {"take_part", "reuse"}


def test_erasing_everything_needs_ones_name_and_then_forgets_who_it_was():
    assembly = an_assembly("river")
    ana = a_member(assembly, "Ana")
    statement = make_statement(ana, "We need a marigold by the river.", "en")
    consent(ana, {Purpose.REUSE})
    account, here, elsewhere = ana.account, browser_of(ana), browser_of(ana)
    here.get("/a/river/")

    slip = here.post("/a/river/mine/erasures/", {"pseudonym": "Anna"})
    done = here.post("/a/river/mine/erasures/", {"pseudonym": " ana "})

    ana.refresh_from_db()
    statement.refresh_from_db()
    assert (slip.status_code, done.status_code) == (400, 302)
    assert (ana.account, ana.recovery_hash, ana.roles) == (None, None, [])
    assert ana.pseudonym == f"({ana.public_id})"
    assert (statement.author, statement.text) == (None, "…")
    assert not Consent.objects.filter(participant=ana).exists()
    assert not Account.objects.filter(pk=account.pk).exists()
    assert not any(session.get_decoded().get("_auth_user_id") == str(account.pk) for session in Session.objects.all())
    assert not elsewhere.get("/a/river/").wsgi_request.user.is_authenticated


def test_whoever_takes_part_elsewhere_too_keeps_their_account():
    river, hills = an_assembly("river"), an_assembly("hills")
    ana = a_member(river, "Ana")
    there = a_member(hills, "Ana up there")
    there.account.delete()
    there = Participant.objects.create(
        assembly=hills, account=ana.account, pseudonym="Ana up there", route="link", language="en"
    )

    leave_for_good(ana)

    there.refresh_from_db()
    assert there.account is not None
    assert browser_of(there).get("/a/hills/").context["participant"] == there
    assert browser_of(there).get("/a/river/").context["participant"] is None


def test_the_map_and_the_counts_follow_an_erasure():
    assembly = an_assembly("river")
    members, _ = two_camps(assembly)
    before = refresh_map(assembly)

    leave_for_good(members[0])
    after = refresh_map(assembly)

    counted = browser_of(None).get("/a/river/").context["counts"]["participants"]
    assert (before.participants - after.participants, before.votes - after.votes) == (1, 8)
    assert counted == len(members) - 1


def test_the_only_facilitator_may_not_leave_the_assembly_without_one():
    assembly = an_assembly("river")
    ben = a_facilitator(assembly)

    with pytest.raises(LastFacilitator):
        leave_for_good(ben)
    page = browser_of(ben).post("/a/river/mine/erasures/", {"pseudonym": "Ben"})

    ben.refresh_from_db()
    assert ben.pseudonym == "Ben"
    assert page.status_code == 409
    assert "only facilitator" in page.content.decode()
