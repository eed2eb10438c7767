"""Read the lines of a file as people, and say which are refused and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from grievances.staff_directory.staff_file.dates import DateRefused, order_of, read_date
from grievances.staff_directory.staff_file.layout import Layout, Sheet
from grievances.staff_directory.staff_file.rows import (
    CERTIFICATES,
    DIVISIONS,
    LENGTHS,
    OFFICES,
    REGIONS,
    TERM,
    Held,
    LineRefused,
    Refusal,
    StaffRow,
    as_email,
    as_grade,
    as_name,
    as_one_of,
    as_username,
    parts_of,
    unknown,
    without_mark,
    word_for,
)
from grievances.staff_directory.staff_file.tables import ERRORS, Cell, Row

DATES = (
    "manager_from", "manager_to", "office_from", "office_to",
    "certificate_from", "certificate_to", "left",
)  # fmt: skip
STILL_HERE = frozenset({
    "", "no", "n", "false", "-", "current", "n/a", "none", "00/00/0000", "00.00.0000",
})  # fmt: skip
"""What the column of the last day has for none."""
FAR_YEAR = re.compile(
    r"(?<!\d)(?:210[1-9]|21[1-9]\d|2[2-9]\d\d|[3-9]\d{3})(?!\d)|(?:9999|4712)\d{4}"
)
"""A year after every last day: some systems write the last day they know for none."""
FAILED_CELL = "a cell with an error such as #N/A"
HAS_LEFT = frozenset({"yes", "y", "true", "leaver", "left"})


def read_rows(sheet: Sheet, today: date) -> tuple[list[StaffRow], list[Refusal]]:
    """Return the people of a file, and the lines that are refused by themselves.

    Of two lines about one person both are refused: neither is known to be the right one.
    """
    found, refused = _Columns(sheet, today).people()
    people: dict[str, StaffRow] = {}
    twice: dict[str, list[int]] = {}
    for person in found:
        first = people.setdefault(person.key, person)
        if first is not person:
            twice.setdefault(person.key, [first.line]).append(person.line)
    for key, lines in twice.items():
        del people[key]
        refused += [Refusal(line, "a duplicate: another line has this user name") for line in lines]
    return list(people.values()), sorted(refused)


def read_entry(values: Mapping[str, str], layout: Layout, today: date) -> StaffRow:
    """Return one person from texts by their meaning, read as a line of a file is.

    Raises:
        LineRefused: The line would be refused in a file.
    """
    places = {meaning: (at,) for at, meaning in enumerate(values)}
    sheet = Sheet(places, [Row(0, list(values.values()))], Layout(values=layout.values))
    rows, refused = read_rows(sheet, today)
    if refused:
        raise LineRefused(refused[0].reason)
    return rows[0]


Value = TypeVar("Value")


class _Columns:
    """The reader of a file. It reads column by column, and each different text once.

    A file has thousands of lines, and few different units, grades and dates. `refused` has the
    first reason against each line, by its place.
    """

    def __init__(self, sheet: Sheet, today: date) -> None:
        self.sheet, self.today = sheet, today
        given = sheet.layout.day_first
        self.order = {
            name: given
            if given is not None or name not in sheet.places
            else order_of(cell for row in sheet.rows for cell in sheet.cells(row, name))
            for name in (*DATES, "offices", "certificates")
        }
        self.refused: dict[int, str] = {}

    def people(self) -> tuple[list[StaffRow], list[Refusal]]:
        """Return the people, and the lines that are refused. The first column's reason counts."""
        self._refuse_errors()
        managers = [text and without_mark(text) for text in self._texts("manager")]
        # A line without a name is about no one: a sum, or when the list was made.
        names = self._each(self._given("name"), as_name)
        columns = (
            [row.number for row in self.sheet.rows],
            self._each(list(map(without_mark, self._given("username"))), as_username),
            names,
            self._each(self._texts("email"), as_email),
            self._texts("unit"),
            [text or "" for text in self._texts("unit_name")],
            self._each(self._texts("region"), as_one_of("region", REGIONS)),
            self._each(self._texts("division"), as_one_of("division", DIVISIONS)),
            self._each(self._texts("grade"), as_grade),
            managers,
            self._dates("manager_from"),
            self._dates("manager_to"),
            self._held("offices", "office", OFFICES),
            self._held("certificates", "certificate", CERTIFICATES),
            self._each(self._leaving(), self._left),
        )
        people = map(StaffRow._make, zip(*columns, strict=True))
        kept = [person for at, person in enumerate(people) if at not in self.refused]
        rows = self.sheet.rows
        return kept, [Refusal(rows[at].number, why) for at, why in self.refused.items()]

    def _refuse_errors(self) -> None:
        for at, row in enumerate(self.sheet.rows):
            if not ERRORS.isdisjoint(row.cells):
                self.refused[at] = FAILED_CELL
        for at, cell in enumerate(self._cells("username")):
            if isinstance(cell, date):
                self.refused[at] = "a user name that a spreadsheet has turned into a date"

    def _each(self, given: Sequence[Hashable], read: Callable[[Any], Value]) -> list[Value | None]:
        """Return what each text of a column means; a line whose text is refused is noted."""
        known: dict[Hashable, Value | None] = {}
        refused: dict[Hashable, str] = {}
        for text in dict.fromkeys(given):
            try:
                known[text] = read(text)
            except LineRefused as error:
                known[text], refused[text] = None, str(error)
        if refused:
            for at, text in enumerate(given):
                if text in refused:
                    self.refused.setdefault(at, refused[text])
        return list(map(known.__getitem__, given))

    def _texts(self, meaning: str) -> list[str | None]:
        """Return what each line says under one meaning; None where the file has no such column."""
        if meaning not in self.sheet.places:
            return [None] * len(self.sheet.rows)
        texts = self.sheet.texts(meaning)
        most = LENGTHS.get(meaning, 150)
        too_long = any(length > most for length in set(map(len, texts)))
        for at, text in enumerate(texts if too_long else ()):
            if len(text) > most:
                self.refused.setdefault(at, f"the {word_for(meaning)} is too long")
        return list(texts)

    def _given(self, meaning: str) -> list[str]:
        return [text or "" for text in self._texts(meaning)]

    def _cells(self, meaning: str) -> list[Cell | None]:
        """Return the first cell of each line under one meaning; None where it is empty."""
        places = self.sheet.places.get(meaning)
        if not places:
            return [None] * len(self.sheet.rows)
        found = (self.sheet.cells(row, meaning) for row in self.sheet.rows)
        return [cells[0] if cells else None for cells in found]

    def _dates(self, meaning: str) -> list[date | None]:
        return self._each(self._cells(meaning), partial(self._date, meaning))

    def _date(self, meaning: str, cell: Cell | None) -> date | None:
        try:
            return read_date(cell or "", day_first=self.order[meaning])
        except DateRefused as error:
            raise LineRefused(f"{word_for(meaning)}: {error}") from error

    def _leaving(self) -> list[tuple[str, Cell | None]]:
        if "left" not in self.sheet.places:
            return [("", None)] * len(self.sheet.rows)
        said = (text.casefold() for text in self.sheet.texts("left"))
        return list(zip(said, self._cells("left"), strict=True))

    def _left(self, given: tuple[str, Cell | None]) -> date | None:
        said, cell = given
        if said in STILL_HERE or FAR_YEAR.search(said):
            return None
        return self.today if said in HAS_LEFT else self._date("left", cell)

    def _held(
        self, meaning: str, dates: str, known: dict[str, str]
    ) -> list[tuple[Held, ...] | None]:
        if meaning not in self.sheet.places:
            return [None] * len(self.sheet.rows)
        begins, ends = self._dates(f"{dates}_from"), self._dates(f"{dates}_to")
        given = list(zip(self._given(meaning), begins, ends, strict=True))
        return self._each(given, lambda each: self._all_held(each, meaning, known))

    def _all_held(
        self, given: tuple[str, date | None, date | None], meaning: str, known: dict[str, str]
    ) -> tuple[Held, ...]:
        text, begins, ends = given
        found = [self._one_held(part, meaning, known) for part in parts_of(text, known)]
        full = [Held(each.code, each.begins or begins, each.ends or ends) for each in found]
        if len({each.code for each in full}) < len(full):
            raise LineRefused(f"the same {word_for(meaning)} twice")
        if any(each.begins and each.ends and each.ends < each.begins for each in full):
            raise LineRefused(f"{word_for(meaning)}: the last day is before the first")
        if meaning == "certificates" and any(each.ends is None for each in full):
            raise LineRefused("a certificate without an end")
        return tuple(sorted(full, key=lambda each: each.code))

    def _one_held(self, part: str, meaning: str, known: dict[str, str]) -> Held:
        found = TERM.match(part)
        label, begins, ends = found.groups() if found else (part, None, None)
        if label.strip().casefold() not in known:
            raise LineRefused(unknown(meaning, known))
        days = [self._date(meaning, day) for day in (begins, ends)]
        return Held(known[label.strip().casefold()], *days)
