"""`manage.py load_policy [FILE ...]`: policy profiles, checked, then laid before two people."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.deadlines.policy_approval import propose
from grievances.policy import profiles
from grievances.policy.profiles import POLICIES
from grievances.web.shared import clock
from workflow.profile_files import FileInvalid, ProfileFile, read_profile


class Command(BaseCommand):
    help = (
        "Load policy profiles (by default those that come with the product). Once there is a "
        "concern, a new profile waits until two people have agreed to it at /policies/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = options["files"] or sorted(POLICIES.glob("*.json"))
        read = [(path, read_file(path)) for path in paths]
        asked_for = bool(options["files"])
        with transaction.atomic():  # all of the files, or none
            said = [self.take(path, found, asked_for) for path, found in read]
        for sentence in said:
            self.stdout.write(sentence)

    def take(self, path: Path, found: ProfileFile, asked_for: bool) -> str:
        """Propose what a file says; a sentence about what became of it.

        A policy that comes with the product gives way to what an organisation has of its own: a
        start of the service must not fail for it.
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
    """A profile from a file; raises CommandError with the line and the reason."""
    try:
        return read_profile(path.read_text(encoding="utf-8-sig"), set(profiles.CLOCKS))
    except FileInvalid as error:
        raise CommandError(f"{path.name}, {error}. Nothing was loaded.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name} cannot be read: {error}. Nothing was loaded.") from error
