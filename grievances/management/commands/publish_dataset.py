"""`manage.py publish_dataset YEAR FOLDER`: write the three files of a year."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grievances.reports.layout import dataset


class Command(BaseCommand):
    """The command that writes the yearly files for publication."""

    help = "Write a year's figures, their dictionary and the description for machines to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("year", help="a financial year, such as 2022-23")
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the figures, the dictionary and the metadata.

        Raises:
            CommandError: There is no file for the year, or the folder cannot be written.
        """
        year, folder = options["year"], options["folder"]
        try:
            files = {
                f"concerns-{year}.csv": dataset.write_figures(year),
                f"concerns-{year}-dictionary.csv": dataset.write_dictionary(year),
                f"concerns-{year}.csv-metadata.json": json.dumps(dataset.describe(year), indent=2),
            }
            folder.mkdir(parents=True, exist_ok=True)
            for name, words in files.items():
                (folder / name).write_text(words, encoding="utf-8", newline="")
        except (LookupError, ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote {', '.join(files)} to {folder}.")
