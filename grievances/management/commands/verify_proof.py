"""`manage.py verify_proof FILE [--key HEX]`: whether a proof of raising was signed here."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.accounts.proof import read_proof
from grievances.encryption import signatures


class Command(BaseCommand):
    help = "Check a proof of raising; asks no database. Exit 1 when it was not signed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the proof, as it was downloaded")
        parser.add_argument("--key", metavar="HEX", help="the public key; else this service's own")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError("This file cannot be read as text.") from error
        try:
            facts = read_proof(text, options["key"] or signatures.public_key())
        except signatures.NotSigned as error:
            raise CommandError(
                "Not a proof of raising signed with this key, or it has been changed."
            ) from error
        for name, value in sorted(facts.items()):
            self.stdout.write(f"{name}: {value}")
