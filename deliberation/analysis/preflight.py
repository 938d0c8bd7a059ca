"""What to look at in seed statements before anybody votes on them. Code compares words; people judge."""

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from deliberation.models import Assembly, Embedding, Statement, text_digest
from summarizer.near_copies import near_copies
from summarizer.similar import similar_texts

NEARLY_THE_SAME = 0.6  # of what sets texts apart from the others; offers beside a draft begin at 0.35
REFUSALS = re.compile(
    r"\b(?:not?|never|nobody|without|stop|cannot|\w+n['’]t|tidak|jangan|bukan|tanpa|belum|berhenti|tak)\b",
    re.IGNORECASE,
)


@dataclass
class Remarks:
    """What was noticed about one seed statement."""

    seed: Statement
    missing: list[str] = field(default_factory=list)
    same_in: list[str] = field(default_factory=list)
    alike: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Preflight:
    """`refusing`: how many are worded as a refusal; `compared`: whether meanings were compared, or words alone."""

    remarks: list[Remarks]
    refusing: int
    compared: bool


def look_over(assembly: Assembly) -> Preflight:
    seeds = list(assembly.statements.shown().filter(is_seed=True).prefetch_related("translations"))
    texts = {seed.pk: _texts_of(seed) for seed in seeds}
    remarks = {seed.pk: Remarks(seed, *_languages(texts[seed.pk], assembly.languages)) for seed in seeds}
    vectors = _vectors([text for each in texts.values() for text in each.values()])
    for one, other in {*_same_words(texts), *_same_meaning(texts, vectors)}:
        remarks[one].alike.append(remarks[other].seed.number)
    for each in remarks.values():
        each.alike.sort()
    refusing = sum(bool(REFUSALS.search(seed.text)) for seed in seeds)
    return Preflight(list(remarks.values()), refusing, bool(seeds) and len(vectors) > 0)


def _texts_of(seed: Statement) -> dict[str, str]:
    return {seed.language: seed.text} | {each.language: each.text for each in seed.translations.all()}


def _languages(texts: dict[str, str], wanted: list[str]) -> tuple[list[str], list[str]]:
    """Languages that are not written yet, and those that hold the very words of another."""
    times = Counter(texts.values())
    return [each for each in wanted if each not in texts], [code for code, text in texts.items() if times[text] > 1]


def _same_words(texts: dict[int, dict[str, str]]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for language in {code for each in texts.values() for code in each}:
        of_it = {str(pk): each[language] for pk, each in texts.items() if language in each}
        for group in near_copies(of_it):
            found |= {(int(one), int(other)) for one in group for other in group if one != other}
    return found


def _same_meaning(texts: dict[int, dict[str, str]], vectors: dict[bytes, np.ndarray]) -> set[tuple[int, int]]:
    """Pairs whose vectors are near each other, where a worker has made them already."""
    rows = [(pk, code, text_digest(text)) for pk, each in texts.items() for code, text in each.items()]
    rows = [row for row in rows if row[2] in vectors]
    if not rows:
        return set()
    everything, languages = np.stack([vectors[digest] for *_, digest in rows]), [code for _, code, _ in rows]
    found: set[tuple[int, int]] = set()
    for pk, code, digest in rows:
        others = {place for place, row in enumerate(rows) if row[0] != pk and row[1] == code}
        near = similar_texts(vectors[digest], code, everything, languages, at_least=NEARLY_THE_SAME, among=others)
        found |= {pair for each in near for pair in ((pk, rows[each.row][0]), (rows[each.row][0], pk))}
    return found


def _vectors(texts: list[str]) -> dict[bytes, np.ndarray]:
    """Of the encoder that has met most of these texts: no model is loaded for a page."""
    kept = list(Embedding.objects.filter(text_digest__in={text_digest(text) for text in texts}))
    if not kept:
        return {}
    usual = Counter(each.encoder for each in kept).most_common(1)[0][0]
    return {
        bytes(each.text_digest): np.frombuffer(bytes(each.vector), dtype="<f4")
        for each in kept
        if each.encoder == usual
    }
