"""`manage.py restore FOLDER [--check] [--replace]`: the way back from a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances import backups
from grievances.backups import BackupFailed
from grievances.views import clock


class Command(BaseCommand):
    help = "Check a backup and put it in place of an empty database; erasures are repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--check", action="store_true", help="look at the backup, no more")
        parser.add_argument("--replace", action="store_true", help="put it over what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                made = backups.check(options["folder"])["made_at"]
                self.stdout.write(f"The backup of {made} is whole.")
                return
            found = backups.restore(options["folder"], clock.now(), replace=options["replace"])
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{found.entries} entries of the trail and {found.files} files are back; "
            f"{found.erased_again} erased cases were erased again."
        )
