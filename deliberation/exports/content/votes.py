"""What was voted on: the map, its groups, common ground, what divides, views of a minority, every statement."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation.analysis.stability import stability_word
from deliberation.exports.content.blocks import Block, Cell, Heading, Paragraph, Picture, Share, Table, Voted
from deliberation.exports.content.words import StatementWords, Words, number

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
    if known:
        yield _with_numbers(known, letters, words)
    yield from _without_numbers(words)


def _with_numbers(known: list[dict[str, Any]], letters: list[str], words: Words) -> Table:
    head = (_("No."), _("Statement"), _("Agree"), _("Disagree"), _("Pass"))
    head += tuple(_("Group %(letter)s agrees") % {"letter": letter} for letter in letters)
    rows = tuple(_row(row, letters, words) for row in sorted(known, key=lambda row: row["number"]))
    caption = _("Every statement and its votes, map %(version)s") % {"version": words.frozen["map"]["version"]}
    return Table(caption, head, rows, (True, False, *(True,) * (3 + len(letters))))


def _without_numbers(words: Words) -> Iterator[Block]:
    """What too few have voted on, or what came after the map: in its words alone."""
    told = words.frozen["map"]
    few = [each["id"] for each in told["snapshot"]["waiting"] if each["id"] in words.statements]
    later = [each for each in words.frozen.get("unmapped", []) if each in words.statements]
    if few:
        yield Paragraph(
            ngettext(
                "About %(n)s statement nothing can be said yet, because fewer than five people have voted on it.",
                "About %(n)s statements nothing can be said yet, because fewer than five people have voted on each.",
                len(few),
            )
            % {"n": number(len(few))},
            "soft",
        )
    if later:
        yield Paragraph(
            ngettext(
                "%(n)s statement came after map %(version)s and is not counted in it.",
                "%(n)s statements came after map %(version)s and are not counted in it.",
                len(later),
            )
            % {"n": number(len(later)), "version": told["version"]},
            "soft",
        )
    if few or later:
        said = sorted((words.statements[each] for each in (*few, *later)), key=lambda each: each.number)
        rows = tuple((Cell(str(each.number), each.url), _speech(each)) for each in said)
        caption = _("Too few votes by map %(version)s to show numbers") % {"version": told["version"]}
        yield Table(caption, (_("No."), _("Statement")), rows, (True, False))


def _speech(said: StatementWords) -> Cell:
    return Cell(said.text, language=said.language, is_speech=True)


def _row(row: dict[str, Any], letters: list[str], words: Words) -> tuple[Cell, ...]:
    said = words.statements[row["id"]]
    return (
        Cell(str(row["number"]), said.url),
        _speech(said),
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
