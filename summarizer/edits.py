"""What a person's edit of a sentence must not do: say how many. Counts are told by code, from counted rows alone.

A number or a word for an amount passes only where a cited contribution says it itself. The rest of an edit is the
editor's responsibility, tracked under their name: this check reads no meaning.
"""

from collections.abc import Sequence

from summarizer.tokens import Token, tokens


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


AMOUNTS = {
    "en": _set(
        "all every everyone everybody everything most mostly majority minority half many few several some nobody none",
        "nothing numerous countless overwhelming unanimous unanimously dozens hundreds thousands percent participants",
        "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million",
        "twice third thirds quarter quarters",
    ),
    "id": _set(
        "semua seluruh setiap segala kebanyakan mayoritas minoritas separuh setengah banyak sedikit beberapa sebagian",
        "berbagai puluhan ratusan ribuan persen peserta dua tiga empat lima enam tujuh delapan sembilan sepuluh",
        "sebelas belas puluh ratus seratus ribu seribu juta sepertiga seperempat",
    ),
}


def amounts_of_its_own(edited: str, sources: Sequence[str], language: str) -> tuple[str, ...]:
    """Numbers and words for amounts in `edited` that none of `sources` says, in their order, each once.

    `language` is that of the edit, "en" or "id". Raises KeyError on another one and ValueError without sources.
    """
    if not sources:
        raise ValueError("an edited sentence rests on at least one source")
    amounts = AMOUNTS[language]
    said = {token.word for source in sources for token in tokens(source)}
    own = [token.original for token in tokens(edited) if _tells_amount(token, amounts) and token.word not in said]
    return tuple(dict.fromkeys(own))


def _tells_amount(token: Token, amounts: frozenset[str]) -> bool:
    return token.is_number or token.word in amounts
