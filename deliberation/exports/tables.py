"""The report's numbers as CSV files, with the columns that Polis gives its exports.

For everybody there are counts of each statement and of each group. Who voted how, even under a number, is for the
archive alone: several votes of one person, put together, can tell who it is.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from deliberation.analysis.consensus_map import group_letters
from deliberation.exports.content.words import Words, in_language, read_words
from deliberation.models import ConsensusMap, Decision, Participant, Redaction, Report, Statement

BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, for zip files: the same tables give the same bytes
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # how a cell begins that a spreadsheet computes

# Votes that the report counted: those written since then, also because they were erased, are left out.
COUNTED = """
    SELECT participant_id, statement_id, choice FROM deliberation_vote
    WHERE assembly_id = %(assembly)s AND choice IN (-1, 0, 1)
    AND pg_visible_in_snapshot(written_in, %(read_at)s::pg_snapshot)
"""

ORGANISERS = 0  # as author; who takes part is counted from 1

Rows = Iterable[Iterable[object]]


def tables_of(report: Report, language: str, level: Redaction, site: str) -> bytes:
    """A zip file of the tables. Call it in one moment."""
    with override(language):
        words = read_words(report, language, level, site)
        tables = {
            "summary.csv": csv_of(_summary(words)),
            "comments.csv": csv_of(_comments(words)),
            "comment-groups.csv": csv_of(_comment_groups(words)),
        }
        if words.is_for_archive:
            tables |= _linked(words)
        readme = _readme(words, list(tables))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
        kept.writestr(entry("README.txt"), readme)
        for name, content in tables.items():
            kept.writestr(entry(name), content)
    return file.getvalue()


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would compute gets an apostrophe before it, as OWASP advises."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def csv_of(rows: Rows) -> str:
    return _plain_csv([safe_cell(value) for value in row] for row in rows)


def _plain_csv(rows: Rows) -> str:
    """Of rows that hold nobody's words."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _summary(words: Words) -> list[list[object]]:
    text, took = in_language(words.frozen["asked"], words.language), words.frozen["took_part"]
    snapshot = words.frozen["map"]["snapshot"]
    return [
        ["topic", text["title"]],
        ["url", words.address("report_version", words.report.version)],
        ["voters", took["voted"]],
        ["voters-in-conv", snapshot["grouped"]],
        ["comments", words.frozen["statements"]["shown"]],
        ["groups", len(snapshot["groups"])],
        ["votes", took["votes"]],
        ["conversation-description", text["remit"]],
    ]


def _counted(words: Words) -> list[dict[str, Any]]:
    """The statements that the map told of and that are still there, in the order of their numbers."""
    rows = [row for row in words.frozen["map"]["snapshot"]["statements"] if row["id"] in words.statements]
    return sorted(rows, key=lambda row: row["number"])


def _comments(words: Words) -> list[list[object]]:
    """No time is told, only the day; and no author, except to the archive."""
    statements = Statement.objects.filter(assembly=words.assembly).order_by("number")
    if not words.is_for_archive:
        statements = statements.shown()
    rejected = set(statements.with_decision(Decision.REJECTED).values_list("pk", flat=True))
    counts = {row["id"]: row for row in words.frozen["map"]["snapshot"]["statements"]}
    numbers = _numbers(words) if words.is_for_archive else {}
    head = ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"]
    rows: list[list[object]] = [head]
    for statement in statements:
        row, said = counts.get(statement.public_id, {}), words.statements.get(statement.public_id)
        rows.append(
            [
                *_day(statement.created_at),
                statement.number,
                numbers.get(statement.author_id, ORGANISERS) if numbers else "",
                row.get("agree", ""),
                row.get("disagree", ""),
                -1 if statement.pk in rejected or said is None else 1,
                said.text if said else "",
            ]
        )
    return rows


def _comment_groups(words: Words) -> list[list[object]]:
    letters = [group["letter"] for group in words.frozen["map"]["snapshot"]["groups"]]
    head = ["comment-id", "comment", "total-votes", "total-agrees", "total-disagrees", "total-passes"]
    head += [
        f"group-{letter.lower()}-{what}" for letter in letters for what in ("votes", "agrees", "disagrees", "passes")
    ]
    rows: list[list[object]] = [list(head)]
    for row in _counted(words):
        agree, disagree, passed = row["agree"], row["disagree"], row["pass"]
        told = [row["number"], words.statements[row["id"]].text, agree + disagree + passed, agree, disagree, passed]
        rows.append(told + [cell for letter in letters for cell in _group(row["groups"].get(letter))])
    return rows


def _group(counts: dict[str, int] | None) -> list[object]:
    """Empty where fewer than five of the group voted."""
    if counts is None:
        return [""] * 4
    passed = counts["votes"] - counts["agree"] - counts["disagree"]
    return [counts["votes"], counts["agree"], counts["disagree"], passed]


def _linked(words: Words) -> dict[str, str]:
    """Who voted how, under a number: one row a person, and one row a vote."""
    made = ConsensusMap.objects.get(assembly=words.assembly, version=words.frozen["map"]["version"])
    statements = dict(Statement.objects.filter(assembly=words.assembly).order_by("number").values_list("pk", "number"))
    voted: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"assembly": words.assembly.pk, "read_at": made.read_at})
        for participant, statement, choice in cursor.fetchall():
            voted.setdefault(participant, {})[statement] = choice
    numbers = _numbers(words)
    people = {person: numbers[person] for person in sorted(voted, key=lambda person: numbers[person])}
    return {
        "participants-votes.csv": _plain_csv(_matrix(words, made, people, statements, voted)),
        "votes.csv": _plain_csv(_votes(words, people, statements, voted)),
    }


Voted = dict[int, dict[int, int]]  # participant, statement, choice


def _matrix(
    words: Words, made: ConsensusMap, people: dict[int, int], statements: dict[int, int], voted: Voted
) -> Iterator[list[object]]:
    yield ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *statements.values()]
    letters, wrote = group_letters(made), _wrote(words)
    groups = {letter: place for place, letter in enumerate(sorted(set(letters.values())))}
    for person, number in people.items():
        own = voted[person]
        choices = list(own.values())
        about = [number, groups.get(letters.get(person, ""), ""), wrote.get(person, 0), len(own)]
        yield [*about, choices.count(1), choices.count(-1), *(own.get(statement, "") for statement in statements)]


def _votes(words: Words, people: dict[int, int], statements: dict[int, int], voted: Voted) -> Iterator[list[object]]:
    """Under the day of the map: when somebody voted would tell who it was."""
    yield ["timestamp", "datetime", "comment-id", "voter-id", "vote"]
    timestamp, date = _day(parse_datetime(words.frozen["map"]["made_at"]))
    for person, number in people.items():
        own = voted[person]
        for statement, comment in statements.items():
            if statement in own:
                yield [timestamp, date, comment, number, own[statement]]


def _day(moment: datetime) -> tuple[int, str]:
    """Midnight, as Polis writes times: in milliseconds and in words."""
    day = datetime.combine(moment.astimezone(UTC), datetime.min.time(), UTC)
    return int(day.timestamp() * 1000), day.date().isoformat()


def _numbers(words: Words) -> dict[int, int]:
    """A number for everybody, the same in every file of the assembly and in no order that tells anything."""
    people = Participant.objects.filter(assembly=words.assembly).values_list("pk", "public_id")
    secret = bytes(words.assembly.record_secret)
    drawn = sorted((hashlib.sha256(secret + public_id.encode()).digest(), pk) for pk, public_id in people)
    return {pk: place for place, (_hash, pk) in enumerate(drawn, start=1)}


def _wrote(words: Words) -> dict[int, int]:
    written: dict[int, int] = {}
    for author in Statement.objects.filter(assembly=words.assembly).shown().values_list("author", flat=True):
        written[author] = written.get(author, 0) + 1
    return written


def _readme(words: Words, names: list[str]) -> str:
    told = [
        in_language(words.frozen["asked"], words.language)["title"],
        words.address("report_version", words.report.version),
        f"SHA-256: {words.report.digest}",
        "",
        _("Agree is 1, disagree -1, pass 0. A cell without a number is one of fewer than five people."),
        _("Text that a spreadsheet would take for a formula begins with an apostrophe."),
    ]
    if words.is_for_archive:
        told.append(
            _(
                "The files participants-votes.csv and votes.csv put the votes of each person together, under a number. "
                "Do not pass them on: whoever knows a few votes of somebody can find the others. Votes that were "
                "changed or erased since the report are left out, so that sums can be smaller than in the report."
            )
        )
    return "\r\n".join([*told, "", *names, ""])
