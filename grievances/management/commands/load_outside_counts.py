"""`manage.py load_outside_counts FILE`: load counts of HR and others.

A file has formal processes, sanctions, claims and settlements of a year, or answers by unit.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.monitoring.codes import GROUPS
from grievances.reports.fact_models import ClimateCount, ClimateItem, Counted, OutsideCount
from grievances.reports.periods import read_period

PARTS = (
    (Counted.SANCTION, Counted.FORMAL, "sanctions than formal processes"),
    (Counted.SETTLEMENT, Counted.CLAIM, "settlements than claims"),
)
FOLLOW = (
    (ClimateItem.REPORTED, ClimateItem.DISCRIMINATED),
    (ClimateItem.SATISFIED, ClimateItem.REPORTED),
)
"""Items that are asked only of those who said yes to another."""


class Command(BaseCommand):
    """The command that loads these numbers from a CSV file."""

    help = (
        "Load from a CSV file: year, what (FORMAL, SANCTION, CLAIM, SETTLEMENT), ethnic_group, "
        "people; or year, item (HARASSED, DISCRIMINATED, REPORTED, SATISFIED), unit, answered, "
        "agreed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments of the command."""
        parser.add_argument("file", type=Path, help="a year such as 2022-23 in each row")

    @transaction.atomic
    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Load all rows of the file or none, and print how many.

        Raises:
            CommandError: The file cannot be read, a row is not valid, or a part is more than its
                whole.
        """
        try:
            with file.open(encoding="utf-8-sig", newline="") as table:
                years = [self._load(row) for row in csv.DictReader(table)]
            for year in sorted(set(years)):
                _check_parts(year)
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise CommandError(f"Nothing was loaded: {error}") from error
        self.stdout.write(f"Loaded {len(years)} rows.")

    def _load(self, row: dict[str, str]) -> str:
        """Store one row and return its year.

        Raises:
            ValueError: The row is not of a year, or has a value that cannot be.
        """
        period = read_period(row["year"])
        if not period.is_year:
            raise ValueError(f"no year: {row['year']}")
        if "item" in row:
            _load_answers(period.name, row)
        else:
            _load_people(period.name, row)
        return period.name


def _load_people(year: str, row: dict[str, str]) -> None:
    what, group, people = Counted(row["what"]), row.get("ethnic_group") or "", int(row["people"])
    if group and group not in GROUPS:
        raise ValueError(f"no ethnic group: {group}")
    if people < 0:
        raise ValueError("fewer than no one")
    OutsideCount.objects.update_or_create(
        {"people": people}, year=year, what=what.value, group=group
    )


def _load_answers(year: str, row: dict[str, str]) -> None:
    item, unit = ClimateItem(row["item"]), row["unit"].strip()
    answered, agreed = int(row["answered"]), int(row["agreed"])
    if not unit or len(unit) > 60:
        raise ValueError("a unit has a name of 1 to 60 characters")
    if not 0 <= agreed <= answered:
        raise ValueError(f"more agreed than answered: {unit}")
    ClimateCount.objects.update_or_create(
        {"answered": answered, "agreed": agreed}, year=year, item=item.value, unit=unit
    )


def _check_parts(year: str) -> None:
    """Check that no part is more than its whole, or figures of both would mislead.

    Raises:
        ValueError: One is.
    """
    people = _by(OutsideCount.objects.filter(year=year).values_list("what", "group", "people"))
    for part, whole, words in PARTS:
        for (what, group), number in people.items():
            if what == part and number > people.get((whole, group), 0):
                raise ValueError(f"{year}: more {words}")
    rows = ClimateCount.objects.filter(year=year)
    said = _by(rows.values_list("item", "unit", "agreed"))
    for (item, unit), number in _by(rows.values_list("item", "unit", "answered")).items():
        for later, earlier in FOLLOW:
            if item == later and number > said.get((earlier, unit), 0):
                raise ValueError(f"{year}, {unit}: more answered {later} than said {earlier}")


def _by(rows: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    return {(first, second): number for first, second, number in rows}
