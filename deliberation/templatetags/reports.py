"""What a report's page draws that is not text."""

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr_code(url: str) -> SafeString:
    """Dark on light in both themes: cameras read it so."""
    return mark_safe(segno.make(url, error="m").svg_inline(omitsize=True, border=2, light="white"))  # noqa: S308 - segno's own drawing
