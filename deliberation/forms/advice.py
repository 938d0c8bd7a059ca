"""Gentle advice while somebody writes, from the text alone; nothing here ever holds anybody up."""

import re

EASY_LENGTH = 140  # characters; about two lines on a phone
FEWEST_WORDS = 3
SENTENCES = re.compile(r"(?<=[.!?…])\s+")
JOINTS = re.compile(r"\s+(?:and|dan|serta|sekaligus)\s+|;\s*", re.IGNORECASE)
# What makes a clause a wish of its own: "lamps and benches" is one idea, "lamps on the path and dogs must go" are two.
WISHES = re.compile(
    r"\b(?:should|must|needs?|ought|ha(?:s|ve) to|wants?|harus|(?:se)?perlu(?:nya)?|sebaiknya|wajib|jangan|butuh|ingin|"
    r"seharusnya)\b",
    re.IGNORECASE,
)
SHORTEST_CLAUSE = 3  # words
SHORTEST_PLAIN_CLAUSE = 8  # of one that does not say "should": long enough to be no list of things


def seems_two_ideas(text: str) -> bool:
    """Whether a statement seems to hold two wishes, in English or Indonesian."""
    sentences = [each for each in SENTENCES.split(text.strip()) if len(each.split()) >= FEWEST_WORDS]
    return len(sentences) > 1 or any(_joins_wishes(text, joint) for joint in JOINTS.finditer(text))


def is_long(text: str) -> bool:
    return len(text) > EASY_LENGTH


def _joins_wishes(text: str, joint: re.Match[str]) -> bool:
    before, after = text[: joint.start()].split(), text[joint.end() :].split()
    shortest = SHORTEST_CLAUSE if WISHES.search(" ".join(before)) else SHORTEST_PLAIN_CLAUSE
    return len(before) >= shortest and len(after) >= SHORTEST_CLAUSE and bool(WISHES.search(" ".join(after)))
