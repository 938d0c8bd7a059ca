"""Gate A: whether a rewrite of a key point says only what its sources say. Deterministic, no model.

It cannot see a contradiction made of the same words, so without an entailment model (Gate B) only compression passes:
the words of one cited sentence in their order, or two such sentences joined by "and", "dan" or a semicolon.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.flags import flag
from summarizer.protected_words import ADDABLE, CLAUSE_OPENERS, CONJUNCTIONS, FUNCTION_WORDS, LIMITING, PROTECTED
from summarizer.text import fold, sentences
from summarizer.tokens import Token, stem, tokens

GATE_A = "A"
GATE_A_AND_B = "A and B"


@dataclass(frozen=True)
class Source:
    """A sentence or argument that the rewrite may rest on; the first of a list is the medoid that is quoted."""

    author: str
    side: str
    language: str
    text: str


@dataclass(frozen=True)
class GateOptions:
    content_found: float = 0.85
    shortest: float = 0.5
    longest: float = 1.6
    most_words: int = 30
    entailment: float = 0.9
    contradiction: float = 0.1


@dataclass(frozen=True)
class Verdict:
    """Accepted by `gate`, or the reasons against it, in the order in which they were found."""

    gate: str | None
    reasons: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return self.gate is not None


class Entailment(Protocol):
    """Gate B: probabilities that the premise entails and that it contradicts the hypothesis."""

    def judge(self, premise: str, hypothesis: str) -> tuple[float, float]: ...


def check(
    rewrite: str,
    sources: Sequence[Source],
    language: str,
    entailment: Entailment | None = None,
    options: GateOptions | None = None,
) -> Verdict:
    """Whether `rewrite`, in `language` ("en" or "id"), may stand for its sources; sources[0] is the medoid.

    Raises ValueError without sources and KeyError for a language that has no word lists.
    """
    if not sources:
        raise ValueError("a rewrite rests on at least one source")
    options = options or GateOptions()
    readable = [source for source in sources if flag(source.text) is None and source.language == language]
    if not readable or readable[0] != sources[0]:
        return Verdict(None, ("its quoted sentence is in another language or flagged",))
    reasons = list(_reasons(rewrite, readable, language, options))
    if entailment and not reasons:
        if _entailed(rewrite, readable[0], entailment, options):
            return Verdict(GATE_A_AND_B, ())
        reasons.append("the quoted sentence does not entail it")
    elif not entailment and not _is_compression(rewrite, readable, language):
        reasons.append("it is no compression of what was said")
    return Verdict(None, tuple(reasons)) if reasons else Verdict(GATE_A, ())


def _reasons(rewrite: str, sources: Sequence[Source], language: str, options: GateOptions) -> Iterator[str]:
    if len({source.side for source in sources}) > 1:
        yield "its sources are on different sides"
    if flag(rewrite):
        yield "it reads like an instruction or holds personal data"
    said = tokens(rewrite)
    medoid = tokens(sources[0].text)
    if not options.shortest * len(medoid) <= len(said) <= min(options.longest * len(medoid), options.most_words):
        yield "its length is not that of its source"
    if not _literal(said) <= _literal(token for source in sources for token in tokens(source.text)):
        yield "a name or number is not in its sources"
    supported = _supported_stems(sources, language)
    content = [stem(token.word, language) for token in said if _is_content(token, language)]
    if content and sum(word in supported for word in content) < options.content_found * len(content):
        yield "its words are not those of its quoted sentence or of two others"
    majority = _majority_classes(sources, language)
    if added := sorted(_classes(said, language) - majority):
        yield f"it adds {', '.join(added)} that most of its sources lack"


def _is_content(token: Token, language: str) -> bool:
    return token.word not in FUNCTION_WORDS[language] and token.word not in ADDABLE[language]


def _literal(found: Iterable[Token]) -> set[str]:
    return {token.original for token in found if token.is_number or token.is_name}


def _supported_stems(sources: Sequence[Source], language: str) -> set[str]:
    """Stems of the medoid, and those that at least two other people used: one hostile text supports nothing."""
    medoid = {stem(token.word, language) for token in tokens(sources[0].text)}
    stems_by_author: dict[str, set[str]] = {}
    for source in sources[1:]:
        if source.author != sources[0].author:
            stems = {stem(token.word, language) for token in tokens(source.text)}
            stems_by_author[source.author] = stems_by_author.get(source.author, set()) | stems
    people = Counter(word for stems in stems_by_author.values() for word in stems)
    return medoid | {word for word, count in people.items() if count >= 2}


def _majority_classes(sources: Sequence[Source], language: str) -> set[str]:
    """Protected classes that the medoid uses or more than half of the sources do."""
    counts = Counter(found for source in sources for found in _classes(tokens(source.text), language))
    half = len(sources) / 2
    return {found for found, count in counts.items() if count > half} | _classes(tokens(sources[0].text), language)


def _classes(found: Iterable[Token], language: str) -> set[str]:
    words = {token.word for token in found}
    return {name for name, protected in PROTECTED[language].items() if name != "relation" and words & protected}


def _entailed(rewrite: str, medoid: Source, entailment: Entailment, options: GateOptions) -> bool:
    entailed, contradicted = entailment.judge(medoid.text, rewrite)
    return entailed >= options.entailment and contradicted <= options.contradiction


def _is_compression(rewrite: str, sources: Sequence[Source], language: str) -> bool:
    supported = _supported_stems(sources, language)
    cited = [
        sentence_tokens
        for position, source in enumerate(sources)
        for sentence in sentences(fold(source.text))
        if _may_be_used(sentence_tokens := tokens(sentence), position, supported, language)
    ]
    return any(
        all(any(_compresses(part, sentence, language) for sentence in cited) for part in parts)
        for parts in _splits(tokens(rewrite), language)
    )


def _may_be_used(sentence: Sequence[Token], position: int, supported: set[str], language: str) -> bool:
    """The medoid's sentences may be used; another person's only if all its content has support."""
    content = [stem(token.word, language) for token in sentence if _is_content(token, language)]
    return position == 0 or all(word in supported for word in content)


def _splits(said: list[Token], language: str) -> Iterator[list[list[Token]]]:
    """The whole, then each way to part it in two at a conjunction or semicolon."""
    yield [said]
    for place, token in enumerate(said):
        if token.word in CONJUNCTIONS[language] or token.word == ";":
            yield [said[:place], said[place + 1 :]]


def _compresses(said: Sequence[Token], sentence: Sequence[Token], language: str) -> bool:
    """Whether `said` is the sentence with words left out, and none of them bore its claim."""
    kept = _kept_places(said, sentence, language)
    if not kept:
        return False
    for clause in _clauses(sentence, language):
        places = set(range(*clause))
        if not places & kept:
            if not _may_be_dropped(sentence[slice(*clause)], language):
                return False
        elif any(_bears_claim(sentence, place, kept, language) for place in places - kept):
            return False
    return True


def _may_be_dropped(clause: Sequence[Token], language: str) -> bool:
    """A condition, a doubt, or a denial of what follows takes the claim with it."""
    words, protected = {token.word for token in clause}, PROTECTED[language]
    denies = bool(words & protected["negation"]) and clause[0].word not in CLAUSE_OPENERS[language]
    return clause[0].word not in LIMITING[language] and not words & protected["attitude"] and not denies


def _kept_places(said: Sequence[Token], sentence: Sequence[Token], language: str) -> set[int]:
    """Places of the sentence that `said` keeps, in order; empty if it holds a word that is neither kept nor addable."""
    kept: set[int] = set()
    place = 0
    for token in said:
        if token.word in ADDABLE[language]:
            continue
        found = next((at for at in range(place, len(sentence)) if sentence[at].word == token.word), None)
        if found is None:
            return set()
        kept.add(found)
        place = found + 1
    return kept


def _clauses(sentence: Sequence[Token], language: str) -> Iterator[tuple[int, int]]:
    """Ranges between commas, semicolons and words that open a clause.

    "And" without a comma opens none: in "Flats far from the river and the market will cost us our work" it joins nouns,
    and what is left after leaving out what stands before it says something else.
    """
    start, openers = 0, CLAUSE_OPENERS[language] - CONJUNCTIONS[language]
    for place, token in enumerate(sentence):
        if place > start and (sentence[place - 1].ends_clause or token.word in openers):
            yield start, place
            start = place
    yield start, len(sentence)


def _bears_claim(sentence: Sequence[Token], place: int, kept: set[int], language: str) -> bool:
    """A protected word, a name, or what a kept number counts may not be left out of a clause that is kept."""
    token = sentence[place]
    if any(token.word in protected for protected in PROTECTED[language].values()):
        return True
    return token.is_name or (place - 1 in kept and sentence[place - 1].is_number)
