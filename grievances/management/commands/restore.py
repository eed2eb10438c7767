"""`manage.py restore FOLDER [--check] [--replace] [--unsigned]`: restore a backup."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.operations import backups, restore
from grievances.operations.dumps import BackupFailed
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that checks and restores a backup."""

    help = "Judge a backup beside an empty database and put it in its place; repeat erasures."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--check", action="store_true", help="look at the backup, no more")
        parser.add_argument("--replace", action="store_true", help="replace a database in use")
        parser.add_argument(
            "--unsigned", action="store_true", help="take a backup of a version that signed none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the backup, or restore it and repeat the erasures.

        Raises:
            CommandError: The backup is not valid, or it could not be restored.
        """
        folder, unsigned = options["folder"], options["unsigned"]
        try:
            if options["check"]:
                manifest = backups.check(folder, unsigned=unsigned)
                self.stdout.write(f"The backup of {manifest['made_at']} is whole.")
                return
            found = restore.restore(
                folder, clock.now(), replace=options["replace"], unsigned=unsigned
            )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{found.entries} entries of the trail and {found.files} files are back; "
            f"{found.erased_again} erased cases were erased again."
        )
