"""The link with which somebody may set up assemblies here: for the operator to hand on, or to use."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from deliberation.actions.founding import make_founding_code


class Command(BaseCommand):
    help = "Prints a link with which somebody may set up assemblies on this site. It is shown once and not kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=1, help="how many may come in with it (1)")
        parser.add_argument("--days", type=int, default=7, help="how long it is good (7)")
        parser.add_argument("--for", dest="meant_for", default="", help="whom it is meant for, as operators read it")
        parser.add_argument(
            "--operator", action="store_true", help="its holder also sees who may set up assemblies, and takes it back"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        more = {"meant_for": options["meant_for"], "for_operators": options["operator"]}
        code = make_founding_code(timedelta(days=options["days"]), options["people"], **more)
        self.stdout.write(f"{settings.BASE_URL}/enter/#{code}")
