"""A version of the summary with what facilitators did to it. Every number is counted anew; nobody types one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from deliberation.analysis.summary_document import sentences
from summarizer import wording
from summarizer.audit import Audit, corrected_share
from summarizer.edits import amounts_of_its_own

COUNTS_ONLY_BELOW = wording.COUNTS_ONLY_BELOW
FEWEST_PEOPLE = 3  # who make a key point; under that they are quoted one by one

Part = dict[str, Any]


class Said(NamedTuple):
    """What counting needs to know of an argument."""

    author: int
    group: str | None
    sha256: str


class Step(NamedTuple):
    """An argument taken from one key point to another of its side; "" is none."""

    argument: str
    leaves: str
    joins: str


class Edit(NamedTuple):
    """A person's words for a key point, and the arguments they rest on."""

    language: str
    cites: list[str]


class Place(NamedTuple):
    """Where a key point stands in a document."""

    proposal: Part
    side: Part
    point: Part

    @property
    def key(self) -> str:
        """What the point is called: the key of its quotation, which stays when the sentence is worded otherwise."""
        return key_of(self.point)

    @property
    def cites(self) -> list[str]:
        return list(self.point["quote"]["cites"])

    @property
    def has_too_few(self) -> bool:
        return bool(self.point["prevalence"]["n"] < FEWEST_PEOPLE)


def key_of(point: Part) -> str:
    return str(point["quote"]["key"])


def places(document: Part) -> Iterator[Place]:
    for proposal in document["proposals"]:
        for side in proposal["sides"]:
            yield from _places_of(proposal, side)


def _places_of(proposal: Part, side: Part) -> Iterator[Place]:
    yield from (Place(proposal, side, point) for point in side["points"])


def revised(
    document: Part,
    steps: Sequence[Step],
    verdicts: Mapping[str, Edit | None],
    shares: Mapping[str, tuple[list[float], int]],
    said: Mapping[str, Said],
) -> Part:
    """The document after all steps. A verdict on a point is an edit, or None for the quotation; a share comes with the
    number of arguments that people have read for it.

    Points that too few people are left in stay, so that a step can be undone; `settled` takes them out.
    """
    after = deepcopy(document)
    for step in steps:
        _take(after, step)
    _count_again(after, steps, said)
    for place in places(after):
        if place.key in verdicts:
            place.point["rewrite"] = _worded(place.point, verdicts[place.key])
        elif place.point["rewrite"] and not {*place.point["rewrite"]["cites"]} <= {*place.cites}:
            place.point["rewrite"] = None  # it rests on something that was moved away
        if place.key in shares:
            place.point["prevalence"]["interval"], place.point["prevalence"]["checked"] = shares[place.key]
    return after


def settled(document: Part, said: Mapping[str, Said]) -> Part:
    """The document as it may be published: what too few people are left in is told in single voices."""
    after = deepcopy(document)
    for place in [place for place in places(after) if place.has_too_few]:
        place.side["points"].remove(place.point)
        alone = [one for one in place.cites if one not in matched(place.side)]
        place.side["unmatched"] += alone
        if place.cites[0] in alone:
            place.side["voices"].append({**place.point["quote"], "cites": place.cites[:1]})
    cited = sorted({one for sentence in sentences(after) for one in sentence["cites"]})
    after["sources"] = {one: after["sources"].get(one) or said[one].sha256 for one in cited}
    return after


def may_leave(place: Place, argument: str) -> bool:
    """Not what the point is quoted from, nor what a person's edit rests on; a model's draft falls with its source."""
    rewrite = place.point["rewrite"]
    edited = rewrite["cites"] if rewrite and rewrite["gate"] is None else ()
    return argument not in {*place.cites[:1], *edited}


def amounts_made_up(words: str, sources: Sequence[str], language: str) -> tuple[str, ...]:
    """Numbers and words for amounts that an edit brings in without any of its sources saying them."""
    return amounts_of_its_own(words, sources, language)


def share_after_audit(people: int, of: int, cards: Iterable[tuple[bool, str]]) -> tuple[list[float], int] | None:
    """The corrected share with its bounds, and how many cards it rests on; None where too few could be judged.

    Each card is whether it was counted, and yes, no or unsure, which tells nothing.
    """
    read = [(counted, judgement == "yes") for counted, judgement in cards if judgement != "unsure"]
    matches, others = ([yes for counted, yes in read if counted is kind] for kind in (True, False))
    if (people and not matches) or (of - people and not others):
        return None
    return list(corrected_share(people, of, Audit(len(matches), sum(matches), len(others), sum(others)))), len(read)


def _take(document: Part, step: Step) -> None:
    here = [place for place in places(document) if place.key in (step.leaves, step.joins)]
    for place in here:
        left = [one for one in place.cites if one != step.argument]
        _set_sources(place.point, [*left, step.argument] if place.key == step.joins else left)
    side = here[0].side
    side["unmatched"] = [one for one in side["unmatched"] if one != step.argument]
    if step.argument in matched(side):
        side["voices"] = [voice for voice in side["voices"] if step.argument not in voice["cites"]]
    else:
        side["unmatched"].append(step.argument)


def _set_sources(point: Part, cites: list[str]) -> None:
    point["quote"]["cites"], point["prevalence"]["cites"] = cites, list(cites)


def matched(side: Part) -> set[str]:
    return {one for place in _places_of({}, side) for one in place.cites}


def _count_again(document: Part, steps: Sequence[Step], said: Mapping[str, Said]) -> None:
    """The points that steps touched and the sides they stand on; all else stays as it was counted."""
    touched = {key for step in steps for key in (step.leaves, step.joins)}
    for proposal in document["proposals"]:
        for side in proposal["sides"]:
            moved = [place for place in _places_of(proposal, side) if place.key in touched]
            for place in moved:
                _count_point(place, said)
            if moved:
                _count_side(side, said)


def _count_point(place: Place, said: Mapping[str, Said]) -> None:
    groups = list({said[one].author: said[one].group for one in place.cites}.values())
    prevalence = place.point["prevalence"]
    prevalence["n"] = len(groups)
    prevalence["text"] = wording.prevalence(place.side["side"], len(groups), place.side["people"])
    prevalence["per_group"] = {
        letter: {**counted, "n": groups.count(letter)} for letter, counted in prevalence["per_group"].items()
    }
    if place.point.get("copies"):
        place.point["copies"] = _count_copies(place, said)


def _count_copies(place: Place, said: Mapping[str, Said]) -> Part | None:
    copies = place.point["copies"]
    left = [one for one in copies["cites"] if one in place.cites]
    n = len({said[one].author for one in left})
    return {**copies, "cites": left, "n": n, "text": wording.nearly_the_same(n)} if n > 1 else None


def _count_side(side: Part, said: Mapping[str, Said]) -> None:
    told = [place for place in _places_of({}, side) if not place.has_too_few]
    covered, people = len({said[one].author for place in told for one in place.cites}), side["people"]
    text = wording.coverage(len(told), covered, people) if told else wording.no_shared_point(FEWEST_PEOPLE, people)
    side["covered"], side["coverage"] = covered, {**side["coverage"], "text": text, "n": covered}


def _worded(point: Part, edit: Edit | None) -> Part | None:
    if edit is None:
        return None
    words = {"kind": "rewrite", "language": edit.language, "cites": edit.cites, "gate": None, "place": None}
    return {**(point["rewrite"] or point["quote"]), **words}
