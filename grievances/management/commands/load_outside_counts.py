"""`manage.py load_outside_counts FILE`: load counts of HR and others.

A file has formal processes, sanctions, claims and settlements of a year, or answers by unit.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from grievances.monitoring.codes import GROUPS
from grievances.reports.fact_models import ClimateCount, ClimateItem, Counted, OutsideCount
from grievances.reports.periods import read_period
from grievances.staff_directory.staff_file.counts import read_number, read_rows
from grievances.staff_directory.staff_file.tables import FileRefused

PEOPLE = ("year", "what", "people")
CLIMATE = ("year", "item", "unit", "answered", "agreed")
CODES = {code.casefold(): code for code in GROUPS} | {
    name.casefold(): code for code, name in GROUPS.items()
}
SUMS = {"total", "all", "all units", "all staff", "everywhere", "overall", "grand total"}
"""What files call the sum of their lines."""
LONGEST_UNIT = 60
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
    """The command that loads these numbers from a file."""

    help = (
        "Load from CSV, Excel or OpenDocument: year, what (FORMAL, SANCTION, CLAIM, SETTLEMENT), "
        "ethnic_group, people; or year, item (HARASSED, DISCRIMINATED, REPORTED, SATISFIED), unit, "
        "answered, agreed. What it counts of a year takes the place of what was loaded before."
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
            rows = [_read(line, row) for line, row in read_rows(file.read_bytes())]
            _replace([row for row in rows if isinstance(row, OutsideCount)], "what", "group")
            _replace([row for row in rows if isinstance(row, ClimateCount)], "item", "unit")
            for year in sorted({row.year for row in rows}):
                _check_parts(year)
        except (OSError, FileRefused, ValueError) as error:
            raise CommandError(f"Nothing was loaded: {error}") from error
        self.stdout.write(f"Loaded {len(rows)} rows.")


def _read(line: int, row: dict[str, str]) -> OutsideCount | ClimateCount:
    """Return what a line counts.

    Raises:
        ValueError: It lacks a column, is not of a year, or has a value that cannot be.
    """
    columns = CLIMATE if "item" in row else PEOPLE
    if missing := [name for name in columns if name not in row]:
        raise ValueError(f"the file has no column {missing[0]}")
    try:
        period = read_period(row["year"].replace("/", "-"))
        if not period.is_year:
            raise ValueError(f"no year: {row['year']}")
        return (_answers if "item" in row else _people)(period.name, row)
    except ValueError as error:
        raise ValueError(f"line {line}: {error}") from error


def _people(year: str, row: dict[str, str]) -> OutsideCount:
    group, what = row.get("ethnic_group", ""), row["what"].upper()
    if what not in Counted.values:
        raise ValueError(f"{row['what']} is none of {', '.join(Counted.values)}")
    if group:
        group = CODES.get(group.casefold(), "")
        if not group:
            raise ValueError(f"no ethnic group: {row['ethnic_group']}; known: {', '.join(GROUPS)}")
    return OutsideCount(year=year, what=what, group=group, people=read_number(row["people"]))


def _answers(year: str, row: dict[str, str]) -> ClimateCount:
    item, unit = row["item"].upper(), row["unit"]
    if item not in ClimateItem.values:
        raise ValueError(f"{row['item']} is none of {', '.join(ClimateItem.values)}")
    answered, agreed = read_number(row["answered"]), read_number(row["agreed"])
    if not 0 < len(unit) <= LONGEST_UNIT:
        raise ValueError(f"a unit has a name of 1 to {LONGEST_UNIT} characters")
    if unit.casefold() in SUMS:
        raise ValueError(f"{unit} is a sum and no unit: leave that line out")
    if agreed > answered:
        raise ValueError(f"more agreed than answered: {unit}")
    return ClimateCount(year=year, item=item, unit=unit, answered=answered, agreed=agreed)


def _replace(rows: Sequence[OutsideCount | ClimateCount], what: str, place: str) -> None:
    """Store rows in the place of what was loaded before of the same years.

    A unit that was renamed or a group that was given since would count twice else.

    Raises:
        ValueError: Two rows count the same.
    """
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        key = (row.year, getattr(row, what), getattr(row, place).casefold())
        if key in seen:
            raise ValueError(f"{' '.join(filter(None, key))} has two lines")
        seen.add(key)
    for year, counted in {(year, counted) for year, counted, _ in seen}:
        type(rows[0])._default_manager.filter(**{"year": year, what: counted}).delete()
    for row in rows:
        row.save()


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
