"""Nearly the same words by several people: shown to facilitators with what difference it makes, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation.actions.moderating import moderate
from deliberation.analysis.same_words import Share, same_words
from deliberation.models import Argument, Decision, Rule, Summary, SummaryState, Vote
from tests.people import a_facilitator, a_member, a_proposal, a_statement, browser_of

pytestmark = pytest.mark.django_db

SLOGAN = "The second truck must come on Thursdays, or the bins will overflow in every street of the harbour."
NEARLY = "The second truck must come on Thursdays or the bins will overflow in every street of our harbour!"
OTHER = "Drivers need decent hours, and four more of them would mean that nobody works at night."


def arguments_by(people, proposal, text, side="for") -> list[Argument]:
    return [
        Argument.objects.create(
            assembly=proposal.assembly, proposal=proposal, author=person, side=side, text=text, language="en"
        )
        for person in people
    ]


def test_people_who_use_nearly_the_same_words_stand_together(assembly):
    proposal = a_proposal(assembly)
    ana, ben, chidi = (a_member(assembly, name) for name in ("Ana", "Ben", "Chidi"))
    arguments_by([ana], proposal, SLOGAN)
    arguments_by([ben], proposal, NEARLY)
    arguments_by([chidi], proposal, OTHER)

    (group,) = same_words(assembly)

    assert [each.pseudonym for each in group.authors] == ["Ana", "Ben"]


def test_who_repeats_themselves_is_no_group(assembly):
    ana = a_member(assembly, "Ana")
    arguments_by([ana, ana], a_proposal(assembly), SLOGAN)

    assert same_words(assembly) == []


def test_what_is_hidden_is_not_compared(assembly):
    people = [a_member(assembly) for _ in range(2)]
    first, _ = arguments_by(people, a_proposal(assembly), SLOGAN)
    moderate(first, Decision.REJECTED, "", by=None, rule=Rule.SAME)

    assert same_words(assembly) == []


def test_the_same_words_on_two_proposals_are_two_opinions(assembly):
    ana, ben = a_member(assembly), a_member(assembly)
    arguments_by([ana], a_proposal(assembly), SLOGAN)
    arguments_by([ben], a_proposal(assembly), SLOGAN)

    assert same_words(assembly) == []


def test_a_side_is_counted_in_people_with_them_and_without(assembly):
    proposal = a_proposal(assembly)
    arguments_by([a_member(assembly) for _ in range(3)], proposal, SLOGAN)
    arguments_by([a_member(assembly) for _ in range(2)], proposal, OTHER, side="for")
    arguments_by([a_member(assembly)], proposal, "It costs more than we have.", side="against")

    groups = same_words(assembly)

    assert [(each.comparisons[0].people.n, each.comparisons[0].without.n) for each in groups] == [(5, 2), (5, 3)]


def test_a_key_point_is_counted_with_them_and_without(assembly):
    proposal = a_proposal(assembly)
    same = arguments_by([a_member(assembly) for _ in range(3)], proposal, SLOGAN)
    (other,) = arguments_by([a_member(assembly)], proposal, OTHER)
    cites = [each.public_id for each in (*same, other)]
    document = {"sources": {}, "proposals": [{"sides": [{"points": [{"prevalence": {"cites": cites}}]}]}]}
    Summary.objects.create(assembly=assembly, version=1, state=SummaryState.PUBLISHED, document=document)

    (group,) = same_words(assembly)

    assert [(each.about, each.people, each.without) for each in group.comparisons] == [
        ("side", Share(4, 4), Share(1, 1)),
        ("point", Share(4, 4), Share(1, 1)),
    ]


def votes(statement, voters, choice) -> None:
    Vote.objects.bulk_create(
        Vote(assembly=statement.assembly, participant=voter, statement=statement, choice=choice) for voter in voters
    )


def test_shares_of_votes_are_compared_where_five_or_more_differ(assembly):
    authors = [a_member(assembly) for _ in range(5)]
    statements = [a_statement(assembly, SLOGAN, author=author) for author in authors]
    votes(statements[0], authors, 1)
    votes(statements[0], [a_member(assembly) for _ in range(5)], -1)

    (group,) = same_words(assembly)

    compared = group.comparisons[0]
    assert (compared.people, compared.without) == (Share(5, 10), Share(0, 5))


@pytest.mark.parametrize(("authors_who_vote", "others"), [(4, 9), (5, 4), (1, 20)])
def test_no_difference_tells_how_a_few_people_voted(assembly, authors_who_vote, others):
    authors = [a_member(assembly) for _ in range(5)]
    statements = [a_statement(assembly, SLOGAN, author=author) for author in authors]
    votes(statements[0], authors[:authors_who_vote], 1)
    votes(statements[0], [a_member(assembly) for _ in range(others)], -1)

    (group,) = same_words(assembly)

    assert (group.comparisons[0].people, group.comparisons[0].without) == (None, None)


def test_how_many_had_just_joined_is_told(assembly):
    old, new = a_member(assembly), a_member(assembly)
    type(old).objects.filter(pk=old.pk).update(joined_at=timezone.now() - timedelta(days=3))
    arguments_by([old, new], a_proposal(assembly), SLOGAN)

    (group,) = same_words(assembly)

    assert (group.newcomers, len(group.authors)) == (1, 2)


def test_the_page_shows_groups_and_says_what_they_do_not_mean(assembly):
    people = [a_member(assembly, name) for name in ("Ana", "Dewi")]
    arguments_by(people, a_proposal(assembly), SLOGAN)
    ben = browser_of(a_facilitator(assembly))

    page = ben.get("/a/river/desk/same-words/").content.decode()

    assert all(words in page for words in ("Ana", "Dewi", SLOGAN, "every person counts once"))


def test_an_assembly_without_any_says_so(assembly):
    page = browser_of(a_facilitator(assembly)).get("/a/river/desk/same-words/").content.decode()

    assert "No two people have used nearly the same words so far." in page
