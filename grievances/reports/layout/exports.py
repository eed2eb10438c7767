"""A report as a file: every protected figure of the page in one long, tidy list.

Plain Python, for the web process. Words that a spreadsheet would read as a formula are made text;
numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterator

from grievances.reports.disclosure.comments import ProtectedWords
from grievances.reports.layout.document import Document
from grievances.reports.layout.tidy import (
    ALL,
    EVERYWHERE,
    NOT_APPLICABLE,
    Number,
    TidyRow,
    rows_of,
)

NO_WORDS = ProtectedWords(())
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FILE_COLUMNS = (
    "report",
    "period",
    "counted until",
    "section",
    "geography",
    "group",
    "figure",
    "category",
    "subcategory",
    "measure",
    "unit",
    "value",
    "lower bound",
    "upper bound",
    "marker",
    "note",
)
NUMBERS = ("value", "lower bound", "upper bound")
"""The columns of numbers; they are empty where there is none."""


def write_csv(document: Document, words: ProtectedWords = NO_WORDS) -> str:
    """Return the whole report as CSV, with a line of column names.

    Each line has one measure of a figure, or one comment.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FILE_COLUMNS)
    for line in (*figures_of(document), *texts_of(document, words)):
        writer.writerow(line)
    return out.getvalue()


def texts_of(document: Document, words: ProtectedWords) -> Iterator[tuple[str, ...]]:
    """Yield a line for each comment; beside it is only the period."""
    start = (document.report, document.period, document.until.isoformat(), "in-their-words")
    place = (EVERYWHERE, ALL, "What people wrote", ALL, ALL, "words", "text", "", "", "")
    for text in words.texts:
        yield (*start, *place, NOT_APPLICABLE, safe(text))


def figures_of(document: Document) -> Iterator[tuple[str, ...]]:
    """Yield every figure in one long list, a tuple for each of FILE_COLUMNS.

    A document with a mark has the mark first.
    """
    start = (document.report, document.period, document.until.isoformat())
    for row in rows_of(document):
        yield (*start, *_line(row))


def _line(row: TidyRow) -> tuple[str, ...]:
    words = (row.section, row.geography, row.group, row.figure, row.category, row.subcategory)
    numbers = (written(number) for number in (row.value, row.lower, row.upper))
    return (*map(safe, (*words, row.measure, row.unit)), *numbers, row.marker, safe(row.note))


def written(number: Number | None) -> str:
    """Return a number as a file has it; empty for none."""
    return "" if number is None else f"{number:g}" if isinstance(number, float) else str(number)


def safe(word: str) -> str:
    """Return the word in a form that a spreadsheet always reads as text."""
    return f"'{word}" if word.startswith(FORMULA) else word
