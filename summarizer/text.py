"""People's words: folded for comparison, split into sentences, searched for a quotation."""

import re
import unicodedata

# Characters nobody sees but that reorder or hide text: soft hyphen, zero width, bidirectional controls, tags.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"\s+")
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|org|net|id|info|io)\b", re.IGNORECASE)
_PUT_IN = re.compile(r"\[[^\]]*\]|\S*(?:https?://|www\.)\S*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n+")
# fmt: off
_ABBREVIATIONS = frozenset([
    "mr", "mrs", "ms", "dr", "drs", "prof", "st", "no", "vs", "etc", "e.g", "i.e", "jl", "jln", "kec", "kel", "kab",
    "rp", "tgl", "hlm", "dll", "dsb", "dst", "dkk", "yth", "a.n", "u.p", "s.d", "sdr",
])
# fmt: on


def normalise(text: str) -> str:
    """NFC without unseen and bidirectional controls; the caller keeps the original."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def fold(text: str) -> str:
    """NFC with every run of white space as one space: the form in which quotations are compared."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def is_quote_of(quote: str, text: str) -> bool:
    """Whether `quote` is somebody's literal words: a substring of `text` once both are folded, and not empty."""
    return bool(fold(quote)) and fold(quote) in fold(text)


def sentences(text: str) -> list[str]:
    """Split into sentences, each a literal substring of `text` without surrounding white space."""
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        if _is_abbreviation(text[start : end.start()], end.group()):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _is_abbreviation(before: str, mark: str) -> bool:
    words = before.split()
    return mark == "." and bool(words) and words[-1].lstrip("(\"'“‘").lower() in _ABBREVIATIONS


def words(text: str) -> list[str]:
    """Lower-case words and numbers in order, with inner apostrophes, hyphens, dots and commas kept."""
    return re.findall(r"\w+(?:[’'.,\-]\w+)*", fold(text).lower())


def has_link(text: str) -> bool:
    return bool(_LINK.search(text))


def says_something(text: str) -> bool:
    """Whether words are left without links and without what a platform put in square brackets: "[url removed]"."""
    return bool(re.search(r"[^\W\d_]{2}", _PUT_IN.sub(" ", text)))
