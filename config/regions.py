"""Read the regions of the organisation from a table: code, name and nation.

A region is the finest place that a number is shown for. Its nation says whose bank holidays its
units keep.
"""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import NamedTuple

from config.environment import SettingRefused
from grievances.vocabulary import Division, Region

CODE = re.compile(r"[A-Z][A-Z0-9_]{0,19}")
COLUMNS = ("code", "name", "division")
MOST_REGIONS = 40
LONGEST_NAME = 60
TAKEN = {"all", "total", "everywhere", "not said", "everyone"}
"""What reports and lists call the sum of all regions, and a concern without one."""
REMEDY = "give code,name,division (and ended) in each line, with commas and in UTF-8"


class RegionRow(NamedTuple):
    """One region. One that has `ended` is still read, and offered for nothing new."""

    code: str
    name: str
    division: str
    ended: bool = False


SHIPPED = tuple(RegionRow(each.value, each.label, Division.ENG_WLS.value) for each in Region)
"""The regions of an organisation that names none of its own."""


def read_regions(name: str) -> tuple[RegionRow, ...]:
    """Return the regions of the table that a setting names, or the shipped ones.

    Raises:
        SettingRefused: It cannot be read, or a line of it is no region.
    """
    path = os.environ.get(name, "").strip()
    if not path:
        return SHIPPED
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            given = csv.DictReader(lines, strict=True)
            rows = [_region(row) for row in given if any(row.values())]
    except (OSError, ValueError, csv.Error) as error:
        raise SettingRefused(name, "names no table of regions", REMEDY) from error
    codes, names = {row.code for row in rows}, {row.name.casefold() for row in rows}
    if len(codes) < len(rows) or len(names) < len(rows):
        raise SettingRefused(name, "has a region twice", "give each code and each name once")
    if any(row.name.casefold() in {code.casefold() for code in codes - {row.code}} for row in rows):
        raise SettingRefused(name, "has a name that is another region's code", "change one")
    if len(rows) > MOST_REGIONS or all(row.ended for row in rows):
        most = f"list 1 to {MOST_REGIONS} regions, not all of them ended"
        raise SettingRefused(name, "has too many regions or none in use", most)
    return tuple(rows)


def _region(row: dict[str | None, str | None]) -> RegionRow:
    """Return the region of a line.

    Raises:
        ValueError: It is none.
    """
    code, name, division = ((row.get(column) or "").strip() for column in COLUMNS)
    ended = (row.get("ended") or "").strip().lower()
    if not CODE.fullmatch(code) or not 0 < len(name) <= LONGEST_NAME or row.get(None):
        raise ValueError("no code or no name")
    if name.casefold() in TAKEN:
        raise ValueError("a name that is no region's")
    if division not in Division.values or ended not in {"", "no", "yes"}:
        raise ValueError("no division")
    return RegionRow(code, name, division, ended == "yes")
