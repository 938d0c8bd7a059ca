"""Every sentence that code may say about counts, in each language: fixed templates and one table of quantifiers.

Under three people nothing is aggregated; under twenty, counts only; from twenty on, counts with a percentage.
"""

from enum import StrEnum

Wording = dict[str, str]

COUNTS_ONLY_BELOW = 20

_WHO = {
    "for": {"en": "who argued for it", "id": "yang menulis argumen mendukung"},
    "against": {"en": "who argued against it", "id": "yang menulis argumen menolak"},
    "concern": {"en": "who raised a concern", "id": "yang menyampaikan kekhawatiran"},
    "condition": {"en": "who set a condition", "id": "yang mengajukan syarat"},
}


class Choice(StrEnum):
    """A vote on a statement; the only place where a number becomes a word is `of_vote`."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105  a vote, not a password

    @classmethod
    def of_vote(cls, vote: int) -> "Choice":
        """1 agrees, −1 disagrees, 0 passes; raises KeyError on anything else."""
        return {1: cls.AGREE, -1: cls.DISAGREE, 0: cls.PASS}[vote]


_CHOSE = {
    Choice.AGREE: {"en": "agree", "id": "setuju"},
    Choice.DISAGREE: {"en": "disagree", "id": "tidak setuju"},
    Choice.PASS: {"en": "passed", "id": "memilih lewati"},
}


def number(value: int, language: str) -> str:
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language == "id" else grouped


def percentage(n: int, total: int) -> str:
    """Whole per cent, halves up; never 0 % for somebody nor 100 % for not everybody."""
    rounded = (200 * n + total) // (2 * total)
    if n and not rounded:
        return "<1%"
    return ">99%" if n < total and rounded == 100 else f"{rounded}%"


def share(n: int, total: int, people: Wording) -> Wording:
    """ "8 of 14 participants" or, from twenty on, with the percentage."""
    suffix = f" ({percentage(n, total)})" if total >= COUNTS_ONLY_BELOW else ""
    return {
        "en": f"{number(n, 'en')} of the {number(total, 'en')} {people['en']}{suffix}",
        "id": f"{number(n, 'id')} dari {number(total, 'id')} {people['id']}{suffix}",
    }


_DID = {
    "for": {"en": "argued for it", "id": "menulis argumen yang mendukung"},
    "against": {"en": "argued against it", "id": "menulis argumen yang menolak"},
    "concern": {"en": "raised a concern about it", "id": "menyampaikan kekhawatiran"},
    "condition": {"en": "set a condition for it", "id": "mengajukan syarat"},
}
_WROTE = {
    "for": {"en": "argument{s} for it", "id": "argumen yang mendukung"},
    "against": {"en": "argument{s} against it", "id": "argumen yang menolak"},
    "concern": {"en": "concern{s} about it", "id": "kekhawatiran"},
    "condition": {"en": "condition{s} for it", "id": "syarat"},
}


def opening(side: str, participants: int, arguments: int) -> Wording:
    """Who wrote on a side; how many arguments only where that is another number."""
    people = "participant" if participants == 1 else "participants"
    who = {"en": f"{number(participants, 'en')} {people}", "id": f"{number(participants, 'id')} peserta"}
    if participants == arguments:
        return {language: f"{who[language]} {_DID[side][language]}." for language in who}
    what = _WROTE[side]["en"].format(s="" if arguments == 1 else "s")
    return {
        "en": f"{who['en']} wrote {number(arguments, 'en')} {what}.",
        "id": f"{who['id']} menulis {number(arguments, 'id')} {_WROTE[side]['id']}.",
    }


def prevalence(side: str, n: int, total: int) -> Wording:
    who = {"en": f"participants {_WHO[side]['en']}", "id": f"peserta {_WHO[side]['id']}"}
    shares = share(n, total, who)
    return {"en": f"{shares['en']} made this point.", "id": f"{shares['id']} menyampaikan poin ini."}


def coverage(points: int, covered: int, total: int) -> Wording:
    """How many people the points stand for and how many they do not; that somebody is left out is always said."""
    these = {
        "en": "This point covers" if points == 1 else f"These {points} points cover",
        "id": f"{points} poin ini mencakup",
    }
    if covered == total:
        return {
            "en": f"{these['en']} all {number(total, 'en')} participants.",
            "id": f"{these['id']} semua {number(total, 'id')} peserta.",
        }
    missing, are = total - covered, "is" if total - covered == 1 else "are"
    reach = {language: _reach(covered, total, language) for language in these}
    return {
        "en": f"{these['en']} {reach['en']} participants; {number(missing, 'en')} {are} not reflected here.",
        "id": f"{these['id']} {reach['id']} peserta; {number(missing, 'id')} peserta tidak tercermin di sini.",
    }


def _reach(covered: int, total: int, language: str) -> str:
    of = {"en": "of", "id": "dari"}[language]
    few = total < COUNTS_ONLY_BELOW
    return f"{number(covered, language) if few else percentage(covered, total)} {of} {number(total, language)}"


def no_shared_point(fewest: int, total: int) -> Wording:
    if total == 1:
        return {
            "en": "One participant wrote here; no shared point can be told.",
            "id": "Satu peserta menulis di sini; belum ada poin bersama.",
        }
    return {
        "en": f"No point was found that {fewest} or more of the {number(total, 'en')} participants share; "
        "none of them is reflected in a point.",
        "id": f"Tidak ditemukan poin yang disampaikan oleh {fewest} peserta atau lebih dari {number(total, 'id')} "
        "peserta; belum ada yang tercermin dalam poin.",
    }


def group_vote(group: str, choice: Choice, n: int, total: int) -> Wording:
    who = {
        "en": f"members of group {group} who voted on it",
        "id": f"anggota kelompok {group} yang memberi suara",
    }
    shares = share(n, total, who)
    return {language: f"{shares[language]} {_CHOSE[choice][language]}." for language in shares}


def vote(choice: Choice, n: int, total: int) -> Wording:
    who = {"en": "participants who voted on it", "id": "peserta yang memberi suara"}
    shares = share(n, total, who)
    return {language: f"{shares[language]} {_CHOSE[choice][language]}." for language in shares}


def split(agree: int, disagree: int, total: int) -> Wording:
    """Both sides of a statement that divides, so that neither is the rest of the other."""
    return {
        "en": f"Of the {number(total, 'en')} participants who voted on it, {number(agree, 'en')} agree and "
        f"{number(disagree, 'en')} disagree.",
        "id": f"Dari {number(total, 'id')} peserta yang memberi suara, {number(agree, 'id')} setuju dan "
        f"{number(disagree, 'id')} tidak setuju.",
    }


def waiting(statements: int, floor: int) -> Wording:
    are = "statement has" if statements == 1 else "statements have"
    return {
        "en": f"{number(statements, 'en')} {are} fewer than {floor} votes, and nothing is said about them here.",
        "id": f"{number(statements, 'id')} pernyataan mendapat kurang dari {floor} suara dan belum dibahas di sini.",
    }


def nearly_the_same(people: int) -> Wording:
    return {
        "en": f"{number(people, 'en')} of them used nearly the same words.",
        "id": f"{number(people, 'id')} di antaranya memakai kata-kata yang hampir sama.",
    }
