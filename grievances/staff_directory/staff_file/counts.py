"""Read files of counts as HR keeps them: CSV, Excel or OpenDocument."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from grievances.staff_directory.staff_file.tables import read_table

NUMBER = re.compile(r"[0-9]{1,7}|[0-9]{1,3}(?:[,. '\u2019][0-9]{3}){1,2}")
"""A whole number, plain or in groups of three digits."""


def read_rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of each line below the headings, and its cells by heading.

    Raises:
        FileRefused: The file is in no form that is known.
        ValueError: A line has more cells than there are headings.
    """
    headings, *lines = read_table(content)
    names = [str(cell).lower().replace(" ", "_") for cell in headings.cells]
    for line, cells in lines:
        if any(cells[len(names) :]):
            raise ValueError(f"line {line} has more cells than there are headings")
        yield line, dict(zip_longest(names, map(str, cells[: len(names)]), fillvalue=""))


def read_number(text: str) -> int:
    """Return a number of people as a spreadsheet writes it.

    Raises:
        ValueError: It is no whole number.
    """
    whole = re.sub(r"\.0{1,2}$", "", text)
    if not NUMBER.fullmatch(whole):
        raise ValueError(f"no whole number of people: {text or 'an empty cell'}")
    return int(re.sub(r"[^0-9]", "", whole))
