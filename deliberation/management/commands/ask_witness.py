from argparse import ArgumentParser

import httpx
from django.core.management.base import BaseCommand, CommandError

from deliberation.models import Assembly
from deliberation.record import witnessing
from deliberation.record.notes import NoteRejectedError


class Command(BaseCommand):
    help = "Have a witness elsewhere cosign the newest checkpoint of an assembly's record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the assembly, as in its address")
        parser.add_argument("address", help="the address of the witness: of a Majelis, https://…/witness")
        parser.add_argument("key", help="the verifier key of the witness, as its operator told you")

    def handle(self, slug: str, address: str, key: str, **options: object) -> None:
        assembly = Assembly.objects.filter(slug=slug, checkpoints__isnull=False).first()
        if assembly is None:
            raise CommandError(f"there is no assembly {slug}, or nothing of it is sealed")
        try:
            made = witnessing.ask(assembly, address, key)
        except (witnessing.WitnessRefusalError, NoteRejectedError, httpx.HTTPError) as error:
            raise CommandError(f"not cosigned: {error}") from error
        self.stdout.write(f"{made.witness} has cosigned the checkpoint of {made.checkpoint.size} entries.")
