"""`manage.py verify_proof FILE [--log FILE]`: check that a proof was signed here.

It is a proof of having raised a concern.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.accounts.proof import faults_in_log, read_log, read_proof
from grievances.encryption import signatures


class Command(BaseCommand):
    """The command that checks a proof without a database."""

    help = "Check a proof of raising; asks no database. Exit 1 when it was not signed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("file", type=Path, help="the proof, as it was downloaded")
        parser.add_argument("--log", type=Path, help="the log of keys, as it was downloaded")
        parser.add_argument("--key", metavar="HEX", help="the public key; else this service's own")

    def handle(
        self, *args: object, file: Path, log: Path | None, key: str | None, **options: object
    ) -> None:
        """Check the proof, and print its facts.

        Raises:
            CommandError: The file cannot be read, or this key did not sign it.
        """
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError("This file cannot be read as text.") from error
        try:
            facts = read_proof(text, key or signatures.public_key())
        except signatures.NotSigned as error:
            raise CommandError(
                "Not a proof of raising signed with this key, or it has been changed."
            ) from error
        if log is not None:
            self._compare(facts, log, key or signatures.public_key())
        for name, value in sorted(facts.items()):
            self.stdout.write(f"{name}: {value}")

    def _compare(self, facts: dict[str, str], path: Path, public: str) -> None:
        try:
            faults = faults_in_log(facts, read_log(path.read_text(encoding="utf-8"), public))
        except (OSError, UnicodeDecodeError, ValueError, signatures.NotSigned) as error:
            raise CommandError("Not a log of keys signed with this key.") from error
        if faults:
            raise CommandError(" ".join(faults))
        self.stdout.write("Every key was in the log.")
