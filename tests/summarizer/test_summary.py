import json
from dataclasses import asdict, replace

import pytest

from summarizer.audit import Audit
from summarizer.key_points import find_key_points
from summarizer.sentences import GroupCount, MisquotationError, Sentence, stored_sentences, verify_quotes
from summarizer.summary import GroupStatement, ProposalArguments, Summary, input_digest, summarise
from summarizer.whole import VotedStatement, Votes
from summarizer.wording import Choice
from tests.summarizer.arguments import FEW, embed_by_theme, evening_buses


def buses() -> ProposalArguments:
    arguments = tuple(evening_buses())
    return ProposalArguments("p1", arguments, find_key_points(arguments, FEW, embed_by_theme))


def statement(id: str = "s1", denominator: int = 12, choice: Choice = Choice.AGREE) -> GroupStatement:
    return GroupStatement(id, "Buses should run until midnight.", "en", choice, 9, denominator)


def summary() -> Summary:
    return summarise([buses()], {"A": [statement()]})


def test_a_point_is_a_quotation_with_its_count() -> None:
    point = summary().sides[0].points[1]

    assert point.quote == Sentence(
        text={"en": point.quote.text["en"]}, kind="quote", cites=(point.quote.cites[0], *point.prevalence.cites[1:])
    )
    assert point.prevalence == Sentence(
        text={
            "en": "3 of the 8 participants who argued for it made this point.",
            "id": "3 dari 8 peserta yang menulis argumen mendukung menyampaikan poin ini.",
        },
        kind="statistic",
        cites=point.quote.cites,
        n=3,
        denominator=8,
    )
    assert set(point.quote.cites) == {"a5", "a6", "a7"}
    assert point.rewrite is None


def test_what_is_not_covered_is_said_and_linked() -> None:
    side = summary().sides[0]

    assert side.coverage.text == {
        "en": "These 2 points cover 6 of 8 participants; 2 are not reflected here.",
        "id": "2 poin ini mencakup 6 dari 8 peserta; 2 peserta tidak tercermin di sini.",
    }
    assert side.unreflected == ("a8", "a9")


def test_under_three_people_are_listed_in_their_own_words() -> None:
    in_favour, against = summary().sides

    assert [sentence.text for sentence in in_favour.verbatim] == [
        {"en": "Shops could stay open until late."},
        {"en": "My choir rehearses on Tuesdays."},
    ]
    assert [sentence.cites for sentence in against.verbatim] == [("b1",), ("b2",)]
    assert against.points == ()


def test_sides_are_never_merged() -> None:
    sides = summary().sides

    cited = [{cite for point in side.points for cite in point.quote.cites} | set(side.unreflected) for side in sides]

    assert [side.side for side in sides] == ["for", "against"]
    assert cited == [{f"a{n}" for n in range(1, 10)}, {"b1", "b2"}]


def test_a_group_is_told_by_its_statements_and_never_by_its_members_arguments() -> None:
    ((quote, votes),) = summary().groups[0].statements

    assert quote == Sentence({"en": "Buses should run until midnight."}, "quote", ("s1",))
    assert votes == Sentence(
        text={
            "en": "9 of the 12 members of group A who voted on it agree.",
            "id": "9 dari 12 anggota kelompok A yang memberi suara setuju.",
        },
        kind="statistic",
        cites=("s1",),
        n=9,
        denominator=12,
        per_group={"A": GroupCount(9, 12)},
    )


@pytest.mark.parametrize(
    ("vote", "english", "indonesian"),
    [(1, "agree.", "suara setuju."), (-1, "disagree.", "suara tidak setuju."), (0, "passed.", "suara memilih lewati.")],
)
def test_a_vote_keeps_its_direction_in_every_language(vote: int, english: str, indonesian: str) -> None:
    told = summarise([], {"A": [statement(choice=Choice.of_vote(vote))]})

    text = told.groups[0].statements[0][1].text

    assert text["en"].endswith(f"voted on it {english}")
    assert text["id"].endswith(indonesian)


def test_a_group_too_small_to_hide_in_is_not_told() -> None:
    told = summarise([], {"A": [statement(denominator=4)]})

    assert told.groups[0].statements == ()
    assert told.left_out == {"s1": "too few members of the group voted on it"}


def test_everything_it_rests_on_is_listed() -> None:
    assert summary().rests_on == (*(f"a{n}" for n in range(1, 10)), "b1", "b2", "s1")


def test_why_each_argument_was_left_out_is_kept() -> None:
    reason = "no key point of its side says the same"

    assert summary().left_out == {"a8": reason, "a9": reason, "b1": reason, "b2": reason}


def test_an_invented_quotation_stops_the_build() -> None:
    proposal = buses()
    side = proposal.sides[0]
    invented = replace(side.key_points[0], quote="Everyone wants this.")
    tampered = replace(proposal, sides=(replace(side, key_points=(invented,)),))

    with pytest.raises(MisquotationError, match="is not in its text"):
        summarise([tampered], {})


def test_a_quotation_is_checked_again_when_it_is_shown() -> None:
    texts = {one.id: one.text for one in evening_buses()} | {"s1": statement().text}
    stored = json.loads(json.dumps(summary().as_json()))

    verify_quotes(stored_sentences(stored), texts)
    edited = texts | {"a8": "Shops should stay closed."}

    with pytest.raises(MisquotationError, match="from a8"):
        verify_quotes(stored_sentences(stored), edited)


def test_white_space_and_composed_letters_do_not_make_a_misquotation() -> None:
    sentence = Sentence({"en": "Café  at\nnight"}, "quote", ("a1",))

    verify_quotes([sentence], {"a1": "A Cafe\u0301 at night is safe."})


def test_a_stored_document_gives_back_its_sentences() -> None:
    assert list(stored_sentences(summary().as_json())) == list(summary().sentences())


def test_words_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="only be a statistic"):
        Sentence({"en": "People like buses."}, "rewrite", ())
    with pytest.raises(ValueError, match="needs the gate"):
        Sentence({"en": "People like buses."}, "rewrite", ("a1",))


def test_an_audit_corrects_the_share_and_widens_it() -> None:
    quoted = buses().sides[0].key_points[0].quoted_from
    audited = replace(buses(), audits={quoted: Audit(matches=30, right=27, non_matches=30, missed=3)})

    interval = summarise([audited], {}).sides[0].points[0].prevalence.interval

    assert interval is not None
    estimate, low, high = interval
    assert estimate == round(3 / 8 * 0.9 + 5 / 8 * 0.1, 4)
    assert low < estimate < high


def test_the_same_input_has_the_same_digest_and_another_has_not() -> None:
    arguments = evening_buses()

    digest = input_digest(arguments, [statement()])

    assert digest == input_digest(evening_buses(), [statement()])
    assert digest != input_digest([replace(arguments[0], side="against"), *arguments[1:]], [statement()])
    assert len(digest) == 64


def test_a_document_is_plain_json() -> None:
    document = summary().as_json()

    assert json.loads(json.dumps(document)) == document
    assert document["sides"][0]["coverage"]["n"] == asdict(summary())["sides"][0]["coverage"]["n"] == 6


def voted(id: str, text: str, passed: int) -> VotedStatement:
    return VotedStatement(id, text, "en", agree=2, disagree=2, passed=passed)


def test_the_whole_tells_nothing_of_which_only_a_link_is_left() -> None:
    statements = (voted("s1", "[url removed]", 9), voted("s2", "Follow the 2019 plan.", 6))
    votes = Votes(20, 23, statements, common_ground=("s1",), divides=("s2", "s1"), waiting=())

    made = summarise([], {"A": [GroupStatement("s1", "[url removed]", "en", Choice.AGREE, 8, 9)]}, votes=votes)

    assert made.whole is not None
    assert [told.quote.cites for told in made.whole.unsure] == [("s2",)]
    assert [told.votes.text["en"] for told in made.whole.unsure] == ["6 of the 10 participants who voted on it passed."]
    assert made.whole.common_ground == ()
    assert [told.quote.cites for told in made.whole.divides] == [("s2",)]
    assert [group.statements for group in made.groups] == [()]
    assert made.left_out["s1"] == "nothing is left of it but a link"
