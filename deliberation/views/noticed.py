"""What models noticed, as moderators read it beside the words: each with its reason and what would follow."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliberation.analysis.noticing import KINDS, Compared, Contribution
from deliberation.models import Argument, ContributionReading, Noticed, Question, Statement

FOUND: dict[str, str | Promise] = {
    "email": gettext_lazy("e-mail address"),
    "phone": gettext_lazy("phone number"),
    "identity_number": gettext_lazy("identity number (NIK)"),
    "number": gettext_lazy("long number"),
    "address": gettext_lazy("address"),
    "insult": gettext_lazy("insult"),
    "threat": gettext_lazy("threat"),
}

Told = dict[str, Any]


def noticed_beside(found: Iterable[Contribution]) -> dict[str, list[Told]]:
    """What was noticed about each of these, by its public id, as long as it has the words that were read."""
    page = list(found)
    told = {each.public_id: noticed for each, noticed in _noticed(page)}
    others = _others(each["of"] for noticed in told.values() for each in noticed if each["what"] == Noticed.SAME)
    return {
        contribution.public_id: [
            _words(each, contribution, others) for each in told.get(contribution.public_id, []) if _stands(each, others)
        ]
        for contribution in page
    }


def _noticed(page: list[Contribution]) -> list[tuple[Contribution, list[Told]]]:
    read = []
    for kind in KINDS:
        name, own = kind._meta.model_name, {each.pk: each for each in page if type(each) is kind}
        for reading in ContributionReading.objects.filter(**{f"{name}__in": own}) if own else ():
            contribution = own[getattr(reading, f"{name}_id")]
            read.append((contribution, reading.noticed_in(contribution.text)))
    return read


def _others(public_ids: Iterable[str]) -> dict[str, Compared]:
    wanted = set(public_ids)
    if not wanted:
        return {}
    said = [each for kind in (Statement, Argument) for each in kind.objects.filter(public_id__in=wanted).on_their_own()]
    return {each.public_id: each for each in (*said, *Question.objects.filter(public_id__in=wanted).shown())}


def _stands(noticed: Told, others: dict[str, Compared]) -> bool:
    return noticed["what"] != Noticed.SAME or noticed["of"] in others


def _words(noticed: Told, contribution: Contribution, others: dict[str, Compared]) -> Told:
    told = {"what": noticed["what"], "label": Noticed(noticed["what"]).label}
    if noticed["what"] == Noticed.LANGUAGE:
        names = dict(settings.LANGUAGES)
        said, seems = (names.get(code, code) for code in (contribution.language, noticed["language"]))
        return {**told, "language": noticed["language"], "said": said, "seems": seems}
    if noticed["what"] == Noticed.SAME:
        other = others[noticed["of"]]
        told |= {"other": other, "percent": round(100 * noticed["closeness"])}
        if isinstance(other, Question):
            return {**told, "reason": _("Question %(n)s asks the same.") % {"n": other.number}}
        return {**told, "into": other.number if isinstance(other, Statement) else other.public_id}
    if noticed["what"] in (Noticed.PERSONAL_DATA, Noticed.ATTACK):
        places = [(str(FOUND[kind]), contribution.text[start:end]) for kind, start, end in noticed["places"]]
        return {**told, "places": places, "wish": _wish(noticed["what"], places)}
    return {**told, "closeness": round(100 * noticed["closeness"]), "usual": round(100 * noticed["usual"])}


def _wish(what: str, places: list[tuple[str, str]]) -> str:
    """What a moderator may ask the author for: of particulars the kinds, of insults the words themselves."""
    if what == Noticed.ATTACK:
        return _("Please say it without: %(words)s") % {"words": _listed(words for _kind, words in places)}
    return _("Please leave out: %(what)s") % {"what": _listed(kind for kind, _words in places)}


def _listed(said: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(said))
