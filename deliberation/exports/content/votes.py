"""What was voted on: the map, its groups, common ground, what divides, views of a minority, every statement."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation.analysis.stability import stability_word
from deliberation.exports.content.blocks import Block, Cell, Heading, Paragraph, Picture, Share, Table, Voted
from deliberation.exports.content.words import Words, number

FEW = 5  # of the views of a minority, the clearest


def the_map(words: Words) -> Iterator[Block]:
    snapshot = words.frozen["map"]["snapshot"]
    word = stability_word(snapshot["tested"])
    firm = _("The groups are %(word)s.") % {"word": word} if word else ""
    yield Paragraph(f"{standing(snapshot)} {firm}".strip(), "lead")
    if snapshot["land"]:
        keys = (
            _("common ground"),
            _("divides the groups"),
            _("People who answer alike stand near each other; a number is that of a statement."),
        )
        yield Picture(_("Map of opinions; the sections below say in words what it shows."), keys, snapshot)


def standing(snapshot: dict[str, Any]) -> str:
    counts = _("%(n)s people have voted %(votes)s times.") % {
        "n": number(snapshot["participants"]),
        "votes": number(snapshot["votes"]),
    }
    if not snapshot["stable"]:
        too_early = _("No stable groups yet: it is too early to tell.")
        return f"{too_early} {counts}"
    formed = ngettext("One opinion group has formed.", "%(n)s opinion groups have formed.", len(snapshot["groups"])) % {
        "n": len(snapshot["groups"])
    }
    return f"{formed} {counts}"


def groups(words: Words) -> Iterator[Block]:
    """Each group in statements its members voted on; what they wrote is never counted as a group's."""
    for group in words.frozen["map"]["snapshot"]["groups"]:
        size = ngettext("%(n)s person", "%(n)s people", group["size"]) % {"n": number(group["size"])}
        name = _("Group %(letter)s") % group
        yield Heading(f"{name} · {size}", letter=group["letter"])
        for each in group["representative"]:
            yield from _voted(words, each["id"], lambda _row, each=each: (_typical(each),))


def common_ground(words: Words) -> Iterator[Block]:
    yield from _listed(
        words,
        words.frozen["map"]["snapshot"]["common_ground"],
        _("Nothing yet that most people in every group agree with."),
    )


def divides(words: Words) -> Iterator[Block]:
    snapshot = words.frozen["map"]["snapshot"]
    if snapshot["stable"]:
        yield from _listed(
            words,
            snapshot["divides"],
            _("On no statement do the groups differ so much that it could not be chance."),
        )


def minority(words: Words) -> Iterator[Block]:
    """What most of one group holds against most of all who voted: it must not be lost in a majority."""
    snapshot = words.frozen["map"]["snapshot"]
    if not snapshot["stable"]:
        return
    yield Paragraph(_("What most of one group wants and most of all who voted do not, or the other way round."), "soft")
    against = sorted(
        (standing_alone(row), row["id"]) for row in snapshot["statements"] if standing_alone(row) and row["differs"]
    )
    ids = [id for _much, id in reversed(against[-FEW:])]
    yield from _listed(words, ids, _("No group stands alone against most of the others."))


def standing_alone(row: dict[str, Any]) -> float:
    """How far the group that differs most from everybody's majority is on the other side of one half; 0 if none is."""
    everybody = _leaning(row["agree"], row["disagree"])
    others = [_leaning(each["agree"], each["disagree"]) for each in row["groups"].values() if each]
    return max((abs(each) for each in others if each * everybody < 0), default=0.0)


def _leaning(agree: int, disagree: int) -> float:
    return (agree - disagree) / (agree + disagree) if agree + disagree else 0.0


def statements(words: Words) -> Iterator[Block]:
    snapshot = words.frozen["map"]["snapshot"]
    letters = [group["letter"] for group in snapshot["groups"]]
    known = [row for row in snapshot["statements"] if row["id"] in words.statements]
    head = (_("No."), _("Statement"), _("Agree"), _("Disagree"), _("Pass"))
    head += tuple(_("Group %(letter)s agrees") % {"letter": letter} for letter in letters)
    rows = tuple(_row(row, letters, words) for row in sorted(known, key=lambda row: row["number"]))
    caption = _("Every statement and its votes, map %(version)s") % {"version": words.frozen["map"]["version"]}
    yield Table(caption, head, rows, (True, False, *(True,) * (3 + len(letters))))
    waiting = sum(each["id"] in words.statements for each in snapshot["waiting"])
    if waiting:
        yield Paragraph(
            ngettext(
                "About %(n)s statement nothing can be said yet, because fewer than five people have voted on it.",
                "About %(n)s statements nothing can be said yet, because fewer than five people have voted on each.",
                waiting,
            )
            % {"n": number(waiting)},
            "soft",
        )


def _row(row: dict[str, Any], letters: list[str], words: Words) -> tuple[Cell, ...]:
    said = words.statements[row["id"]]
    return (
        Cell(str(row["number"]), said.url),
        Cell(said.text, language=said.language, is_speech=True),
        *(Cell(number(row[key])) for key in ("agree", "disagree", "pass")),
        *(Cell(_share(row["groups"].get(letter))) for letter in letters),
    )


def _share(counts: dict[str, int] | None) -> str:
    if counts is None:
        return "–"
    return _("%(n)s of %(total)s") % {"n": number(counts["agree"]), "total": number(counts["votes"])}


def _listed(words: Words, ids: Iterable[str], otherwise: str) -> Iterator[Block]:
    listed = [block for each in ids for block in _voted(words, each, _shares)]
    yield from listed or [Paragraph(otherwise)]


def _voted(words: Words, public_id: str, shares: Any) -> Iterator[Voted]:
    """The statement with its shares; nothing where it is gone since."""
    said = words.statements.get(public_id)
    row = next((row for row in words.frozen["map"]["snapshot"]["statements"] if row["id"] == public_id), None)
    if said is not None and row is not None:
        yield Voted(said.number, said.text, said.language, said.url, shares(row))


def _shares(row: dict[str, Any]) -> tuple[Share, ...]:
    if not row["groups"]:
        return (_agreed(row, row["agree"] + row["disagree"] + row["pass"]),)
    return tuple(
        Share(_("fewer than five votes: not shown"), letter)
        if counts is None
        else _agreed(counts, counts["votes"], letter)
        for letter, counts in sorted(row["groups"].items())
    )


def _agreed(counts: dict[str, int], votes: int, letter: str = "") -> Share:
    text = _("%(n)s of %(total)s agree") % {"n": number(counts["agree"]), "total": number(votes)}
    return Share(text, letter, (counts["agree"], counts["disagree"], votes))


def _typical(each: dict[str, Any]) -> Share:
    if each["side"] == "agree":
        return _agreed(each, each["votes"])
    text = _("%(n)s of %(total)s disagree") % {"n": number(each["disagree"]), "total": number(each["votes"])}
    return Share(text, "", (each["agree"], each["disagree"], each["votes"]))
