import pytest

from deliberation.actions.mapping import refresh_map
from deliberation.actions.summarising import summarise
from deliberation.analysis.summary import quoted
from deliberation.models import Argument, Embedding, Summary
from tests.people import a_member, a_proposal, an_assembly, browser_of, two_camps

pytestmark = pytest.mark.django_db(transaction=True)

NOISE = [
    "Heavy trucks wake the children at five in the morning.",
    "The noise of a second truck before dawn keeps my baby awake.",
    "We already have enough lorries roaring past our windows at night.",
]
JOBS = [
    "Four more drivers would find steady work in our own district.",
    "It gives jobs to young people who now sit at home.",
    "The second round means new jobs for neighbours without work.",
]
SMELL = [
    "The bins smell terrible when they are collected only once a week.",
    "Once a week is too rare: by Friday the bins smell terrible.",
    "In the hot months bins collected once a week smell terrible by the third day.",
    "Waste that waits a whole week in the bin smells terrible in our street.",
]
COST = [
    "A second collection makes the monthly fee too high for poor families.",
    "Poor families cannot pay a higher monthly fee for a second collection.",
    "The monthly fee is already hard for poor families to pay.",
]


@pytest.fixture
def assembly():
    made = an_assembly("river")
    two_camps(made)
    refresh_map(made)
    proposal = a_proposal(made)
    for side, texts in (("for", SMELL + JOBS), ("against", COST + NOISE)):
        for text in texts:
            Argument.objects.create(
                assembly=made, proposal=proposal, author=a_member(made), side=side, text=text, language="en"
            )
    return made


def test_a_summary_quotes_cites_and_counts_people_side_by_side(assembly):
    summary = summarise(assembly)

    sides = {side["side"]: side for side in summary.document["proposals"][0]["sides"]}
    assert (sides["for"]["people"], sides["against"]["people"]) == (7, 6)
    point = sides["for"]["points"][0]
    source = Argument.objects.get(public_id=point["quote"]["argument"])
    assert quoted(source.text, point["quote"]) in SMELL
    assert set(point["cites"]) <= set(Argument.objects.filter(text__in=SMELL).values_list("public_id", flat=True))
    assert point["people"] == len(point["cites"]) >= 3


def test_a_summary_says_which_model_read_and_keeps_no_words(assembly):
    summary = summarise(assembly)

    (card,) = summary.models_used
    assert (card["model_id"], len(card["weights_sha256"])) == ("intfloat/multilingual-e5-small", 64)
    assert not any(text in str(summary.document) for text in SMELL + COST + JOBS + NOISE)
    assert Embedding.objects.count() >= 13


def test_the_same_arguments_give_no_second_version(assembly):
    summarise(assembly)

    assert summarise(assembly) is None
    assert Summary.objects.count() == 1


def test_a_quote_whose_source_was_changed_or_withdrawn_is_not_shown(assembly):
    summary = summarise(assembly)
    browser = browser_of(None)
    sides = {side["side"]: side for side in summary.document["proposals"][0]["sides"]}
    source = Argument.objects.get(public_id=sides["for"]["points"][0]["quote"]["argument"])
    assert source.text in browser.get("/a/river/summary/").content.decode()

    Argument.objects.filter(pk=source.pk).update(text="Something else entirely, written later on.")

    page = browser.get("/a/river/summary/").content.decode()
    assert source.text not in page


def test_each_group_is_told_by_statements_and_never_by_arguments(assembly):
    document = summarise(assembly).document

    statements = set(assembly.statements.values_list("public_id", flat=True))
    assert [group["letter"] for group in document["groups"]] == ["A", "B"]
    assert all(each["id"] in statements for group in document["groups"] for each in group["statements"])
