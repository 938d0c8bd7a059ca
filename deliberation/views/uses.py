"""What became of a contribution, in words with the way there."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from deliberation.exports.uses import (
    CANDIDATE,
    COMMON_GROUND,
    COUNTED,
    DIVIDES,
    FIRST,
    MAPPED,
    QUOTED,
    TYPICAL,
    Use,
    uses_in,
)
from deliberation.views.page import Visit

Uses = dict[str, list[dict[str, Any]]]  # by the public id of what was used

WORDS = {
    ("map", COMMON_GROUND): _("Common ground on the map"),
    ("map", DIVIDES): _("On the map: it divides people"),
    ("map", TYPICAL): _("On the map: typical of a group"),
    ("summary", QUOTED): _("Quoted in summary %(n)s"),
    ("summary", COUNTED): _("A source of summary %(n)s"),
    ("report", COMMON_GROUND): _("Common ground in report %(n)s"),
    ("report", DIVIDES): _("In report %(n)s: it divides people"),
    ("report", TYPICAL): _("In report %(n)s: typical of a group"),
    ("report", MAPPED): _("Counted in report %(n)s"),
    ("report", QUOTED): _("Quoted in report %(n)s"),
    ("report", COUNTED): _("A source of report %(n)s"),
    ("drafting", FIRST): _("It became what came first in drafting round %(n)s"),
    ("drafting", CANDIDATE): _("A candidate in drafting round %(n)s"),
}


def uses_shown(visit: Visit) -> Uses:
    """Of each place what matters most. That it is on the map at all, its votes tell already."""
    found = uses_in(visit.assembly, visit.participant)
    return {public_id: [_shown(use) for use in _foremost(uses)] for public_id, uses in found.items()}


def _foremost(uses: list[Use]) -> list[Use]:
    foremost: dict[tuple[str, int], Use] = {}
    for use in uses:
        foremost.setdefault((use.where, use.version), use)
    return [use for use in foremost.values() if (use.where, use.how) in WORDS]


def _shown(use: Use) -> dict[str, Any]:
    return {"words": WORDS[use.where, use.how] % {"n": use.version}, "url": use.url}
