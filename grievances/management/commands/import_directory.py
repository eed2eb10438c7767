"""`manage.py import_directory FILE [--apply]`: the staff directory from HR."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.policy import profiles
from grievances.staff_directory import imports
from grievances.staff_directory.comparison import Choices
from grievances.staff_directory.reports import sentences
from grievances.staff_directory.staff_file.layout import keep_layout, kept_layout
from grievances.staff_directory.staff_file.tables import FileRefused
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that compares a file of people with the directory, and imports it.

    Without `--apply` nothing is changed. The report names lines of the file, and no person and no
    case.
    """

    help = "Compare a CSV, XLSX or ODS file of people with the directory; --apply imports it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="import it; else only say what")
        parser.add_argument(
            "--layout", type=Path, metavar="JSON", help="describe the columns once; it is kept"
        )
        parser.add_argument(
            "--exported",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day the file is from; else the day it was last written",
        )
        parser.add_argument("--skip-refused", action="store_true", help="leave refused lines out")
        parser.add_argument("--new-units", action="store_true", help="add units that are unknown")
        parser.add_argument(
            "--keep-missing", action="store_true", help="the file has only some of the people"
        )
        parser.add_argument(
            "--confirm",
            action="append",
            default=[],
            choices=[str(doubt) for doubt in imports.Doubt],
            help="confirm a doubt that the dry run has named",
        )

    def handle(self, *args: object, **options: object) -> None:
        """Print what the file changes, and whether it was done.

        Raises:
            CommandError: The file cannot be used, or it was not imported.
        """
        now = clock.now()
        try:
            job = _job(options, now)
            if options["apply"]:
                report = imports.apply(job, actor="system", now=now)
            else:
                report = imports.dry_run(job, now=now)
        except FileRefused as refused:
            raise CommandError(str(refused)) from refused
        except imports.ImportRefused as refused:
            self.stdout.write("\n".join(sentences(refused.report)))
            raise CommandError(f"Nothing was changed. {refused}") from refused
        self.stdout.write("\n".join(sentences(report)))
        done = "The file was imported." if options["apply"] else "Nothing was changed (dry run)."
        self.stdout.write(done)


def _job(options: dict[str, Any], now: datetime) -> imports.Import:
    path: Path = options["file"]
    try:
        content = path.read_bytes()
        written = datetime.fromtimestamp(path.stat().st_mtime, profiles.zone()).date()
        text = options["layout"].read_text(encoding="utf-8") if options["layout"] else None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError("The file cannot be read. Give the path of a file.") from error
    return imports.Import(
        content=content,
        layout=kept_layout() if text is None else keep_layout(text, now=now),
        exported_on=options["exported"] or min(written, clock.today()),
        choices=Choices(options["new_units"], options["keep_missing"]),
        skip_refused=options["skip_refused"],
        confirmed=frozenset(map(imports.Doubt, options["confirm"])),
    )
