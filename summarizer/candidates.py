"""Sentences that may be quoted as a key point: short enough to read, and whole without what stood before them."""

from summarizer.protected_words import AFTER_THIS, LEADING, LEANING
from summarizer.text import has_link, sentences, words


def quotable_sentences(text: str, shortest: int, longest: int) -> list[str]:
    """Sentences of `shortest` to `longest` words without a link, as they stand in the text."""
    return [
        sentence
        for sentence in sentences(text)
        if shortest <= len(words(sentence)) <= longest and not has_link(sentence)
    ]


def stands_alone(sentence: str, language: str) -> bool:
    """Whether the sentence opens without pointing back: not with "That …", "Hal itu …" or "If they …".

    "It is unfair that …" points forward and stands alone. Of a language without a list every sentence does.
    """
    leaning = LEANING.get(language, frozenset())
    opening = words(sentence)[:3]
    if not opening:
        return False
    if language == "en" and opening[0] in {"it", "it's"}:
        return bool({"that", "if", "to", "who", "when"} & set(words(sentence)[2:]))
    if language == "en" and opening[0] == "this":
        return opening[1:2] != [] and opening[1] not in AFTER_THIS
    behind = opening[1:] if opening[0] in LEADING.get(language, frozenset()) else []
    return opening[0] not in leaning and not leaning & set(behind)
