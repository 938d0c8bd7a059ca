"""What people found and said about the sentences of a summary, in words."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation.analysis.review import COUNTS_ONLY_BELOW

register = template.Library()


@register.simple_tag
def checked_share(prevalence: dict[str, Any]) -> str:
    """The corrected share with its bounds and what they rest on; among few people in people, not in percent."""
    if not prevalence.get("interval"):
        return ""
    of, checked = prevalence["denominator"], prevalence.get("checked", 0)
    if of < COUNTS_ONLY_BELOW:
        share, low, high = (round(each * of) for each in prevalence["interval"])
        told = _("About %(share)s of %(of)s people, between %(low)s and %(high)s") % {
            "share": share, "low": low, "high": high, "of": of
        }  # fmt: skip
    else:
        share, low, high = (f"{round(each * 100)}%" for each in prevalence["interval"])
        told = _("About %(share)s, between %(low)s and %(high)s") % {"share": share, "low": low, "high": high}
    after = ngettext("after %(n)s argument was checked", "after %(n)s arguments were checked", checked) % {"n": checked}
    return f"{told}, {after}." if checked else f"{told}."


@register.inclusion_tag("summaries/_after_point.html", takes_context=True)
def after_point(context: dict[str, Any], key: str) -> dict[str, Any]:
    """What participants said about a sentence, where the page has looked it up."""
    said = context.get("said_about")
    if not said:
        return {}
    return {
        "assembly": context["assembly"],
        "participant": context["participant"],
        "rate": said["rates"] and said["rates"].points.get(key),
        "objections": said["objections"].get(key, []),
        "may_object": said["may_object"],
        "version": said["version"],
        "key": key,
    }
