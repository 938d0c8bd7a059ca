"""Short codes of entries, to read aloud and to type: they find an entry, its receipt proves it."""

from deliberation.models import Assembly, RecordEntry
from deliberation.models.invitation import LETTERS

LENGTH, GROUP, BITS = 12, 4, 5
MEANT = str.maketrans({"0": "Q", "O": "Q", "1": "J", "I": "J"})  # letters that no code has, read as what they look like


def code_of(leaf_hash: bytes) -> str:
    """The first sixty bits of a leaf hash, as letters and figures that are not confused on paper."""
    number = int.from_bytes(leaf_hash[:8]) >> (64 - LENGTH * BITS)
    letters = "".join(LETTERS[number >> (BITS * place) & 31] for place in reversed(range(LENGTH)))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def find(assembly: Assembly, code: str) -> RecordEntry | None:
    """The entry that a code names, however it was typed."""
    letters = "".join(each for each in code.upper() if each.isalnum()).translate(MEANT)
    if len(letters) != LENGTH or set(letters) - set(LETTERS):
        return None
    number = 0
    for letter in letters:
        number = number << BITS | LETTERS.index(letter)
    rest = 256 - LENGTH * BITS
    lowest, highest = number << rest, (number + 1 << rest) - 1
    within = {"leaf_hash__gte": lowest.to_bytes(32), "leaf_hash__lte": highest.to_bytes(32)}
    return RecordEntry.objects.filter(assembly=assembly, **within).first()
