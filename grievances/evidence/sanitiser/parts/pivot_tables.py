"""Rows that a pivot table keeps of its source, and does not show."""

from __future__ import annotations

from grievances.evidence.sanitiser.parts.part_rules import Attributes
from grievances.evidence.sanitiser.parts.xml_reading import bare_name

DEFINITION = "pivotcachedefinition"
READ_ANEW = {"saveData": "0", "refreshOnLoad": "1"}
ABOUT_ROWS = frozenset({"savedata", "refreshonload", "recordcount"})


def without_rows(element: str, attributes: Attributes) -> Attributes:
    """Return the attributes of a pivot table that has to read its rows anew.

    The rows that it kept are left out (ECMA-376 part 1, 18.10.1.67).
    """
    if element != DEFINITION:
        return attributes
    kept = [each for each in attributes if bare_name(each[0]) not in ABOUT_ROWS]
    return [*kept, *READ_ANEW.items()]
