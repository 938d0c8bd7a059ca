"""How things look, nothing about what they are."""

from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from deliberation.analysis.language_models import where_it_drafts

register = template.Library()


@register.simple_tag
def sprite(name: str) -> str:
    """The address of one drawing of static/icons/icons.svg."""
    return f"{static('icons/icons.svg')}#{name}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Decoration only: the words stand beside it."""
    return format_html('<svg class="icon icon-{}" aria-hidden="true"><use href="{}"></use></svg>', name, sprite(name))


@register.simple_tag(takes_context=True)
def here(context: template.RequestContext) -> str:
    """Where to come back to: this page or, where a form was refused at an address that shows none, the one before."""
    request = context["request"]
    before = urlsplit(request.headers.get("Referer", ""))
    if request.method in ("GET", "HEAD") or before.netloc != request.get_host():
        return request.get_full_path()
    return before._replace(scheme="", netloc="", fragment="").geturl() or "/"


@register.inclusion_tag("components/_bar.html")
def bar(agree: int, disagree: int, votes: int) -> dict[str, str]:
    """Agree from one end, disagree from the other, pass between. Widths are attributes: no inline style is allowed."""

    def percent(count: int) -> str:
        return f"{100 * count / votes:.2f}" if votes else "0"

    return {"agree": percent(agree), "disagree": percent(disagree), "disagree_from": percent(votes - disagree)}


@register.inclusion_tag("components/_written_in.html")
def written_in(language: str) -> dict[str, str]:
    """A quiet line where words stay in the language of whoever wrote them, and the reader reads another."""
    reads = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return {"written_in": "" if language == reads else dict(settings.LANGUAGES).get(language, language)}


@register.filter
def own_marks(text: str | None) -> str:
    """A class for words that begin with a quotation mark of their own: ours before it would stand double."""
    return " own-marks" if text and text.startswith(("“", "„", "«", '"')) else ""


@register.filter
def split(words: str) -> list[str]:
    """Words of a literal, to go through one by one."""
    return words.split()


@register.filter
def hex(data: bytes | memoryview) -> str:
    """Bytes as people compare them."""
    return bytes(data).hex()


@register.simple_tag
def drafting_host() -> str:
    """Where sentences go to be shortened; empty is this machine."""
    return where_it_drafts()
