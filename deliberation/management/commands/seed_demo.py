"""The demo assembly, with people who are simulated and say so, and its first map."""

from typing import Any

from django.core.management.base import BaseCommand

from deliberation import enqueue
from deliberation.actions.mapping import refresh_map
from deliberation.demo.links import facilitator_code
from deliberation.demo.seeding import seed_demo
from deliberation.models import Assembly


class Command(BaseCommand):
    help = "Makes the demo assembly with simulated participants and its first map; a second run changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        assembly = seed_demo(self._say)
        facilitator_code(assembly)
        if not assembly.maps.exists():
            self._make_first_map(assembly)
        if not assembly.summaries.exists():
            enqueue.ask_for_summary(assembly.pk)  # without Redis a facilitator can ask later

    def _make_first_map(self, assembly: Assembly) -> None:
        made = refresh_map(assembly)
        if made is not None:
            groups = len(made.snapshot["groups"])
            self._say(f"The first map of {made.votes:,} votes by {made.participants} people has {groups} groups")

    def _say(self, line: str) -> None:
        self.stdout.write(f"          {line}")
        self.stdout.flush()
