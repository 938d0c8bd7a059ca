"""A Polis export becomes an assembly with exactly its people, statements and votes, or nothing at all."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from deliberation.actions.importing import PolisExport
from deliberation.forms.polis import read_export, read_files
from deliberation.management.commands.import_polis import COUNTED
from deliberation.models import (
    Assembly,
    Choice,
    Decision,
    Participant,
    PolisImport,
    RecordEntry,
    Route,
    Statement,
    Vote,
)

pytestmark = pytest.mark.django_db

REAL = Path(__file__).parents[3] / "shared" / "data" / "polis"

# The table in the README of the open data: participants who voted, statements, voted on, vote events, last votes.
PUBLISHED = {
    "vtaiwan.uberx": (1921, 197, 197, 49997, 49443),
    "austria-climate.5twd2jsnkf.2022-08-08": (1116, 522, 522, 61936, 61384),
    "scoop-hivemind.biodiversity": (536, 316, 314, 29802, 29719),
    "canadian-electoral-reform": (448, 174, 174, 12018, 11950),
    "15-per-hour-seattle": (339, 54, 54, 2995, 2872),
}

COMMENTS = [
    ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"],
    ["1500000000000", "", "7", "31", "0", "0", "0", 'Ben says: "trams",\nnot cars.'],
    ["1500000000000", "", "2", "12", "2", "0", "1", "More trees on\u200b every street."],
    ["1500000000000", "", "4", "12", "0", "1", "-1", "Rude words"],
]
VOTES = [
    ["timestamp", "datetime", "comment-id", "voter-id", "vote"],
    ["1500000300000", "", "2", "12", "-1"],
    ["1500000100000", "", "2", "12", "1"],
    ["1500000200000", "", "2", "12", "0"],
    ["1500000150000", "", "4", "5", "1"],
    ["1500000150000", "", "7", "5", "-1"],
]
LAST_VOTES = [
    ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "2", "4", "7"],
    ["5", "0", "0", "2", "1", "1", "", "1", "-1"],
    ["12", "", "2", "1", "0", "1", "-1", "", ""],
    ["31", "", "1", "0", "0", "0", "", "", ""],
]
SUMMARY = [
    ["topic", "Streets of Lembayung"],
    ["url", "https://example.org/streets"],
    ["conversation-description", "Who owns the street?\n\nTell us."],
]


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "streets.of_Lembayung"
    folder.mkdir()
    for name, rows in {"comments": COMMENTS, "votes": VOTES, "summary": SUMMARY}.items():
        (folder / f"{name}.csv").write_text(as_csv(rows), encoding="utf-8")
    return folder


def run_import(folder: Path, **options: str) -> str:
    out = io.StringIO()
    call_command("import_polis", str(folder), stdout=out, **options)
    return out.getvalue()


def counts_in_the_database(assembly: Assembly) -> tuple[int, ...]:
    votes = Vote.objects.filter(assembly=assembly)
    return (
        votes.values("participant").distinct().count(),
        Statement.objects.filter(assembly=assembly).count(),
        votes.values("statement").distinct().count(),
        sum(votes.values_list("revision", flat=True)),
        votes.count(),
    )


def votes_by_polis_id(assembly: Assembly) -> dict[tuple[str, str], tuple[int, int]]:
    rows = Vote.objects.filter(assembly=assembly).select_related("participant", "statement")
    return {(row.participant.imported_as, row.statement.text): (row.choice, row.revision) for row in rows}


def choices(export: PolisExport) -> dict[tuple[int, int], Choice]:
    return {pair: vote.choice for pair, vote in export.votes.items()}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_real_export_arrives_with_the_published_counts(name: str) -> None:
    if not (REAL / name).exists():
        pytest.skip(f"the open data of {name} is not beside this project")

    printed = run_import(REAL / name)

    imported = PolisImport.objects.get()
    assert counts_in_the_database(imported.assembly) == PUBLISHED[name]
    assert tuple(imported.counts[counted] for counted in COUNTED) == PUBLISHED[name]
    assert [int(line.split()[-1].replace(",", "")) for line in printed.splitlines()[-6:-1]] == list(PUBLISHED[name])


@pytest.mark.parametrize("name", PUBLISHED)
def test_both_forms_of_a_real_export_tell_the_same_votes(name: str) -> None:
    if not (REAL / name).exists():
        pytest.skip(f"the open data of {name} is not beside this project")
    files = read_files(REAL / name)

    events = read_export(files, name)
    last_votes = read_export({file: data for file, data in files.items() if file != "votes.csv"}, name)

    assert choices(events) == choices(last_votes)
    assert (len(events.votes), last_votes.events) == (PUBLISHED[name][-1], None)


def test_an_export_becomes_a_closed_assembly_with_open_results(export: Path) -> None:
    run_import(export, language="en")

    assembly = Assembly.objects.get()
    text, phase = assembly.translations.get(), assembly.phases.get()
    assert (assembly.slug, assembly.languages, assembly.is_open) == ("streets-of_lembayung", ["en"], False)
    assert (text.title, text.remit) == ("Streets of Lembayung", "Who owns the street?")
    assert "https://example.org/streets" in text.purpose
    assert (phase.kind, phase.state, phase.results) == ("statements", "past", "open")
    assert [f"{at:%Y-%m-%d %H:%M:%S}" for at in (phase.opened_at, phase.closed_at)] == [
        "2017-07-14 02:41:40",
        "2017-07-14 02:45:00",
    ]


def test_statements_keep_order_author_and_what_moderators_decided(export: Path) -> None:
    run_import(export, language="en")

    rows = [
        (each.number, each.text, each.author.imported_as, list(each.moderations.values_list("decision", flat=True)))
        for each in Statement.objects.select_related("author")
    ]
    assert rows == [
        (1, "More trees on every street.", "12", [Decision.SHOWN]),
        (2, "Rude words", "12", [Decision.REJECTED]),
        (3, 'Ben says: "trams",\nnot cars.', "31", []),
    ]
    assert [each.number for each in Statement.objects.shown()] == [1, 3]


def test_people_come_without_accounts_under_a_number(export: Path) -> None:
    run_import(export, language="id")

    people = Participant.objects.order_by("pk").values_list("imported_as", "route", "account", "language")
    assert list(people) == [(polis_id, Route.IMPORT, None, "id") for polis_id in ("5", "12", "31")]
    assert (
        len({person.pseudonym for person in Participant.objects.all() if person.imported_as in person.pseudonym}) == 3
    )


def test_the_last_vote_by_time_counts_and_every_event_is_counted(export: Path) -> None:
    run_import(export, language="en")

    assert votes_by_polis_id(Assembly.objects.get()) == {
        ("12", "More trees on every street."): (-1, 3),
        ("5", "Rude words"): (1, 1),
        ("5", 'Ben says: "trams",\nnot cars.'): (-1, 1),
    }


def test_one_record_entry_tells_of_the_whole_import(export: Path) -> None:
    run_import(export, language="en")

    assert list(RecordEntry.objects.values_list("type", flat=True)) == ["config"]


def test_the_same_files_come_in_once_wherever_they_lie(export: Path, tmp_path: Path) -> None:
    first = run_import(export, language="en")
    moved = export.rename(tmp_path / "elsewhere")

    second = run_import(moved, language="en")

    assert "nothing was imported" in second
    assert second.splitlines()[1:] == first.splitlines()[-6:]
    assert Assembly.objects.count() == 1


def test_another_export_of_the_same_name_gets_its_own_address(export: Path) -> None:
    run_import(export, language="en")
    (export / "votes.csv").write_text(as_csv(VOTES[:4]))

    run_import(export, language="en")

    first, second = PolisImport.objects.order_by("pk")
    assert second.assembly.slug == f"{first.assembly.slug}-{second.digest[:8]}"


def test_last_votes_alone_are_enough(export: Path) -> None:
    (export / "votes.csv").unlink()
    (export / "participants-votes.csv").write_text(as_csv(LAST_VOTES))

    printed = run_import(export, language="en")

    assert {key: choice for key, (choice, _) in votes_by_polis_id(Assembly.objects.get()).items()} == {
        ("12", "More trees on every street."): -1,
        ("5", "Rude words"): 1,
        ("5", 'Ben says: "trams",\nnot cars.'): -1,
    }
    assert PolisImport.objects.get().counts == {
        "participants": 2,
        "statements": 3,
        "statements_voted_on": 3,
        "vote_events": None,
        "votes": 3,
    }
    assert "not in export" in printed


def test_a_statement_without_a_text_keeps_its_votes_and_stays_hidden(export: Path) -> None:
    (export / "participants-votes.csv").write_text(as_csv(LAST_VOTES))
    (export / "comments.csv").write_text(as_csv([row for row in COMMENTS if row[2] != "7"]))

    printed = run_import(export, language="en")

    statement = Statement.objects.get(number=3)
    assert "7" in statement.text
    assert statement.votes.count() == 1
    assert list(statement.moderations.values_list("decision", "reason")) == [
        (Decision.REJECTED, "The export does not have its text.")
    ]
    assert "1 of the statements have no text" in printed


def test_a_text_with_invisible_and_control_characters_is_cleaned_not_refused(export: Path) -> None:
    odd = [*COMMENTS[:2], [*COMMENTS[2][:-1], "\ufeffMore\x00 trees\u202e on\x07 every\ufffd street."], COMMENTS[3]]
    (export / "comments.csv").write_text(as_csv(odd), encoding="utf-8")

    run_import(export, language="en")

    assert Statement.objects.get(number=1).text == "More trees on every street."


def test_the_language_is_guessed_from_the_statements(export: Path) -> None:
    bodies = [
        "Jalan ini milik semua warga.",
        "Tanam lebih banyak pohon di setiap jalan.",
        "Kami perlu trotoar yang aman.",
    ]
    rows = [[*row[:-1], body] for row, body in zip(COMMENTS[1:], bodies, strict=True)]
    (export / "comments.csv").write_text(as_csv([COMMENTS[0], *rows]))

    run_import(export)

    assert Assembly.objects.get().languages == ["id"]


BAD_ROWS = {
    "a vote of 7": ("votes.csv", ",5,1\n", ",5,7\n", "votes.csv, line 5: vote is '7'; it can be 1, -1, 0."),
    "a voter that is no number": (
        "votes.csv",
        ",5,1\n",
        ",five,1\n",
        "votes.csv, line 5: voter-id is 'five', which is not a whole number.",
    ),
    "a vote that is half a number": ("votes.csv", ",5,1\n", ",5,1.4\n", "votes.csv, line 5: vote is '1.4'; it can be"),
    "an unknown comment": (
        "votes.csv",
        ",,4,5,1",
        ",,99,5,1",
        "votes.csv, line 5: comment-id 99 is in no other file of this export.",
    ),
    "a time beyond time": (
        "votes.csv",
        "1500000300000",
        "999999999999999",
        "votes.csv, line 2: timestamp is 999999999999999, which is not a time in milliseconds.",
    ),
    "a missing column": ("votes.csv", "voter-id", "voter", "votes.csv, line 1: the column voter-id is missing."),
    "a column that stands twice": (
        "votes.csv",
        "datetime",
        "vote",
        "votes.csv, line 1: the column 'vote' stands there twice.",
    ),
    "a short row": (
        "votes.csv",
        ",,4,5,1",
        ",4,5,1",
        "votes.csv, line 5: there are 4 cells where the header has 5.",
    ),
    "a comment that stands twice": (
        "comments.csv",
        ",,4,12,",
        ",,2,12,",
        "comments.csv, line 5: comment-id 2 stands here a second time.",
    ),
    "a decision nobody knows": (
        "comments.csv",
        "0,1,-1,Rude",
        "0,1,2,Rude",
        "comments.csv, line 5: moderated is '2'; it can be 1, -1, 0.",
    ),
    "a quotation that never ends": (
        "comments.csv",
        "Rude words",
        '"Rude',
        "comments.csv, line 5: this is not valid CSV",
    ),
}


@pytest.mark.parametrize(("file", "before", "after", "message"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_named_and_nothing_comes_in(
    export: Path, file: str, before: str, after: str, message: str
) -> None:
    text = (export / file).read_text()
    assert text.count(before) == 1
    (export / file).write_text(text.replace(before, after))

    with pytest.raises(CommandError) as refused:
        run_import(export, language="en")

    assert str(refused.value).startswith(message)
    assert str(refused.value).endswith("Nothing was imported.")
    assert refused.value.returncode == 1
    assert (Assembly.objects.count(), Participant.objects.count(), RecordEntry.objects.count()) == (0, 0, 0)


def test_bytes_that_are_not_utf_8_are_named(export: Path) -> None:
    (export / "comments.csv").write_bytes((export / "comments.csv").read_bytes().replace(b"Rude", b"R\xfcde"))

    with pytest.raises(CommandError, match=r"comments\.csv, line 5: byte 0xfc is not UTF-8\."):
        run_import(export, language="en")


def test_a_second_row_of_one_participant_is_refused(export: Path) -> None:
    (export / "votes.csv").unlink()
    (export / "participants-votes.csv").write_text(as_csv([*LAST_VOTES, LAST_VOTES[1]]))

    with pytest.raises(CommandError, match=r"participants-votes\.csv, line 5: participant 5 stands here a second time"):
        run_import(export, language="en")


def test_what_goes_wrong_while_writing_leaves_nothing_behind(export: Path) -> None:
    (export / "comments.csv").write_text(as_csv(COMMENTS).replace(",31,", ",9999999999999999,"))

    with pytest.raises(CommandError, match="author-id is '9999999999999999', which is not a whole number"):
        run_import(export, language="en")

    assert Assembly.objects.count() == 0


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        (["comments.csv"], r"has no comments\.csv"),
        (["votes.csv"], r"has neither votes\.csv nor participants-votes\.csv"),
    ],
)
def test_a_folder_that_is_no_export_says_what_it_lacks(export: Path, gone: list[str], message: str) -> None:
    for name in gone:
        (export / name).unlink()

    with pytest.raises(CommandError, match=message):
        run_import(export)


def test_a_folder_that_does_not_exist_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        run_import(tmp_path / "nowhere")


def test_a_file_beyond_every_export_is_refused_unread(export: Path) -> None:
    with (export / "votes.csv").open("r+b") as file:
        file.truncate(300 * 1024 * 1024)

    with pytest.raises(CommandError, match=r"votes\.csv is larger than 256 MiB"):
        run_import(export, language="en")
