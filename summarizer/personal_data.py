"""Where a text seems to hold something by which a person can be found or reached. It points; people decide."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "phone", "identity_number", "number", "address"]

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DIGITS = re.compile(r"(?<!\d)(?<!\d[.,])\d(?:[ -]?\d){11,18}(?!\d|[.,]\d)")
# Street and house number, or the neighbourhood (RT/RW) of an Indonesian address: a street alone is nobody's home.
ADDRESSES = (
    re.compile(r"\b(?:jl|jln|jalan|gg|gang)\b\.?\s+[^,;\n]{2,40}?\b(?:no|nomor)\b\.?\s*\d+\w?", re.IGNORECASE),
    re.compile(r"\brt\.?\s*\d{1,3}\s*/?\s*rw\.?\s*\d{1,3}\b", re.IGNORECASE),
    re.compile(
        r"\b\d{1,4}[a-z]?\s+(?:[A-Z][\w'’]+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court)\b",
        re.IGNORECASE,
    ),
)
ANYWHERE = "ZZ"  # as libphonenumber says it: only numbers with a plus
REGIONS = {"id": ("ID",), "en": ("GB", "US", "AU")}


@dataclass(frozen=True)
class Found:
    """A place in the text, from `start` up to but not including `end`, in code points."""

    kind: Kind
    start: int
    end: int


def personal_data(text: str, languages: Sequence[str] = ("id", "en")) -> tuple[Found, ...]:
    """E-mail addresses, phone numbers, Indonesian identity numbers, other long numbers, and addresses of homes.

    Phone numbers are those that can exist in a country where one of the languages (ISO 639-1) is spoken, or anywhere
    if they begin with a plus (libphonenumber's numbering plans). Names are not looked for: whoever is in office is
    named rightly, and no list tells them from neighbours. Of places that overlap the first kind named above stays.
    """
    found: list[Found] = []
    for each in (*_emails(text), *_identity_numbers(text), *_phones(text, languages), *_numbers(text), *_homes(text)):
        if all(each.end <= other.start or other.end <= each.start for other in found):
            found.append(each)
    return tuple(sorted(found, key=lambda each: each.start))


def _emails(text: str) -> Iterator[Found]:
    return (Found("email", *match.span()) for match in EMAIL.finditer(text))


def _identity_numbers(text: str) -> Iterator[Found]:
    """NIK: six digits of a district, the day of birth (forty later for women) with month and year, four of a series."""
    for match in DIGITS.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) == 16 and 1 <= int(digits[6:8]) % 40 <= 31 and 1 <= int(digits[8:10]) <= 12:
            yield Found("identity_number", *match.span())


def _phones(text: str, languages: Sequence[str]) -> Iterator[Found]:
    from phonenumbers import Leniency, PhoneNumberMatcher  # slow import

    regions = sorted({each for language in languages for each in REGIONS.get(language, ())})
    for region in regions or [ANYWHERE]:
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            yield Found("phone", match.start, match.end)


def _numbers(text: str) -> Iterator[Found]:
    return (Found("number", *match.span()) for match in DIGITS.finditer(text))


def _homes(text: str) -> Iterator[Found]:
    return (Found("address", *match.span()) for pattern in ADDRESSES for match in pattern.finditer(text))
