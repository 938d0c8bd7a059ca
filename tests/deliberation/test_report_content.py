"""What a report says: once, frozen, in today's words, and at three levels."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deliberation.actions.consenting import withdraw_consent
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.withdrawing import withdraw
from deliberation.exports.content.blocks import Document, Picture, Said, Table, Voted
from deliberation.exports.content.document import SECTIONS, build_document
from deliberation.exports.content.votes import standing_alone
from deliberation.models import (
    Argument,
    Assembly,
    Candidate,
    Decision,
    DraftingRound,
    Origin,
    Purpose,
    Redaction,
    Report,
    Role,
    Rule,
    Wording,
)
from tests.people import a_facilitator, a_member, a_statement, browser_of
from tests.reporting import a_deliberated_assembly, a_report

pytestmark = pytest.mark.django_db(transaction=True)  # a report is frozen in one moment


@pytest.fixture
def assembly() -> Assembly:
    return a_deliberated_assembly()


@pytest.fixture
def report(assembly) -> Report:
    return a_report(assembly)


def section(document: Document, key: str):
    return next(each for each in document.sections if each.key == key)


def words_said(document: Document) -> list[str]:
    return [block.text for block in document.blocks() if isinstance(block, Said)]


def test_a_report_has_every_section_that_was_picked_in_a_fixed_order(report):
    whole = build_document(report, "en", Redaction.PUBLIC)
    some = build_document(report, "en", Redaction.PUBLIC, ["limits", "asked"])

    assert [each.key for each in whole.sections] == [key for key in SECTIONS if key != "drafting"]  # nothing was
    assert [each.key for each in some.sections] == ["asked", "limits"]


def test_sources_come_along_with_whatever_cites_them(report):
    document = build_document(report, "en", Redaction.PUBLIC, ["key_points"])

    assert [each.key for each in document.sections] == ["key_points", "sources"]


def test_a_report_is_told_in_both_languages(report):
    titles = {
        language: [str(each.title) for each in build_document(report, language, Redaction.PUBLIC).sections][:2]
        for language in ("en", "id")
    }

    assert titles == {"en": ["What was asked", "Who took part"], "id": ["Apa yang ditanyakan", "Siapa yang ikut"]}


def test_a_key_point_leads_to_everyone_it_stands_for(assembly, report):
    document = build_document(report, "en", Redaction.PUBLIC)
    cited = list(Argument.objects.filter(text__startswith="Argument").order_by("pk"))[:3]

    point = next(block for block in section(document, "key_points").blocks if isinstance(block, Said))

    assert (point.text, point.note) == ("Argument 1 of the river: it stays clean.", "3 of 5 people who wrote here")
    assert [source.url.split("#")[1] for source in point.sources] == [f"argument-{each.public_id}" for each in cited]
    assert [source.number for source in point.sources] == [1, 2, 3]


def test_names_are_for_the_commissioner_and_the_archive(assembly, report):
    ana = Argument.objects.get(text__startswith="Argument 1").author.pseudonym

    named = {level: ana in repr(build_document(report, "en", level)) for level in Redaction}

    assert named == {Redaction.PUBLIC: False, Redaction.COMMISSIONER: True, Redaction.ARCHIVE: True}


def test_what_no_point_reflects_is_told_in_full_to_the_commissioner_and_counted_for_everybody(report):
    told = {level: words_said(build_document(report, "en", level)) for level in Redaction}
    unmatched = "Argument 5 of the river: it stays clean."

    assert [unmatched in told[level] for level in Redaction] == [False, True, True]
    everybody = build_document(report, "en", Redaction.PUBLIC)
    assert "1 argument is not reflected here." in repr(section(everybody, "key_points"))


def test_the_log_of_moderation_is_for_the_archive_and_holds_no_words(assembly):
    hidden = Argument.objects.get(text="It costs too much.")
    moderate(hidden, Decision.REJECTED, "Because of the tone.", by=None, rule=Rule.ATTACK)
    report = a_report(assembly)

    told = {level: repr(build_document(report, "en", level)) for level in Redaction}

    assert [hidden.public_id in told[level] for level in Redaction] == [False, False, True]
    assert [str(Rule.ATTACK.label) in told[level] for level in Redaction] == [False, True, True]
    assert not any("Because of the tone." in each or "It costs too much." in each for each in told.values())


@pytest.mark.parametrize("level", list(Redaction))
def test_words_that_go_are_gone_from_every_level_and_counts_stay(assembly, report, level):
    argument = Argument.objects.get(text__startswith="Argument 1")
    statement = assembly.statements.first()
    before = repr(build_document(report, "en", level))
    withdraw(argument)
    moderate(statement, Decision.REJECTED, "", by=None, rule=Rule.OFF_QUESTION)

    after = build_document(report, "en", level)

    assert argument.text in before
    assert statement.text in before
    assert argument.text not in repr(after)
    assert statement.text not in repr(after)
    assert section(after, "took_part") == section(build_document(report, "en", level), "took_part")
    assert "20 of 20 people who joined have voted, 160 times in all." in repr(after)


def test_whoever_does_not_want_to_be_quoted_is_counted_and_not_quoted(assembly, report):
    argument = Argument.objects.get(text__startswith="Argument 1")
    assert argument.text in words_said(build_document(report, "en", Redaction.ARCHIVE))

    withdraw_consent(argument.author, Purpose.QUOTE)

    document = build_document(report, "en", Redaction.ARCHIVE)
    assert argument.text not in repr(document)
    assert "These points stand for" not in repr(section(document, "key_points"))  # its one point was that quotation
    counted = next(block for block in section(document, "proposals").blocks if isinstance(block, Table))
    assert [cell.text for cell in counted.rows[0]][2:] == ["5", "1", "0", "0"]


def test_a_sentence_in_new_words_is_told_once_somebody_ticked_it(assembly):
    summary = assembly.summaries.get()
    cited = summary.document["proposals"][0]["sides"][0]["points"][0]["quote"]["cites"]
    rewrite = {**summary.document["proposals"][0]["sides"][0]["points"][0]["quote"], "kind": "rewrite"}
    summary.document["proposals"][0]["sides"][0]["points"][0]["rewrite"] = rewrite
    summary.save()
    wording = Wording.objects.create(
        summary=summary, key="point-1", language="en", text="The river stays clean.", cites=cited, gate="A"
    )
    report = a_report(assembly)
    unticked = words_said(build_document(report, "en", Redaction.PUBLIC))
    Wording.objects.filter(pk=wording.pk).update(ticked_at=timezone.now())

    ticked = words_said(build_document(report, "en", Redaction.PUBLIC))

    assert ("The river stays clean." in unticked, "The river stays clean." in ticked) == (False, True)
    withdraw(Argument.objects.get(public_id=cited[2]))
    assert "The river stays clean." not in words_said(build_document(report, "en", Redaction.PUBLIC))


def test_no_share_of_fewer_than_five_people_is_told_at_any_level(assembly):
    few = a_statement(assembly, "Only four people have seen this.")
    for member in assembly.participants.all()[:4]:
        few.votes.create(assembly=assembly, participant=member, choice=1)
    refresh_map(assembly)
    report = a_report(assembly)

    for level in Redaction:
        document = build_document(report, "en", level)
        shown = [block.number for block in document.blocks() if isinstance(block, Voted)]
        table = next(block for block in section(document, "statements").blocks if isinstance(block, Table))
        assert few.number not in shown
        assert few.number not in [int(row[0].text) for row in table.rows]
        assert "About 1 statement nothing can be said yet" in repr(section(document, "statements"))


def test_a_statement_with_too_few_votes_or_newer_than_the_map_is_told_in_its_words(assembly):
    few = a_statement(assembly, "Only four people have seen this.")
    for member in assembly.participants.all()[:4]:
        few.votes.create(assembly=assembly, participant=member, choice=1)
    hidden = a_statement(assembly, "Nobody should read this.")
    refresh_map(assembly)
    newer = a_statement(assembly, "This was written at the very end.")
    moderate(hidden, Decision.REJECTED, "", by=None, rule=Rule.ATTACK)
    report = a_report(assembly)
    a_statement(assembly, "This was written after the report.")

    told = section(build_document(report, "en", Redaction.PUBLIC), "statements")

    last = told.blocks[-1]
    assert [[cell.text for cell in row] for row in last.rows] == [
        [str(few.number), "Only four people have seen this."],
        [str(newer.number), "This was written at the very end."],
    ]
    assert last.head == ("No.", "Statement")
    assert "1 statement came after map 2 and is not counted in it." in repr(told)
    tables = [block for block in told.blocks if isinstance(block, Table)]
    assert sum(len(table.rows) for table in tables) == report.snapshot["statements"]["shown"]


def test_where_too_few_have_voted_on_anything_every_statement_is_still_told(assembly):
    report = a_report(assembly)
    mapped = report.snapshot["map"]["snapshot"]
    waiting = [{"id": row["id"], "number": row["number"], "votes": 4} for row in mapped["statements"]]
    mapped |= {"stable": False, "groups": [], "statements": [], "waiting": waiting, "common_ground": [], "divides": []}

    told = section(build_document(report, "en", Redaction.PUBLIC), "statements")

    table = next(block for block in told.blocks if isinstance(block, Table))
    assert [row[1].text for row in table.rows] == [each.text for each in assembly.statements.order_by("number")]
    assert table.head == ("No.", "Statement")


def test_a_group_alone_against_most_of_the_others_is_a_minority():
    def row(id, agree, disagree, groups):
        counted = {letter: {"agree": a, "disagree": d, "votes": a + d} for letter, (a, d) in groups.items()}
        return {
            "id": id,
            "number": 1,
            "agree": agree,
            "disagree": disagree,
            "pass": 0,
            "groups": counted,
            "differs": True,
        }

    assert standing_alone(row("alone", 12, 30, {"A": (10, 0), "B": (1, 15), "C": (1, 15)})) == 1.0
    assert standing_alone(row("together", 40, 2, {"A": (10, 0), "B": (15, 1), "C": (15, 1)})) == 0.0


def test_a_report_without_groups_or_summary_says_so(assembly):
    assembly.summaries.all().delete()
    report = a_report(assembly)
    report.snapshot["map"]["snapshot"] |= {"stable": False, "groups": [], "divides": [], "land": []}

    document = build_document(report, "en", Redaction.PUBLIC)

    keys = [each.key for each in document.sections]
    assert [key for key in ("groups", "divides", "minority", "key_points", "sources") if key in keys] == []
    assert not any(isinstance(block, Picture) for block in document.blocks())
    assert "No stable groups yet" in repr(section(document, "map"))
    assert "No model has read or written anything in this report." in repr(section(document, "models"))


def test_building_takes_the_same_number_of_queries_however_much_was_said(assembly, report):
    with CaptureQueriesContext(
        connection,
    ) as few:
        build_document(report, "en", Redaction.ARCHIVE)
    proposal = assembly.proposals.get()
    Argument.objects.bulk_create(
        Argument(assembly=assembly, proposal=proposal, author=member, side="for", text=f"More {n}.", language="en")
        for n, member in enumerate(assembly.participants.all())
    )

    with CaptureQueriesContext(connection) as many:
        build_document(report, "en", Redaction.ARCHIVE)

    assert len(many) == len(few)


def test_the_page_shows_the_level_one_may_see(assembly, report):

    readers = {
        "stranger": None,
        "commissioner": a_member(assembly, "Citra", Role.COMMISSIONER),
        "facilitator": a_facilitator(assembly),
    }
    ana = Argument.objects.get(text__startswith="Argument 1").author.pseudonym

    named = {
        (who, level): ana in browser_of(reader).get(f"/a/river/reports/1/?level={level}").content.decode()
        for who, reader in readers.items()
        for level in ("public", "archive")
    }

    assert named == {
        ("stranger", "public"): False,
        ("stranger", "archive"): False,
        ("commissioner", "public"): False,
        ("commissioner", "archive"): False,
        ("facilitator", "public"): False,
        ("facilitator", "archive"): True,
    }


def test_what_was_ranked_is_told_in_order_and_too_few_rankings_are_not(assembly):
    drafting = DraftingRound.objects.create(assembly=assembly, number=1)
    first, second = (
        Candidate.objects.create(assembly=assembly, round=drafting, number=number, origin=Origin.DRAFT)
        for number in (1, 2)
    )
    for candidate, text in ((first, "Collect daily."), (second, "Collect weekly.")):
        candidate.translations.create(language="en", text=text)
    report = a_report(assembly)
    result = {
        "rankings": 9,
        "turn": 1,
        "counted": True,
        "order": [second.public_id, first.public_id],
        "winners": [second.public_id],
    }
    few = {"turn": 2, "rankings": 4, "counted": False}
    report.snapshot["drafting"] = [
        {"id": drafting.public_id, "number": 1, "questions": {"en": "How often?"}, "turns": [result, few]}
    ]

    told = section(build_document(report, "en", Redaction.PUBLIC), "drafting").blocks

    assert [(block.text, getattr(block, "note", "")) for block in told] == [
        ("1. How often?", ""),
        ("9 people ranked them. In the order that all rankings together prefer:", ""),
        ("Collect weekly.", "place 1 · preferred to every other"),
        ("Collect daily.", "place 2"),
        ("After objections the first was written anew, and everybody could rank once more.", ""),
        ("4 people ranked them. Of fewer than five, no result is told.", ""),
    ]
