"""Read a file of the HR system as a table: CSV, XLSX (and XLS) or ODS.

Nothing here knows what a column means. A cell is text or, where a spreadsheet has a date, a date.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

Cell = str | date

MOST_BYTES = 50 * 2**20
"""Bytes of a file: about five times the list of 66,000 people."""
MOST_UNPACKED = 400 * 2**20
"""Bytes of a spreadsheet when it is unpacked."""
MOST_ROWS = 250_000
SEPARATORS = ",;\t|"
ZIPPED, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name of the part that a spreadsheet with a password has (MS-OFFCRYPTO 2.3.4)."""
OTHER_KINDS = {
    b"<": "The file is a web page or XML, whatever its name says.",
    b"%PDF": "The file is a PDF.",
    b"{\\rtf": "The file is a text document.",
}
"""How files begin that HR systems give out under the name of a spreadsheet."""
ERROR_CELL = b't="e"'
"""How a worksheet marks a cell whose formula failed; it would read as an empty one."""


ERRORS = frozenset({
    "#N/A", "#NV", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
    "#FIELD!", "#BLOCKED!", "#CONNECT!", "#GETTING_DATA",
    *("#" * width for width in range(2, 31)),
    *(f"Err:{code}" for code in range(501, 541)),
})  # fmt: skip
"""What a spreadsheet writes in place of a value: for a formula that failed, a column too narrow."""
SPACES = re.compile(r"[^\S\r\n\t]{2,}|[^\S\r\n\t ]")
"""Several spaces, and one of another kind than the plain one."""
ROUNDED = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+")
"""A number of which a spreadsheet has kept the first digits only."""
FORCED = re.compile(r'="([^"]*)"')
"""What makes a spreadsheet take a number in a CSV as text: `="0042"`."""


class FileRefused(Exception):
    """The file as a whole cannot be used. The text is one sentence for a person."""


class Row(NamedTuple):
    """One line of a file: its number as a person counts, from 1, and its cells."""

    number: int
    cells: list[Cell]


FAILED_FORMULA = (
    "The spreadsheet has cells that show an error such as #N/A. Mend them, and save it again."
)


def read_table(content: bytes, sheet: str = "") -> list[Row]:
    """Return the lines of a file that are not empty. `sheet` names one of a spreadsheet's sheets.

    The kind of file is read off its content, because names of files are wrong as often as not.

    Raises:
        FileRefused: It is too large, empty, damaged, or in no form that is known.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused("The file is larger than 50 MB. Save only the sheet with the people.")
    for begins, kind in OTHER_KINDS.items():
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(begins):
            raise FileRefused(f"{kind} Open it, and save the list of people as XLSX or CSV.")
    if content.startswith((ZIPPED, OLD_OFFICE)):
        found = _spreadsheet(content, sheet)
    else:
        found = _separated(_decoded(content))
    rows = [Row(number, cells) for number, cells in enumerate(found, 1) if any(cells)]
    if not rows:
        raise FileRefused("The file has no lines. Choose the list of people from the HR system.")
    if len(rows) > MOST_ROWS:
        raise FileRefused("The file has more than 250,000 lines. Choose the list of people.")
    return rows


def _decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or (older systems) Windows-1252.

    Raises:
        FileRefused: It is none of these.
    """
    encodings = ["utf-8-sig", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:200:2].count(0) > len(content[:200]) // 4:
        encodings = ["utf-16-le"]
    elif content[0:200:2].count(0) > len(content[:200]) // 4:
        encodings = ["utf-16-be"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused("The file is not a CSV, XLSX or ODS file. Save it as one of them.")


def _separated(given: str) -> Iterator[list[Cell]]:
    """Yield the cells of each line. What can be tidied of the whole text is, which costs less.

    Raises:
        FileRefused: The separators and quotes make no table.
    """
    start = given[:20_000].splitlines()[:20]
    separator = max(SEPARATORS, key=lambda each: _regularity(start, each))
    text = given if given.isascii() else _seen(given)
    text = SPACES.sub(" ", text if separator == "\t" else text.replace("\t", " "))
    tidy = _tidy if '"' in text else str.strip
    if '="' in text:
        tidy = _unforced
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for line in reader:
            yield list(map(tidy, line))
    except csv.Error as error:
        sentence = f"Line {reader.line_num} of the file cannot be read. Save the file again as CSV."
        raise FileRefused(sentence) from error


def _regularity(lines: Iterable[str], separator: str) -> tuple[int, int]:
    """Return (lines that this character parts into equally many cells, cells in one of them)."""
    widths = [len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1]
    common = max(set(widths), key=widths.count) if widths else 0
    return widths.count(common), common


def _spreadsheet(content: bytes, sheet: str) -> Iterator[list[Cell]]:
    if content.startswith(ZIPPED):
        _require_sound(content)
    elif ENCRYPTED in content:
        raise FileRefused("The spreadsheet has a password. Save it again without one.")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefused("The spreadsheet cannot be read. Save it again as XLSX.") from error
    if not book.sheet_names or (sheet and sheet not in book.sheet_names):
        raise FileRefused("The spreadsheet has no sheet of this name. Name one that it has.")
    seen = (each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible)
    page = book.get_sheet_by_name(sheet or next(seen, book.sheet_names[0]))
    # Empty lines above the first are kept, so that a line has the number that a person sees.
    for _ in range(page.start[0] if page.start else 0):
        yield []
    for line in page.iter_rows():
        yield [_cell(value) for value in line]


def _require_sound(content: bytes) -> None:
    """Refuse a spreadsheet that unpacks to too much, or has a formula that failed.

    Raises:
        FileRefused: It is one of these, or it is damaged or has a password.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.infolist():
                with parts.open(part) as stream:
                    while block := stream.read(2**20):
                        unpacked += len(block)
                        if unpacked > MOST_UNPACKED:
                            raise FileRefused("The spreadsheet is too large. Save it as CSV.")
                        if ERROR_CELL in block and "/worksheets/" in part.filename:
                            raise FileRefused(FAILED_FORMULA)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        sentence = "The spreadsheet is damaged or has a password. Save it again without one."
        raise FileRefused(sentence) from error


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        # A spreadsheet keeps 15 digits of a number: the others are gone.
        return str(int(value)) if abs(value) < 1e15 else f"{value:e}"
    return _tidy(str(value))


def _unforced(text: str) -> str:
    found = FORCED.fullmatch(text.strip())
    return _tidy(found[1] if found else text)


def _tidy(text: str) -> str:
    """Return text in one form of Unicode, without characters that cannot be seen."""
    if text.isascii():
        return " ".join(text.split()) if " " in text or not text.isprintable() else text
    return " ".join(_seen(text).split())


def _seen(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    hidden = {each for each in set(composed) if unicodedata.category(each) == "Cf"}
    return composed.translate(dict.fromkeys(map(ord, hidden))) if hidden else composed
