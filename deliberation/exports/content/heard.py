"""What was heard: the points of the frozen summary with everyone they stand for, and the arguments on each proposal."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation.exports.content.blocks import Block, Cell, Heading, Paragraph, Said, Table
from deliberation.exports.content.words import Words, in_language, number, sha256
from deliberation.models import RankingTurn, Side

Sentence = dict[str, Any]
FORMAT = 2  # of a summary's document


def key_points(words: Words) -> Iterator[Block]:
    document = _document(words)
    titles = {each["id"]: each for each in words.frozen["proposals"]}
    for proposal in document.get("proposals", []):
        if proposal["id"] not in titles or not any(side["people"] for side in proposal["sides"]):
            continue
        title = titles[proposal["id"]]
        name = in_language(title["titles"], words.language)
        yield Heading(f"{title['number']}. {name}", url=words.address("proposal", proposal["id"]))
        for side in proposal["sides"]:
            yield from _side(side, document["sources"], words)


def _document(words: Words) -> dict[str, Any]:
    frozen = words.frozen["summary"]
    return frozen["document"] if frozen and frozen["document"].get("format") == FORMAT else {}


def _side(side: dict[str, Any], sources: dict[str, str], words: Words) -> Iterator[Block]:
    told = [said for point in side["points"] if (said := _point(point, sources, words))]
    voices = [said for voice in side["voices"] if (said := _sentence(voice, sources, words))]
    others = _others(side, words)
    if not told and not voices and not others:
        return
    yield Heading(str(Side(side["side"]).heading), level=3)
    if told:
        counts = {"n": number(side["covered"]), "total": number(side["people"])}
        yield Paragraph(_("These points stand for %(n)s of %(total)s people who wrote here.") % counts, "soft")
        yield from told
    if voices:
        yield Paragraph(_("Single voices to read next:") if told else _too_few(side), "soft")
        yield from voices
    if others:
        yield Paragraph(_("What no point above stands for, word for word:"), "soft")
        yield from others
    elif side["unmatched"] and not words.names_people:
        yield Paragraph(_unmatched(len(side["unmatched"])), "soft")


def _others(side: dict[str, Any], words: Words) -> list[Said]:
    """To the commissioner and the archive also every argument that neither a point nor a single voice tells."""
    if not words.names_people:
        return []
    read = {voice["place"]["id"] for voice in side["voices"]}
    return [said for each in side["unmatched"] if each not in read and (said := words.argument_said(each))]


def _too_few(side: dict[str, Any]) -> str:
    return _("%(n)s people wrote here; too few said the same to count it. To read first:") % {
        "n": number(side["people"])
    }


def _unmatched(count: int) -> str:
    return ngettext(
        "%(n)s argument is not reflected here. It stands in its own words on the page of the proposal.",
        "%(n)s arguments are not reflected here. They stand in their own words on the page of the proposal.",
        count,
    ) % {"n": number(count)}


def _point(point: dict[str, Any], sources: dict[str, str], words: Words) -> Said | None:
    """A sentence that somebody ticked beside its sources, else the quotation itself."""
    rewrite, counted = point["rewrite"], _counted(point["prevalence"])
    wording = words.wordings.get(rewrite["key"]) if rewrite else None
    if wording and _holds(rewrite["cites"], sources, words):
        return Said(wording.text, wording.language, counted, sources=words.cite(rewrite["cites"]), is_quote=False)
    return _sentence(point["quote"], sources, words, counted)


def _sentence(sentence: Sentence, sources: dict[str, str], words: Words, note: str = "") -> Said | None:
    """The words quoted as they stand today; None where they were changed, or must not be quoted."""
    place = sentence["place"]
    source = words.arguments.get(place["id"])
    if source is None or not source.is_quotable or not _holds([place["id"]], sources, words):
        return None
    by = source.author if words.names_people else ""
    text = source.text[place["start"] : place["end"]]
    return Said(text, source.language, note, by, source.url, words.cite(sentence["cites"]))


def _holds(ids: list[str], sources: dict[str, str], words: Words) -> bool:
    return all(each in words.arguments and sha256(words.arguments[each].text) == sources.get(each) for each in ids)


def _counted(sentence: Sentence) -> str:
    counts = {"n": number(sentence["n"]), "total": number(sentence["denominator"])}
    return (
        ngettext("%(n)s of %(total)s people who wrote here", "%(n)s of %(total)s people who wrote here", sentence["n"])
        % counts
    )


def proposals(words: Words) -> Iterator[Block]:
    listed = words.frozen["proposals"]
    if not listed:
        return
    rows = tuple(
        (
            Cell(str(each["number"]), words.address("proposal", each["id"])),
            Cell(in_language(each["titles"], words.language)),
            *(Cell(number(each["arguments"][side.value])) for side in Side),
        )
        for each in listed
    )
    head = (_("No."), _("Proposal"), *(str(side.label) for side in Side))
    yield Table(_("How many arguments were written, by side"), head, rows, (True, False, *(True,) * len(Side)))
    if words.is_for_archive:
        yield from _word_for_word(words)


def _word_for_word(words: Words) -> Iterator[Block]:
    for each in words.frozen["proposals"]:
        said = [argument for argument in words.arguments.values() if argument.proposal == each["id"]]
        if said:
            yield Heading(f"{each['number']}. {in_language(each['titles'], words.language)}")
        for argument in said:
            if (told := words.argument_said(argument.public_id, str(Side(argument.side).label))) is not None:
                yield told


def drafting(words: Words) -> Iterator[Block]:
    """What was ranked against each other, and what came out."""
    for each in words.frozen.get("drafting", []):
        if each["turns"]:
            url = words.address("drafting_round", each["id"])
            yield Heading(f"{each['number']}. {in_language(each['questions'], words.language)}", url=url)
        for turn in each["turns"]:
            yield from _ranked(turn, words)


def _ranked(turn: dict[str, Any], words: Words) -> Iterator[Block]:
    people = ngettext("%(n)s person ranked them.", "%(n)s people ranked them.", turn["rankings"])
    counted = people % {"n": number(turn["rankings"])}
    if turn["turn"] == RankingTurn.SECOND:
        yield Paragraph(_("After objections the first was written anew, and everybody could rank once more."))
    if not turn["counted"]:
        too_few = _("Of fewer than five, no result is told.")
        yield Paragraph(f"{counted} {too_few}")
        return
    in_order = _("In the order that all rankings together prefer:")
    yield Paragraph(f"{counted} {in_order}", "soft")
    for place, public_id in enumerate(turn["order"], start=1):
        if public_id in words.candidates:
            text, language = words.candidates[public_id]
            note = _("place %(n)s") % {"n": number(place)}
            if public_id in turn["winners"]:
                preferred = _("preferred to every other")
                note = f"{note} · {preferred}"
            yield Said(text, language, note, is_quote=False)


def sources(words: Words) -> Iterator[Block]:
    """Every contribution that the sections before this one rest on, under the number that they gave it."""
    if not words.cited:
        return
    yield Paragraph(
        _("A sentence names by number what it rests on. Each contribution can be read on the page of its proposal."),
        "soft",
    )
    cited = [(n, words.arguments[public_id]) for public_id, n in words.cited.items()]
    rows = tuple(
        (
            Cell(str(n), argument.url),
            Cell(argument.public_id, argument.url),
            Cell(str(Side(argument.side).label)),
            *((Cell(argument.author),) if words.names_people else ()),
        )
        for n, argument in sorted(cited, key=lambda each: each[0])
    )
    head = (_("No."), _("Argument"), _("Side"), *((_("Written by"),) if words.names_people else ()))
    yield Table(_("Sources"), head, rows, (True, *(False,) * (len(head) - 1)))
