"""`manage.py backup FOLDER`: copy the database and the sealed files, with digests.

The copy is a new folder, or one file encrypted to BACKUP_RECIPIENTS.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.operations import backups, checklist
from grievances.operations.dumps import BackupFailed
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that makes a backup and checks it."""

    help = (
        "Copy database and sealed files into FOLDER, encrypted to BACKUP_RECIPIENTS. No server key "
        "is in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        """Make the backup, check it, and print when to delete it.

        Raises:
            CommandError: The backup failed.
        """
        try:
            path, manifest = backups.make_and_check(folder, clock.now())
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        checklist.record_backup(clock.now())
        self.stdout.write(f"{path}: {len(manifest['digests'])} files.")
        self.stdout.write(f"Throw it away by {manifest['throw_away_by']}.")
        if not settings.BACKUP_RECIPIENTS:
            self.stdout.write("It is not encrypted: set BACKUP_RECIPIENTS to age keys.")
        self.stdout.write("The server keys are not in it: keep them, apart from it.")
