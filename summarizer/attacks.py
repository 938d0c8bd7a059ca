"""Words that insult or threaten somebody, in English and Indonesian. A short list that points; people decide.

It holds what is hardly ever said without meaning to hurt: strong insults, words for animals only where a person is
called one, and threats that name who threatens or who is threatened. Anger at a state of things, criticism of those in
office and the words of a matter (dogs, pigs, waste, fire, punishment by law) are not on it. An insult without such a
word is not found, nor one in a third language.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

AttackKind = Literal["insult", "threat"]

INSULTS = """
    arsehole asshole bastard bitch cretin cunt dickhead dipshit douchebag dumbass faggot fucker fuckface fuckwit halfwit
    idiot imbecile kike moron motherfucker nigger nitwit raghead retard scumbag shithead slut towelhead twat wanker
    whore bacot bajingan bangsat bedebah bego bencong brengsek dancok dancuk dungu goblog goblok jancok jancuk jembut
    kadrun kampret keparat kimak kontol lonte memek ngentod ngentot pantek pecun perek pukimak tolol
"""
YOU = r"(?:kamu|kau|engkau|kalian|lu|elu)"  # not `lo`, which also only adds weight to what was said
TO_SOMEBODY = (
    r"fuck (?:you|off|him|her|them)",
    r"(?:go to hell|drop dead|shut your (?:mouth|face)|piss off)",
    r"you(?: are|['’]re)? (?:(?:all|just|such|nothing but) )*(?:an? )?(?:stupid|scum|filth|vermin|dogs?|pigs?|rats?)",
    r"(?:scum|vermin|filth) like (?:you|him|her|them)",
    r"dasar (?:anjing|babi|monyet|kambing|kunyuk|kerbau|tikus|bodoh|setan|iblis|sinting|gila|miskin|kampungan|taik?)",
    rf"(?:anjing|babi|monyet|taik?|bodoh|setan) {YOU}",
    rf"{YOU} (?:(?:memang|semua|itu) )*(?:anjing|babi|monyet|bodoh|setan|binatang)",
    r"(?:cina|cino|arab|jawa|batak|papua) (?:babi|anjing|monyet|kafir)",
    r"(?:kafir laknat|otak (?:kosong|udang))",
    rf"(?:mampus|modar) {YOU}",
)
HURT = r"(?:kill|murder|shoot|stab|strangle|hurt|beat|slap|burn|lynch|rape)"
WHOM = r"(?:you|him|(?:your|his|her) (?:famil(?:y|ies)|child(?:ren)?|kids?|wife|husband|house|home|shop))"
HURT_ID = r"(?:bunuh|habisi|hajar|bacok|gebuk|tembak|tusuk|bakar|gantung|siksa|culik)"
WHOM_ID = rf"(?:{YOU}|anda|dia|mereka|(?:rumah|keluarga|anak|toko)(?:mu|nya| {YOU}))"
THREATS = (
    rf"(?:i|we)(?:['’]ll|['’]m gonna| will| shall| am going to| are going to|['’]m going to) {HURT} {WHOM}",
    r"you(?:['’]ll| will| are going to) (?:all )?(?:bleed|regret (?:this|it))",
    r"deserves? to (?:die|be (?:shot|hanged|killed|beaten|lynched|stabbed|raped))",
    r"should be (?:shot|hanged|lynched|strung up|burn(?:ed|t) alive|beaten up)",
    r"(?:watch your back|(?:i|we) know where (?:you|he|she|they) lives?|kill yourself)",
    r"burn (?:down )?(?:your|his|her) (?:house|home|shop)",
    rf"(?:saya|aku|gue|gua|gw|kami|kita) (?:(?:akan|bakal|mau|ingin|pasti) )?{HURT_ID} {WHOM_ID}",
    rf"ku{HURT_ID}i? {WHOM_ID}",
    r"(?:bunuh|habisi|hajar|bacok|gebuk|tembak) (?:saja |aja )?(?:kamu|kau|kalian|dia|mereka)",
    rf"(?:awas|mati|matilah|mati saja|tunggu saja) {YOU}",
    r"(?:pantas|layak|patut) (?:mati|mampus|dibunuh|digantung|dihajar|dibacok|digebuki|diperkosa)",
    r"(?:harus|sebaiknya|mending) (?:dihajar|dibacok|digebuki|dibakar hidup-hidup|ditembak mati|diperkosa)",
    rf"(?:aku|saya|gue|gua|kami) tahu (?:di mana )?(?:rumahmu|(?:{YOU}|anda) tinggal)",
    r"halal darah(?:nya|mu)",
)
# Letters as those write them who hope to get past a list: g0bl0k, b@ngsat, t*l*l.
GUISES = {
    **{"a": "a4@*", "b": "b8", "e": "e3*", "g": "g69", "i": "i1!|*", "l": "l1|", "o": "o0*", "s": "s5$", "t": "t7"},
    **{"u": "uv*", "c": "ck", "k": "kc"},
}


@dataclass(frozen=True)
class Attack:
    """A place in the text, from `start` up to but not including `end`, in code points."""

    kind: AttackKind
    start: int
    end: int


def attacks(text: str) -> tuple[Attack, ...]:
    """Insults and threats in the order of the text; of places that overlap the longest stays.

    Only whole words are found: Scunthorpe and `ketololan` are none. The language of the text does not matter, because
    insults are said in whichever comes first.
    """
    found = [Attack(kind, *match.span()) for kind, pattern in PATTERNS for match in pattern.finditer(text)]
    kept: list[Attack] = []
    for each in sorted(found, key=lambda each: (each.start - each.end, each.start)):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: each.start))


def _words(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these, also in the plural, each letter in any guise and once or more; never figures alone (b390)."""
    spelt = "|".join("".join(f"[{re.escape(GUISES.get(letter, letter))}]+" for letter in word) for word in words)
    return re.compile(rf"(?<![\w@])(?=\S*[a-z]\S*[a-z])(?:{spelt})(?:e?s)?(?![\w@]|-proof)", re.IGNORECASE)


def _phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    spaced = "|".join(phrases).replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)", re.IGNORECASE)


PATTERNS: tuple[tuple[AttackKind, re.Pattern[str]], ...] = (
    ("insult", _words(INSULTS.split())),
    ("insult", _phrases(TO_SOMEBODY)),
    ("threat", _phrases(THREATS)),
)
