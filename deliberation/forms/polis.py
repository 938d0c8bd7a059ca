"""A Polis export on disk, read strictly: what is wrong is named with its file and line, and nothing is guessed."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

from deliberation.actions.importing import LastVote, PolisComment, PolisExport
from deliberation.forms.text import NOT_TEXT, normalised
from deliberation.models import Choice, Decision

COMMENTS, VOTES, LAST_VOTES, SUMMARY = "comments.csv", "votes.csv", "participants-votes.csv", "summary.csv"
LARGEST_FILE = 256 * 1024 * 1024
MOST_VOTES = 2_000_000
MOST_COMMENTS = 20_000
LONGEST_BODY = 10_000

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")
CHOICES = {"1": Choice.AGREE, "-1": Choice.DISAGREE, "0": Choice.PASS}
DECISIONS = {"1": Decision.SHOWN, "-1": Decision.REJECTED, "0": None}
LAST_MOMENT = 253_402_300_799_999  # the end of the year 9999, in milliseconds

Files = dict[str, bytes]
Votes = dict[tuple[int, int], LastVote]


class BadExportError(Exception):
    """The export cannot be read; the message says which file and line, and why, in one sentence."""


class Row:
    """One record of a file that knows where it stands."""

    def __init__(self, file: str, line: int, columns: dict[str, int], cells: list[str]) -> None:
        self.file, self.line, self.columns, self.cells = file, line, columns, cells

    def __getitem__(self, column: str) -> str:
        return self.cells[self.columns[column]]

    def whole(self, column: str) -> int:
        cell = self[column]
        if not WHOLE_NUMBER.fullmatch(cell):
            raise self.bad(f"{column} is {_quoted(cell)}, which is not a whole number")
        return int(cell)

    def one_of(self, column: str, known: dict[str, object]) -> object:
        cell = self[column]
        if cell not in known:
            raise self.bad(f"{column} is {_quoted(cell)}; it can be {', '.join(known)}")
        return known[cell]

    def time(self) -> int:
        milliseconds = self.whole("timestamp")
        if not 0 <= milliseconds <= LAST_MOMENT:
            raise self.bad(f"timestamp is {milliseconds}, which is not a time in milliseconds")
        return milliseconds

    def bad(self, problem: str) -> BadExportError:
        return BadExportError(f"{self.file}, line {self.line}: {problem}.")


def read_files(directory: Path) -> Files:
    """The files of an export, as bytes. Raises BadExportError where the folder holds none."""
    if not directory.is_dir():
        raise BadExportError(f"There is no folder {directory}.")
    names = (COMMENTS, VOTES, LAST_VOTES, SUMMARY)
    files = {name: _read(directory / name) for name in names if (directory / name).exists()}
    if COMMENTS not in files:
        raise BadExportError(f"{directory} has no {COMMENTS}, so it is no Polis export.")
    if VOTES not in files and LAST_VOTES not in files:
        raise BadExportError(f"{directory} has neither {VOTES} nor {LAST_VOTES}, so there are no votes to import.")
    return files


def digest_of(files: Files) -> str:
    """SHA-256 over names and contents: the same export gives the same digest wherever it lies."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name} {len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()


def read_export(files: Files, name: str) -> PolisExport:
    """The export in these files. Raises BadExportError."""
    comments = _comments(files[COMMENTS])
    columns = {int(column) for column in _comment_columns(files.get(LAST_VOTES, b""))}
    votes, events = _votes(files, comments.keys() | columns)
    for voted in sorted({comment for _, comment in votes} - comments.keys()):
        comments[voted] = PolisComment(voted, author=None, decision=None, text="")
    summary = _summary(files)
    return PolisExport(
        name=name,
        digest=digest_of(files),
        topic=_readable(summary.get("topic", "")),
        description=_readable(summary.get("conversation-description", "")),
        url=_readable(summary.get("url", "")),
        comments=[comments[id] for id in sorted(comments)],
        votes=votes,
        events=events,
    )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadExportError(
                f"{path.name} is larger than {LARGEST_FILE // 1024**2} MiB, the most that can be imported."
            )
        return path.read_bytes()
    except OSError as error:
        raise BadExportError(f"{path.name} cannot be read: {error.strerror}.") from error


def _comments(data: bytes) -> dict[int, PolisComment]:
    comments: dict[int, PolisComment] = {}
    for row in _rows(COMMENTS, data, ("comment-id", "author-id", "moderated", "comment-body")):
        id = row.whole("comment-id")
        if id in comments:
            raise row.bad(f"comment-id {id} stands here a second time")
        if len(row["comment-body"]) > LONGEST_BODY:
            raise row.bad(f"comment-body is longer than {LONGEST_BODY:,} characters")
        if len(comments) == MOST_COMMENTS:
            raise row.bad(f"there are more than {MOST_COMMENTS:,} comments, the most that can be imported")
        comments[id] = PolisComment(
            id=id,
            author=row.whole("author-id") if row["author-id"] else None,
            decision=row.one_of("moderated", DECISIONS),
            text=_readable(row["comment-body"]),
        )
    return comments


def _votes(files: Files, known: set[int]) -> tuple[Votes, int | None]:
    if VOTES in files:
        return _votes_from_events(files[VOTES], known)
    return _votes_from_columns(files[LAST_VOTES]), None


def _votes_from_events(data: bytes, known: set[int]) -> tuple[Votes, int]:
    """The event with the latest time counts, and of several at one time the one further down."""
    votes: Votes = {}
    events = 0
    for events, row in enumerate(_rows(VOTES, data, ("timestamp", "comment-id", "voter-id", "vote")), start=1):
        choice, comment, at = row.one_of("vote", CHOICES), row.whole("comment-id"), row.time()
        if comment not in known:
            raise row.bad(f"comment-id {comment} is in no other file of this export")
        if events > MOST_VOTES:
            raise row.bad(f"there are more than {MOST_VOTES:,} votes, the most that can be imported")
        pair = (row.whole("voter-id"), comment)
        votes[pair] = _after(votes.get(pair), choice, at)
    return votes, events


def _after(earlier: LastVote | None, choice: Choice, at: int) -> LastVote:
    if earlier is None:
        return LastVote(choice, 1, at, at)
    counts = at >= earlier.last_at
    return LastVote(
        choice if counts else earlier.choice,
        earlier.events + 1,
        min(at, earlier.first_at),
        max(at, earlier.last_at),
    )


def _votes_from_columns(data: bytes) -> Votes:
    votes: Votes = {}
    seen: set[int] = set()
    comments = _comment_columns(data)
    for row in _rows(LAST_VOTES, data, ("participant",)):
        participant = row.whole("participant")
        if participant in seen:
            raise row.bad(f"participant {participant} stands here a second time")
        seen.add(participant)
        votes |= {
            (participant, int(column)): LastVote(row.one_of(column, CHOICES)) for column in comments if row[column]
        }
        if len(votes) > MOST_VOTES:
            raise row.bad(f"there are more than {MOST_VOTES:,} votes, the most that can be imported")
    return votes


def _comment_columns(data: bytes) -> list[str]:
    """The columns of participants-votes.csv that are comments: those whose name is a number."""
    _line, header = next(_records(LAST_VOTES, data), (1, []))
    return [column for column in header if WHOLE_NUMBER.fullmatch(column)]


def _summary(files: Files) -> dict[str, str]:
    records = _records(SUMMARY, files.get(SUMMARY, b""))
    return {cells[0]: cells[1] for _line, cells in records if len(cells) > 1}


def _rows(file: str, data: bytes, needed: tuple[str, ...]) -> Iterator[Row]:
    records = _records(file, data)
    line, header = next(records, (1, []))
    if missing := [column for column in needed if column not in header]:
        raise BadExportError(f"{file}, line {line}: the column {missing[0]} is missing.")
    if len(set(header)) < len(header):
        twice = next(column for column in header if header.count(column) > 1)
        raise BadExportError(f"{file}, line {line}: the column {_quoted(twice)} stands there twice.")
    columns = {name: place for place, name in enumerate(header)}
    for line, cells in records:
        if len(cells) != len(header):
            raise BadExportError(
                f"{file}, line {line}: there are {len(cells)} cells where the header has {len(header)}."
            )
        yield Row(file, line, columns, cells)


def _records(file: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on; empty lines are passed over."""
    reader = csv.reader(io.StringIO(_decoded(file, data), newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadExportError(f"{file}, line {line}: this is not valid CSV ({error}).") from error
        if cells:
            yield line, cells


def _decoded(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadExportError(f"{file}, line {line}: byte {data[error.start]:#04x} is not UTF-8.") from error


def _readable(text: str) -> str:
    """Someone's words as our own forms would have kept them; what no form would take is left out, not refused."""
    return normalised(NOT_TEXT.sub("", text))


def _quoted(cell: str) -> str:
    return repr(cell if len(cell) <= 40 else cell[:39] + "…")
