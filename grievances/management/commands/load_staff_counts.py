"""`manage.py load_staff_counts FILE`: load the numbers of staff by quarter.

A file counts them by region or by ethnic group.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.monitoring.codes import GROUPS
from grievances.people.regions import REGIONS
from grievances.reports.fact_models import StaffCount, StaffGroupCount
from grievances.reports.periods import Length, read_period
from grievances.staff_directory.staff_file.counts import read_number, read_rows
from grievances.staff_directory.staff_file.tables import FileRefused


class Command(BaseCommand):
    """The command that loads staff counts from a file."""

    help = "Load staff counts from a file: quarter, region (or ethnic_group) and staff."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument(
            "file", type=Path, help="quarter such as 2022-23-Q4, region or ethnic_group, staff"
        )

    @transaction.atomic
    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Load all rows of the file or none, and print how many.

        Raises:
            CommandError: The file cannot be read, or a row is not valid.
        """
        try:
            rows = [self._read(line, row) for line, row in read_rows(file.read_bytes())]
        except (OSError, FileRefused, ValueError) as error:
            raise CommandError(f"Nothing was loaded: {error}") from error
        for quarter, code, staff in rows:
            given = {"staff": staff}
            if code in GROUPS:
                StaffGroupCount.objects.update_or_create(given, quarter=quarter, group=code)
            else:
                StaffCount.objects.update_or_create(given, quarter=quarter, region=code)
        self.stdout.write(f"Loaded {len(rows)} staff counts.")

    def _read(self, line: int, row: dict[str, str]) -> tuple[str, str, int]:
        """Return the quarter, the region or ethnic group, and its staff.

        Raises:
            ValueError: The line has none.
        """
        try:
            period = read_period(row.get("quarter", ""))
            staff = read_number(row.get("staff", ""))
        except ValueError as error:
            raise ValueError(f"line {line}: {error}") from error
        code = row.get("region") or row.get("ethnic_group") or ""
        known = {*REGIONS} if row.get("region") else {*GROUPS}
        if period.length is not Length.QUARTER or code not in known:
            raise ValueError(
                f"line {line}: no quarter, region or ethnic group: {', '.join(row.values())}"
            )
        return period.name, code, staff
