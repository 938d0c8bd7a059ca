"""Gentle advice while somebody writes, from the text alone; nothing here ever holds anybody up."""

import re

EASY_LENGTH = 140  # characters; about two lines on a phone
FEWEST_WORDS = 3
SENTENCES = re.compile(r"(?<=[.!?…])\s+")
JOINTS = re.compile(r"\s+(?:and|dan|serta|sekaligus)\s+|;", re.IGNORECASE)
# What makes a clause a wish of its own: "lamps and benches" is one idea, "we need lamps and dogs must go" are two.
WISHES = re.compile(
    r"\b(?:should|must|needs?|ought|ha(?:s|ve) to|wants?|harus|(?:se)?perlu(?:nya)?|sebaiknya|wajib|jangan|butuh|ingin|"
    r"seharusnya)\b",
    re.IGNORECASE,
)


def seems_two_ideas(text: str) -> bool:
    """Whether a statement seems to hold two wishes, in English or Indonesian."""
    sentences = [each for each in SENTENCES.split(text.strip()) if len(each.split()) >= FEWEST_WORDS]
    clauses = [each for each in JOINTS.split(text) if len(each.split()) >= FEWEST_WORDS and WISHES.search(each)]
    return len(sentences) > 1 or len(clauses) > 1


def is_long(text: str) -> bool:
    return len(text) > EASY_LENGTH
