"""`manage.py publish_dataset YEAR FOLDER`: write the files of a year."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.reports.layout import dataset
from grievances.reports.layout.equalities import equalities
from grievances.reports.layout.open_document import write_open_document
from grievances.reports.layout.workbook import write_book
from grievances.web.shared import clock


class Command(BaseCommand):
    """The command that writes the yearly files for publication."""

    help = "Write a year's figures, what they mean and the equalities tables to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("year", help="a financial year, such as 2022-23")
        parser.add_argument("folder", type=Path)

    def handle(self, *args: object, year: str, folder: Path, **options: object) -> None:
        """Write the figures, the dictionary, the metadata, the notes and the workbooks.

        Raises:
            CommandError: There is no file for the year, or the folder cannot be written.
        """
        try:
            files = {
                f"concerns-{year}.csv": dataset.write_figures(year),
                f"concerns-{year}-dictionary.csv": dataset.write_dictionary(year),
                f"concerns-{year}.csv-metadata.json": json.dumps(dataset.describe(year), indent=2),
            }
            files |= {f"concerns-{year}-notes.txt": dataset.write_notes(year)}
            book = equalities(year)
            books = {
                f"concerns-{year}-equalities.ods": write_open_document(book),
                f"concerns-{year}-equalities.xlsx": write_book(book, clock.now()),
            }
            folder.mkdir(parents=True, exist_ok=True)
            for name, words in files.items():
                (folder / name).write_text(words, encoding="utf-8", newline="")
            for name, body in books.items():
                (folder / name).write_bytes(body)
        except (LookupError, ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote {', '.join([*files, *books])} to {folder}.")
