"""What a draft is like: which contributions say something similar, and in which language it seems to be written."""

from functools import cache
from typing import NamedTuple

import numpy as np

from deliberation.analysis.embedding import encoder, kept_vectors
from deliberation.models import Draft, Side, text_digest
from summarizer.language import LanguageDetector
from summarizer.similar import similar_texts

MOST = 3


class Reading(NamedTuple):
    """Public ids of similar contributions, the most similar first; the language, empty where it is unsure."""

    similar: list[str]
    language: str


class Said(NamedTuple):
    """A contribution that is shown, in one of its languages, and whether it may be offered beside this draft."""

    public_id: str
    text: str
    language: str
    fits: bool


def reading_of(draft: Draft) -> Reading:
    """Read a draft with the models. Its own vector is not kept: drafts come and go with every pause in typing."""
    assembly = draft.participant.assembly
    language = detector(tuple(assembly.languages)).language_of(draft.text, otherwise="")
    said = _said_about(draft)
    vectors = kept_vectors(text_digest(each.text) for each in said)
    said = [each for each in said if text_digest(each.text) in vectors]
    if not any(each.fits for each in said):
        return Reading([], language)
    rows = similar_texts(
        encoder().encode([draft.text])[0],
        draft.language or language or draft.participant.language,
        np.stack([vectors[text_digest(each.text)] for each in said]),
        [each.language for each in said],
        most=2 * MOST,
        among={row for row, each in enumerate(said) if each.fits},
    )
    found = dict.fromkeys(said[each.row].public_id for each in rows)  # one that stands in two languages is one
    return Reading(list(found)[:MOST], language)


@cache
def detector(languages: tuple[str, ...]) -> LanguageDetector:
    return LanguageDetector(languages)


def _said_about(draft: Draft) -> list[Said]:
    """Statements beside a statement. For an argument all arguments of the assembly, as the yardstick of what is usual;
    those that fit stand on the same side of the same proposal."""
    assembly = draft.participant.assembly
    if draft.proposal_id is None:
        shown = assembly.statements.shown()
        translated = shown.filter(translations__isnull=False)
        rows = [*shown.values_list("public_id", "text", "language")]
        rows += translated.values_list("public_id", "translations__text", "translations__language")
        return [Said(*row, fits=True) for row in rows]
    sides = {draft.side} if draft.side else set(Side.values)
    rows = assembly.arguments.shown().values_list("public_id", "text", "language", "proposal", "side")
    return [Said(*row, fits=proposal == draft.proposal_id and side in sides) for *row, proposal, side in rows]
