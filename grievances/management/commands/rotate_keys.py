"""`manage.py rotate_keys`: everything under the newest server key, while the service runs."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.encryption.server_keys import server_keys
from grievances.operations.key_rotation import BATCH, left_behind, pepper_fits, reseal_for_server

WRONG_PEPPER = (
    "Nobody would be found again: the key of the lowest version in SERVER_KEYS is not the one "
    "under which people are called by blind references. Put the first key back as version 0. "
    "Nothing was changed."
)


class Command(BaseCommand):
    """Put a new key first in SERVER_KEYS, restart, run this; then take the old ones out.

    It may be stopped at any moment and run again. The first key of all is the pepper as well, and
    stays for good as version 0, where it opens nothing.
    """

    help = "Seal everything that lies under a server key anew, under the newest one. Resumable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="rows in one transaction")
        parser.add_argument("--limit", type=int, help="stop after so many rows, to go on later")
        parser.add_argument("--check", action="store_true", help="change nothing, only look")

    def handle(self, *args: Any, **options: Any) -> None:
        if not pepper_fits():
            raise CommandError(WRONG_PEPPER)
        keys = server_keys()
        if not options["check"]:
            tally = reseal_for_server(batch=options["batch"], limit=options["limit"])
            self.stdout.write(
                f"{tally.renewed} sealed anew under version {keys.newest}, {tally.new_already} lay "
                f"there already, {tally.shut} do not open."
            )
            if options["limit"] and tally.renewed >= options["limit"]:
                self.stdout.write("Stopped at the limit. Run it again to go on.")
                return
        left = Counter(left_behind())
        if left:
            tables = ", ".join(f"{count} in {name}" for name, count in sorted(left.items()))
            raise CommandError(f"Not under version {keys.newest}, or does not open: {tables}.")
        if not pepper_fits():
            raise CommandError(WRONG_PEPPER)
        self.stdout.write(f"Everything opens under version {keys.newest} alone.")
        old = sorted(set(keys.keys) - {keys.newest})
        if old:
            self.stdout.write(advice(old))


def advice(old: list[int]) -> str:
    """What the operator does next, when keys of these versions are no longer needed."""
    first = f"Keep the digits of version {old[0]} as version 0" if old[0] == 1 else ""
    names = ", ".join(map(str, old))
    return (
        f"Now take version {names} out of SERVER_KEYS and restart every process. "
        f"{first + ': it is the pepper, and opens nothing there.' if first else ''}"
    ).strip()
