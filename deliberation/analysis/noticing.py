"""What models notice in words that wait for a moderator. It is shown to moderators alone, and decides nothing."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Exists, F, OuterRef

from deliberation.analysis.embedding import kept_vectors, vectors_of
from deliberation.analysis.similar import detector
from deliberation.models import (
    Argument,
    Assembly,
    ContributionReading,
    Noticed,
    Objection,
    Question,
    Statement,
    StatementText,
    text_digest,
)
from deliberation.models.embedding import TextDigest
from summarizer.attacks import attacks
from summarizer.far_off import far_off
from summarizer.personal_data import personal_data
from summarizer.similar import similar_texts

KINDS = (Statement, Argument, Objection, Question)
NEARLY_THE_SAME = 0.6  # of the twelve closest pairs of a Polis conversation above this, nine say the same

Contribution = Statement | Argument | Objection | Question
Compared = Statement | Argument | Question  # with one another; an objection is about one draft alone
Suggestion = dict[str, Any]


def read_waiting(most: int = 4) -> int:
    """Read contributions that wait for a moderator and were not read yet, a few at a time; how many there were."""
    found: list[Contribution] = []
    for kind in KINDS:
        read = {kind._meta.model_name: OuterRef("pk"), "text_digest": OuterRef("digest")}
        fresh = kind.objects.waiting().annotate(digest=TextDigest(F("text")))
        fresh = fresh.filter(~Exists(ContributionReading.objects.filter(**read))).select_related("assembly")
        found += fresh.order_by("-pk")[: most - len(found)]
    for assembly in {each.assembly for each in found}:
        said = Said(assembly)
        for contribution in (each for each in found if each.assembly == assembly):
            _keep(contribution, noticed_in(contribution, said))
    return len(found)


def _keep(contribution: Contribution, noticed: list[Suggestion]) -> None:
    about = {contribution._meta.model_name: contribution}
    told = {"text_digest": text_digest(contribution.text), "noticed": noticed}
    ContributionReading.objects.update_or_create(**about, defaults=told)


class Row(NamedTuple):
    public_id: str
    text: str
    language: str
    place: tuple[Any, ...]  # what may say the same as one another stands in one place


class Said:
    """What everybody may read in an assembly and is encoded, looked up once for all that is compared with it."""

    def __init__(self, assembly: Assembly) -> None:
        kinds = (Statement, Argument)
        said = [each for kind in kinds for each in kind.objects.filter(assembly=assembly).on_their_own().order_by("pk")]
        asked = Question.objects.filter(assembly=assembly).shown().order_by("pk")
        rows = [*map(_row, said), *_translations(assembly), *map(_row, asked)]
        vectors = kept_vectors(text_digest(each.text) for each in rows)
        self.rows = [each for each in rows if text_digest(each.text) in vectors]
        self.vectors = np.array([vectors[text_digest(each.text)] for each in self.rows], np.float32)


def _row(each: Compared) -> Row:
    return Row(each.public_id, each.text, each.language, _place(each))


def _place(each: Compared) -> tuple[Any, ...]:
    if isinstance(each, Argument):
        return (each.proposal_id, each.side)
    return ("question",) if isinstance(each, Question) else ()


def _translations(assembly: Assembly) -> list[Row]:
    shown = Statement.objects.filter(assembly=assembly).on_their_own()
    found = StatementText.objects.filter(statement__in=shown).select_related("statement").order_by("pk")
    return [Row(each.statement.public_id, each.text, each.language, ()) for each in found]


def noticed_in(contribution: Contribution, said: Said) -> list[Suggestion]:
    """What speaks for another look, with the reason of each: numbers, places and ids, none of the words."""
    found = [*_attacks(contribution), *_language(contribution), *_personal_data(contribution)]
    if not isinstance(contribution, Objection):
        found += _compared(contribution, said)
    return found


def _language(contribution: Contribution) -> list[Suggestion]:
    seems = detector(tuple(contribution.assembly.languages)).language_of(contribution.text, contribution.language)
    return [{"what": Noticed.LANGUAGE, "language": seems}] if seems != contribution.language else []


def _personal_data(contribution: Contribution) -> list[Suggestion]:
    found = personal_data(contribution.text, contribution.assembly.languages)
    places = [[each.kind, each.start, each.end] for each in found]
    return [{"what": Noticed.PERSONAL_DATA, "places": places}] if places else []


def _attacks(contribution: Contribution) -> list[Suggestion]:
    places = [[each.kind, each.start, each.end] for each in attacks(contribution.text)]
    return [{"what": Noticed.ATTACK, "places": places}] if places else []


def _compared(contribution: Compared, said: Said) -> list[Suggestion]:
    others = [place for place, row in enumerate(said.rows) if row.public_id != contribution.public_id]
    if not others:
        return []
    rows, own = [said.rows[place] for place in others], _row(contribution)
    vectors, vector = said.vectors[others], vectors_of([contribution.text])[0]
    languages = [row.language for row in rows]
    return [*_same(own, vector, rows, vectors), *_far(vector, own.language, languages, vectors)]


def _same(own: Row, vector: np.ndarray, rows: Sequence[Row], vectors: np.ndarray) -> list[Suggestion]:
    among = {place for place, row in enumerate(rows) if row.place == own.place}
    languages = [row.language for row in rows]
    found = similar_texts(vector, own.language, vectors, languages, most=1, at_least=NEARLY_THE_SAME, among=among)
    return [{"what": Noticed.SAME, "of": rows[each.row].public_id, "closeness": each.closeness} for each in found]


def _far(vector: np.ndarray, language: str, languages: list[str], vectors: np.ndarray) -> list[Suggestion]:
    found = far_off(np.vstack([vectors, vector]), [*languages, language], among=[len(vectors)])
    return [{"what": Noticed.OFF_QUESTION, "closeness": each.closeness, "usual": each.usual} for each in found]
