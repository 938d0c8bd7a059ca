from django.core.management.base import BaseCommand

from deliberation.record import keys


class Command(BaseCommand):
    help = "Put a new key in the place of the one that signs the records. Each record says so, signed by the old key."

    def handle(self, **options: object) -> None:
        handed_on = keys.rotate()
        for each in handed_on:
            self.stdout.write(f"{each.assembly}: {each.key}")
        self.stdout.write(
            f"The new key signs {len(handed_on)} records from now on. Make these keys known where the old ones "
            "are printed, and keep a copy of the new key file apart from the database."
        )
