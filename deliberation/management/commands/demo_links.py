"""Where to click: the demo's three doors, and the one to an assembly of one's own."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from deliberation.demo.content import assembly_content
from deliberation.demo.links import facilitator_code, founding_code
from deliberation.models import Assembly

INDENT = "  "


class Command(BaseCommand):
    help = "Prints the links of the demo assembly, in English and Indonesian."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        content = assembly_content()
        assembly = Assembly.objects.filter(slug=content.slug).first()
        if assembly is None:
            raise CommandError("There is no demo assembly yet: run `manage.py seed_demo`.")
        page = f"{settings.BASE_URL}/a/{assembly.slug}/"
        links = {
            "Citizen · Warga": page,
            "Facilitator · Fasilitator": f"{settings.BASE_URL}/enter/#{facilitator_code(assembly)}",
            "Projector · Proyektor": f"{page}projector/",
            "Create your own assembly · Buat majelis sendiri": f"{settings.BASE_URL}/enter/#{founding_code()}",
        }
        width = max(map(len, links)) + 3
        self.stdout.write(f"{INDENT}{self.style.MIGRATE_HEADING(f'{content.en.title} · {content.id.title}')}\n\n")
        for label, link in links.items():
            self.stdout.write(f"{INDENT}{label:<{width}}{self.style.SUCCESS(link)}")
