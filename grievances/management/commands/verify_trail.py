"""`manage.py verify_trail [--head HEX]`: has anything that happened been changed since?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.models import Event
from workflow.chain import head_digest, verify


class Command(BaseCommand):
    help = "Walk every chain of the trail; exit 1 with the first bad entry if one was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", metavar="HEX", help="the digest noted earlier, with nothing appended since"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(Event)
        if not verdict.ok:
            raise CommandError(f"Chain {verdict.chain}, entry {verdict.seq}: {verdict.fault}")
        digest = head_digest(Event)
        if options["head"] and options["head"].lower() != digest:
            raise CommandError(
                f"The trail is whole, but its head is {digest} and not the one given: entries were "
                "added since, or a whole chain was removed."
            )
        self.stdout.write(f"{verdict.entries} entries in {verdict.chains} chains are sound.")
        self.stdout.write(f"Head: {digest}")
