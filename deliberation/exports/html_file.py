"""The report as one web page in one file, which loads nothing and runs nothing."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from deliberation.exports.content.blocks import Document

STYLES = ("tokens", "base", "components", "bars", "consensus-map", "report")


def html_file_of(document: Document) -> bytes:
    styles = "\n".join((settings.BASE_DIR / "static" / "css" / f"{name}.css").read_text() for name in STYLES)
    with override(document.language):
        return render_to_string("reports/file.html", {"document": document, "styles": styles}).encode()
