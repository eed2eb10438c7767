"""`manage.py rotate_keys`: seal everything under the newest server key.

The service keeps running.
"""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.encryption.server_keys import listed_versions, server_keys
from grievances.operations.key_rotation import BATCH, left_behind, pepper_fits, reseal_for_server

WRONG_PEPPER = (
    "No one would be found again: the key of the lowest version in SERVER_KEYS is not the one "
    "under which people are called by blind references. Put the first key back as version 0, and "
    "run this once with it. Nothing was changed."
)


class Command(BaseCommand):
    """The command that seals everything under the newest server key.

    Put a new key first in SERVER_KEYS, restart, and run this; then remove the old keys, the first
    one too. It may be stopped at any moment and run again. The very first key is also the pepper;
    its value goes into the database, encrypted under the newest key.
    """

    help = "Seal everything that lies under a server key anew, under the newest one. Resumable."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction")
        parser.add_argument("--limit", type=int, help="stop after so many rows, to go on later")
        parser.add_argument("--check", action="store_true", help="change nothing, only look")

    def handle(
        self, *args: object, batch: int, limit: int | None, check: bool, **options: object
    ) -> None:
        """Seal everything again in batches, and print what to do next.

        Raises:
            CommandError: The pepper is not the first key, or a record does not open.
        """
        if not pepper_fits():
            raise CommandError(WRONG_PEPPER)
        keys = server_keys()
        if not check and not self._is_all_sealed(batch, limit):
            self.stdout.write("Stopped at the limit. Run it again to go on.")
            return
        left = Counter(left_behind())
        if left:
            tables = ", ".join(f"{count} in {name}" for name, count in sorted(left.items()))
            raise CommandError(f"Not under version {keys.newest}, or does not open: {tables}.")
        if not pepper_fits():
            raise CommandError(WRONG_PEPPER)
        self.stdout.write(f"Everything opens under version {keys.newest} alone.")
        old = sorted(listed_versions() - {keys.newest})
        if old:
            self.stdout.write(advice(old))

    def _is_all_sealed(self, batch: int, limit: int | None) -> bool:
        """Return whether all is sealed anew; False where the limit came first."""
        tally = reseal_for_server(batch=batch, limit=limit)
        self.stdout.write(
            f"{tally.renewed} sealed anew under version {server_keys().newest}, "
            f"{tally.new_already} lay there already, {tally.shut} do not open."
        )
        return not limit or tally.renewed < limit


def advice(old: list[int]) -> str:
    """Return what the operator does next with the keys that are no longer needed."""
    names = ", ".join(map(str, old))
    return (
        f"Now take version {names} out of SERVER_KEYS and restart every process. Keep the old "
        "digits only as long as backups from before this run are kept."
    )
