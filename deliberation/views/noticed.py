"""What models noticed, as moderators read it beside the words: each with its reason and what would follow."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliberation.analysis.noticing import KINDS, Contribution
from deliberation.models import Argument, ContributionReading, Noticed, Statement

FOUND: dict[str, str | Promise] = {
    "email": gettext_lazy("e-mail address"),
    "phone": gettext_lazy("phone number"),
    "identity_number": gettext_lazy("identity number (NIK)"),
    "number": gettext_lazy("long number"),
    "address": gettext_lazy("address"),
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


def _others(public_ids: Iterable[str]) -> dict[str, Statement | Argument]:
    wanted = set(public_ids)
    kinds = (Statement, Argument) if wanted else ()
    return {each.public_id: each for kind in kinds for each in kind.objects.filter(public_id__in=wanted).on_their_own()}


def _stands(noticed: Told, others: dict[str, Statement | Argument]) -> bool:
    return noticed["what"] != Noticed.SAME or noticed["of"] in others


def _words(noticed: Told, contribution: Contribution, others: dict[str, Statement | Argument]) -> Told:
    told = {"what": noticed["what"], "label": Noticed(noticed["what"]).label}
    if noticed["what"] == Noticed.LANGUAGE:
        names = dict(settings.LANGUAGES)
        said, seems = (names.get(code, code) for code in (contribution.language, noticed["language"]))
        return {**told, "language": noticed["language"], "said": said, "seems": seems}
    if noticed["what"] == Noticed.SAME:
        other = others[noticed["of"]]
        into = other.number if isinstance(other, Statement) else other.public_id
        return {**told, "other": other, "into": into, "percent": round(100 * noticed["closeness"])}
    if noticed["what"] == Noticed.PERSONAL_DATA:
        places = [(str(FOUND[kind]), contribution.text[start:end]) for kind, start, end in noticed["places"]]
        return {**told, "places": places, "wish": _("Please leave out: %(what)s") % {"what": _listed(places)}}
    return {**told, "closeness": round(100 * noticed["closeness"]), "usual": round(100 * noticed["usual"])}


def _listed(places: list[tuple[str, str]]) -> str:
    return ", ".join(dict.fromkeys(kind for kind, _text in places))
