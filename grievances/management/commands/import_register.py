"""`manage.py import_register FILE [--apply]`: concerns handled elsewhere."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.central_record import importing
from grievances.central_record.lines import REGISTER, read_register
from grievances.staff_directory.staff_file.layout import Layout
from grievances.staff_directory.staff_file.tables import FileRefused
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that imports an earlier register into the central record.

    Without `--apply` nothing is changed. Only dates and codes are read. The report names lines of
    the file, and no reference.
    """

    help = (
        "Compare a CSV, XLSX or ODS register of concerns that were handled elsewhere or before "
        "with the central record; --apply imports it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="import it; else only say what")
        parser.add_argument("--layout", type=Path, help="a JSON file that says what columns mean")
        parser.add_argument("--skip-refused", action="store_true", help="leave refused lines out")

    def handle(
        self, *args: object, file: Path, layout: Path | None, apply: bool, skip_refused: bool,
        **options: object,
    ) -> None:  # fmt: skip
        """Print what the register changes, and whether it was done.

        Raises:
            CommandError: The file cannot be used, or it was not imported.
        """
        now = clock.now()
        try:
            lines, refused = read_register(*_given(file, layout), clock.today())
            if apply:
                skip = skip_refused
                report = importing.apply(lines, refused, actor="system", now=now, skip_refused=skip)
            else:
                report = importing.dry_run(lines, refused, now=now)
        except FileRefused as error:
            raise CommandError(str(error)) from error
        except importing.ImportRefused as error:
            self.stdout.write("\n".join(importing.sentences(error.report)))
            raise CommandError(f"Nothing was changed. {error}") from error
        self.stdout.write("\n".join(importing.sentences(report)))
        done = "The register was imported." if apply else "Nothing was changed (dry run)."
        self.stdout.write(done)


def _given(file: Path, layout: Path | None) -> tuple[bytes, Layout]:
    try:
        content = file.read_bytes()
        text = layout.read_text(encoding="utf-8") if layout else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError("The file cannot be read. Give the path of a file.") from error
    return content, Layout.read(text, REGISTER)
