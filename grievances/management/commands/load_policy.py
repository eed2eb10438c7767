"""`manage.py load_policy [FILE ...]`: check policy profiles and propose them.

Two people then agree to them.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.policy import profiles
from grievances.policy.profiles import POLICIES
from grievances.policy_changes.approval import propose
from grievances.staff_directory import region_table
from grievances.web.shared import clock
from workflow.profile_files import FileInvalid, ProfileFile, read_profile


class Command(BaseCommand):
    """The command that loads policy profiles."""

    help = (
        "Load policy profiles (by default those that come with the product). Once there is a "
        "concern, a new profile waits until two people have agreed to it at /policies/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: object, files: list[Path], **options: object) -> None:
        """Propose all of the files or none, and print what happened to each.

        Regions of REGIONS_FILE that are new are remembered, for `setup` to notice what changes.
        """
        paths = files or sorted(POLICIES.glob("*.json"))
        read = [(path, read_file(path)) for path in paths]
        asked_for = bool(files)
        with transaction.atomic():  # all of the files, or none
            said = [self.take(path, found, asked_for) for path, found in read]
            region_table.remember_new()
        for sentence in said:
            self.stdout.write(sentence)

    def take(self, path: Path, found: ProfileFile, asked_for: bool) -> str:
        """Return a sentence on what happened to a proposed file.

        A policy that comes with the product gives way to one of the organisation's own, because a
        start of the service must not fail for it.

        Raises:
            CommandError: A named file was refused.
        """
        code, version = found.profile.code, found.profile.version
        try:
            done = propose(found.body, code=code, version=version, now=clock.now())
        except ValueError as error:
            if not asked_for:
                return f"Policy {code} version {version} was passed over: {error}"
            raise CommandError(f"{path.name}: {error} Nothing was loaded.") from error
        return f"Policy {code} version {version} {done.value}."


def read_file(path: Path) -> ProfileFile:
    """Return the profile of a file.

    Raises:
        CommandError: The file is not valid; the message has the line and the reason.
    """
    try:
        return read_profile(path.read_text(encoding="utf-8-sig"), set(profiles.CLOCKS))
    except FileInvalid as error:
        raise CommandError(f"{path.name}, {error}. Nothing was loaded.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name} cannot be read: {error}. Nothing was loaded.") from error
