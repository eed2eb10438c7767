"""A workbook before it is written: a cover, contents, notes and tables.

The order is that of the Government Analysis Function's guidance on accessible spreadsheets: one
table on a sheet, its title in the first cell, what the markers mean above it, every cell filled,
nothing merged. Numbers are numbers. Plain Python, for the web process.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grievances.reports.catalogue import REPORTS
from grievances.reports.layout.document import Document, Section
from grievances.reports.layout.exports import FILE_COLUMNS, NUMBERS, figures_of
from grievances.reports.layout.tidy import (
    ALL,
    HIDDEN_MARK,
    MARKERS,
    NOT_APPLICABLE,
    UNRELIABLE,
    Number,
    TidyRow,
    measures_of,
)

Value = str | int | float
LONGEST_NAME = 31
"""The most letters in the name of a sheet."""
ROUNDED = "Counts are rounded to the nearest 5, each by itself, so they may not add up."
SHORTHAND = "Some cells have a marker in square brackets; the sheet Notes says what each means."


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its title, the lines above its table, and the table.

    Headings are all different, and every row has a cell for each.
    """

    name: str
    title: str
    above: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Book:
    """A workbook: its title, and the sheets in order, the cover first."""

    title: str
    sheets: tuple[Sheet, ...]


def book_of(document: Document) -> Book:
    """Return a report as a workbook: a sheet for each section, and one for all.

    The sheet for all lists every figure.
    """
    report = REPORTS[document.report]
    title = f"{report.title}: {report.question}"
    tables = [_section(section) for section in document.sections if section.items]
    everything = Sheet(
        "All figures",
        "All figures of this report, one in each row",
        ("This sheet has one table.", SHORTHAND),
        FILE_COLUMNS,
        tuple(map(_typed, figures_of(document))),
    )
    cover = cover_of(
        title,
        (
            ("Period", document.period),
            ("Counted until", document.until.isoformat()),
            ("In short", document.lead),
            *([("The figures", document.mark)] if document.mark else []),
            *([("Mind", document.caution)] if document.caution else []),
            *(("What is counted", words) for words in report.definition),
            *(("Its limits", words) for words in report.limits),
        ),
    )
    return bound(title, cover, [*tables, everything], document.threshold)


def cover_of(title: str, lines: Iterable[tuple[str, str]]) -> Sheet:
    """Return the first sheet: what this is, in words."""
    return Sheet("Cover", title, (), ("About", "In words"), tuple(lines))


def bound(title: str, cover: Sheet, tables: Sequence[Sheet], threshold: int) -> Book:
    """Return a workbook of tables with its cover, contents and notes.

    `threshold` is the smallest count that is shown.
    """
    rows = tuple((sheet.name, sheet.title) for sheet in tables)
    contents = Sheet(
        "Contents", "Contents", ("This sheet has one table.",), ("Sheet", "Title"), rows
    )
    marks = tuple((marker, f"{words[0].upper()}{words[1:]}.") for marker, words in MARKERS.items())
    rules = (
        ("Rounding", ROUNDED),
        (HIDDEN_MARK, f"Nothing under {threshold} concerns or {threshold} people is shown."),
        ("Bounds", "Limits of 95% where nothing else is said; people count once, not concerns."),
    )
    notes = Sheet(
        "Notes", "Notes", ("This sheet has one table.",), ("Note", "Meaning"), marks + rules
    )
    return Book(title, (cover, contents, notes, *tables))


def _section(section: Section) -> Sheet:
    rows = [
        TidyRow(**{**vars(row), "section": section.key, "figure": item.label})
        for item in section.items
        for row in measures_of(item)
    ]
    above = ("This sheet has one table.", SHORTHAND, section.note)
    headings, table = spread(rows)
    return Sheet(section.key[:LONGEST_NAME], section.heading, above, headings, table)


def spread(rows: Sequence[TidyRow]) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
    """Return tidy rows as a table for people: a figure a row, a measure a column.

    Every cell is filled: with a number, a marker, or words.
    """
    columns = list(dict.fromkeys(name for row in rows for name, _ in _cells(row)))
    lines: dict[tuple[str, str], dict[str, Value]] = {}
    for row in rows:
        lines.setdefault((row.figure, row.category), {}).update(_cells(row))
    parted = any(category != ALL for _, category in lines)
    heads = ("Figure", "Category") if parted else ("Figure",)
    table = tuple(
        (*key[: len(heads)], *(line.get(column, NOT_APPLICABLE) for column in columns))
        for key, line in lines.items()
    )
    return (*heads, *columns), table


def _cells(row: TidyRow) -> Iterator[tuple[str, Value]]:
    """Yield the cells of a row, each with the heading of its column."""
    parted = row.subcategory != ALL or row.measure == "number"
    name = f"{row.measure[0].upper()}{row.measure[1:]}"
    name = f"{name}: {row.subcategory}" if parted and row.subcategory != ALL else name
    name = f"{name} ({row.unit})" if row.unit not in ("count", "text") else name
    yield name, row.marker if row.value is None else row.value
    if row.lower is not None or row.upper is not None:
        yield f"{name}, lower bound", _or_none(row.lower)
        yield f"{name}, upper bound", _or_none(row.upper)
    if row.marker == UNRELIABLE or (row.marker and row.value is not None):
        yield f"{name}, marker", row.marker
    if row.note:
        yield f"{name}, in words", row.note


def _or_none(number: Number | None) -> Value:
    return NOT_APPLICABLE if number is None else number


def _typed(line: tuple[str, ...]) -> tuple[Value, ...]:
    """Return a line of the file with its numbers as numbers and no empty cell."""
    return tuple(_value(word, name) for name, word in zip(FILE_COLUMNS, line, strict=True))


def _value(word: str, name: str) -> Value:
    if not word:
        return NOT_APPLICABLE if name in NUMBERS else "none"
    if name not in NUMBERS:
        return word
    return float(word) if "." in word else int(word)
