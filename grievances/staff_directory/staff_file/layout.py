"""Find the columns of a file: by the layout that was saved, or by the usual headings.

A heading may span several columns, so that two lines together name one: "Line manager" above "User
name" and "From". Lines above the headings are passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from grievances.staff_directory.models import StaffFileLayout
from grievances.staff_directory.staff_file.tables import Cell, FileRefused, Row

COLUMNS: dict[str, tuple[str, ...]] = {
    "username": (
        "user name", "staff number", "staff no", "employee number", "employee no", "employee id",
        "personnel number", "payroll number", "login",
    ),
    "name": ("name", "full name", "employee name", "display name"),
    "email": ("email", "e mail", "email address", "work email"),
    "unit": ("unit", "unit code", "office code", "team", "department", "cost centre", "location"),
    "unit_name": ("unit name", "department name", "team name"),
    "region": ("region", "region group"),
    "division": ("division", "country", "nation", "bank holiday division"),
    "grade": ("grade", "band", "pay band", "pay grade"),
    "manager": (
        "line manager", "manager", "line manager user name", "line manager staff number",
        "line manager number", "line manager id", "line manager employee number",
        "manager staff number", "manager employee number", "manager id", "reports to",
    ),
    "manager_from": ("line manager from", "manager from", "line manager since"),
    "manager_to": ("line manager to", "manager to", "line manager until"),
    "offices": ("offices", "office held", "appointments", "roles"),
    "office_from": ("office from", "offices from", "appointed from", "appointed on"),
    "office_to": ("office to", "offices to", "appointed to", "appointed until"),
    "certificates": ("certificates", "certificate", "training"),
    "certificate_from": (
        "certificate from", "certificates from", "certificate issued", "issued on",
    ),
    "certificate_to": (
        "certificate to", "certificates to", "certificate until", "certificate expires",
        "valid until", "expires on",
    ),
    "left": ("leaving date", "date left", "left", "leaver", "last day", "end date", "left on"),
}  # fmt: skip
"""What a column can mean, with the headings by which it is known without a layout."""

NEEDED = ("username", "name")


@dataclass(frozen=True)
class Meanings:
    """What the columns of one kind of file can mean, and which of them have to be there.

    `columns`: meaning -> the headings by which it is known without a layout, in plain form.
    `above`: what is written above several columns and says nothing that their own headings do not.
    """

    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    above: frozenset[str]


THE_PERSON = frozenset({"employee", "person", "staff", "staff member", "worker", "details"})
STAFF = Meanings(COLUMNS, NEEDED, THE_PERSON)
HEADING_LINES = 15
"""Lines from the top among which the headings are looked for."""


@dataclass(frozen=True)
class Layout:
    """How one organisation's file is laid out; it is described once and kept.

    `columns`: meaning -> heading, or several that are joined by a space (first name, surname).
    `values`: meaning -> what the file writes -> what it means here (`{"grade": {"SEO": "5"}}`).
    `day_first`: how dates in numbers are written; None where that is to be read off each column.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    day_first: bool | None = None
    sheet: str = ""

    @classmethod
    def read(cls, text: str, meanings: Meanings = STAFF) -> Layout:
        """Return the layout that a JSON text describes.

        Raises:
            FileRefused: It is not JSON, or names a meaning or a key that does not exist.
        """
        try:
            found = json.loads(text or "{}")
        except ValueError as error:
            raise FileRefused("The layout is not JSON. Mend it, or leave it out.") from error
        if not isinstance(found, dict) or found.keys() - {"columns", "values", "dates", "sheet"}:
            raise FileRefused("A layout has the keys columns, values, dates and sheet.")
        columns, values = found.get("columns", {}), found.get("values", {})
        names = meanings.columns.keys()
        if not _is_columns(columns, names) or not _is_values(values, names):
            known = ", ".join(names)
            raise FileRefused(f"A layout gives headings and values for these alone: {known}.")
        if found.get("dates") not in (None, "day first", "month first"):
            raise FileRefused('The dates of a layout are "day first" or "month first".')
        return cls(
            {key: (each,) if isinstance(each, str) else tuple(each)
             for key, each in columns.items()},
            {key: {_plain(a): b for a, b in each.items()} for key, each in values.items()},
            None if "dates" not in found else found["dates"] == "day first",
            str(found.get("sheet", "")),
        )  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """The lines below the headings, and where each meaning is found in them."""

    places: Mapping[str, tuple[int, ...]]
    rows: list[Row]
    layout: Layout
    unread: tuple[str, ...] = ()
    """The headings of columns that mean nothing here, in plain form."""

    @cached_property
    def plain(self) -> dict[str, int]:
        """The place of each meaning that is in one column, and whose words stay as they are."""
        values = self.layout.values
        return {
            meaning: places[0]
            for meaning, places in self.places.items()
            if len(places) == 1 and not values.get(meaning)
        }

    def cells(self, row: Row, meaning: str) -> list[Cell]:
        """Return the cells of one meaning that are not empty."""
        places = self.places.get(meaning)
        if not places:
            return []
        cells = row.cells
        return [cells[at] for at in places if at < len(cells) and cells[at]]

    def texts(self, meaning: str) -> list[str]:
        """Return what each line says under one meaning, as the layout translates it."""
        at = self.plain.get(meaning)
        if at is None:
            return [self.text(row, meaning) for row in self.rows]
        return [str(row.cells[at]) if at < len(row.cells) else "" for row in self.rows]

    def text(self, row: Row, meaning: str) -> str:
        """Return what a line says under one meaning, as the layout translates it."""
        at = self.plain.get(meaning)
        if at is not None:
            cells = row.cells
            return str(cells[at]) if at < len(cells) else ""
        found = self.cells(row, meaning)
        text = str(found[0]) if len(found) == 1 else " ".join(map(str, found))
        values = self.layout.values.get(meaning)
        return values.get(_plain(text), text) if values else text


def find_columns(rows: list[Row], layout: Layout, meanings: Meanings = STAFF) -> Sheet:
    """Return the table with its columns found.

    Raises:
        FileRefused: The columns that are needed are not there, or several may mean one thing.
    """
    best: tuple[int, int, dict[str, tuple[int, ...]], list[str]] = (0, 0, {}, [])
    for at, headings in _candidates(rows[:HEADING_LINES], meanings.above):
        places = _places(headings, layout, meanings)
        best = max(best, (len(places), -at, places, headings), key=lambda each: each[:2])
    found, below, places, needed = best[0], -best[1], best[2], meanings.needed
    if found and not layout.columns:
        _require_one_each(best[3], meanings)
    lost = [name for name in (*needed, *layout.columns) if name not in places]
    if not found or lost:
        raise FileRefused(
            f"These columns are not in the file: {', '.join(dict.fromkeys(lost or needed))}. "
            "Describe its headings in a layout, and name the sheet there if it has several."
        )
    lines = [row for row in rows[below:] if row.cells != rows[below - 1].cells]
    if not lines:
        raise FileRefused("The file has headings and no lines below them. Export the list again.")
    read = {at for each in places.values() for at in each}
    unread = (text for at, text in enumerate(best[3]) if text and at not in read)
    return Sheet(places, lines, layout, tuple(unread))


def _require_one_each(headings: list[str], meanings: Meanings) -> None:
    """Refuse a file of which two columns may mean the same: one of them would be lost.

    Raises:
        FileRefused: There are two.
    """
    for meaning, usual in meanings.columns.items():
        if len([heading for heading in headings if heading in usual]) > 1:
            raise FileRefused(
                f"Several columns may be this: {meaning}. Say in a layout which one it is, or "
                "take the others out of the file."
            )


def _candidates(rows: list[Row], general: Collection[str]) -> list[tuple[int, list[str]]]:
    """Return (the lines up to the headings, the headings), of one line and of two."""
    found = []
    for at, row in enumerate(rows):
        own = [_plain(str(cell)) for cell in row.cells]
        found.append((at + 1, own))
        if at:
            above = _spread([_plain(str(cell)) for cell in rows[at - 1].cells])
            above += [""] * (len(own) - len(above))
            both = [f"{over} {under}".strip() for over, under in zip(above, own, strict=False)]
            found.append((at + 1, both))
            plain = [
                under if over in general and under else two
                for over, under, two in zip(above, own, both, strict=False)
            ]
            found.append((at + 1, plain))
    return found


def _spread(headings: list[str]) -> list[str]:
    """Return headings in which one that spans several columns is in each of them."""
    spread: list[str] = []
    for heading in headings:
        spread.append(heading or (spread[-1] if spread else ""))
    return spread


def _places(headings: list[str], layout: Layout, meanings: Meanings) -> dict[str, tuple[int, ...]]:
    places: dict[str, tuple[int, ...]] = {}
    for meaning, usual in meanings.columns.items():
        if meaning in layout.columns:
            wanted = [_plain(heading) for heading in layout.columns[meaning]]
            at = [headings.index(each) for each in wanted if headings.count(each) == 1]
            if len(at) == len(wanted):
                places[meaning] = tuple(at)
        elif not layout.columns:
            at = [number for number, heading in enumerate(headings) if heading in usual]
            if len(at) == 1:
                places[meaning] = tuple(at)
    return places


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w&]+", " ", text.replace("_", " ")).casefold().split())


def _is_columns(given: object, names: Collection[str]) -> bool:
    return isinstance(given, dict) and all(
        key in names
        and (isinstance(each, str) or (isinstance(each, list) and each and all(
            isinstance(part, str) for part in each)))
        for key, each in given.items()
    )  # fmt: skip


def _is_values(given: object, names: Collection[str]) -> bool:
    return isinstance(given, dict) and all(
        key in names and isinstance(each, dict) and all(isinstance(v, str) for v in each.values())
        for key, each in given.items()
    )


def kept_layout() -> Layout:
    """Return the layout that was kept last, or one that goes by the usual headings."""
    return Layout.read(kept_text())


def kept_text() -> str:
    """Return the JSON of the layout that was kept last, or an empty text."""
    newest = StaffFileLayout.objects.order_by("pk").last()
    return newest.body if newest is not None else ""


def keep_layout(text: str, *, now: datetime) -> Layout:
    """Keep a layout for the files to come.

    Returns:
        The layout, read.

    Raises:
        FileRefused: It is not a layout.
    """
    layout = Layout.read(text)
    if text != kept_text():
        StaffFileLayout.objects.create(body=text, at=now)
    return layout
