"""Words of a sentence with what the gate must know about each, and light stems for comparison."""

import re
from dataclasses import dataclass

from summarizer.text import fold, normalise

_TOKEN = re.compile(r"[^\W_]+(?:[’'.,\-][^\W_]+)*%?|;")
_ENGLISH_SUFFIX = re.compile(r"(?:'s|ies|ing|ed|es|s|ly)$")
_INDONESIAN_PREFIX = re.compile(r"^(?:meng|mem|men|me|peng|pem|pen|per|pe|ber|ter|di|ke|se)(?=\w{4})")
_INDONESIAN_SUFFIX = re.compile(r"(?:lah|kah|pun|nya|kan|an|i)$")
SHORTEST_STEM = 4


@dataclass(frozen=True)
class Token:
    """original as written, word for comparison, and whether a comma or the like follows."""

    original: str
    word: str
    is_number: bool
    is_name: bool
    ends_clause: bool


def tokens(text: str) -> list[Token]:
    """Words, numbers and semicolons in order. A name is a capital letter anywhere but at the start of a sentence."""
    plain = fold(normalise(text)).replace("’", "'")
    found = []
    for match in _TOKEN.finditer(plain):
        before, after = plain[: match.start()].rstrip("\"'“‘( "), plain[match.end() : match.end() + 1]
        original = match.group()
        starts_sentence = not before or before[-1] in ".!?:…"
        found.append(
            Token(
                original=original,
                word=original.lower(),
                is_number=any(character.isdigit() for character in original),
                is_name=original[0].isupper() and not starts_sentence and original != "I",
                ends_clause=after in {",", ";", ":", "–", "—", "("} and bool(after),
            )
        )
    return found


def stem(word: str, language: str) -> str:
    """A light stem: enough to see that "buses" is "bus" and "pengangkutan" close to "angkut", not a dictionary form."""
    if language == "id":
        bare = _INDONESIAN_SUFFIX.sub("", word) if len(word) > SHORTEST_STEM + 1 else word
        return _INDONESIAN_PREFIX.sub("", bare)
    shorter = _ENGLISH_SUFFIX.sub("", word)
    return shorter if len(shorter) >= SHORTEST_STEM - 1 else word
