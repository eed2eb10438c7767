"""`manage.py restore BACKUP`: check, rehearse or restore a backup."""

from pathlib import Path
from typing import TypedDict, Unpack

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.operations import backups, restore, sealed_backups
from grievances.operations.dumps import BackupFailed
from grievances.web.shared import clock


class Given(TypedDict):
    """The options of the command."""

    folder: Path
    check: bool
    rehearse: bool
    identity: Path | None
    replace: bool
    unsigned: bool


class Command(BaseCommand):
    """The command that checks and restores a backup."""

    help = "Judge a backup beside an empty database and put it in its place; repeat erasures."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("folder", type=Path, metavar="BACKUP")
        parser.add_argument("--check", action="store_true", help="look at the backup, no more")
        parser.add_argument(
            "--rehearse", action="store_true", help="restore it beside the live one, then let go"
        )
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the secret age key of an encrypted one"
        )
        parser.add_argument("--replace", action="store_true", help="replace a database in use")
        parser.add_argument(
            "--unsigned", action="store_true", help="take a backup of a version that signed none"
        )

    def handle(self, *args: object, **options: Unpack[Given]) -> None:
        """Check the backup, or restore it and repeat the erasures.

        Raises:
            CommandError: The backup is not valid, or it could not be restored.
        """
        try:
            with sealed_backups.opened(options["folder"], options["identity"]) as folder:
                self.stdout.write(self.work(folder, options))
        except BackupFailed as error:
            raise CommandError(str(error)) from error

    def work(self, folder: Path, options: Given) -> str:
        """Do what the options say with the folder of a backup.

        Returns:
            The sentence to print.
        """
        unsigned, now = options["unsigned"], clock.now()
        if options["check"]:
            manifest = backups.check(folder, unsigned=unsigned)
            return f"The backup of {manifest['made_at']} is whole."
        if options["rehearse"]:
            found = restore.rehearse(folder, now, unsigned=unsigned)
            return (
                f"{found.entries} entries of the trail and {found.files} files would be back; "
                f"{found.erased_again} erased cases would be erased again. Nothing was changed."
            )
        found = restore.restore(folder, now, replace=options["replace"], unsigned=unsigned)
        return (
            f"{found.entries} entries of the trail and {found.files} files are back; "
            f"{found.erased_again} erased cases were erased again."
        )
