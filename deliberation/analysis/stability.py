"""How firm groups are, in a word that means the same on every page and in every report."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# Mean adjusted Rand index between the groups and those of resamples; below 0.2 no groups are shown at all.
STABILITY_WORDS = ((0.7, _("firm")), (0.4, _("fairly firm")), (0.2, _("loose")), (-1.0, _("too loose to show")))


def stability_word(tested: dict[str, Any] | None) -> str:
    """Empty where the groups were not tested."""
    stability = tested["stability"] if tested else None
    if stability is None:
        return ""
    return str(next(word for least, word in STABILITY_WORDS if stability >= least))
