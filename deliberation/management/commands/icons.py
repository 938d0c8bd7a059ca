import tempfile
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.management.base import BaseCommand

ICONS = settings.BASE_DIR / "static" / "icons"
SIZES = (192, 512)
# Of a maskable icon a phone may cut away everything outside a circle of 80 %.
PURPOSES = {"any": 100, "maskable": 62}
SHEET = """
#set page(width: {size}pt, height: {size}pt, margin: 0pt, fill: {fill})
#place(center + horizon, image("mark.svg", width: {share}%))
"""


class Command(BaseCommand):
    help = "Draw the icons of home screens (static/icons/*.png) from static/icons/mark.svg."

    def handle(self, *args: Any, **options: Any) -> None:
        for purpose, share in PURPOSES.items():
            for size in SIZES:
                (ICONS / f"{purpose}-{size}.png").write_bytes(icon(size, share, 'rgb("#f9f6ef")'))


def icon(size: int, share: int, fill: str) -> bytes:
    """The mark on paper, a square of so many dots."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "mark.svg").write_text((ICONS / "mark.svg").read_text())
        Path(folder, "icon.typ").write_text(SHEET.format(size=size, share=share, fill=fill))
        return typst.compile(Path(folder, "icon.typ"), root=folder, format="png", ppi=72)
