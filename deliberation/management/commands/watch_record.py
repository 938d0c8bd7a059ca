from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from deliberation.models import WitnessedLog
from deliberation.record import notes
from deliberation.record.witnessing import this_witness


class Command(BaseCommand):
    help = "Be a witness of a record elsewhere: cosign its checkpoints, as long as each continues the one before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the verifier key of that record, as its record page shows it")

    def handle(self, key: str, **options: object) -> None:
        try:
            origin, _ = notes.parsed_key(key)
        except notes.NoteRejectedError as error:
            raise CommandError(str(error)) from error
        WitnessedLog.objects.update_or_create(origin=origin, defaults={"key": key})
        self.stdout.write(f"Checkpoints of {origin} are cosigned from now on. The key of this witness:")
        self.stdout.write(this_witness().verifier_key)
