"""`manage.py verify_trail [--head HEX] [--heads]`: check the trail for changes."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.audit import exported_heads
from grievances.audit.models import Event
from grievances.encryption.key_log import Broken, verified_head
from workflow.chain import head_digest, verify


class Command(BaseCommand):
    """The command that verifies every chain of the trail."""

    help = "Walk every chain of the trail; exit 1 with the first bad entry if one was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "--head", metavar="HEX", help="the digest noted earlier, with nothing appended since"
        )
        parser.add_argument(
            "--heads",
            metavar="FOLDER",
            type=Path,
            nargs="?",
            const=settings.HEADS_DIR,
            help="compare with the signed heads in a folder as well (HEADS_DIR when none is named)",
        )
        parser.add_argument(
            "--public", metavar="HEX", default="", help="the public key that was kept elsewhere"
        )

    def handle(
        self, *args: object, head: str | None, heads: Path | None, public: str, **options: object
    ) -> None:
        """Verify the chains, and the exported heads where asked; print the present head.

        Raises:
            CommandError: A chain, its end, the given head or an exported head does not agree.
        """
        try:
            ends = exported_heads.ends(public)
        except exported_heads.NotEnded as chain:
            raise CommandError(f"Chain {chain}: its end is not signed by this service.") from None
        verdict = verify(Event, ends)
        if not verdict.ok:
            raise CommandError(f"Chain {verdict.chain}, entry {verdict.seq}: {verdict.fault}")
        digest = head_digest(Event)
        if head and head.lower() != digest:
            raise CommandError(
                f"The trail is whole, but its head is {digest} and not the one given: entries were "
                "added since, or a whole chain was removed."
            )
        self.stdout.write(f"{verdict.entries} entries in {verdict.chains} chains are sound.")
        if ends:
            self.stdout.write(f"{len(ends)} chain{'s have' if len(ends) > 1 else ' has'} ended.")
        if heads is not None:
            self._compare(heads, public)
        self._verify_keys()
        self.stdout.write(f"Head: {digest}")

    def _verify_keys(self) -> None:
        try:
            log = verified_head()
        except Broken:
            raise CommandError("The log of keys was changed.") from None
        self.stdout.write(f"{log.size} entries in the log of keys are sound.")

    def _compare(self, folder: Path, public: str) -> None:
        checked = exported_heads.check(folder, public)
        if checked.fault:
            raise CommandError(f"{folder}: {checked.fault}")
        self.stdout.write(
            f"{checked.files} signed heads, the last of {checked.last_day}, agree on "
            f"{checked.chains} chains."
        )
