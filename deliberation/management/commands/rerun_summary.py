"""Makes a summary again from the contributions that it was made from, and compares: for whoever doubts a sentence."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deliberation.analysis.summary_again import compare
from deliberation.analysis.summary_inputs import InputChanged
from deliberation.models import Assembly, Summary


class Command(BaseCommand):
    help = "Runs the run behind a summary again and says whether the same document comes out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("assembly", help="the name in the address of the assembly")
        parser.add_argument("--of-version", dest="number", type=int, help="of the summary; the newest if left out")

    def handle(self, *_: Any, **options: Any) -> None:
        summary = self._summary(options["assembly"], options["number"])
        try:
            found = compare(summary)
        except InputChanged:
            raise CommandError(
                "Some contributions were changed, hidden or taken back since; the same run cannot be made again."
            ) from None
        self.stdout.write(f"Summary {summary.version}: stored {found.stored}, made again {found.again}.")
        if not found.is_same:
            raise CommandError("They differ: " + found.why)
        self.stdout.write("The same, sentence for sentence.")

    def _summary(self, slug: str, version: int | None) -> Summary:
        assembly = Assembly.objects.filter(slug=slug).first()
        if assembly is None:
            raise CommandError(f"There is no assembly {slug}.")
        made = Summary.objects.filter(assembly=assembly, revised_from=None, document__format__isnull=False)
        summary = (made.filter(version=version) if version else made).select_related("run__map").first()
        if summary is None:
            raise CommandError("There is no such summary, or people revised it: name the version that a run made.")
        return summary
