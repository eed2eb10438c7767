"""`manage.py backup FOLDER`: copy the database and the sealed files, with digests.

The copy is in a new folder.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.operations import backups, checklist
from grievances.operations.dumps import BackupFailed
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that makes a backup and checks it."""

    help = "Copy database and sealed files into a new folder inside FOLDER. No server key is in it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the backup, check it, and print when to delete it.

        Raises:
            CommandError: The backup failed.
        """
        try:
            path = backups.make(options["folder"], clock.now())
            manifest = backups.check(path)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        checklist.record_backup(clock.now())
        self.stdout.write(f"{path}: {len(manifest['digests'])} files.")
        self.stdout.write(f"Throw it away by {manifest['throw_away_by']}.")
        self.stdout.write("The server keys are not in it: keep them, apart from it.")
