"""The demo assembly, with people who are simulated and say so, and the maps of their votes."""

from typing import Any

from django.core.management.base import BaseCommand

from deliberation.actions import summarising
from deliberation.actions.mapping import refresh_map
from deliberation.demo.drafting import seed_drafting
from deliberation.demo.learning import seed_learning
from deliberation.demo.links import facilitator_code
from deliberation.demo.seeding import seed_demo, vote_in_waves
from deliberation.demo.session import seed_session


class Command(BaseCommand):
    help = (
        "Makes the demo assembly with simulated participants and the maps of their votes; a second run changes nothing."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        assembly = seed_demo(self._say)
        facilitator_code(assembly)
        vote_in_waves(assembly, self._say)
        if not assembly.maps.exists():
            refresh_map(assembly)
        seed_drafting(assembly, self._say)
        seed_learning(assembly)
        seed_session(assembly)
        if not assembly.summary_runs.exists():
            summarising.start(assembly, None, publishes=True)  # the language worker writes it

    def _say(self, line: str) -> None:
        self.stdout.write(f"          {line}")
        self.stdout.flush()
