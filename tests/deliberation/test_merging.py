"""Two that say the same, put together by a moderator: no vote is moved, nobody is counted twice, all of it undone."""

import json

import pytest

from deliberation.actions import summarising
from deliberation.actions.appealing import appeal
from deliberation.actions.appealing import decide as decide_on
from deliberation.actions.arguing import argue
from deliberation.actions.errors import Appealed, CannotMerge, SameModerator
from deliberation.actions.mapping import refresh_map
from deliberation.actions.merging import merge
from deliberation.actions.moderating import moderate, undo_all
from deliberation.actions.voting import vote_on
from deliberation.actions.withdrawing import withdraw
from deliberation.analysis import summary_inputs
from deliberation.analysis.summary_inputs import InputChanged
from deliberation.models import Appeal, Choice, Decision, Outcome, RecordEntry, Role, Rule, Side, Vote
from tests.deliberation.test_summary import SMELL, assembly_with_arguments, side_of
from tests.people import a_facilitator, a_member, a_proposal, a_statement, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _without_a_drafter(settings):
    settings.GENERATOR = "off"


@pytest.fixture
def lamps(assembly, ana):
    return a_statement(assembly, "Put lamps on the path to school.", author=ana)


@pytest.fixture
def light(assembly):
    return a_statement(assembly, "The way to school needs light.", author=a_member(assembly, "Carol"))


def page(person, address: str) -> str:
    return browser_of(person).get(f"/a/river/{address}").content.decode()


def vote_over_http(person, statement, choice: str = "agree"):
    sent = {"choice": choice, "revision": 0, "edition": 0, "next": "deck"}
    return browser_of(person).post(f"/a/river/statements/{statement.public_id}/votes/", sent)


def decide(person, contribution, **sent: str):
    kind = contribution._meta.model_name
    return browser_of(person).post(f"/a/river/desk/{kind}/{contribution.public_id}/decisions/", sent)


def test_a_merged_statement_takes_no_new_votes_and_offers_the_one_that_goes_on(assembly, ben, lamps, light):
    dewi = a_member(assembly, "Dewi")
    merge(light, lamps, by=ben)

    answer = vote_over_http(dewi, light)

    assert answer.status_code == 409
    assert "A moderator put that statement together with this one" in answer.content.decode()
    assert lamps.text in answer.content.decode()
    assert Vote.objects.filter(participant=dewi).count() == 0


def test_no_vote_is_moved_and_who_voted_on_it_may_still_change_that_vote(assembly, ben, lamps, light):
    dewi = a_member(assembly, "Dewi")
    vote_on(dewi, light, Choice.AGREE)
    merge(light, lamps, by=ben)

    browser_of(dewi).post(
        f"/a/river/statements/{light.public_id}/votes/", {"choice": "disagree", "revision": 1, "edition": 0}
    )

    assert list(Vote.objects.values_list("participant", "statement", "choice")) == [
        (dewi.pk, light.pk, Choice.DISAGREE)
    ]


def test_who_voted_on_it_is_asked_next_about_the_one_that_goes_on_and_told_why(assembly, ben, lamps, light):
    dewi = a_member(assembly, "Dewi")
    others = [a_statement(assembly) for _ in range(8)]
    vote_on(dewi, light, Choice.AGREE)
    merge(light, lamps, by=ben)

    deck = page(dewi, "deck/")

    assert lamps.text in deck[: deck.index("data-coming")]
    assert f"You have answered statement {light.number}." in deck
    assert deck.count("You have answered statement") == 1
    assert f"0 of {len(others) + 1}" in deck


def test_the_map_keeps_the_votes_on_both(assembly, ben):
    _, statements = two_camps(assembly)
    refresh_map(assembly)
    before = assembly.maps.first()

    merge(statements[5], statements[4], by=ben)
    vote_on(a_member(assembly), statements[0], Choice.AGREE)
    refresh_map(assembly)

    told = [[each["id"] for each in made.snapshot["statements"]] for made in (before, assembly.maps.first())]
    assert told[0] == told[1]
    assert assembly.maps.first().votes == before.votes + 1


def test_everybody_reads_that_it_is_closed_and_its_author_is_told(assembly, ana, ben, lamps, light):
    merge(light, lamps, by=ben)

    assert f"it says the same as statement {lamps.number}, and that one goes on" in page(ana, "statements/")
    assert f"A moderator put it together with statement {lamps.number}" in page(light.author, "mine/")


def test_it_opens_again_when_that_is_undone_and_when_the_other_is_gone(assembly, ben, lamps, light):
    def is_open() -> bool:
        return light in assembly.statements.on_their_own()

    merge(light, lamps, by=ben)
    merged = is_open()
    undo_all([light], by=ben)
    undone = is_open()
    merge(light, lamps, by=ben)
    withdraw(lamps)

    assert (merged, undone, is_open()) == (False, True, True)


def test_nothing_is_merged_into_itself_a_third_one_what_is_hidden_or_another_kind(assembly, ana, ben, lamps, light):
    third, hidden = a_statement(assembly), a_statement(assembly)
    moderate(hidden, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)
    proposal, other = a_proposal(assembly), a_proposal(assembly)
    reason = argue(ana, proposal, Side.FOR, "It helps everybody.", "en")
    elsewhere = argue(ana, other, Side.FOR, "It helps everybody.", "en")
    opposite = argue(ana, proposal, Side.AGAINST, "It helps nobody.", "en")
    merge(light, lamps, by=ben)

    pairs = [(lamps, lamps), (third, light), (lamps, third), (third, hidden), (third, reason)]
    for one, into in [*pairs, (reason, elsewhere), (reason, opposite)]:
        with pytest.raises(CannotMerge):
            merge(one, into, by=ben)


def test_a_moderator_merges_by_number_and_is_told_what_is_wrong_with_one(assembly, ben, lamps, light):
    wrong = decide(ben, light, decision="merged", into="999")
    right = decide(ben, light, decision="merged", into=str(lamps.number))

    assert (wrong.status_code, right.status_code) == (409, 302)
    assert "These two cannot be put together" in wrong.content.decode()
    assert light.moderations.current().get().into == lamps
    assert f"put together with statement {lamps.number}" in page_after(ben, right)


def page_after(person, answer) -> str:
    browser = browser_of(person)
    browser.cookies = answer.client.cookies
    return browser.get(answer["Location"]).content.decode()


def test_a_merged_argument_stands_below_the_other_and_is_counted_on_its_side(assembly, ana, ben):
    carol, proposal = a_member(assembly, "Carol"), a_proposal(assembly)
    first = argue(ana, proposal, Side.FOR, "The children walk in the dark.", "en")
    second = argue(carol, proposal, Side.FOR, "It is dark where the children walk.", "en")
    decide(ben, second, decision="merged", into=first.public_id)

    told = page(ana, f"proposals/{proposal.public_id}/")

    assert "1 more person said the same" in told
    assert told.index(first.text) < told.index("1 more person") < told.index(second.text)
    assert '<h2 id="side-for">For <span class="soft">2</span></h2>' in told


def test_the_summary_counts_a_merged_author_under_the_same_point_and_never_quotes_them_in_others_words():
    assembly = assembly_with_arguments()
    ben, carol = a_facilitator(assembly), a_member(assembly, "Carol")
    smell = assembly.arguments.get(text=SMELL[0])
    oblique = argue(carol, smell.proposal, Side.FOR, "My sister moved to the coast last year.", "en")
    before = point_about(smell, summarising.write(assembly))

    merge(oblique, smell, by=ben)
    after = point_about(smell, summarising.write(assembly))

    assert oblique.public_id not in before["prevalence"]["cites"]
    assert set(after["prevalence"]["cites"]) - set(before["prevalence"]["cites"]) == {oblique.public_id}
    assert after["prevalence"]["n"] == before["prevalence"]["n"] + 1
    assert after["quote"]["place"] == before["quote"]["place"]


def point_about(argument, summary) -> dict:
    points = side_of(summary, "for")["points"]
    return next(each for each in points if argument.public_id in each["prevalence"]["cites"])


def test_a_merge_in_the_middle_of_a_run_makes_it_begin_again():
    assembly = assembly_with_arguments()
    first, second = assembly.arguments.filter(side="for")[:2]
    run = summarising.start(assembly, None)
    summary_inputs.pin(run)

    merge(second, first, by=a_facilitator(assembly))

    with pytest.raises(InputChanged):
        summary_inputs.read(run)


def test_the_record_and_the_public_log_say_what_was_put_together_with_what(assembly, ana, ben, lamps, light):
    merge(light, lamps, by=ben)

    entry = RecordEntry.objects.select_related("opening").get(type="moderate")
    content = json.loads(bytes(entry.opening.content))
    log = page(ana, "moderation/")
    assert {name: content[name] for name in ("decision", "rule", "into")} == {
        "decision": "merged",
        "rule": "same",
        "into": lamps.public_id,
    }
    assert f"Put together with Statement {lamps.number}" in " ".join(log.split())
    assert light.text not in log


def test_an_author_may_ask_for_another_look_and_it_stands_by_itself_again_with_its_votes(assembly, ben, lamps, light):
    dewi = a_member(assembly, "Dewi", Role.MODERATOR)
    vote_on(a_member(assembly), light, Choice.AGREE)
    merge(light, lamps, by=ben)
    why = "It asks for light in the whole village, not only on the path."
    before = page(light.author, "mine/")

    asked = browser_of(light.author).post(f"/a/river/mine/statement/{light.public_id}/appeals/", {"reason": why})
    waits = page(light.author, "mine/")
    queues = ["It stands by itself again" in page(person, "desk/appeals/") for person in (ben, dewi)]
    outcome = {"outcome": "overturned", "answer": "It asks for more, indeed."}
    decided = browser_of(dewi).post(f"/a/river/desk/appeals/{Appeal.objects.get().public_id}/outcomes/", outcome)

    assert "It says something else: ask somebody to look again" in before
    assert (asked.status_code, decided.status_code) == (302, 302)
    assert "for another look." in waits
    assert queues == [False, True]
    assert light in assembly.statements.on_their_own()
    assert list(Vote.objects.values_list("statement", "choice")) == [(light.pk, Choice.AGREE)]
    assert "It asks for more, indeed." in page(light.author, "mine/")
    public = browser_of(None).get("/a/river/moderation/").content.decode()
    assert "Somebody else looked again: it stands by itself again" in public
    assert why not in public


def test_what_stays_put_together_after_another_look_is_not_looked_at_again(assembly, ben, lamps, light):
    dewi = a_member(assembly, "Dewi", Role.MODERATOR)
    merge(light, lamps, by=ben)
    made = appeal(light, "It asks for light in the whole village.", "en")

    with pytest.raises(SameModerator):
        decide_on(made, Outcome.UPHELD, "I still think so.", ben)
    with pytest.raises(Appealed):
        undo_all([light], by=dewi)
    decide_on(made, Outcome.UPHELD, "Both ask for light.", dewi)
    again = browser_of(light.author).get(f"/a/river/mine/statement/{light.public_id}/appeals/")

    assert light not in assembly.statements.on_their_own()
    assert again.status_code == 302
    told = page(light.author, "mine/")
    assert "it stays with the other one." in told
    assert "It says something else" not in told
    assert "it stays with the other one" in page(None, "moderation/")


def test_the_page_that_asks_why_two_differ_shows_both_and_keeps_what_was_typed(ben, lamps, light):
    merge(light, lamps, by=ben)
    address = f"/a/river/mine/statement/{light.public_id}/appeals/"

    asked = page(light.author, address.removeprefix("/a/river/"))
    refused = browser_of(light.author).post(address, {"reason": "No."})

    assert [each in asked for each in (lamps.text, light.text, "What does it say that the other one does not?")] == [
        True,
        True,
        True,
    ]
    assert refused.status_code == 400
    assert "No.</textarea>" in refused.content.decode()
