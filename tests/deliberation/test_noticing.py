"""What models point out to moderators: computed on a worker, shown to nobody else, and followed by a person or not."""

import pytest

from deliberation.actions.arguing import argue
from deliberation.actions.asking import ask
from deliberation.actions.erasing import erase
from deliberation.actions.moderating import moderate
from deliberation.actions.rewording import reword
from deliberation.actions.stating import make_statement
from deliberation.analysis.embedding import embed_missing
from deliberation.analysis.noticing import read_waiting
from deliberation.models import ContributionReading, Decision, Embedding, Moderation, Rule, Side, text_digest
from tests.people import a_member, a_proposal, a_statement, an_assembly, browser_of

pytestmark = pytest.mark.django_db(transaction=True)

WASTE = [
    "Collect household waste twice a week instead of once.",
    "Put bins for organic waste in every street.",
    "Fine people who burn plastic in their yards.",
    "Pay waste pickers a fixed wage from the town budget.",
    "Give every household a bin for compost.",
    "Open a repair workshop beside the waste bank.",
    "Ban plastic bags in the market and in all shops.",
    "Let schools teach children how to sort waste.",
    "Charge for mixed waste by weight, sorted waste is free.",
    "Close the old dump by the river within two years.",
    "Buy an electric lorry for collecting waste.",
    "Collect glass once a month at the village hall.",
    "Clean the drains of plastic before the rains begin.",
    "Show on a map when the waste lorry comes.",
    "Let each neighbourhood manage its own waste bank.",
    "Punish shops that leave cartons on the pavement.",
    "Turn organic waste into gas for cooking.",
    "Put cameras where people dump waste at night.",
    "Ask restaurants to give leftovers to farms.",
    "Lower the waste fee for families who compost.",
    "Sweep the market every evening after closing.",
]


@pytest.fixture
def assembly():
    """With five statements, which is enough to know what is alike, and not what is far off."""
    made = an_assembly("river")
    for text in WASTE[:5]:
        a_statement(made, text)
    return made


def noticed_in(contribution) -> list[str]:
    read_everything()
    kind = contribution._meta.model_name
    return [each["what"] for each in ContributionReading.objects.get(**{kind: contribution}).noticed]


def read_everything() -> None:
    while embed_missing() or read_waiting():
        pass


def page(person, address: str) -> str:
    return browser_of(person).get(f"/a/river/{address}").content.decode()


def suggested() -> list[tuple[str, str]]:
    return list(Moderation.objects.order_by("pk").values_list("decision", "suggested"))


def test_each_kind_of_hint_comes_where_it_belongs_and_none_where_nothing_is_to_be_seen(assembly, ana):
    for text in WASTE[5:]:
        a_statement(assembly, text)
    texts = (
        "Collect the household waste twice each week rather than once.",
        "Ring me on 0812-3456-7890 about the bins for glass in our street.",
        "Sampah rumah tangga harus diambil dua kali seminggu oleh dinas kota.",
        "The king of Sweden has won the chess championship in Paris.",
        "Give prizes to streets that sort their waste well.",
    )
    written = [make_statement(ana, text, "en") for text in texts]

    read_everything()

    found = {each.statement.text: each.noticed for each in ContributionReading.objects.select_related("statement")}
    assert {text: [each["what"] for each in found[text]] for text in texts} == {
        "Collect the household waste twice each week rather than once.": ["same"],
        "Ring me on 0812-3456-7890 about the bins for glass in our street.": ["personal_data"],
        "Sampah rumah tangga harus diambil dua kali seminggu oleh dinas kota.": ["language"],
        "The king of Sweden has won the chess championship in Paris.": ["off_question"],
        "Give prizes to streets that sort their waste well.": [],
    }
    assert len(found) == len(written)


def test_an_argument_is_compared_with_its_own_side_of_its_own_proposal(assembly, ana):
    proposal, other = a_proposal(assembly), a_proposal(assembly)
    words = ["The fee is too high for poor families.", "Poor families find the fee too high."]
    first = argue(a_member(assembly), proposal, Side.FOR, words[0], "en")
    read_everything()

    there = noticed_in(argue(ana, proposal, Side.FOR, words[1], "en"))
    opposite = noticed_in(argue(ana, proposal, Side.AGAINST, words[1], "en"))
    elsewhere = noticed_in(argue(ana, other, Side.FOR, words[1], "en"))

    assert (there, opposite, elsewhere) == (["same"], [], [])
    assert ContributionReading.objects.exclude(noticed=[]).get().noticed[0]["of"] == first.public_id


def test_moderators_read_it_in_the_queue_and_nobody_else_anywhere(assembly, ana, ben):
    written = make_statement(ana, "Ring me on 0812-3456-7890 about the bins.", "en")
    read_everything()

    queue = page(ben, "desk/statements/")

    assert "suggested by a model" in queue
    assert "phone number: <mark>0812-3456-7890</mark>" in queue
    assert 'value="Please leave out: phone number"' in queue
    for address in ("mine/", "statements/", "deck/", "moderation/", "me/data/"):
        assert "suggested by a model" not in page(ana, address)
    assert written in assembly.statements.shown()


def test_other_words_are_read_anew_and_nothing_is_said_of_them_until_then(assembly, ana, ben):
    written = make_statement(ana, "Ring me on 0812-3456-7890 about the bins in our street.", "en")
    before = noticed_in(written)

    reword(written, "Put more bins for paper and glass into our street.", edits=0)
    meanwhile = page(ben, "desk/statements/")

    assert (before, "suggested by a model" in meanwhile) == (["personal_data"], False)
    assert noticed_in(written) == []


@pytest.mark.parametrize(
    ("decision", "rule", "followed"),
    [
        (Decision.REJECTED, Rule.PERSONAL_DATA, "followed"),
        (Decision.ASKED, "", "followed"),
        (Decision.SHOWN, "", "not_followed"),
        (Decision.REJECTED, Rule.ATTACK, "not_followed"),
    ],
)
def test_whether_a_person_followed_it_is_kept_and_told_in_the_public_log(assembly, ana, ben, decision, rule, followed):
    written = make_statement(ana, "Ring me on 0812-3456-7890 about the bins.", "en")
    noticed_in(written)

    moderate(written, decision, "", by=ben, rule=rule)

    said = {"followed": "a model had suggested this", "not_followed": "a model had suggested something else"}
    assert suggested() == [(decision, followed)]
    assert said[followed] in page(None, "moderation/")


def test_a_decision_where_nothing_was_suggested_tells_nothing_of_models(assembly, ana, ben):
    written = make_statement(ana, "Give prizes to streets that sort their waste well.", "en")
    noticed_in(written)

    moderate(written, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)

    assert suggested() == [("rejected", "")]


def test_one_button_says_the_language_and_leaves_the_words(assembly, ana, ben):
    written = make_statement(ana, "Sampah rumah tangga harus diambil dua kali seminggu.", "en")
    noticed_in(written)
    address = f"/a/river/desk/statement/{written.public_id}/decisions/"

    browser_of(ben).post(address, {"decision": "shown", "language": "id"})

    written.refresh_from_db()
    assert (written.language, suggested()) == ("id", [("shown", "followed")])


def test_one_button_puts_two_together(assembly, ana, ben):
    written = make_statement(ana, "Collect the household waste twice each week rather than once.", "en")
    noticed_in(written)
    queue = page(ben, "desk/statements/")
    address = f"/a/river/desk/statement/{written.public_id}/decisions/"

    browser_of(ben).post(address, {"decision": "merged", "into": "1"})

    assert '<input type="hidden" name="into" value="1">' in queue
    assert suggested() == [("merged", "followed")]
    assert written not in assembly.statements.on_their_own()


def test_what_is_hidden_is_offered_to_nobody_as_the_same(assembly, ana, ben):
    written = make_statement(ana, "Collect the household waste twice each week rather than once.", "en")
    noticed_in(written)

    moderate(assembly.statements.get(number=1), Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)

    assert "suggested by a model" not in page(ben, "desk/statements/")


def test_questions_to_the_experts_are_read_like_everything_else(assembly, ana):
    for text in WASTE[5:]:
        a_statement(assembly, text)
    first = ask(a_member(assembly), "How much does it cost to collect household waste three times a week?", "en")
    read_everything()
    texts = (
        "What would it cost if household waste were collected three times a week?",
        "Who puts bins for organic waste in our street, ring me on 0812-3456-7890?",
        "Who won the chess championship of Sweden in the year of the king’s wedding?",
        "Why does this idiot of a collector never empty our bins?",
        "How long does a bin for compost last?",
    )

    asked = {text: noticed_in(ask(ana, text, "en")) for text in texts}

    assert list(asked.values()) == [["same"], ["personal_data"], ["off_question"], ["attack"], []]
    same = ContributionReading.objects.get(question__text=texts[0])
    assert same.noticed[0]["of"] == first.public_id


def test_a_question_in_another_language_than_was_said_is_pointed_at(assembly, ana):
    asked = ask(ana, "Siapa yang membersihkan saluran air dari plastik sebelum musim hujan?", "en")

    assert noticed_in(asked) == ["language"]


def test_a_question_that_was_asked_before_is_hidden_with_one_button_that_names_the_first(assembly, ana, ben):
    ask(a_member(assembly), "How much does it cost to collect household waste three times a week?", "en")
    again = ask(ana, "What would it cost if household waste were collected three times a week?", "en")
    noticed_in(again)
    queue = page(ben, "desk/statements/")
    address = f"/a/river/desk/question/{again.public_id}/decisions/"

    browser_of(ben).post(address, {"decision": "rejected", "rule": "same", "reason": "Question 1 asks the same."})

    assert "question 1, " in queue
    assert 'name="reason" value="Question 1 asks the same."' in queue
    assert suggested() == [("rejected", "followed")]
    assert "Question 1 asks the same." in page(ana, "mine/")


def test_a_question_is_offered_no_other_to_be_put_together_with(assembly, ana, ben):
    ask(ana, "How long does a bin for compost last?", "en")

    assert "Says the same as …" not in page(ben, "desk/statements/")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Those idiots dump their waste in our street.", "insult: <mark>idiots</mark>"),
        ("Buang saja ke kali, dasar goblok, atau kubunuh kau.", "threat: <mark>kubunuh kau</mark>"),
    ],
)
def test_the_words_of_an_insult_or_a_threat_are_shown_to_moderators_and_not_judged(assembly, ana, ben, text, told):
    written = make_statement(ana, text, "en")

    noticed = noticed_in(written)

    assert "attack" in noticed
    assert told in page(ben, "desk/statements/")
    assert written in assembly.statements.shown()


def test_hiding_an_attack_follows_the_suggestion(assembly, ana, ben):
    written = make_statement(ana, "Those idiots dump their waste in our street.", "en")
    noticed_in(written)

    moderate(written, Decision.REJECTED, "", by=ben, rule=Rule.ATTACK)

    assert suggested() == [("rejected", "followed")]


def test_nothing_that_was_read_in_a_question_is_left_when_its_author_is_erased(assembly, ana):
    text = "Who answers on 0812-3456-7890 when the lorry does not come?"
    noticed_in(ask(ana, text, "en"))
    kept = Embedding.objects.filter(text_digest=text_digest(text))
    before = kept.count()

    erase(ana)

    assert (before, kept.count(), ContributionReading.objects.count()) == (1, 0, 0)
