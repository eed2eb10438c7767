"""`manage.py export_head [--print]`: export today's signed head of the trail."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.audit import exported_heads
from grievances.encryption import signatures
from grievances.encryption.signatures import NotSigned
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that writes the signed head of the trail into a folder."""

    help = "Write today's signed head of the trail into HEADS_DIR, once a day; says where."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("--folder", type=Path, default=None, help="instead of HEADS_DIR")
        parser.add_argument("--print", action="store_true", help="print it as well, to be kept")

    def handle(self, *args: object, folder: Path | None, **options: object) -> None:
        """Write the head once a day, and print where it is and the public key.

        Raises:
            CommandError: An earlier file was changed, or the folder cannot be written.
        """
        folder = folder or settings.HEADS_DIR
        try:
            path = exported_heads.export(folder, clock.now())
        except NotSigned as error:
            raise CommandError(
                f"A file in {folder} was changed: run verify_trail --heads before you go on."
            ) from error
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        if options["print"]:
            self.stdout.write(path.read_text(encoding="utf-8"))
        self.stdout.write(f"{path}")
        self.stdout.write(f"Public key, to be kept elsewhere: {signatures.public_key()}")
