import json
import zipfile
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from deliberation.analysis import lottery


class Command(BaseCommand):
    help = "Repeat a draw from the package that the facilitators have, and say whether the same people come out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="the package (zip) of the lottery")

    def handle(self, *args: object, package: Path, **options: object) -> None:
        try:
            with zipfile.ZipFile(package) as files:
                sealed, told = files.read("pool.json"), json.loads(files.read("selection.json"))
        except (OSError, KeyError, zipfile.BadZipFile, json.JSONDecodeError) as error:
            raise CommandError(f"{package} is not the package of a lottery ({error})") from error
        differences = lottery.repeated(sealed, told)
        if differences:
            raise CommandError("Not the same: " + "; ".join(differences))
        self.stdout.write(f"The same {len(told['selected'])} people, from the pool {told['digest']}.")
